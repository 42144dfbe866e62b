"""What the preview says is what a full sync does: of a mixed organisation, line by
line."""

from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_wizard import WizardCase

# Rows that move nothing have no row in the log.
QUIET = ("unchanged", "skip", "wait")


class MixedCase(WizardCase):
    """Ten years of both sides: creates, matches by each rule, changes both ways,
    conflicts, ambiguous ones, refused ones, archived ones, items and invoices."""

    def prepare(self):
        super().prepare()
        self.make_linked()
        self.make_unlinked()
        self.xero.reset_calls()

    def make_linked(self):
        """Known on both sides, then changed on either or both, or not at all."""
        names = ("Quiet", "Xero Moved", "Odoo Moved", "Both Moved", "Both Agree")
        self.linked = {
            name: self.org.add_contact(
                Name=name, EmailAddress=f"{name.replace(' ', '.').lower()}@example.com"
            )
            for name in (*names, "Gone Here")
        }
        self.pull("Contacts", "Items", "Invoices")
        self.partners = {
            name: self.env["res.partner"].search([("name", "=", name)])
            for name in self.linked
        }
        self.org.touch(self.linked["Xero Moved"], AccountNumber="X-1")
        self.partners["Odoo Moved"].phone = "+64 9 555 0111"
        self.org.touch(self.linked["Both Moved"], AccountNumber="X-2")
        self.partners["Both Moved"].ref = "O-2"
        self.partners["Both Moved"].phone = "+64 9 555 0112"
        self.org.touch(self.linked["Both Agree"], AccountNumber="Same")
        self.partners["Both Agree"].ref = "Same"
        self.partners["Gone Here"].unlink()
        stool = self.env["product.product"].search([("default_code", "=", "KAURI-9")])
        stool.list_price = 95.0
        invoice = next(iter(self.org.invoices.values()))
        self.org.touch(invoice, Status="AUTHORISED")

    def make_unlinked(self):
        """New on one side, or on both and not joined yet."""
        partners = self.env["res.partner"].create(
            [
                {"name": "By Number", "ref": "ACC-77"},
                {"name": "By Tax", "vat": "99-123-456"},
                {"name": "By Mail", "email": "mail@both.example.com"},
                {"name": "By Name", "phone": "+64 9 555 0113"},
                {"name": "Twin", "email": "twins@example.com"},
                {"name": "Twin Two", "email": "twins@example.com"},
                {"name": "Pohutukawa Printing", "email": "print@example.com"},
                {"name": "N" * 300, "email": "long@example.com"},
                {"name": "Excluded", "xero_do_not_sync": True},
            ]
        )
        self.new = {partner.name: partner for partner in partners}
        self.org.add_contact(Name="Number Ltd", AccountNumber="ACC-77")
        self.org.add_contact(Name="Tax Ltd", TaxNumber="99 123 456")
        self.org.add_contact(Name="Mail Ltd", EmailAddress="Mail@both.example.com")
        self.org.add_contact(Name="BY  NAME")
        self.org.add_contact(Name="Twins Ltd", EmailAddress="twins@example.com")
        self.org.add_contact(Name="Kowhai Cafe", EmailAddress="hi.kowhai@example.com")
        archived = self.org.add_contact(Name="Old There")
        self.org.touch(archived, ContactStatus="ARCHIVED")
        bad = self.org.add_contact(Name="Nameless")
        self.org.touch(bad, Name=None)
        self.env["product.product"].create(
            [
                {"name": "New Bench", "default_code": "BENCH-1", "list_price": 30},
                {"name": "Both Desk", "default_code": "DESK-1", "list_price": 80},
            ]
        )
        self.org.add_item("DESK-1", price="85.00", Name="Both Desk")
        self.org.add_item("LAMP-1", price="12.00", Name="New Lamp")
        self.org.add_invoice(self.linked["Quiet"], amount="70.00")

    # === COMPARING === #

    def preview(self, **vals):
        wizard = self.open_wizard(mode="preview", direction="both", **vals)
        wizard.action_run()
        return wizard

    def get_said(self, wizard):
        """What the preview said moves, in the words of the log."""
        return Counter(
            (
                line.direction,
                line.resource,
                line.operation,
                line.name,
                self.get_text(line.field_changes or []),
            )
            for line in wizard.line_ids.sudo()
            if line.operation not in QUIET
        )

    def get_done(self, run):
        """What the log says was done by a run."""
        rows = Counter()
        for log in run.log_ids.filtered(lambda log: log.state != "resolved"):
            operation = log.operation
            if log.fix == "match":
                operation = "hold"
            elif log.state == "conflict":
                operation = "conflict" if log.res_id else "hold"
            elif log.state == "error":
                operation = "refuse"
            model = self.env[log.res_model or "res.partner"]
            changes = {name: pair[:2] for name, pair in (log.changes or {}).items()}
            text = self.get_text(model._describe_xero_fields(changes))
            rows[log.direction, log.resource, operation, log.record_name, text] += 1
        return rows

    def get_text(self, changes):
        """The log keeps texts, and its database their order."""
        words = {"True": "Yes", "False": "No"}
        return sorted(
            tuple(words.get(text, text) for text in change) for change in changes
        ).__str__()

    def assertSame(self, said, done):
        only_said = sorted(map(str, (said - done).elements()))
        only_done = sorted(map(str, (done - said).elements()))
        self.assertFalse(
            only_said + only_done,
            "\n".join(["Only said:", *only_said, "Only done:", *only_done]),
        )

    def run_full(self, wizard):
        action = wizard.action_continue()
        run = self.env["xero.sync.run"].browse(action["res_id"])
        for _turn in range(10):
            if run.state == "running":
                self.env.flush_all()
                self.env.ref("xero_crm.ir_cron_xero_pull").method_direct_trigger()
                self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.message)
        return run


