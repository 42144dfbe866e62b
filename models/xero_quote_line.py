from odoo import fields, models


class XeroQuoteLine(models.Model):
    """A line of a Xero quote, mirrored."""

    _name = "xero.quote.line"
    _inherit = "xero.line.mixin"
    _description = "Xero Quote Line"
    _order = "quote_id, sequence, id"

    quote_id = fields.Many2one(
        "xero.quote", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="quote_id.company_id", store=True)
    currency_id = fields.Many2one(related="quote_id.currency_id")
