from odoo import api, fields, models

from .xero_invoice import GONE_STATUSES


class XeroBilledLine(models.Model):
    """What a Xero invoice bills of a line of an order.

    Only what Xero really has counts as invoiced: a waiting or refused invoice leaves
    its order to be invoiced.
    """

    _name = "xero.billed.line"
    _description = "Xero Billed Order Line"
    _order = "invoice_id, id"
    _rec_name = "order_line_id"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", index=True
    )
    order_line_id = fields.Many2one(
        "sale.order.line", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    currency_id = fields.Many2one(related="order_line_id.currency_id")
    quantity = fields.Float(digits="Product Unit")
    description = fields.Char(help="Instead of the text of the order line.")
    price_subtotal = fields.Monetary("Untaxed Amount")
    price_total = fields.Monetary("Total")
    is_in_xero = fields.Boolean(compute="_compute_is_in_xero", store=True)

    @api.depends("invoice_id.xero_id", "invoice_id.status")
    def _compute_is_in_xero(self):
        for line in self:
            invoice = line.invoice_id
            line.is_in_xero = invoice.xero_id and invoice.status not in GONE_STATUSES
