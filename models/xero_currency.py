from odoo import fields, models

from ..mapping.reference import CurrencyData


class XeroCurrency(models.Model):
    """A currency that the organisation subscribed to."""

    _name = "xero.currency"
    _inherit = "xero.reference.mixin"
    _description = "Xero Currency"
    _order = "xero_key"
    _xero_data = CurrencyData

    currency_id = fields.Many2one("res.currency", readonly=True)

    def _prepare_vals_from_xero(self, data):
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {
            "xero_key": data.code,
            "name": data.name or data.code,
            "currency_id": currencies._get_id_by_code().get(data.code, False),
            "active": True,
        }
