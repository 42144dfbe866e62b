"""The lines of a preview: as a spreadsheet, and tested one by one."""

import io
import json
import zipfile

from odoo import http
from odoo.tests import HttpCase, tagged

from .common import XeroCommonMixin
from .test_wizard import WizardCase


@tagged("post_install", "-at_install")
class TestChosenLines(WizardCase):
    def preview(self, **vals):
        wizard = self.open_wizard(mode="preview", **vals)
        wizard.action_run()
        self.xero.reset_calls()
        return wizard

    def get_done(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_only_the_chosen_lines_are_done(self):
        wizard = self.preview(direction="both", sync_invoices=False)
        before = self.count()
        new = self.get_lines(wizard, resource="Contacts", operation="create")[:2]
        item = self.get_lines(wizard, resource="Items", direction="pull")
        action = (new + item).action_test()
        done = self.get_done(action)
        self.assertEqual(done.mapped("operation"), ["create"] * 3)
        self.assertTrue(all(done.mapped("res_id")))
        self.assertEqual(self.count()["res.partner"], before["res.partner"] + 2)
        self.assertFalse(self.get_writes())
        self.assertLess(self.xero.calls["GET Items"], 3)

    def test_both_sides_are_shown_beside_each_other(self):
        wizard = self.preview(direction="both", sync_invoices=False)
        product = self.get_lines(wizard, res_id=self.product.id, direction="push")
        done = self.get_done(product.action_test())
        self.assertEqual(done.operation, "create")
        self.assertIn(done.xero_id, self.org.items)
        self.assertIn(["Internal Reference", "RIMU-1", "RIMU-1"], done.sides)
        self.assertIn(done.xero_id, done.action_open_in_xero()["url"])
        self.assertEqual(done.action_open_record()["res_id"], self.product.id)
        self.assertEqual(len(self.org.items), 2, "no other was sent")

    def test_a_line_that_is_not_true_any_more_is_left_alone(self):
        wizard = self.preview(direction="pull", sync_items=False, sync_invoices=False)
        line = self.get_lines(wizard, operation="link")
        self.customer.email = "moved@example.com"
        self.customer.name = "Another One"
        done = self.get_done(line.action_test())
        self.assertEqual(done.operation, "skip")
        self.assertIn("any more", done.message)
        self.assertFalse(self.link_of(self.customer))

    def test_an_answer_is_not_sent_before_its_match_is_made(self):
        wizard = self.preview(direction="both", sync_invoices=False)
        answer = self.get_lines(
            wizard, res_id=self.customer.id, direction="push", operation="update"
        )
        self.assertTrue(answer)
        self.assertEqual(self.get_done(answer.action_test()).operation, "skip")
        self.assertFalse(self.get_writes())

    def test_sample_has_one_of_each_kind(self):
        wizard = self.open_wizard(
            mode="test", direction="pull", test_size=2, sync_invoices=False
        )
        wizard.action_run()
        contacts = self.get_lines(wizard, resource="Contacts")
        self.assertEqual(set(contacts.mapped("operation")), {"link", "create"})
        self.assertEqual(len(contacts), 2)


@tagged("post_install", "-at_install")
class TestExport(XeroCommonMixin, HttpCase):
    """XLSX: rights, filters, and texts that look like formulas."""

    def prepare(self):
        super().prepare()
        self.org.add_contact(
            Name="=1+1", EmailAddress="sum@example.com", AccountNumber="+64"
        )
        self.org.add_contact(Name="Kowhai Cafe")
        wizards = self.env["xero.sync.wizard"].with_user(self.user_accountant)
        self.wizard = wizards.create(
            {
                "connection_id": self.connection.id,
                "sync_items": False,
                "sync_invoices": False,
            }
        )
        self.wizard.action_run()

    def export(self, user, domain=()):
        self.authenticate(user.login, user.login)
        return self.url_open(
            f"/xero_crm/preview/{self.wizard.id}/xlsx?domain={json.dumps(domain)}"
        )

    def read_sheets(self, answer):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return "".join(
                archive.read(name).decode()
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
            )

    def test_cells_are_texts_whatever_they_look_like(self):
        answer = self.export(self.user_accountant)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        sheets = self.read_sheets(answer)
        self.assertIn("=1+1", sheets)
        self.assertIn("Kowhai Cafe", sheets)
        self.assertNotIn("<f>", sheets, "no cell is a formula")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertIn('quotePrefix="1"', archive.read("xl/styles.xml").decode())

    def test_filter_of_the_list(self):
        sheets = self.read_sheets(
            self.export(self.user_accountant, [["name", "ilike", "kowhai"]])
        )
        self.assertIn("Kowhai Cafe", sheets)
        self.assertNotIn("=1+1", sheets)

    def test_the_web_client_downloads_by_post(self):
        self.authenticate(self.user_accountant.login, self.user_accountant.login)
        answer = self.url_open(
            f"/xero_crm/preview/{self.wizard.id}/xlsx",
            data={
                "domain": "[]",
                "csrf_token": http.Request.csrf_token(self),
                "token": "dummy-because-api-expects-one",
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Kowhai Cafe", self.read_sheets(answer))

    def test_nonsense_is_refused(self):
        answer = self.export(self.user_accountant, [["nonsense", "=", 1]])
        self.assertEqual(answer.status_code, 400)

    def test_nobody_else_gets_it(self):
        for user in (self.user_rep, self.user_outsider, self.user_xero_admin):
            with self.subTest(user=user.login):
                self.assertEqual(self.export(user).status_code, 404)
