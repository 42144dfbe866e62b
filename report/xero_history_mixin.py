from odoo import fields, models


class XeroHistoryMixin(models.AbstractModel):
    """What the reports of a customer's years have in common: whose row it is, of when,
    and the document that it comes from."""

    _name = "xero.history.mixin"
    _description = "Row of a Xero History"
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", "Company of the Customer", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    number = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    res_model = fields.Char(readonly=True)

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the invoice, credit or payment that the row comes from."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
