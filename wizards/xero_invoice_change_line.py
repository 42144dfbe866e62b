from odoo import api, fields, models
from odoo.tools import float_compare


class XeroInvoiceChangeLine(models.TransientModel):
    """A line of an order: what was invoiced, and what would be now."""

    _name = "xero.invoice.change.line"
    _description = "Line of a Xero Invoice to Change"
    _order = "id"
    _rec_name = "description"

    wizard_id = fields.Many2one(
        "xero.invoice.change", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    order_line_id = fields.Many2one("sale.order.line", ondelete="cascade")
    line_key = fields.Char("Line ID")
    description = fields.Char()
    quantity_billed = fields.Float("Invoiced", digits="Product Unit")
    amount_billed = fields.Monetary("Amount Invoiced")
    quantity_now = fields.Float("Now", digits="Product Unit")
    amount_now = fields.Monetary()
    amount_change = fields.Monetary("Difference", compute="_compute_amount_change")
    quantity_gone = fields.Float(compute="_compute_amount_change")

    @api.depends("amount_billed", "amount_now", "quantity_billed", "quantity_now")
    def _compute_amount_change(self):
        for line in self:
            line.amount_change = line.amount_now - line.amount_billed
            line.quantity_gone = line.quantity_billed - line.quantity_now

    def _is_fewer_pieces(self):
        """Whether the pieces that are left cost what they did. One record."""
        self.ensure_one()
        if not 0 < self.quantity_gone <= self.quantity_billed:
            return False
        kept = self.quantity_now / self.quantity_billed
        return not float_compare(
            self.amount_billed * kept,
            self.amount_now,
            precision_rounding=2 * self.currency_id.rounding,
        )
