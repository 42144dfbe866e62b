"""A customer's invoices, credits and payments over the years, in one list."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_credit_notes import CreditCase


@tagged("post_install", "-at_install")
class TestPartnerHistory(CreditCase):
    def prepare(self):
        super().prepare()
        self.connection.history_years = 20
        self.connection.base_currency_id = self.env.company.currency_id
        old = self.add_invoice(self.contact, 100, Date=date(2023, 5, 1))
        self.org.pay(old, "60.00", date(2024, 2, 1), reference="Bank")
        note = self.add_credit_note(self.contact, 20, Date=date(2024, 3, 1))
        self.org.allocate(note, old, "13.00")
        self.org.refund(note, "4.00", date(2025, 1, 7))
        self.receive("Overpayments", "50.00", day=date(2025, 2, 1))
        foreign = {"CurrencyCode": "EUR", "CurrencyRate": "0.50"}
        abroad = self.add_invoice(self.contact, 100, Date=date(2025, 6, 1), **foreign)
        self.org.pay(abroad, "115.00", date(2025, 6, 30))
        self.add_invoice(self.contact, 900, Date=date(2025, 7, 1), Status="DRAFT")
        self.org.void(self.add_invoice(self.contact, 800, Date=date(2025, 8, 1)))
        self.pull_all()
        self.history = self.env["xero.partner.history"].search(
            self.customer.action_view_xero_history()["domain"]
        )

    def test_approved_documents_and_payments(self):
        self.assertEqual(
            [(row.date.year, row.kind) for row in self.history],
            [
                (2025, "payment"),
                (2025, "invoice"),
                (2025, "overpayment"),
                (2025, "refund"),
                (2024, "credit_note"),
                (2024, "payment"),
                (2023, "invoice"),
            ],
        )

    def test_years_in_the_companys_currency(self):
        groups = self.env["xero.partner.history"]._read_group(
            [("id", "in", self.history.ids)],
            ["date:year"],
            ["amount_invoiced:sum", "amount_credited:sum", "amount_received:sum"],
        )
        self.assertEqual(
            [(year.year, *map(round, amounts)) for year, *amounts in groups],
            [(2023, 115, 0, 0), (2024, 0, 23, 60), (2025, 230, 0, 276)],
        )

    def test_invoiced_less_credited_and_received_is_the_net_balance(self):
        rest = sum(
            row.amount_invoiced - row.amount_credited - row.amount_received
            for row in self.history
        )
        self.assertAlmostEqual(rest, self.customer.xero_net_balance)
        self.assertAlmostEqual(rest, -14)

    def products_by_year(self, domain):
        groups = self.env["xero.product.history"]._read_group(
            domain, ["date:year"], ["amount_company:sum", "quantity:sum"]
        )
        return [(year.year, round(amount), count) for year, amount, count in groups]

    def test_products_bought_without_tax_in_the_companys_currency(self):
        domain = self.customer.action_view_xero_products()["domain"]
        self.assertEqual(
            self.products_by_year(domain),
            [(2023, 100, 1), (2024, -20, -1), (2025, 200, 1)],
        )
        for row in self.env["xero.product.history"].search(domain):
            action = row.with_user(self.user_rep).action_open_document()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual((record.date, record.number), (row.date, row.number))

    def test_prices_that_include_tax_count_without_it(self):
        line = {"Description": "Table", "Quantity": 4, "UnitAmount": "57.50"}
        line |= {"AccountCode": "200", "TaxType": "OUTPUT2", "ItemCode": "T-9"}
        self.org.add_item("T-9", "57.50")
        wire = self.add_invoice(
            self.contact,
            LineItems=[line],
            LineAmountTypes="Inclusive",
            Date=date(2022, 3, 1),
            amount=0,
        )
        self.pull("Invoices")
        domain = [("number", "=", wire["InvoiceNumber"])]
        self.assertEqual(self.products_by_year(domain), [(2022, 200, 4)])
        invoice = self.env["xero.invoice"].search(domain)
        self.assertTrue(invoice.is_tax_included)
        # The item is fetched after the invoice: its line finds the product.
        self.assertFalse(invoice.line_ids.product_id)
        self.pull("Items")
        product = self.env["product.product"].search([("default_code", "=", "T-9")])
        self.assertEqual(invoice.line_ids.product_id, product)
        for records in (product, product.product_tmpl_id):
            found = records.action_view_xero_history()["domain"]
            self.assertEqual(self.products_by_year(found), [(2022, 200, 4)])

    def test_rows_open_in_xero_and_as_pdf(self):
        invoice = self.history[-1].with_user(self.user_rep)
        payment = self.history[-2].with_user(self.user_rep)
        self.assertEqual((invoice.kind, payment.kind), ("invoice", "payment"))
        address = invoice.action_open_in_xero()
        self.assertIn("InvoiceID", address["url"])
        self.assertEqual(payment.action_open_in_xero(), address)
        file = invoice.action_download_pdf()["url"]
        self.assertIn("download=true", file)
        self.assertEqual(payment.action_download_pdf()["url"], file)
        credits = self.history.filtered(lambda row: row.res_model == "xero.credit.note")
        note = credits.filtered(lambda row: row.kind == "credit_note")[:1]
        file = note.with_user(self.user_rep).action_download_pdf()["url"]
        self.assertEqual(self.xero.calls["GET CreditNotes/pdf"], 1)
        document = self.env["xero.credit.note"].browse(note.res_id)
        self.assertIn(str(document.pdf_attachment_id.id), file)
        self.assertTrue(document.pdf_attachment_id.raw.startswith(b"%PDF"))
        money = (credits - note).filtered(lambda row: row.kind != "credit_note")[:1]
        with self.assertRaisesRegex(UserError, "no PDF of overpayments"):
            money.with_user(self.user_rep).action_download_pdf()

    def test_each_row_opens_its_document(self):
        for row in self.history:
            action = row.with_user(self.user_rep).action_open_document()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(record.date, row.date)

    def test_rep_sees_no_hidden_customer(self):
        mine = self.env["xero.partner.history"].with_user(self.user_rep)
        domain = [("id", "in", self.history.ids)]
        self.assertEqual(len(mine.search(domain)), 7)
        self.env["ir.rule"].create(
            {
                "name": "Hidden customer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        self.assertFalse(mine.search(domain))
        bought = self.env["xero.product.history"].with_user(self.user_rep)
        self.assertFalse(
            bought.search([("commercial_partner_id", "=", self.customer.id)])
        )
        for action in ("document", "in_xero"):
            with self.assertRaises(AccessError):
                row = self.history[0].with_user(self.user_rep)
                getattr(row, f"action_open_{action}")()
        with self.assertRaises(AccessError):
            self.env["xero.partner.history"].with_user(self.user_outsider).search([])
