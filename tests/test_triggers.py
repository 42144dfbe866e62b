from decimal import Decimal

from odoo.tests import tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestTriggers(XeroCommon):
    """When an order is invoiced by itself."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Refit",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "stage_id": self.env.ref("crm.stage_lead1").id,
            }
        )

    def test_manual_invoices_nothing_by_itself(self):
        order = self._create_order()
        self.push()
        self.assertFalse(order.xero_invoice_ids)

    def test_confirmed_order_is_invoiced_once(self):
        self.connection.invoice_trigger = "order_confirmed"
        order = self._create_order()
        self.assertEqual(len(order.xero_invoice_ids), 1)
        self.push()
        self.assertEqual(order.xero_payment_status, "draft")
        order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 1)

    def test_won_deal_has_its_confirmed_order_invoiced(self):
        self.connection.invoice_trigger = "opportunity_won"
        order = self._create_order(opportunity_id=self.lead.id)
        quote = self._create_order(opportunity_id=self.lead.id, confirm=False)
        self.assertFalse(order.xero_invoice_ids)
        self.lead.action_set_won()
        self.push()
        self.assertTrue(order.xero_invoice_number)
        self.assertFalse(quote.xero_invoice_ids)
        self.assertEqual(self.lead.xero_payment_status, "draft")

    def test_order_confirmed_after_the_deal_was_won_is_invoiced(self):
        self.connection.invoice_trigger = "opportunity_won"
        self.lead.action_set_won()
        order = self._create_order(opportunity_id=self.lead.id)
        self.push()
        self.assertTrue(order.xero_invoice_number)

    def test_won_deal_without_invoice_is_found(self):
        order = self._create_order(opportunity_id=self.lead.id)
        self.lead.action_set_won()
        domain = [("xero_missing_invoice", "=", True)]
        self.assertTrue(self.lead.xero_missing_invoice)
        self.assertIn(self.lead, self.env["crm.lead"].search(domain))
        order.action_create_xero_invoice()
        self.assertFalse(self.lead.xero_missing_invoice)
        self.assertNotIn(self.lead, self.env["crm.lead"].search(domain))

    def test_rep_without_xero_rights_triggers_it_all_the_same(self):
        self.connection.invoice_trigger = "order_confirmed"
        order = self._create_order(confirm=False)
        order.with_user(self.user_outsider).action_confirm()
        self.push()
        self.assertTrue(order.xero_invoice_number)

    def test_orders_before_day_zero_and_excluded_ones_are_left_alone(self):
        self.connection.invoice_trigger = "order_confirmed"
        excluded = self._create_order(confirm=False, xero_do_not_sync=True)
        excluded.action_confirm()
        self.connection.date_start = "2999-01-01"
        old = self._create_order()
        self.push()
        self.assertFalse((excluded | old).xero_invoice_ids)

    def test_voided_invoice_frees_the_order_for_another(self):
        order = self._create_order()
        order.action_create_xero_invoice()
        self.connection.invoice_status = "authorised"
        self.org.update(
            "Invoices", InvoiceID=order.xero_invoice_ids.xero_id, Status="DELETED"
        )
        self.pull("Invoices")
        self.assertEqual(order.xero_payment_status, "voided")
        order.action_create_xero_invoice()
        self.assertEqual(len(order.xero_invoice_ids), 2)
        self.assertEqual(order.xero_payment_status, "sent")


@tagged("post_install", "-at_install")
class TestCompanies(XeroCommon):
    """Two companies with an organisation each never mix."""

    def test_each_company_bills_in_its_own_organisation(self):
        self.map_reference_data()
        company = self.env["res.company"].create({"name": "Moa Ltd"})
        org = self.xero.add_organisation("Moa Ltd")
        other = self._connect(org, company)
        self.assertEqual(self.env["xero.connection"]._get_for_company(company), other)
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 1)
        self.assertFalse(org.invoices)
        self.assertFalse(org.contacts)

    def test_one_customer_may_have_a_contact_in_each_organisation(self):
        company = self.env["res.company"].create({"name": "Moa Ltd"})
        org = self.xero.add_organisation("Moa Ltd")
        other = self._connect(org, company)
        self.customer.action_xero_push()
        self.customer.with_company(company).action_xero_push()
        links = self.env["xero.link"]._of(self.customer)
        self.assertEqual(links.connection_id, self.connection | other)
        self.assertEqual(len(org.contacts), 1)
        self.assertEqual(len(self.org.contacts), 1)


@tagged("post_install", "-at_install")
class TestAmounts(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def test_lines_carry_item_discount_tax_account_and_notes(self):
        account = self.connection.account_ids.filtered(lambda a: a.code == "260")
        self.product.xero_account_id = account
        order = self._create_order(confirm=False)
        order.order_line.discount = 12.5
        order.write(
            {"order_line": [(0, 0, {"display_type": "line_note", "name": "By rail"})]}
        )
        order.action_confirm()
        order.action_create_xero_invoice()
        line, note = self.org.invoices[order.xero_invoice_ids.xero_id]["LineItems"]
        self.assertEqual(line["ItemCode"], "RIMU-1")
        self.assertEqual(line["AccountCode"], "260")
        self.assertEqual(line["TaxType"], "OUTPUT2")
        self.assertEqual(str(line["LineAmount"]), "437.50")
        self.assertEqual(note["Description"], "By rail")
        self.assertEqual(order.xero_invoice_ids.amount_total, order.amount_total)

    def test_prices_with_tax_inside_are_sent_inclusive(self):
        self.tax.price_include_override = "tax_included"
        order = self._create_order()
        order.action_create_xero_invoice()
        wire = self.org.invoices[order.xero_invoice_ids.xero_id]
        self.assertEqual(wire["LineAmountTypes"], "Inclusive")
        self.assertEqual(str(wire["Total"]), "500.00")

    def test_due_date_follows_the_payment_term(self):
        order = self._create_order(
            confirm=False,
            payment_term_id=self.env.ref("account.account_payment_term_30days").id,
        )
        order.action_confirm()
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        self.assertEqual((invoice.due_date - invoice.date).days, 30)

    def test_tax_rounded_over_the_whole_order_arrives_as_it_is(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        lines = [
            (
                0,
                0,
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 1,
                    "price_unit": price,
                    "tax_ids": [(6, 0, self.tax.ids)],
                },
            )
            for price in (25.06, 25.61, 25.63)
        ]
        order = self._create_order(confirm=False)
        order.order_line = [(5, 0, 0), *lines]
        order.action_confirm()
        order.action_create_xero_invoice()
        [wire] = self.org.invoices.values()
        self.assertEqual(wire["TotalTax"], Decimal("11.45"))
        self.assertEqual(float(wire["Total"]), order.amount_total)

    def test_an_invoice_in_another_currency_counts_in_the_company_currency(self):
        invoice = self.org.add_invoice(
            self.org.add_contact(
                Name="Kauri Builders", EmailAddress="accounts@kauri.example.com"
            ),
            "100.00",
            Status="AUTHORISED",
            CurrencyCode="AUD",
            CurrencyRate="0.8",
        )
        self.connection.base_currency_id = self.env.company.currency_id
        self.pull("Contacts", "Invoices")
        mirrored = self.customer.xero_invoice_ids
        self.assertEqual(mirrored.currency_id.name, "AUD")
        self.assertEqual(mirrored.xero_id, invoice["InvoiceID"])
        self.assertAlmostEqual(
            self.customer.xero_balance, mirrored.amount_due / 0.8, places=2
        )

    def test_voided_invoices_owe_nothing(self):
        contact = self.org.add_contact(
            Name="Kauri Builders", EmailAddress="accounts@kauri.example.com"
        )
        invoice = self.org.add_invoice(contact, "100.00", Status="AUTHORISED")
        self.pull("Contacts", "Invoices")
        self.assertTrue(self.customer.xero_balance)
        self.org.void(invoice)
        self.pull("Invoices")
        self.assertFalse(self.customer.xero_balance)
