from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCommon

# What a sync may touch; the wizard's own rows are not among them.
WATCHED = (
    "res.partner",
    "product.product",
    "xero.invoice",
    "xero.link",
    "xero.log",
    "xero.sync.run",
    "xero.account",
)


class WizardCase(XeroCommon):
    """Twelve contacts in Xero, one of which is our customer; one item; one invoice."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        # Only the tests' own records take part, whatever the database holds.
        partners = self.env["res.partner"].search([("id", "!=", self.customer.id)])
        partners.xero_do_not_sync = True
        products = self.env["product.product"].search([("id", "!=", self.product.id)])
        products.xero_do_not_sync = True
        contacts = self.org.add_contacts(11)
        self.org.add_contact(Name="KB Ltd", EmailAddress=self.customer.email)
        self.org.add_item("KAURI-9", price="90.00", Name="Kauri Stool")
        self.org.add_invoice(contacts[0], amount="100.00")
        self.xero.reset_calls()

    def open_wizard(self, **vals):
        wizards = self.env["xero.sync.wizard"].with_user(self.user_accountant)
        return wizards.create({"connection_id": self.connection.id, **vals})

    def count(self):
        self.env.flush_all()
        counts = {name: self.env[name].search_count([]) for name in WATCHED}
        # That a preview was made is noted, beside the syncs.
        syncs = self.env["xero.sync.run"].search_count([("kind", "=", "sync")])
        return {**counts, "xero.sync.run": syncs}

    def get_writes(self):
        return [name for name in self.xero.calls if not name.startswith("GET ")]

    def get_lines(self, wizard, **wanted):
        lines = wizard.line_ids
        for name, value in wanted.items():
            lines = lines.filtered(lambda line, n=name, v=value: line[n] == v)
        return lines


@tagged("post_install", "-at_install")
class TestPreview(WizardCase):
    def test_preview_changes_nothing_on_either_side(self):
        before = self.count()
        stamps = self.env["res.partner"].search([]).mapped("write_date")
        cursors = self.connection.cursor_ids.read(["modified_since", "page"])
        wizard = self.open_wizard(mode="preview", direction="both")
        action = wizard.action_run()
        self.assertEqual(action["res_model"], wizard.line_ids._name)
        self.assertEqual(action["domain"], [("wizard_id", "=", wizard.id)])
        self.env.invalidate_all()
        self.assertEqual(self.count(), before)
        self.assertEqual(
            self.env["res.partner"].search([]).mapped("write_date"), stamps
        )
        self.assertEqual(
            self.connection.cursor_ids.read(["modified_since", "page"]), cursors
        )
        self.assertFalse(self.get_writes())
        self.assertEqual(len(self.org.contacts), 12)

    def test_preview_says_what_full_does(self):
        wizard = self.open_wizard(mode="preview", direction="both")
        wizard.action_run()
        said = {
            "created": len(
                self.get_lines(wizard, direction="pull", operation="create")
            ),
            "linked": len(self.get_lines(wizard, direction="pull", operation="link")),
            "sent": len(self.get_lines(wizard, direction="push", operation="create")),
        }
        self.assertEqual(said, {"created": 13, "linked": 1, "sent": 1})
        matched = self.get_lines(wizard, operation="link")
        self.assertEqual(matched.res_id, self.customer.id)
        action = wizard.action_continue()
        run = self.env["xero.sync.run"].browse(action["res_id"])
        self.assertEqual(
            {
                "created": run.created_count,
                "linked": run.linked_count,
                "sent": len(
                    run.log_ids.filtered(
                        lambda log: (
                            log.direction == "push" and log.operation == "create"
                        )
                    )
                ),
            },
            said,
        )
        self.assertEqual(len(self.org.contacts), 12, "nothing is doubled in Xero")
        self.assertEqual(len(self.org.items), 2)

    def test_preview_of_sending_knows_who_is_in_xero(self):
        wizard = self.open_wizard(mode="preview", direction="push", sync_invoices=False)
        wizard.action_run()
        self.assertRecordValues(
            wizard.line_ids.sorted("operation"),
            [
                {"operation": "create", "res_id": self.product.id, "direction": "push"},
                {"operation": "link", "res_id": self.customer.id, "direction": "pull"},
                # What Odoo knows of the customer and Xero does not.
                {
                    "operation": "update",
                    "res_id": self.customer.id,
                    "direction": "push",
                },
            ],
        )

    def test_preview_shows_what_would_be_refused(self):
        self.customer.write({"name": "K" * 300, "email": "new@example.com"})
        wizard = self.open_wizard(mode="preview", direction="push", sync_items=False)
        wizard.action_run()
        line = self.get_lines(wizard, direction="push")
        self.assertEqual(line.operation, "refuse")
        self.assertIn("255", line.message)
        self.assertTrue(line.remedy)

    def test_preview_works_in_read_only_mode_sending_does_not(self):
        self.connection.action_set_read_only()
        self.open_wizard(mode="preview", direction="both").action_run()
        for mode in ("test", "full"):
            wizard = self.open_wizard(mode=mode, direction="both")
            with self.assertRaisesRegex(UserError, "read-only mode"):
                wizard.action_run()
        self.open_wizard(mode="test", direction="pull").action_run()

    def test_nothing_chosen(self):
        wizard = self.open_wizard(
            sync_contacts=False, sync_items=False, sync_invoices=False
        )
        with self.assertRaisesRegex(UserError, "Choose at least one"):
            wizard.action_run()

    def test_xero_out_of_order(self):
        self.xero.fail("GET Contacts", "503", times=None)
        with self.assertRaisesRegex(UserError, "tried again|out of order"):
            self.open_wizard().action_run()


@tagged("post_install", "-at_install")
class TestBatchOfFive(WizardCase):
    def test_pull_takes_five_of_each(self):
        before = self.count()
        wizard = self.open_wizard(mode="test", direction="pull", sync_invoices=False)
        wizard.action_run()
        contacts = self.get_lines(wizard, resource="Contacts")
        self.assertEqual(len(contacts), 5)
        self.assertEqual(len(self.get_lines(wizard, resource="Items")), 1)
        self.assertEqual(self.count()["xero.link"] - before["xero.link"], 6)
        self.assertFalse(self.get_writes())
        linked = self.env["xero.link"].search([("resource", "=", "Contacts")])
        self.assertLessEqual(
            set(contacts.mapped("xero_id")), set(linked.mapped("xero_id"))
        )

    def test_full_after_the_test_doubles_nothing(self):
        wizard = self.open_wizard(mode="test", direction="pull")
        wizard.action_run()
        wizard.action_continue()
        links = self.env["xero.link"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("resource", "=", "Contacts"),
                ("xero_id", "!=", False),
            ]
        )
        self.assertEqual(len(links), 12)

    def test_push_sends_five_and_says_how_it_went(self):
        others = self.env["res.partner"].create(
            [{"name": f"New {n}", "email": f"new{n}@example.com"} for n in range(7)]
        )
        others[0].name = "x" * 300
        wizard = self.open_wizard(mode="test", direction="push", sync_items=False)
        wizard.action_run()
        self.assertEqual(len(set(wizard.line_ids.mapped("res_id"))), 5)
        sent = self.get_lines(wizard, operation="create")
        self.assertTrue(sent)
        for line in sent:
            self.assertIn(line.xero_id, self.org.contacts)
        refused = self.get_lines(wizard, operation="refuse")
        self.assertTrue(all(refused.mapped("message")))
        self.assertLessEqual(len(self.org.contacts), 12 + 5)


@tagged("post_install", "-at_install")
class TestFull(WizardCase):
    """Page by page, with progress, and on from where it stopped."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch("odoo.addons.xero_crm.models.xero_pull.PAGE_SIZE", 4))

    def run_cron(self):
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_pull").method_direct_trigger()
        self.env.invalidate_all()

    def run_full(self, **vals):
        wizard = self.open_wizard(mode="full", sync_invoices=False, **vals)
        action = wizard.action_run()
        self.assertEqual(action["res_model"], "xero.sync.run")
        return self.env["xero.sync.run"].browse(action["res_id"])

    def test_counts_progress_and_log(self):
        run = self.run_full()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "progress": 100.0,
                    "fetched_count": 13,
                    "created_count": 12,
                    "linked_count": 1,
                    "failed_count": 0,
                    "conflict_count": 0,
                }
            ],
        )
        self.assertEqual(self.xero.calls["GET Contacts"], 3)
        self.assertEqual(len(run.log_ids), 13)
        self.assertEqual(set(run.log_ids.mapped("state")), {"success"})
        self.assertTrue(run.finished_at)

    def test_stops_at_a_fault_of_any_page_and_resumes_there(self):
        for page in (1, 2, 3):
            with self.subTest(page=page):
                self.xero.reset_calls()
                self.xero.fail("GET Contacts", "503", skip=page - 1, times=2)
                run = self.run_full(sync_items=False)
                self.assertEqual(run.state, "failed")
                self.assertIn("out of order", run.message)
                self.assertEqual(run.fetched_count, 4 * (page - 1))
                self.xero.clear_faults()
                run.action_resume()
                self.run_cron()
                self.assertEqual((run.state, run.fetched_count), ("done", 12))
                contacts = [("resource", "=", "Contacts"), ("xero_id", "!=", False)]
                mine = [("connection_id", "=", self.connection.id), *contacts]
                self.assertEqual(self.env["xero.link"].search_count(mine), 12)

    def test_goes_on_in_the_background_when_time_is_up(self):
        seconds = "odoo.addons.xero_crm.models.xero_sync_run_work.SECONDS_IN_REQUEST"
        with patch(seconds, 0):
            run = self.run_full()
        self.assertEqual(run.state, "running")
        self.assertEqual(run.fetched_count, 4)
        self.assertTrue(0 < run.progress < 100)
        self.run_cron()
        self.assertEqual((run.state, run.fetched_count), ("done", 13))

    def test_cancel_keeps_what_is_done_and_stops(self):
        seconds = "odoo.addons.xero_crm.models.xero_sync_run_work.SECONDS_IN_REQUEST"
        with patch(seconds, 0):
            run = self.run_full(sync_items=False)
        run.with_user(self.user_accountant).action_cancel()
        self.xero.reset_calls()
        self.env["xero.sync.run"].search([("state", "=", "running")])
        self.assertEqual((run.state, run.fetched_count), ("cancelled", 4))
        self.assertNotIn(run, self.env["xero.sync.run"]._get_unfinished())
        self.assertEqual(run.progress, 100.0)

    def test_bad_element_is_counted_and_listed_with_its_remedy(self):
        bad = next(iter(self.org.contacts.values()))
        self.org.touch(bad, Name=None)
        run = self.run_full(sync_items=False)
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        self.assertTrue(run.failure_ids.message)
        self.assertTrue(run.failure_ids.remedy)
