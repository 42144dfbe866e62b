"""Several invoices of an order: by delivery, in advance, and what is left."""

from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCommon


class PartialCommon(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.connection.invoice_status = "authorised"

    def _invoice(self, order):
        """Click; returns the invoice that Xero has made by it."""
        before = order.xero_invoice_ids
        order.action_create_xero_invoice()
        new = order.xero_invoice_ids - before
        self.assertEqual(len(new), 1)
        self.assertFalse(new.xero_error)
        return new

    def _wire_lines(self, invoice):
        wire = self.org.invoices[invoice.xero_id]
        return [(line["Quantity"], line["LineAmount"]) for line in wire["LineItems"]]

    def _pay_in_advance(self, order, method, amount):
        field = "amount" if method == "percentage" else "fixed_amount"
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids)
            .create({"advance_payment_method": method, field: amount})
        )
        before = order.xero_invoice_ids
        wizard.create_xero_invoices()
        return order.xero_invoice_ids - before

    def _total(self, invoice):
        return self.org.invoices[invoice.xero_id]["Total"]


@tagged("post_install", "-at_install")
class TestDelivered(PartialCommon):
    def prepare(self):
        super().prepare()
        self.product.write({"type": "service", "invoice_policy": "delivery"})
        self.order = self._create_order()

    def test_nothing_is_invoiced_before_something_is_delivered(self):
        self.assertFalse(self.order.xero_can_invoice)
        with self.assertRaisesRegex(UserError, "nothing to invoice"):
            self.order.action_create_xero_invoice()
        self.assertFalse(self.order.xero_invoice_ids)

    def test_each_delivery_is_invoiced_once(self):
        line = self.order.order_line
        line.qty_delivered = 0.5
        first = self._invoice(self.order)
        self.assertEqual(self._wire_lines(first), [(Decimal("0.5"), Decimal("125"))])
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (0.5, 0))
        self.assertFalse(self.order.xero_can_invoice)
        self.order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 1)
        line.qty_delivered = 2
        self.assertTrue(self.order.xero_can_invoice)
        second = self._invoice(self.order)
        self.assertEqual(self._wire_lines(second), [(Decimal("1.5"), Decimal("375"))])
        self.assertEqual(self.order.invoice_status, "invoiced")
        total = self._total(first) + self._total(second)
        self.assertEqual(float(total), self.order.amount_total)

    def test_what_xero_has_odoo_does_not_invoice_again(self):
        self.order.order_line.qty_delivered = 2
        self._invoice(self.order)
        with self.assertRaises(UserError):
            self.order._create_invoices(final=True)
        self.assertEqual(self.order.amount_invoiced, self.order.amount_total)

    def test_more_ordered_later_is_invoiced_on_its_own(self):
        self.product.invoice_policy = "order"
        order = self._create_order()
        self._invoice(order)
        order.order_line.product_uom_qty = 3
        invoice = self._invoice(order)
        self.assertEqual(self._wire_lines(invoice), [(Decimal(1), Decimal(250))])

    def test_only_headings_of_what_is_invoiced(self):
        order = self._create_order(confirm=False)
        order.order_line = [
            (0, 0, {"display_type": "line_section", "name": "Later", "sequence": 50}),
            (0, 0, {"product_id": self.product.id, "sequence": 51}),
        ]
        order.action_confirm()
        order.order_line[0].qty_delivered = 1
        wire = self.org.invoices[self._invoice(order).xero_id]
        self.assertEqual(len(wire["LineItems"]), 1)

    def test_refused_invoice_leaves_the_order_to_be_invoiced(self):
        self.customer.email = False
        self.order.order_line.qty_delivered = 2
        self.order.action_create_xero_invoice()
        self.assertTrue(self.order.xero_error)
        self.assertEqual(self.order.invoice_status, "to invoice")

    def test_voided_in_xero_is_to_be_invoiced_again(self):
        self.order.order_line.qty_delivered = 2
        invoice = self._invoice(self.order)
        self.org.void(invoice.xero_id)
        self.pull("Invoices")
        self.assertEqual(invoice.status, "voided")
        self.assertEqual(self.order.invoice_status, "to invoice")
        self._invoice(self.order)
        self.assertEqual(self.order.invoice_status, "invoiced")


