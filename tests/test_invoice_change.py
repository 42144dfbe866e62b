"""An order that is changed or cancelled after its invoice: a person decides, the
invoice follows in Xero, once."""

from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_credit_invoice import CreditInvoiceCase


class ChangeCase(CreditInvoiceCase):
    def open_change(self, order):
        """Press Bring in Line on the order; return the dialog."""
        mine = order.with_user(self.user_accountant)
        action = mine.action_change_xero_invoice()
        return (
            self.env[action["res_model"]]
            .with_user(self.user_accountant)
            .browse(action["res_id"])
        )

    def work_on(self):
        for _turn in range(4):
            links = self.env["xero.link"].search([("state", "!=", "synced")])
            links.filtered(lambda link: link.state != "error").next_try = False
            self.env["xero.usage"].search([]).paused_until = False
            self.push()
        self.env.invalidate_all()

    def wire(self, invoice):
        return self.org.invoices[invoice.xero_id]

    def make_due(self, days):
        """Return an order that was invoiced due in 30 days, and its invoice; then its
        payment terms were changed."""
        order, invoice = self.make_invoice(payment_term_id=self.make_terms(30).id)
        self.assertFalse(order.xero_change_text)
        order.payment_term_id = self.make_terms(days)
        return order, invoice

    def make_terms(self, days):
        line = {"value": "percent", "value_amount": 100, "nb_days": days}
        return self.env["account.payment.term"].create(
            {"name": f"{days} days", "line_ids": [Command.create(line)]}
        )

    def days_until_due(self, invoice):
        due = self.wire(invoice)["DueDateString"][:10]
        return (fields.Date.to_date(due) - invoice.date).days

    def confirm_credit(self, action):
        """Confirm a dialog of a credit note that was opened."""
        dialog = self.env["xero.credit.wizard"].with_user(self.user_accountant)
        dialog = dialog.browse(action["res_id"])
        dialog.action_credit()
        self.env.invalidate_all()
        return dialog


