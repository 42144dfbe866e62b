from datetime import date

from odoo.tests import tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestInvoices(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def test_click_makes_the_invoice_with_its_customer_and_item(self):
        order = self._create_order()
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        self.assertEqual(invoice.xero_error, False)
        wire = self.org.invoices[invoice.xero_id]
        self.assertEqual(wire["Contact"]["ContactID"], self.customer.xero_contact_id)
        self.assertEqual(str(wire["Total"]), "575.00")
        self.assertEqual(wire["Reference"], order.name)
        self.assertEqual(order.xero_payment_status, "draft")

    def test_second_click_makes_no_second_invoice(self):
        order = self._create_order()
        order.action_create_xero_invoice()
        order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 1)
        self.assertEqual(len(order.xero_invoice_ids), 1)

    def test_timeout_after_the_work_then_retry_makes_one_invoice(self):
        order = self._create_order()
        self.xero.fail("PUT Invoices", "timeout_after", seconds=1)
        order.action_create_xero_invoice()
        self.push()
        self.assertEqual(len(self.org.invoices), 1)
        self.assertEqual(self.link_of(order.xero_invoice_ids).state, "synced")
        self.assertTrue(order.xero_invoice_number)

    def test_payment_reaches_order_and_partner(self):
        self.connection.invoice_status = "authorised"
        order = self._create_order()
        order.action_create_xero_invoice()
        self.pull("Invoices")
        self.assertEqual(order.xero_payment_status, "sent")
        self.assertEqual(self.customer.xero_balance, 575.0)
        self.org.pay(order.xero_invoice_ids.xero_id, "575.00", date.today())
        self.pull("Invoices")
        self.assertEqual(order.xero_payment_status, "paid")
        self.assertEqual(self.customer.xero_balance, 0.0)
        self.assertEqual(order.xero_invoice_ids.payment_ids.amount, 575.0)