@tagged("post_install", "-at_install")
class TestDownPayments(PartialCommon):
    def test_share_in_advance_then_the_rest(self):
        order = self._create_order()
        advance = self._pay_in_advance(order, "percentage", 30)
        self.assertEqual(self._total(advance), Decimal("172.50"))
        [line] = self.org.invoices[advance.xero_id]["LineItems"]
        self.assertEqual(line["Description"], "Down payment of 30.00%")
        self.assertTrue(order.xero_can_invoice)
        rest = self._invoice(order)
        self.assertEqual(self._total(rest), Decimal("402.50"))
        deducted = self.org.invoices[rest.xero_id]["LineItems"][-1]
        self.assertIn(advance.number, deducted["Description"])
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertFalse(order.xero_can_invoice)

    def test_fixed_amount_of_an_order_with_several_taxes(self):
        included = self.tax.copy(
            {"name": "GST incl.", "price_include_override": "tax_included"}
        )
        rows = self.connection.tax_map_ids
        rate = rows.filtered(lambda row: row.tax_id == self.tax).tax_rate_id
        rows.filtered(lambda row: row.tax_id == included).tax_rate_id = rate
        order = self._create_order(confirm=False)
        for price, taxes in ((99.99, included), (33.33, self.tax.browse())):
            order.order_line[0].copy(
                {
                    "order_id": order.id,
                    "price_unit": price,
                    "tax_ids": [(6, 0, taxes.ids)],
                }
            )
        order.action_confirm()
        advance = self._pay_in_advance(order, "fixed", 123.45)
        self.assertEqual(self._total(advance), Decimal("123.45"))
        rest = self._invoice(order)
        total = self._total(advance) + self._total(rest)
        self.assertEqual(f"{total:.2f}", f"{order.amount_total:.2f}")

    def test_two_down_payments_and_an_account_of_their_own(self):
        account = self.connection.account_ids.filtered(lambda a: a.code == "260")
        self.connection.down_payment_account_id = account
        order = self._create_order()
        invoices = self._pay_in_advance(order, "percentage", 10)
        self.assertFalse(invoices.xero_error)
        invoices |= self._pay_in_advance(order, "percentage", 20)
        invoices |= self._invoice(order)
        total = sum(self._total(invoice) for invoice in invoices)
        self.assertEqual(float(total), order.amount_total)
        codes = [
            line.get("AccountCode")
            for line in self.org.invoices[invoices[-1].xero_id]["LineItems"]
        ]
        self.assertEqual(codes[1:], [account.code] * 2)

    def test_voided_down_payment_is_not_deducted(self):
        order = self._create_order()
        advance = self._pay_in_advance(order, "percentage", 30)
        self.org.update("Invoices", InvoiceID=advance.xero_id, Status="VOIDED")
        self.pull("Invoices")
        self.assertEqual(self._total(self._invoice(order)), Decimal("575.00"))

    def test_credited_down_payment_is_not_deducted(self):
        """Whoever gets the deposit back pays the whole."""
        for is_again in (True, False):
            order = self._create_order()
            advance = self._pay_in_advance(order, "percentage", 30)
            dialog = self.env["xero.credit.wizard"].browse(
                advance.action_credit()["res_id"]
            )
            dialog.write({"reason": "Paid back", "is_again": is_again})
            dialog.action_credit()
            self.env.invalidate_all()
            self.assertEqual(advance.payment_status, "credited")
            self.assertEqual(self._total(self._invoice(order)), Decimal("575.00"))

    def test_order_cancelled_after_its_down_payment(self):
        """The deposit is what an accountant is led to."""
        order = self._create_order()
        advance = self._pay_in_advance(order, "percentage", 30)
        order._action_cancel()
        self.assertEqual(order.xero_outdated_invoice_id, advance)
        self.assertIn(advance.number, order.xero_change_text)

    def test_refused_down_payment_stands_before_anything_else(self):
        self.customer.email = False
        order = self._create_order()
        advance = self._pay_in_advance(order, "percentage", 30)
        self.assertTrue(advance.xero_error)
        with self.assertRaisesRegex(UserError, "is not in Xero yet"):
            self._pay_in_advance(order, "percentage", 30)
        self.customer.email = "accounts@kauri.example.com"
        order.action_create_xero_invoice()
        self.assertEqual(self._total(advance), Decimal("172.50"))
        self.assertEqual(order.xero_invoice_ids, advance)

    def test_excluded_order_forgets_its_waiting_down_payment(self):
        self.customer.email = False
        order = self._create_order()
        self._pay_in_advance(order, "percentage", 30)
        order.xero_do_not_sync = True
        self.assertFalse(order.xero_invoice_ids)
        self.assertFalse(
            order.order_line.filtered(lambda r: r.is_downpayment and not r.display_type)
        )

    def test_down_payment_that_xero_has_cannot_be_deleted_from_the_order(self):
        order = self._create_order()
        self._pay_in_advance(order, "percentage", 30)
        line = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        with self.assertRaises(UserError):
            line.unlink()

    def test_rep_asks_for_a_down_payment(self):
        order = self._create_order()
        wizard = self.env["sale.advance.payment.inv"].with_user(self.user_rep)
        wizard = wizard.with_context(active_ids=order.ids).create(
            {"advance_payment_method": "percentage", "amount": 50}
        )
        wizard.create_xero_invoices()
        self.assertEqual(self._total(order.xero_invoice_ids), Decimal("287.50"))


