from odoo import fields, models


class XeroCreditNoteLine(models.Model):
    """A line of a Xero credit note, mirrored."""

    _name = "xero.credit.note.line"
    _inherit = "xero.line.mixin"
    _description = "Xero Credit Note Line"
    _order = "credit_note_id, sequence, id"

    credit_note_id = fields.Many2one(
        "xero.credit.note", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="credit_note_id.company_id", store=True)
    currency_id = fields.Many2one(related="credit_note_id.currency_id")
