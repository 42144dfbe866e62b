from odoo import api, models
from odoo.tools import ormcache


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    @ormcache()
    def _get_id_by_code(self):
        """Return ids of all currencies, inactive ones too, by their ISO code."""
        currencies = self.with_context(active_test=False).search([])
        return {currency.name: currency.id for currency in currencies}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)
