"""What a page of invoices and credits costs: queries constant in documents and lines.

Times are measured by dev/bench, never here.
"""

from odoo.tests import tagged

from .test_performance import PerformanceCase


@tagged("post_install", "-at_install")
class TestDocumentPerformance(PerformanceCase):
    def prepare(self):
        super().prepare()
        self.org.add_contacts(3)
        self.pull("Contacts", "Invoices", "CreditNotes")
        self.contacts = list(self.org.contacts.values())

    def add_invoices(self, number, lines):
        """Add approved invoices, each paid in part, and return them."""
        line = {"Description": "Goods", "Quantity": 1, "UnitAmount": "5.00"}
        line["AccountCode"] = "200"
        invoices = []
        for index in range(number):
            contact = self.contacts[index % 3]
            fields = {"LineItems": [line] * lines}
            invoices.append(self.org.add_invoice(contact, **fields))
            self.org.pay(invoices[-1], 1)
        return invoices

    def test_page_of_new_invoices(self):
        """Each has lines and a payment; only Odoo's own create grows, by an INSERT for
        each few hundred rows."""
        counts = {}
        self.add_invoices(3, 1)
        self.count_pull("Invoices")
        for number, lines in ((10, 1), (100, 1), (10, 20), (100, 20)):
            self.add_invoices(number, lines)
            counts[number, lines] = self.count_pull("Invoices")
        self.assertEqual(len(set(counts.values())), 1, counts)
        lines = self.env["xero.invoice.line"].search_count(
            [("invoice_id.connection_id", "=", self.connection.id)]
        )
        self.assertEqual(lines, 3 + 10 + 100 + 200 + 2000)

    def test_page_of_new_credits(self):
        counts = {}
        for number in (3, 10, 100):
            for index in range(number):
                contact = self.contacts[index % 3]
                note = self.org.add_credit_note(contact, 20)
                invoice = self.org.add_invoice(contact, 20)
                self.org.allocate(note, invoice, "13.00")
                self.org.refund(note, "2.00")
            counts[number] = self.count_pull("CreditNotes")
        self.assertEqual(counts[10], counts[100], counts)

    def test_page_of_new_payments(self):
        """What stays as it is, is not written: the earlier payments, the lines."""
        invoices = self.add_invoices(60, 3)
        self.pull("Invoices")
        payments = self.env["xero.payment"].search(
            [("connection_id", "=", self.connection.id)]
        )
        lines = payments.invoice_id.line_ids
        counts = {}
        for number in (10, 60):
            for invoice in invoices[:number]:
                self.org.pay(invoice, 1)
            counts[number] = self.count_pull("Invoices")
        self.assertLess(counts[60] - counts[10], 5, counts)
        mine = [("connection_id", "=", self.connection.id)]
        self.assertEqual(self.env["xero.payment"].search_count(mine), 60 + 70)
        self.assertEqual(payments.exists(), payments)
        self.assertEqual(lines.exists(), lines)
        self.assertEqual(len(payments.invoice_id.line_ids), 180)
