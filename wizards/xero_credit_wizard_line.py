from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroCreditWizardLine(models.TransientModel):
    """A line of an invoice, and how many of its pieces are credited."""

    _name = "xero.credit.wizard.line"
    _description = "Line of a Xero Invoice to Credit"
    _order = "sequence, id"
    _rec_name = "description"

    wizard_id = fields.Many2one(
        "xero.credit.wizard", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    sequence = fields.Integer(readonly=True)
    line_key = fields.Char("Line ID", readonly=True)
    description = fields.Text(readonly=True)
    quantity_left = fields.Float("Left", digits=(16, 4), readonly=True)
    amount_left = fields.Monetary("Left, Tax Included", readonly=True)
    quantity = fields.Float("Credit", digits=(16, 4))

    @api.constrains("quantity", "quantity_left")
    def _check_quantity(self):
        for line in self:
            low, high = sorted((0.0, line.quantity_left))
            if not low <= line.quantity <= high:
                raise ValidationError(
                    self.env._(
                        "%(left)s is left of “%(line)s”: no more can be credited.",
                        left=f"{line.quantity_left:g}",
                        line=(line.description or "")[:60],
                    )
                )