@tagged("post_install", "-at_install")
class TestApprovedInvoice(ChangeCase):
    def test_banner_tells_both_amounts_and_goes_away(self):
        order, invoice = self.order, self.invoice
        mine = order.with_user(self.user_rep)
        self.assertFalse(mine.xero_change_text)
        order.order_line.price_unit = 300
        text = mine.xero_change_text
        for part in (invoice.number, "575.00", "690.00"):
            self.assertIn(part, text)
        found = self.env["sale.order"].with_user(self.user_rep)
        domain = [("xero_outdated_invoice_id", "!=", False)]
        self.assertIn(mine, found.search(domain))
        order.order_line.price_unit = 250
        self.assertFalse(mine.xero_change_text)
        order.order_line.name = "Another text"
        self.assertFalse(mine.xero_change_text)

    def test_delivery_decides_where_delivered_quantities_are_invoiced(self):
        self.product.invoice_policy = "delivery"
        order = self._create_order()
        order.order_line.qty_delivered = 2
        order.action_create_xero_invoice()
        order.order_line.product_uom_qty = 5
        self.assertFalse(order.xero_change_text)
        order.order_line.qty_delivered = 4
        self.assertFalse(order.xero_change_text)
        order.order_line.qty_delivered = 1
        self.assertTrue(order.xero_change_text)
        dialog = self.open_change(order)
        self.assertEqual(dialog.amount_change, -287.5)
        self.confirm_credit(dialog.action_credit_difference())
        self.assertEqual(order.order_line.qty_invoiced, 1)
        self.assertFalse(order.xero_change_text)

    def test_dialog_shows_line_by_line(self):
        order = self.order
        order.order_line.price_unit = 300
        order.order_line = [
            (0, 0, {"product_id": self.product.id, "price_unit": 10, "tax_ids": False})
        ]
        dialog = self.open_change(order)
        self.assertRecordValues(
            dialog.line_ids,
            [
                {"amount_billed": 575, "amount_now": 690, "amount_change": 115},
                {"amount_billed": 0, "amount_now": 10, "amount_change": 10},
            ],
        )
        self.assertRecordValues(
            dialog,
            [
                {
                    "can_update": False,
                    "can_delete": False,
                    "can_void": True,
                    "can_credit": True,
                    "can_credit_difference": False,
                    "can_invoice_rest": True,
                    "amount_change": 125,
                }
            ],
        )

    def test_void_then_invoice_anew(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 300
        self.open_change(order).action_void()
        self.assertEqual(self.wire(invoice)["Status"], "VOIDED")
        self.assertEqual(invoice.status, "voided")
        self.assertEqual(order.xero_payment_status, "voided")
        self.assertFalse(order.xero_change_text)
        self.assertEqual(order.invoice_status, "to invoice")
        order.action_create_xero_invoice()
        new = order.xero_invoice_ids - invoice
        self.assertEqual((new.amount_total, new.status), (690, "authorised"))
        self.assertEqual(order.xero_payment_status, "sent")
        self.assertFalse(order.xero_change_text)

    def test_voided_deal_counts_as_not_invoiced(self):
        lead = self.env["crm.lead"].create(
            {"name": "Tables", "partner_id": self.customer.id, "type": "opportunity"}
        )
        order, invoice = self.order, self.invoice
        order.opportunity_id = lead
        lead.action_set_won()
        self.assertFalse(lead.xero_missing_invoice)
        self.org.void(invoice.xero_id)
        self.pull("Invoices")
        self.assertEqual(lead.xero_payment_status, "voided")
        self.assertTrue(lead.xero_missing_invoice)
        order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 2)

    def test_payment_recorded_meanwhile_is_explained(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 300
        dialog = self.open_change(order)
        self.org.pay(invoice.xero_id, "100.00")
        dialog.action_void()
        self.assertEqual(self.wire(invoice)["Status"], "AUTHORISED")
        self.assertIn("100.00", invoice.xero_error)
        self.assertIn(invoice.number, invoice.xero_error)
        again = self.open_change(order)
        self.assertFalse(again.can_void)
        self.assertEqual(again.amount_settled, 100)
        again.action_keep()
        self.assertFalse(invoice.xero_error)
        self.assertFalse(invoice.wanted_change)
        self.assertEqual(invoice.kept_by_id, self.user_accountant)

    def test_locked_period_is_explained(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 300
        dialog = self.open_change(order)
        self.org.set_lock_date(self.org.today())
        dialog.action_void()
        self.assertIn("closed", invoice.xero_error)
        self.assertEqual(self.wire(invoice)["Status"], "AUTHORISED")
        self.org.set_lock_date(None)
        row = self.env["xero.log"].search(
            [("state", "=", "error"), ("res_model", "=", "xero.invoice")]
        )
        row.action_resync()
        self.assertEqual(self.wire(invoice)["Status"], "VOIDED")
        self.assertFalse(invoice.xero_error)

    def test_paid_invoice_is_credited_and_invoiced_anew(self):
        order, invoice = self.order, self.invoice
        self.org.pay(invoice.xero_id)
        order.order_line.price_unit = 300
        dialog = self.open_change(order)
        self.assertFalse(dialog.can_void)
        self.confirm_credit(dialog.action_credit())
        credit = invoice.credit_note_ids
        self.assertEqual((credit.amount_remaining, credit.is_again), (575, True))
        self.assertFalse(order.xero_change_text)
        order.action_create_xero_invoice()
        new = order.xero_invoice_ids - invoice
        self.assertEqual(new.amount_total, 690)

    def test_fewer_pieces_are_credited_as_pieces(self):
        order, invoice = self.order, self.invoice
        order.order_line.product_uom_qty = 1
        dialog = self.open_change(order)
        self.confirm_credit(dialog.action_credit_difference())
        credit = invoice.credit_note_ids
        self.assertEqual(credit.amount_total, 287.5)
        self.assertEqual(order.order_line.qty_invoiced, 1)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(invoice.amount_due, 287.5)

    def test_lower_price_is_credited_as_an_amount(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 240
        self.confirm_credit(self.open_change(order).action_credit_difference())
        credit = invoice.credit_note_ids
        self.assertEqual(credit.amount_total, 23)
        self.assertEqual(order.order_line.qty_invoiced, 2)

    def test_rest_goes_on_a_second_invoice(self):
        order, invoice = self.order, self.invoice
        order.order_line.product_uom_qty = 3
        self.open_change(order).action_invoice_rest()
        new = order.xero_invoice_ids - invoice
        self.assertEqual(new.amount_total, 287.5)
        self.assertFalse(order.xero_change_text)

    def test_cancelled_order(self):
        order, invoice = self.order, self.invoice
        order._action_cancel()
        self.assertIn("cancelled", order.xero_change_text)
        dialog = self.open_change(order)
        self.assertEqual(dialog.amount_now, 0)
        dialog.action_void()
        self.assertEqual(invoice.status, "voided")
        self.assertFalse(order.xero_change_text)

    def test_cancelled_order_with_a_paid_invoice(self):
        order, invoice = self.order, self.invoice
        self.org.pay(invoice.xero_id)
        order._action_cancel()
        self.confirm_credit(self.open_change(order).action_credit())
        credit = invoice.credit_note_ids
        self.assertFalse(credit.is_again)
        self.assertFalse(order.xero_change_text)
        self.refund(credit)
        self.assertEqual(credit.credit_status, "used")

    def test_rep_sees_the_banner_and_may_not(self):
        order = self.order
        order.order_line.price_unit = 300
        mine = order.with_user(self.user_rep)
        self.assertTrue(mine.xero_change_text)
        self.assertFalse(mine.xero_can_change)
        with self.assertRaises(AccessError):
            mine.action_change_xero_invoice()

    def test_payment_terms_changed_alone_move_the_due_date(self):
        order, invoice = self.make_due(14)
        text = order.with_user(self.user_rep).xero_change_text
        self.assertIn("payment terms", text)
        self.assertIn(invoice.number, text)
        dialog = self.open_change(order)
        self.assertTrue(dialog.is_due_only and dialog.can_move_due)
        self.assertFalse(dialog.can_void or dialog.can_credit)
        self.assertEqual((dialog.due_date_now - invoice.date).days, 14)
        before = dict(self.wire(invoice))
        self.xero.reset_calls()
        dialog.action_move_due_date()
        self.assertEqual(self.xero.calls["POST Invoices"], 1)
        self.assertEqual(self.days_until_due(invoice), 14)
        for name in ("Status", "Total", "LineItems", "InvoiceNumber"):
            self.assertEqual(self.wire(invoice)[name], before[name])
        self.assertEqual((invoice.due_date - invoice.date).days, 14)
        self.assertFalse(order.xero_change_text)
        self.assertFalse(invoice.is_different or invoice.wanted_change)
        order.payment_term_id = self.make_terms(7)
        self.assertTrue(order.xero_change_text)

    def test_payment_terms_that_come_to_the_same_day_are_no_change(self):
        order, invoice = self.make_due(30)
        self.assertFalse(order.xero_change_text)
        order.payment_term_id = self.make_terms(14)
        self.assertTrue(order.xero_change_text)
        day = fields.Date.add(invoice.date, days=14)
        self.org.update("Invoices", InvoiceID=invoice.xero_id, DueDate=day.isoformat())
        self.pull("Invoices")
        self.assertFalse(order.xero_change_text)

    def test_due_date_that_somebody_moved_in_xero_is_no_change_of_the_order(self):
        order, invoice = self.make_invoice()
        self.org.update("Invoices", InvoiceID=invoice.xero_id, DueDate="2031-01-31")
        self.pull("Invoices")
        self.assertEqual(invoice.due_date.year, 2031)
        self.assertFalse(order.xero_change_text)

    def test_payment_terms_after_a_part_was_paid(self):
        order, invoice = self.make_due(14)
        dialog = self.open_change(order)
        self.org.pay(invoice.xero_id, "100.00")
        dialog.action_move_due_date()
        self.assertEqual(self.days_until_due(invoice), 30)
        self.assertIn("100.00", invoice.xero_error)
        again = self.open_change(order)
        self.assertTrue(again.is_due_only)
        self.assertFalse(again.can_move_due or again.can_credit)
        self.assertIn("go.xero.com", again.action_open_in_xero()["url"])
        again.action_keep()
        self.assertFalse(order.xero_change_text or invoice.xero_error)
        self.assertEqual(invoice.kept_by_id, self.user_accountant)
        order.payment_term_id = self.make_terms(7)
        self.org.pay(invoice.xero_id, "475.00")
        self.pull("Invoices")
        self.assertFalse(order.xero_change_text)

    def test_payment_terms_and_content_changed(self):
        order, invoice = self.make_due(14)
        order.order_line.price_unit = 300
        self.assertIn("690.00", order.xero_change_text)
        dialog = self.open_change(order)
        self.assertFalse(dialog.is_due_only)
        self.assertTrue(dialog.can_move_due and dialog.can_void)
        dialog.action_move_due_date()
        self.assertEqual(self.days_until_due(invoice), 14)
        self.assertIn("690.00", order.xero_change_text)

    def test_due_date_whose_answer_is_lost(self):
        for kind in ("timeout_before", "timeout_after", "500_after"):
            order, invoice = self.make_due(14)
            dialog = self.open_change(order)
            with self.subTest(kind=kind):
                self.xero.fail("POST Invoices", kind)
                dialog.action_move_due_date()
                self.work_on()
                self.assertEqual(self.days_until_due(invoice), 14)
                self.assertFalse(invoice.wanted_change or invoice.xero_error)
                self.assertFalse(order.xero_change_text or invoice.is_different)

    def test_second_click(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 300
        dialog = self.open_change(order)
        self.xero.fail("POST Invoices", "timeout_before")
        dialog.action_void()
        with self.assertRaises(UserError):
            dialog.action_void()
        self.work_on()
        self.assertEqual(invoice.status, "voided")

    def test_void_whose_answer_is_lost(self):
        for kind in (
            "timeout_before",
            "timeout_after",
            "500",
            "500_after",
            "truncated",
        ):
            order, invoice = self.make_invoice()
            order.order_line.price_unit = 300
            dialog = self.open_change(order)
            with self.subTest(kind=kind):
                self.xero.fail("POST Invoices", kind)
                dialog.action_void()
                self.work_on()
                self.assertEqual(self.wire(invoice)["Status"], "VOIDED")
                self.assertEqual(invoice.status, "voided")
                self.assertFalse(invoice.wanted_change)
                self.assertFalse(invoice.xero_error)
                order.action_create_xero_invoice()
                self.assertEqual(len(order.xero_invoice_ids), 2)

    def test_void_by_somebody_in_xero_meanwhile(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = 300
        dialog = self.open_change(order)
        self.org.void(invoice.xero_id)
        dialog.action_void()
        self.assertEqual(invoice.status, "voided")
        self.assertFalse(invoice.xero_error)
        self.assertFalse(self.xero.calls["POST Invoices"])

    def test_lists_need_no_query_per_order(self):
        orders = self.env["sale.order"]
        for _index in range(6):
            order, _invoice = self.make_invoice()
            order.order_line.price_unit = 300
            orders |= order
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("xero_change_text")
            return self.env.cr.sql_log_count - before

        self.assertTrue(all(orders.mapped("xero_change_text")))
        self.assertEqual(count(orders[:2]), count(orders))


@tagged("post_install", "-at_install")
class TestDraftInvoice(ChangeCase):
    status = "draft"

    def make_changed(self):
        order, invoice = self.order, self.invoice
        order.order_line.write({"price_unit": 300, "product_uom_qty": 3})
        order.order_line = [
            (0, 0, {"display_type": "line_note", "name": "As agreed"}),
            (
                0,
                0,
                {
                    "product_id": self.product.id,
                    "price_unit": 10,
                    "tax_ids": self.tax.ids,
                },
            ),
        ]
        return order, invoice

    def check_updated(self, order, invoice, line_id):
        wire = self.wire(invoice)
        self.assertEqual(wire["Total"], Decimal("1046.50"))
        self.assertEqual(wire["LineItems"][0]["LineItemID"], line_id)
        self.assertEqual(wire["LineItems"][0]["Quantity"], 3)
        self.assertEqual(wire["InvoiceNumber"], invoice.number)
        self.assertEqual(len(wire["LineItems"]), 3)
        self.assertEqual(invoice.amount_total, 1046.5)
        self.assertFalse(invoice.wanted_change)
        self.assertFalse(invoice.xero_error)
        self.assertFalse(order.xero_change_text)
        lines = order.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(lines.mapped("qty_invoiced"), [3, 1])

    def test_update_keeps_number_and_lines_that_stay(self):
        order, invoice = self.make_changed()
        [line] = self.wire(invoice)["LineItems"]
        dialog = self.open_change(order)
        self.assertTrue(dialog.can_update)
        self.assertFalse(dialog.can_void)
        self.connection.reference_source = "both"
        order.client_order_ref = "PO 7"
        self.xero.reset_calls()
        dialog.action_update()
        self.assertEqual(self.wire(invoice)["Reference"], f"{order.name} / PO 7")
        self.assertEqual(invoice.reference, f"{order.name} / PO 7")
        self.assertEqual(self.xero.calls["POST Invoices"], 1)
        self.assertEqual(len(self.org.invoices), 1)
        self.check_updated(order, invoice, line["LineItemID"])
        # A line that goes is taken out.
        order.order_line[0].product_uom_qty = 0
        self.open_change(order).action_update()
        self.assertEqual(self.wire(invoice)["Total"], Decimal("11.50"))
        self.assertEqual(order.order_line[0].qty_invoiced, 0)

    def test_update_whose_answer_is_lost(self):
        order, invoice = self.make_changed()
        [line] = self.wire(invoice)["LineItems"]
        dialog = self.open_change(order)
        for kind in ("timeout_before", "timeout_after", "500_after", "truncated"):
            with self.subTest(kind=kind), self.rolled_back():
                self.xero.fail("POST Invoices", kind)
                dialog.action_update()
                self.assertEqual(order.order_line[0].qty_invoiced, 2)
                self.work_on()
                self.check_updated(order, invoice, line["LineItemID"])

    def test_payment_terms_changed_alone_leave_the_rest_of_a_draft(self):
        order, invoice = self.make_due(14)
        line = self.wire(invoice)["LineItems"][0]
        edited = {**line, "Description": "As the accountant wrote it"}
        self.org.update("Invoices", InvoiceID=invoice.xero_id, LineItems=[edited])
        invoice.due_date = False  # which Xero asks for on approved invoices only
        self.assertIn("has no due date in Xero", order.xero_change_text)
        dialog = self.open_change(order)
        self.assertTrue(dialog.can_move_due)
        self.assertFalse(dialog.can_update or dialog.can_delete)
        dialog.action_move_due_date()
        self.assertEqual(self.days_until_due(invoice), 14)
        line = self.wire(invoice)["LineItems"][0]
        self.assertEqual(line["Description"], "As the accountant wrote it")
        self.assertFalse(order.xero_change_text)

    def test_update_takes_the_payment_terms_along(self):
        order, invoice = self.make_due(14)
        order.order_line.price_unit = 300
        self.open_change(order).action_update()
        self.assertEqual(self.days_until_due(invoice), 14)
        self.assertFalse(order.xero_change_text or invoice.is_different)

    def test_delete_draft(self):
        order, invoice = self.order, self.invoice
        order._action_cancel()
        dialog = self.open_change(order)
        self.assertFalse(dialog.can_update)
        dialog.action_delete()
        self.assertEqual(self.wire(invoice)["Status"], "DELETED")
        self.assertFalse(order.xero_change_text)

    def test_deleted_in_xero_is_invoiced_anew(self):
        order, invoice = self.order, self.invoice
        self.org.update("Invoices", InvoiceID=invoice.xero_id, Status="DELETED")
        self.pull("Invoices")
        self.assertEqual(order.invoice_status, "to invoice")
        order.action_create_xero_invoice()
        self.assertEqual(len(order.xero_invoice_ids), 2)
        self.assertEqual(order.order_line.qty_invoiced, 2)

    def test_approved_meanwhile_is_explained(self):
        order, invoice = self.make_changed()
        dialog = self.open_change(order)
        self.org.update("Invoices", InvoiceID=invoice.xero_id, Status="AUTHORISED")
        dialog.action_update()
        self.assertEqual(self.wire(invoice)["Total"], Decimal("575.00"))
        self.assertIn("Awaiting Payment", invoice.xero_error)
        self.assertTrue(self.open_change(order).can_void)

    def test_order_that_cannot_be_sent_is_told_at_once(self):
        order, invoice = self.order, self.invoice
        order.order_line.price_unit = -300
        with self.assertRaises(UserError):
            self.open_change(order).action_update()
        self.assertEqual(self.wire(invoice)["Total"], Decimal("575.00"))