@tagged("post_install", "-at_install")
class TestInvoiceContent(PartialCommon):
    def test_dozens_are_counted_in_pieces_of_the_item(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order(confirm=False)
        order.order_line.write(
            {"product_uom_id": dozen.id, "product_uom_qty": 5, "price_unit": 99.99}
        )
        order.action_confirm()
        wire = self.org.invoices[self._invoice(order).xero_id]
        [line] = wire["LineItems"]
        self.assertEqual((line["Quantity"], line["ItemCode"]), (60, "RIMU-1"))
        self.assertEqual(line["LineAmount"], Decimal("499.95"))
        self.assertIn("5 Dozens", line["Description"])
        self.assertEqual(float(wire["Total"]), order.amount_total)

    def test_numbers_by_odoo(self):
        sequence = self.env["ir.sequence"].create(
            {"name": "Xero invoices", "prefix": "OD/", "padding": 4}
        )
        self.connection.write(
            {"number_source": "odoo", "number_sequence_id": sequence.id}
        )
        invoices = [self._invoice(self._create_order()) for _index in range(2)]
        numbers = [invoice.number for invoice in invoices]
        self.assertEqual(numbers, ["OD/0001", "OD/0002"])

    def test_number_that_xero_has_already_gives_way_to_the_next(self):
        sequence = self.env["ir.sequence"].create({"name": "N", "prefix": "OD/"})
        self.connection.write(
            {"number_source": "odoo", "number_sequence_id": sequence.id}
        )
        contact = self.org.add_contact(Name="Somebody")
        self.org.add_invoice(contact, "10.00", InvoiceNumber="OD/1")
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertIn("number", order.xero_error)
        order.action_create_xero_invoice()
        self.assertEqual(order.xero_invoice_ids.number, "OD/2")

    def test_reference_of_the_customer(self):
        for source, reference in (
            ("order", "%s"),
            ("customer", "PO-77"),
            ("both", "%s / PO-77"),
        ):
            self.connection.reference_source = source
            order = self._create_order(client_order_ref="PO-77")
            wire = self.org.invoices[self._invoice(order).xero_id]
            expected = reference % order.name if "%" in reference else reference
            self.assertEqual(wire["Reference"], expected)

    def test_exchange_rate_by_odoo(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.625, "name": "2020-01-01"}
        )
        euro.rate_ids[1:].unlink()
        self.org.base_currency = self.env.company.currency_id.name
        self.connection.currency_rate_source = "odoo"
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        order = self._create_order(pricelist_id=pricelist.id)
        wire = self.org.invoices[self._invoice(order).xero_id]
        self.assertEqual(wire["CurrencyCode"], "EUR")
        self.assertEqual(wire["CurrencyRate"], Decimal("0.625"))
