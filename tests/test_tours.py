from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import XeroCommonMixin


@tagged("post_install", "-at_install")
class TestTours(XeroCommonMixin, HttpCase):
    """What a sales rep and an accountant do most, in a real browser."""

    def prepare(self):
        super().prepare()
        # The organisation of the demo data would stand in the way.
        others = self.env["xero.connection"].search([]) - self.connection
        others.active = False
        self.map_reference_data()

    def test_accountant_previews_a_sync(self):
        self.connection.sync_mode = "read_only"
        self.org.add_contact(Name="Kowhai Cafe", EmailAddress="hi@kowhai.example.com")
        before = self.env["res.partner"].search_count([])
        self.start_tour(
            "/odoo/xero-connections", "xero_crm_preview", login="xero_accountant"
        )
        partners = self.env["res.partner"].search([("name", "=", "Kowhai Cafe")])
        self.assertEqual(len(partners), 1, "tested and synced, but once only")
        self.assertEqual(self.env["res.partner"].search_count([]), before + 1)
        self.assertEqual(
            self.env["xero.sync.run"].search([], limit=1, order="id desc").state, "done"
        )

    def test_rep_invoices_an_order(self):
        order = self._create_order()
        self.start_tour(f"/odoo/sales/{order.id}", "xero_crm_invoice", login="xero_rep")
        self.assertEqual(len(self.org.invoices), 1)
        self.assertEqual(order.xero_payment_status, "draft")

    def test_quotation_is_signed_invoiced_and_paid(self):
        self.connection.write(
            {"invoice_trigger": "quotation_signed", "invoice_status": "authorised"}
        )
        order = self._create_order(confirm=False, require_signature=True)
        order.require_payment = False
        order.action_create_xero_quote()
        order.action_quotation_sent()
        self.start_tour(order.get_portal_url(), "xero_crm_sign", login=None)
        self.assertEqual(order.state, "sale")
        self.push()
        [wire] = self.org.invoices.values()
        self.assertEqual(float(wire["Total"]), order.amount_total)
        form = f"/odoo/sales/{order.id}"
        self.start_tour(form, "xero_crm_signed", login="xero_rep")
        [quote] = self.org.quotes.values()
        self.assertEqual(quote["Status"], "INVOICED")
        self.org.pay(wire["InvoiceID"])
        self.pull("Invoices")
        self.start_tour(form, "xero_crm_paid", login="xero_rep")
        self.assertEqual(self.customer.xero_balance, 0)

    def test_accountant_fixes_an_error(self):
        self.customer.write({"name": "Tui Traders", "email": False})
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertFalse(self.org.invoices)
        self.start_tour("/odoo/xero-log", "xero_crm_fix", login="xero_accountant")
        self.assertEqual(len(self.org.invoices), 1)
        self.assertFalse(order.xero_error)

    def leave_only_one_customer(self):
        """A customer without an e-mail, whatever else the database holds."""
        self.customer.write({"name": "Tui Traders", "email": False})
        self.env["res.partner"].search(
            [("id", "!=", self.customer.id)]
        ).xero_do_not_sync = True
        self.env["product.product"].search(
            [("id", "!=", self.product.id)]
        ).xero_do_not_sync = True

    def test_accountant_puts_right_what_the_audit_counts(self):
        self.leave_only_one_customer()
        self.start_tour(
            "/odoo/action-xero_crm.xero_audit_action",
            "xero_crm_audit",
            login="xero_accountant",
        )
        self.assertEqual(self.customer.email, "accounts@tui.example.com")

    def test_accountant_fills_in_place_and_sends(self):
        self.leave_only_one_customer()
        self.start_tour(
            "/odoo/action-xero_crm.xero_required_check_action",
            "xero_crm_required",
            login="xero_accountant",
        )
        [contact] = self.org.contacts.values()
        self.assertEqual(contact["EmailAddress"], "accounts@tui.example.com")

    def test_accountant_switches_reminders_on_and_spares_a_customer(self):
        self.connection.reminders_weekdays_only = False
        self.customer.name = "Tui Traders"
        today = fields.Date.today()
        self.env["xero.invoice"].create(
            {
                "connection_id": self.connection.id,
                "xero_id": "00000000-0000-4000-9000-000000000001",
                "number": "INV-0001",
                "status": "authorised",
                "partner_id": self.customer.id,
                "currency_id": self.env.company.currency_id.id,
                "date": today - timedelta(days=30),
                "due_date": today - timedelta(days=6),
                "amount_total": 115.0,
                "amount_due": 115.0,
            }
        )
        self.start_tour(
            f"/odoo/xero-connections/{self.connection.id}",
            "xero_crm_reminder",
            login="xero_accountant",
        )
        self.assertTrue(self.connection.reminders_enabled)
        self.assertTrue(self.customer.xero_no_reminders)
        mine = [("connection_id", "=", self.connection.id)]
        self.assertFalse(self.env["xero.reminder"].search(mine))

    def test_accountant_matches_a_contact(self):
        partner = self.env["res.partner"].create({"name": "Kowhai Limited"})
        contact = self.org.add_contact(
            Name="Kowhai Ltd", EmailAddress="office@kowhai.nz"
        )
        self.pull("Contacts")
        self.start_tour(
            "/odoo/xero-matching", "xero_crm_match", login="xero_accountant"
        )
        self.assertEqual(partner.xero_contact_id, contact["ContactID"])

    def test_accountant_credits_and_refunds(self):
        self.connection.invoice_status = "authorised"
        order = self._create_order()
        order.action_create_xero_invoice()
        self.org.pay(order.xero_invoice_ids.xero_id)
        self.pull("Invoices")
        self.start_tour(
            f"/odoo/sales/{order.id}", "xero_crm_refund", login="xero_accountant"
        )
        [credit] = self.org.credit_notes.values()
        self.assertEqual((credit["Status"], credit["Total"]), ("PAID", 575))
        self.assertEqual(len(credit["Payments"]), 1)
