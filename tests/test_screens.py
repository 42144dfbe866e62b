from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import XeroCommon
from .test_security_money import APPROVAL


@tagged("post_install", "-at_install")
class TestScreens(XeroCommon):
    """What the screens rely on beside the models' own work."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def _fail_an_order(self):
        self.customer.email = False
        order = self._create_order()
        order.action_create_xero_invoice()
        return order.with_user(self.user_rep)

    def test_a_rep_is_told_what_to_do_and_led_there(self):
        order = self._fail_an_order()
        self.assertIn("no e-mail address", order.xero_error)
        self.assertIn("Enter the e-mail", order.xero_remedy)
        self.assertTrue(order.xero_can_fix)
        action = order.action_fix_xero()
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(action["res_id"], self.customer.id)

    def test_no_remedy_is_shown_without_a_problem(self):
        order = self._create_order().with_user(self.user_rep)
        self.assertFalse(order.xero_remedy)
        self.assertFalse(order.xero_can_fix)

    def test_open_in_xero_names_the_invoice_and_the_organisation(self):
        order = self._create_order()
        order.action_create_xero_invoice()
        url = order.with_user(self.user_rep).action_open_in_xero()["url"]
        self.assertIn(order.xero_invoice_ids.xero_id, url)
        self.assertIn("shortcode=%21TeSt1", url)

    def test_the_preview_counts_its_lines_by_operation(self):
        self.org.add_contact(Name="Kowhai Cafe")
        wizard = self.env["xero.sync.wizard"].create(
            {"connection_id": self.connection.id, "sync_invoices": False}
        )
        action = wizard.action_run()
        summary = wizard.get_summary()
        tiles = {tile["operation"]: tile["count"] for tile in summary["tiles"]}
        self.assertEqual((tiles["create"], tiles["link"]), (1, 0))
        self.assertEqual(summary["organisation"], self.connection.name)
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines.mapped("name"), ["Kowhai Cafe"])

    def test_a_test_after_the_preview_keeps_the_lines_of_the_preview(self):
        self.org.add_contact(Name="Kowhai Cafe")
        wizard = self.env["xero.sync.wizard"].create(
            {"connection_id": self.connection.id, "sync_invoices": False}
        )
        wizard.action_run()
        action = wizard.action_run_test()
        done = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(done.wizard_id.mode, "test")
        self.assertEqual(wizard.line_ids.operation, "create")
        self.assertEqual(done.mapped("name"), ["Kowhai Cafe"])
        self.assertEqual(
            self.env["res.partner"].search([("name", "=", "Kowhai Cafe")]).id,
            done.res_id,
        )

    def test_taxes_without_a_rate_are_listed(self):
        tax = self.tax.copy({"name": "Odd Tax", "amount": 7.5})
        self.connection._set_defaults()
        row = self.connection.tax_map_ids.filtered(lambda row: row.tax_id == tax)
        self.assertEqual(row.review_state, "missing")
        self.assertIn(tax, self.connection._get_unmapped_taxes())

    def test_a_proposal_is_confirmed_by_looking_or_by_choosing(self):
        row = self.connection.tax_map_ids.filtered("is_proposed")[:1]
        if not row:
            self.tax.copy({"name": "Twin"})
            self.connection._set_defaults()
            row = self.connection.tax_map_ids.filtered("is_proposed")[:1]
        self.assertEqual(row.review_state, "proposed")
        row.action_accept()
        self.assertEqual(row.review_state, "confirmed")
        row.is_proposed = True
        row.tax_rate_id = row.tax_rate_id
        self.assertEqual(row.review_state, "confirmed")

    def test_users_without_the_group_see_nothing_of_xero(self):
        for model, groups_of in (
            ("sale.order", "xero_payment_status"),
            ("res.partner", "xero_balance"),
            ("crm.lead", "xero_payment_status"),
            ("product.template", "xero_sync_state"),
        ):
            for kind in ("form", "list", "kanban", "search"):
                with self.subTest(model=model, kind=kind):
                    env = self.env(user=self.user_outsider)
                    arch = env[model].get_view(view_type=kind)["arch"]
                    names = etree.fromstring(arch).xpath("//field/@name")
                    shown = [n for n in names if n.startswith("xero_")]
                    self.assertFalse(set(shown) - {"xero_can_invoice", *APPROVAL})
                    arch = self.env[model].with_user(self.user_rep)
                    arch = arch.get_view(view_type="form")["arch"]
                    self.assertIn(groups_of, arch)

    def test_an_organisation_has_to_be_chosen(self):
        connection = self.connection.with_user(self.user_xero_admin)
        action = connection.action_choose_tenant()
        wizard = connection.env[action["res_model"]].browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Choose an organisation"):
            wizard.action_choose()

    def test_an_accountant_resyncs_from_the_list_of_records(self):
        self.customer.action_xero_push()
        link = self.link_of(self.customer).with_user(self.user_accountant)
        self.customer.phone = "+64 9 555 0303"
        link.action_resync()
        self.assertEqual(link.state, "synced")
        with self.assertRaises(AccessError):
            link.with_user(self.user_rep).action_resync()

    def test_forms_open_for_each_role(self):
        order = self._create_order()
        for user in (self.user_rep, self.user_accountant, self.user_outsider):
            with self.subTest(user=user.login):
                Form(order.with_user(user))
                Form(self.customer.with_user(user))
        Form(self.connection.with_user(self.user_accountant))
        Form(self.connection.with_user(self.user_xero_admin))
