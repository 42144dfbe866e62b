from odoo import fields, models


class XeroInvoiceBindLine(models.TransientModel):
    """A line of an order, and how much of it an invoice bills."""

    _name = "xero.invoice.bind.line"
    _description = "Line of an Order That a Xero Invoice Bills"
    _order = "id"
    _rec_name = "order_line_id"

    wizard_id = fields.Many2one(
        "xero.invoice.bind", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    order_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Text(related="order_line_id.name")
    ordered = fields.Float(related="order_line_id.product_uom_qty")
    amount = fields.Monetary(related="order_line_id.price_subtotal")
    quantity = fields.Float("Billed", digits="Product Unit")
