from odoo import fields, models


class XeroInvoiceLine(models.Model):
    """A line of a Xero invoice, mirrored."""

    _name = "xero.invoice.line"
    _inherit = "xero.line.mixin"
    _description = "Xero Invoice Line"
    _order = "invoice_id, sequence, id"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id")
