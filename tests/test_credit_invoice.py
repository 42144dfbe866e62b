"""Credit notes and refunds that people ask for in Odoo: made in Xero, once, to the
cent, given to the invoice, paid back."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCommon

ALLOCATE = "PUT CreditNotes/Allocations"


class CreditInvoiceCase(XeroCommon):
    """An order, and its invoice in Xero."""

    status = "authorised"

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.connection.invoice_status = self.status
        self.order, self.invoice = self.make_invoice()

    def make_invoice(self, **vals):
        """Return an order, and its approved invoice in Xero."""
        order = self._create_order(**vals)
        order.action_create_xero_invoice()
        return order, order.xero_invoice_ids

    def open_dialog(self, invoice, user=None, **vals):
        """Press Credit Note; return the dialog."""
        user = user or self.user_accountant
        action = invoice.with_user(user).action_credit()
        dialog = self.env["xero.credit.wizard"].with_user(user).browse(action["res_id"])
        dialog.write({"reason": "Came back", **vals})
        return dialog

    def credit(self, invoice, **vals):
        """Have a credit note made; return it."""
        action = self.open_dialog(invoice, **vals).action_credit()
        self.env.invalidate_all()
        return self.env["xero.credit.note"].browse(action["res_id"])

    def refund(self, credit, **vals):
        """Press Refund, and record it."""
        action = credit.with_user(self.user_accountant).action_refund()
        wizard = self.env["xero.refund.wizard"].with_user(self.user_accountant)
        bank = self.connection.account_ids.filtered(lambda a: a.account_type == "BANK")
        values = {"account_id": bank[:1].id, **vals}
        wizard.with_context(**action["context"]).create(values).action_refund()
        self.env.invalidate_all()

    def propose_account(self, credit):
        """Press Refund; return the account that it is paid from if nobody chooses."""
        context = credit.with_user(self.user_accountant).action_refund()["context"]
        return self.env["xero.account"].browse(context["default_account_id"])

    def wire_of(self, credit):
        return self.org.credit_notes[credit.xero_id]


@tagged("post_install", "-at_install")
class TestCreditInvoice(CreditInvoiceCase):
    def test_whole_unpaid_invoice(self):
        order, invoice = self.order, self.invoice
        self.xero.reset_calls()
        credit = self.credit(invoice)
        wire = self.wire_of(credit)
        self.assertEqual(wire["Total"], Decimal("575.00"))
        self.assertEqual(wire["Status"], "PAID")
        self.assertEqual(wire["LineItems"][0]["Description"], "Came back")
        line = wire["LineItems"][1]
        self.assertEqual(
            (line["Quantity"], line["UnitAmount"], line["TaxType"], line["ItemCode"]),
            (2, 250, "OUTPUT2", "RIMU-1"),
        )
        self.assertEqual(len(self.org.credit_notes), 1)
        self.assertRecordValues(
            invoice,
            [{"status": "paid", "amount_due": 0, "amount_credited": 575}],
        )
        self.assertEqual(invoice.payment_status, "credited")
        self.assertEqual(order.xero_payment_status, "credited")
        self.assertEqual(self.customer.xero_balance, 0)
        self.assertEqual(credit.allocation_ids.invoice_id, invoice)
        self.assertEqual(self.link_of(credit).state, "synced")

    def test_refund_is_not_invoiced_again(self):
        order, invoice = self.order, self.invoice
        self.credit(invoice)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertFalse(order.with_user(self.user_rep).xero_can_invoice)

    def test_refund_proposes_the_account_that_there_is_no_doubt_about(self):
        _order, invoice = self.make_invoice()
        credit = self.credit(invoice, is_given=False)
        self.connection.sudo().base_currency_id = self.env.ref("base.NZD")
        banks = self.connection.account_ids.filtered(
            lambda account: account.account_type == "BANK"
        )
        self.assertFalse(self.propose_account(credit))
        self.connection.payment_account_id = banks[1]
        self.assertEqual(self.propose_account(credit), banks[1])
        banks[1].active = False
        self.assertEqual(self.propose_account(credit), banks[0])

    def test_correction_is_invoiced_again(self):
        order, invoice = self.order, self.invoice
        self.credit(invoice, is_again=True)
        self.assertEqual(order.order_line.qty_invoiced, 0)
        self.assertEqual(order.invoice_status, "to invoice")
        order.order_line.price_unit = 240
        order.action_create_xero_invoice()
        new = order.xero_invoice_ids - invoice
        self.assertEqual(new.amount_total, 552)
        self.assertEqual(order.order_line.qty_invoiced, 2)

    def test_voided_credit_note_counts_as_invoiced_again(self):
        order, invoice = self.order, self.invoice
        credit = self.credit(invoice, is_again=True, is_given=False)
        self.assertEqual(order.order_line.qty_invoiced, 0)
        self.org.update("CreditNotes", CreditNoteID=credit.xero_id, Status="VOIDED")
        self.pull("CreditNotes")
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self.assertEqual(self.credit(invoice).amount_total, 575)

    def test_some_pieces(self):
        order, invoice = self.order, self.invoice
        dialog = self.open_dialog(invoice, mode="lines", is_again=True)
        dialog.line_ids.quantity = 1
        self.assertEqual(dialog.amount_total, 287.5)
        dialog.action_credit()
        self.assertEqual(order.order_line.qty_invoiced, 1)
        self.assertEqual(invoice.amount_due, 287.5)
        with self.assertRaises(UserError):
            self.open_dialog(invoice, mode="lines").line_ids.quantity = 2
        self.credit(invoice)
        self.assertEqual(invoice.payment_status, "credited")
        with self.assertRaises(UserError):
            self.open_dialog(invoice)

    def test_an_amount(self):
        order, invoice = self.order, self.invoice
        credit = self.credit(invoice, mode="amount", amount=33.33)
        wire = self.wire_of(credit)
        self.assertEqual(wire["Total"], Decimal("33.33"))
        [line] = wire["LineItems"][1:]
        self.assertNotIn("ItemCode", line)
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self.assertEqual(invoice.amount_due, 541.67)
        self.assertEqual(invoice.payment_status, "partial")
        with self.assertRaises(UserError):
            self.credit(invoice, mode="amount", amount=541.68)
        self.credit(invoice, mode="amount", amount=541.67)
        self.assertEqual(invoice.amount_due, 0)

    def test_paid_invoice_leaves_open_credit_that_is_paid_back(self):
        invoice = self.invoice
        self.org.pay(invoice.xero_id)
        self.pull("Invoices")
        credit = self.credit(invoice)
        self.assertEqual(credit.credit_status, "open")
        self.assertEqual(self.customer.xero_credit_balance, 575)
        self.refund(credit, amount=500)
        self.assertEqual(credit.amount_remaining, 75)
        self.refund(credit)
        self.assertEqual(credit.credit_status, "used")
        self.assertEqual(self.customer.xero_credit_balance, 0)
        self.assertEqual(sorted(credit.payment_ids.mapped("amount")), [75, 500])
        self.assertEqual(invoice.payment_status, "paid")
        # The payment is removed in Xero: the credit is open again.
        self.org.unpay(credit.payment_ids[0].xero_id)
        self.pull("CreditNotes")
        self.assertEqual(credit.credit_status, "partial")

    def test_part_paid_invoice_takes_what_is_due(self):
        invoice = self.invoice
        self.org.pay(invoice.xero_id, "200.00")
        credit = self.credit(invoice)
        self.assertEqual(credit.allocation_ids.amount, 375)
        self.assertEqual(credit.amount_remaining, 200)
        self.assertEqual(invoice.status, "paid")
        self.assertEqual(invoice.payment_status, "paid")

    def test_allocation_removed_in_xero(self):
        order, invoice = self.order, self.invoice
        credit = self.credit(invoice)
        allocation = self.wire_of(credit)["Allocations"][0]
        self.org.deallocate(self.wire_of(credit), allocation)
        self.pull("CreditNotes", "Invoices")
        self.assertEqual(invoice.payment_status, "sent")
        self.assertEqual(order.xero_amount_due, 575)
        self.assertEqual(credit.credit_status, "open")
        self.push()
        self.assertFalse(self.wire_of(credit)["Allocations"])

    def test_payment_recorded_meanwhile_leaves_the_credit_open(self):
        invoice = self.invoice
        dialog = self.open_dialog(invoice)
        self.xero.fail(ALLOCATE, "503")
        dialog.action_credit()
        self.org.pay(invoice.xero_id)
        self.link_of(self.env["xero.allocation.request"].search([])).next_try = False
        self.push()
        self.env.invalidate_all()
        credit = invoice.credit_note_ids
        self.assertEqual(credit.credit_status, "open")
        self.assertIn("settled", credit.request_error)

    def test_foreign_credit_note_counts(self):
        invoice = self.invoice
        wire = self.org.add_credit_note(
            self.customer.xero_contact_id,
            100,
            CurrencyCode=self.env.company.currency_id.name,
        )
        self.org.allocate(wire, invoice.xero_id, "115.00")
        self.pull("CreditNotes")
        dialog = self.open_dialog(invoice)
        self.assertEqual((dialog.mode, dialog.amount), ("amount", 460))
        dialog.action_credit()
        self.assertEqual(invoice.payment_status, "credited")

    def test_currencies_of_no_and_of_three_decimals(self):
        """Xero has two decimals; what it takes back is what it has billed."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies = currencies.search([("name", "in", ("JPY", "KWD"))])
        currencies.active = True
        for currency in currencies:
            self.org.currencies.put(
                {"Code": currency.name, "Description": currency.name}
            )
        self.pull("Currencies")
        for currency, price in zip(
            currencies.sorted("name"), (333, 3.337), strict=True
        ):
            pricelist = self.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id}
            )
            order = self._create_order(confirm=False, pricelist_id=pricelist.id)
            order.order_line.write({"price_unit": price, "product_uom_qty": 3})
            order.action_confirm()
            order.action_create_xero_invoice()
            invoice = order.xero_invoice_ids
            self.assertEqual(invoice.currency_id, currency)
            dialog = self.open_dialog(invoice, mode="lines", is_again=True)
            dialog.line_ids.quantity = 1
            dialog.action_credit()
            rest = self.credit(invoice, is_again=True)
            billed = self.org.invoices[invoice.xero_id]
            taken = [self.wire_of(note)["Total"] for note in invoice.credit_note_ids]
            self.assertEqual(len(taken), 2)
            self.assertEqual(sum(taken), billed["Total"])
            self.assertFalse(billed["AmountDue"])
            self.assertFalse(rest.request_error)
            self.assertEqual(invoice.payment_status, "credited")

    def test_invoice_made_in_xero(self):
        """Without an order: by the invoice's own lines."""
        self.env["xero.link"]._ensure(self.connection, self.customer)
        self.push()
        wire = self.org.add_invoice(
            self.customer.xero_contact_id,
            CurrencyCode=self.env.company.currency_id.name,
            LineItems=[
                {
                    "Description": "Lamp",
                    "Quantity": 3,
                    "UnitAmount": Decimal("33.33"),
                    "DiscountRate": Decimal("7.5"),
                    "AccountCode": "200",
                }
            ],
        )
        self.pull("Invoices")
        invoice = self.env["xero.invoice"].search([("xero_id", "=", wire["InvoiceID"])])
        dialog = self.open_dialog(invoice, mode="lines")
        dialog.line_ids.quantity = 2
        dialog.action_credit()
        self.credit(invoice)
        credits = self.org.credit_notes.values()
        self.assertEqual(sum(c["Total"] for c in credits), wire["Total"])
        self.assertEqual(invoice.payment_status, "credited")

    def test_rep_sees_and_may_not(self):
        order, invoice = self.order, self.invoice
        credit = self.credit(invoice)
        mine = credit.with_user(self.user_rep)
        self.assertEqual(mine.amount_total, 575)
        self.assertEqual(
            order.with_user(self.user_rep).xero_credit_note_number, "CN-0001"
        )
        self.assertFalse(invoice.with_user(self.user_rep).can_credit)
        for call in (
            invoice.with_user(self.user_rep).action_credit,
            mine.action_refund,
            mine.action_discard,
        ):
            with self.assertRaises(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestCreditFaults(CreditInvoiceCase):
    """Each call is lost in each way; still one credit note, given once, paid back once,
    to the cent."""

    def prepare(self):
        super().prepare()
        self.org.pay(self.invoice.xero_id, "75.00")
        self.pull("Invoices")

    def check(self, route, kind):
        invoice = self.invoice
        self.xero.fail(route, kind)
        credit = self.credit(invoice)
        self.work_on()
        self.assertTrue(credit.xero_id)
        self.assertEqual(len(self.org.credit_notes), 1)
        self.refund_when_there(credit)
        wire = self.wire_of(credit)
        self.assertEqual(
            [a["Amount"] for a in wire["Allocations"]], [Decimal("500.00")]
        )
        self.assertEqual([p["Amount"] for p in wire["Payments"]], [Decimal("75.00")])
        self.assertEqual((credit.status, credit.amount_remaining), ("paid", 0))
        self.assertEqual(invoice.status, "paid")
        self.assertEqual(credit.order_id.order_line.qty_invoiced, 2)
        self.assertFalse(credit.request_error)
        self.assertFalse(self.xero.faults.active())

    def refund_when_there(self, credit):
        self.refund(credit)
        self.work_on()

    def work_on(self):
        """Let the scheduled action work until nothing waits."""
        for _turn in range(4):
            links = self.env["xero.link"].search([("state", "!=", "synced")])
            links.filtered(lambda link: link.state != "error").next_try = False
            self.env["xero.usage"].search([]).paused_until = False
            self.push()
        self.pull("CreditNotes", "Invoices")

    def check_kinds(self, route):
        for kind in (
            "timeout_before",
            "timeout_after",
            "500",
            "500_after",
            "503",
            "429",
            "truncated",
        ):
            with self.subTest(kind=kind), self.rolled_back():
                self.check(route, kind)

    def test_credit_note(self):
        self.check_kinds("PUT CreditNotes")

    def test_allocation(self):
        self.check_kinds(ALLOCATE)

    def test_refund(self):
        self.check_kinds("PUT Payments")

    def test_key_that_xero_has_forgotten(self):
        """Much later: what was made is found by its reference, and not made again."""
        for route in ("PUT CreditNotes", ALLOCATE):
            _order, invoice = self.make_invoice()
            self.xero.fail(route, "timeout_after")
            credit = self.credit(invoice)
            links = self.env["xero.link"].search([("state", "=", "sending")])
            self.assertTrue(links)
            links.write({"idempotency_key": False, "sent_at": "2020-01-01"})
            self.work_on()
            self.assertEqual(len(self.wire_of(credit)["Allocations"]), 1)
        self.assertEqual(len(self.org.credit_notes), 2)

    def test_fetch_that_is_quicker_than_the_answer(self):
        _order, invoice = self.make_invoice()
        self.xero.fail("PUT CreditNotes", "timeout_after")
        credit = self.credit(invoice, is_given=False)
        self.assertFalse(credit.xero_id)
        self.pull("CreditNotes")
        self.assertTrue(credit.xero_id)
        self.assertEqual(self.link_of(credit).state, "synced")
        self.work_on()
        self.assertEqual(len(self.org.credit_notes), 1)
        self.assertEqual(self.env["xero.credit.note"].search_count([]), 1)

    def test_refused_credit_note_is_discarded(self):
        _order, invoice = self.make_invoice()
        self.org.set_lock_date(self.org.today())
        credit = self.credit(invoice)
        self.assertIn("closed", credit.request_error)
        credit.with_user(self.user_accountant).action_discard()
        self.assertFalse(credit.exists())
        open_rows = [("state", "=", "error"), ("resource", "=", "CreditNotes")]
        self.assertFalse(self.env["xero.log"].search(open_rows))
        self.org.set_lock_date(None)
        self.assertEqual(self.credit(invoice).credit_status, "used")

    def test_second_click(self):
        """Of the same dialog: nothing is left to credit."""
        _order, invoice = self.make_invoice()
        dialog = self.open_dialog(invoice)
        dialog.action_credit()
        with self.assertRaises(UserError):
            dialog.action_credit()
        self.assertEqual(len(self.org.credit_notes), 1)
