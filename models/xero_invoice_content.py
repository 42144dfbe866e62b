from odoo import fields, models


class XeroInvoice(models.Model):
    """The order as it was when its invoice was made: a later change of it shows."""

    _inherit = "xero.invoice"

    order_digest = fields.Char(readonly=True, copy=False)
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

    def _is_outdated(self):
        """Whether the order is not any more what this invoice was made of, and nothing
        was done about it. One record."""
        self.ensure_one()
        return bool(
            self.order_digest and self.order_digest != self.order_id._get_xero_digest()
        )

    def _is_credited(self):
        """Whether credit notes take back all of it. One record."""
        credits = self.credit_note_ids.filtered(
            lambda credit: credit.status not in ("voided", "deleted")
        )
        taken = sum(credits.mapped("amount_expected"))
        return bool(credits) and (
            self.currency_id.compare_amounts(taken, self.amount_total) >= 0
        )
