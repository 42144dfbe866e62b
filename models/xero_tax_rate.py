from odoo import api, fields, models
from odoo.tools import float_compare

from ..mapping.reference import TaxRateData
from ..mapping.values import decimal_text


class XeroTaxRate(models.Model):
    """A tax rate of the organisation, known by its tax type."""

    _name = "xero.tax.rate"
    _inherit = "xero.reference.mixin"
    _description = "Xero Tax Rate"
    _order = "name"
    _rec_names_search = ["name", "tax_type"]
    _xero_data = TaxRateData
    _xero_uses = (
        ("xero.tax.map", "tax_rate_id"),
        ("xero.connection", "default_tax_rate_id"),
    )

    tax_type = fields.Char(related="xero_key", string="Tax Type")
    rate = fields.Float("Rate (%)", digits=(16, 4), readonly=True)
    for_revenue = fields.Boolean("For Sales", readonly=True)
    for_expenses = fields.Boolean("For Purchases", readonly=True)
    components = fields.Char(
        readonly=True, help="What the rate is made of, where that is more than one tax."
    )
    component_rates = fields.Json(readonly=True)

    @api.depends("name", "xero_key")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.name} [{rate.xero_key}]"

    @api.model
    def _describe_components(self, components):
        """Return the taxes of a rate that has several: 'State 6.25 % + City 2 %'."""
        if len(components) < 2:
            return False
        parts = [f"{part.name} {decimal_text(part.rate)} %" for part in components]
        return " + ".join(parts)

    def _is_rate(self, percent):
        """Whether this rate comes to so many percent, to Xero's four decimals.

        :param Decimal percent: the rate to compare with
        """
        self.ensure_one()
        return not float_compare(self.rate, float(percent), precision_digits=4)

    def _apply_xero_page(self, connection, changes):
        """See `xero.pull`. What Xero has changed in its list may settle what waits."""
        result = super()._apply_xero_page(connection, changes)
        moved = [c for c in changes if c.operation in ("create", "update")]
        if moved:
            self.env.registry.clear_cache()
            self.env["xero.tax.map"]._propose_again(connection)
        return result

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.tax_type,
            "name": data.name,
            "rate": float(data.effective_rate),
            "for_revenue": data.can_apply_to_revenue,
            "for_expenses": data.can_apply_to_expenses,
            "components": self._describe_components(data.components),
            "component_rates": [decimal_text(part.rate) for part in data.components],
            "active": data.status == "ACTIVE",
        }
