"""Invoices that somebody changes, or makes, in Xero."""

from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_invoice_change import ChangeCase


@tagged("post_install", "-at_install")
class TestDifferences(ChangeCase):
    def change_in_xero(self, invoice, **changes):
        [line] = self.wire(invoice)["LineItems"]
        lines = changes.pop("lines", None)
        if lines is None:
            lines = [{"LineItemID": line["LineItemID"], "Quantity": 1}]
        self.org.update(
            "Invoices", InvoiceID=invoice.xero_id, LineItems=lines, **changes
        )
        self.pull("Invoices")

    def test_changed_quantity_is_shown_and_accepted(self):
        order, invoice = self.order, self.invoice
        self.assertFalse(invoice.is_different)
        self.change_in_xero(invoice)
        mine = invoice.with_user(self.user_accountant)
        self.assertTrue(mine.is_different)
        [(_what, ours, theirs)] = mine._get_differences()
        self.assertIn("500.00", ours)
        self.assertIn("250.00", theirs)
        self.assertIn("250.00", mine.differences)
        self.assertEqual(order.order_line.qty_invoiced, 2)
        mine.action_accept()
        self.env.invalidate_all()
        self.assertFalse(mine.is_different)
        self.assertEqual(invoice.accepted_by_id, self.user_accountant)
        self.assertEqual(order.order_line.qty_invoiced, 1)
        order.action_create_xero_invoice()
        self.assertEqual(sum(order.xero_invoice_ids.mapped("amount_total")), 575)

    def test_added_removed_and_due_date(self):
        order, invoice = self.order, self.invoice
        extra = {
            "Description": "Delivery",
            "Quantity": 1,
            "UnitAmount": Decimal("20"),
            "AccountCode": "200",
        }
        self.change_in_xero(invoice, lines=[extra], DueDate="2027-03-31")
        rows = invoice._get_differences()
        self.assertEqual(len(rows), 3)
        self.assertIn("removed", rows[0])
        self.assertEqual(rows[1][0], "Delivery")
        self.assertIn("03/31/2027", rows[2])
        invoice.with_user(self.user_accountant).action_accept()
        self.env.invalidate_all()
        self.assertFalse(invoice.is_different)
        self.assertEqual(order.invoice_status, "to invoice")

    def test_rep_sees_and_may_not(self):
        invoice = self.invoice
        self.change_in_xero(invoice)
        mine = invoice.with_user(self.user_rep)
        self.assertTrue(mine.is_different)
        self.assertFalse(mine.can_accept)
        with self.assertRaises(AccessError):
            mine.action_accept()

    def test_payment_and_approval_are_no_difference(self):
        invoice = self.invoice
        self.org.pay(invoice.xero_id)
        self.pull("Invoices")
        self.assertFalse(invoice.is_different)


@tagged("post_install", "-at_install")
class TestMadeByHand(ChangeCase):
    def bill_by_hand(self, order, *lines):
        self.env["xero.link"]._ensure(self.connection, self.customer)
        self.push()
        wire = self.org.add_invoice(
            self.customer.xero_contact_id,
            Reference=order.name,
            CurrencyCode=self.env.company.currency_id.name,
            LineItems=[
                {
                    "Description": "Tables",
                    "Quantity": quantity,
                    "UnitAmount": Decimal(price),
                    "AccountCode": "200",
                    "TaxType": "OUTPUT2",
                }
                for quantity, price in lines
            ],
        )
        self.pull("Invoices")
        invoice = self.env["xero.invoice"].search([("xero_id", "=", wire["InvoiceID"])])
        self.assertEqual(invoice.order_id, order)
        return invoice

    def test_same_lines_are_bound(self):
        order = self._create_order()
        invoice = self.bill_by_hand(order, (2, "250"))
        self.assertFalse(invoice.is_unbound)
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertFalse(invoice.is_different)
        order.order_line.price_unit = 300
        self.assertTrue(order.xero_change_text)

    def test_person_says_what_it_bills(self):
        order = self._create_order()
        invoice = self.bill_by_hand(order, (1, "250"))
        self.assertTrue(invoice.is_unbound)
        self.assertFalse(order.with_user(self.user_rep).xero_can_invoice)
        action = invoice.with_user(self.user_accountant).action_bind()
        wizard = self.env[action["res_model"]].with_user(self.user_accountant)
        wizard = wizard.browse(action["res_id"])
        wizard.line_ids.quantity = 1
        wizard.action_bind()
        self.env.invalidate_all()
        self.assertFalse(invoice.is_unbound)
        self.assertEqual(order.order_line.qty_invoiced, 1)
        order.action_create_xero_invoice()
        self.assertEqual(sum(order.xero_invoice_ids.mapped("amount_total")), 575)

    def test_person_says_that_it_bills_nothing_of_it(self):
        order = self._create_order()
        invoice = self.bill_by_hand(order, (1, "99"))
        action = invoice.with_user(self.user_accountant).action_bind()
        wizard = self.env[action["res_model"]].with_user(self.user_accountant)
        wizard = wizard.browse(action["res_id"])
        wizard.line_ids.quantity = 0
        wizard.action_bind()
        order.action_create_xero_invoice()
        self.assertEqual(order.order_line.qty_invoiced, 2)

    def test_voided_by_hand_frees_the_order(self):
        order = self._create_order()
        invoice = self.bill_by_hand(order, (2, "250"))
        self.org.void(invoice.xero_id)
        self.pull("Invoices")
        self.assertEqual(order.invoice_status, "to invoice")
