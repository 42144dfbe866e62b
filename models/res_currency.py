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

    @api.model
    def get_all_currencies(self):
        """Return how each currency is written; those of an organisation in Xero too,
        though they are not active here: its invoices would show no symbol."""
        foreign = self.env["xero.currency"].sudo().search([]).currency_id
        return {
            **super().get_all_currencies(),
            **{
                currency.id: {
                    "name": currency.name,
                    "symbol": currency.symbol,
                    "position": currency.position,
                    "digits": [69, currency.decimal_places],
                }
                for currency in foreign
                if not currency.active
            },
        }

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)