@tagged("post_install", "-at_install")
class TestPreviewIsFull(MixedCase):
    def test_newest(self):
        self.assertPreviewIsFull("newest")

    def test_xero(self):
        self.assertPreviewIsFull("xero")

    def test_odoo(self):
        self.assertPreviewIsFull("odoo")

    def test_ask(self):
        self.assertPreviewIsFull("ask")

    def assertPreviewIsFull(self, policy):
        self.connection.conflict_policy = policy
        wizard = self.preview()
        said = self.get_said(wizard)
        self.assertMixed(said, policy)
        run = self.run_full(wizard)
        done = self.get_done(run)
        self.assertSame(said, done)
        again = self.get_said(self.preview())
        standing = {operation for _way, _list, operation, *_rest in again}
        self.assertLessEqual(standing, {"hold", "refuse", "conflict"}, again)

    def assertMixed(self, said, policy):
        """The organisation is as mixed as it is meant to be."""
        kinds = {(way, operation) for way, _list, operation, *_rest in said}
        wanted = {
            ("pull", "create"),
            ("pull", "link"),
            ("pull", "update"),
            ("pull", "hold"),
            ("pull", "refuse"),
            ("push", "create"),
            ("push", "update"),
            ("push", "refuse"),
        }
        if policy == "ask":
            wanted.add(("pull", "conflict"))
        self.assertLessEqual(wanted, kinds)
        links = [key for key in said if key[2] == "link"]
        self.assertEqual(len(links), 5, links)

    @mute_logger("odoo.addons.xero_crm.models.xero_pull")
    def test_rows_that_the_database_refuses_are_foreseen(self):
        """Another addon's rule, which no mapping knows of."""
        partners = type(self.env["res.partner"])
        create = partners.create

        def strict(self, vals_list):
            if any(vals.get("name") == "Kowhai Cafe" for vals in vals_list):
                raise ValueError("Kowhai Cafe is on our black list.")
            return create(self, vals_list)

        self.patch(partners, "create", strict)
        wizard = self.preview(sync_items=False, sync_invoices=False)
        line = wizard.line_ids.filtered(lambda line: line.name == "Kowhai Cafe")
        self.assertEqual(line.operation, "refuse")
        self.assertIn("black list", line.message)
        self.assertSame(self.get_said(wizard), self.get_done(self.run_full(wizard)))

    def test_pages_know_of_each_other(self):
        """A customer that a contact of the first page gets is taken for the second."""
        self.startPageSize(3)
        wizard = self.preview()
        said = self.get_said(wizard)
        self.assertSame(said, self.get_done(self.run_full(wizard)))

    def startPageSize(self, size):
        for module in ("xero_pull", "xero_preview_push"):
            self.patch(
                __import__(
                    f"odoo.addons.xero_crm.models.{module}", fromlist=["PAGE_SIZE"]
                ),
                "PAGE_SIZE",
                size,
            )

    def test_push_brings_nothing_new_to_odoo(self):
        before = self.env["res.partner"].search_count([])
        wizard = self.open_wizard(mode="preview", direction="push")
        wizard.action_run()
        said = self.get_said(wizard)
        self.assertSame(said, self.get_done(self.run_full(wizard)))
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        arriving = {operation for way, _list, operation, *_ in said if way == "pull"}
        self.assertEqual(arriving, {"link", "hold"})
