from odoo import api, fields, models

from ..mapping.reference import TaxRateData


class XeroTaxRate(models.Model):
    """A tax rate of the organisation, known by its tax type."""

    _name = "xero.tax.rate"
    _inherit = "xero.reference.mixin"
    _description = "Xero Tax Rate"
    _order = "name"
    _rec_names_search = ["name", "tax_type"]
    _xero_data = TaxRateData

    tax_type = fields.Char(related="xero_key", string="Tax Type")
    rate = fields.Float("Rate (%)", digits=(16, 4), readonly=True)
    for_revenue = fields.Boolean("For Sales", readonly=True)
    for_expenses = fields.Boolean("For Purchases", readonly=True)

    @api.depends("name", "xero_key")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.name} [{rate.xero_key}]"

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.tax_type,
            "name": data.name,
            "rate": float(data.effective_rate),
            "for_revenue": data.can_apply_to_revenue,
            "for_expenses": data.can_apply_to_expenses,
            "active": data.status == "ACTIVE",
        }
