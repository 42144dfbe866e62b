from odoo import fields, models

from .xero_invoice_change import EDITABLE


class XeroInvoice(models.Model):
    """The order as it was when its invoice was made: a later change of it shows."""

    _inherit = "xero.invoice"

    order_digest = fields.Char(readonly=True, copy=False)
    order_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms When Made",
        readonly=True,
        copy=False,
        help="Of the order, when its invoice was made or somebody kept it as it is.",
    )
    kept_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    kept_at = fields.Datetime(readonly=True, copy=False)

    def _renew_billed_lines(self):
        """What is billed is that of the order at this moment."""
        result = super()._renew_billed_lines()
        self._filter_unsent()._note_order_content()
        return result

    def _note_order_content(self):
        """Remember what the orders of these invoices hold now."""
        for invoice in self.filtered("order_id"):
            digest = invoice.order_id._get_xero_digest()
            if invoice.order_digest != digest:
                invoice.order_digest = digest
            term = invoice.order_id.payment_term_id
            if invoice.order_term_id != term:
                invoice.order_term_id = term

    def _is_outdated(self):
        """Whether the order is not any more what this invoice was made of, and nothing
        was done about it. One record."""
        self.ensure_one()
        return bool(
            self.order_digest and self.order_digest != self.order_id._get_xero_digest()
        )

    def _get_due_date_now(self):
        """Return when this invoice would be due by its order's payment terms, which
        were changed since; None where it is due then, or nobody has changed them. One
        record.

        :rtype: date or None
        """
        self.ensure_one()
        order = self.order_id
        movable = self.is_open or self.status in EDITABLE
        if not (self.order_digest and self.date and movable):
            return None
        if order.state == "cancel" or order.payment_term_id == self.order_term_id:
            return None
        day = order._get_xero_due_date(self.date, self.connection_id)
        return day if day != self.due_date else None

    def _is_credited(self):
        """Whether credit notes take back all of it. One record."""
        credits = self.credit_note_ids.filtered(
            lambda credit: credit.status not in ("voided", "deleted")
        )
        taken = sum(credits.mapped("amount_expected"))
        return bool(credits) and (
            self.currency_id.compare_amounts(taken, self.amount_total) >= 0
        )
