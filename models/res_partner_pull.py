import dataclasses

from odoo import api, models

from ..mapping.values import normalise_name


class ResPartner(models.Model):
    """What a Xero contact means for a partner."""

    _inherit = "res.partner"

    @api.model
    def _canonical(self, data):
        """Countries and states as Odoo calls them; unknown ones count as not given."""
        countries = self.env["res.country"]
        country_id, country = countries._get_xero_countries().get(
            normalise_name(data.country), (False, "")
        )
        state = countries._get_xero_states().get(
            (country_id, normalise_name(data.region)), (False, "")
        )
        if (country, state[1]) == (data.country, data.region):
            return data
        return dataclasses.replace(data, country=country, region=state[1])

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`."""
        data = payload
        countries = self.env["res.country"]
        country_id = countries._get_xero_countries().get(
            normalise_name(data.country), (False, "")
        )[0]
        state = countries._get_xero_states().get(
            (country_id, normalise_name(data.region)), (False, "")
        )
        return {
            "name": data.name,
            "is_company": not data.is_person,
            "email": data.email or False,
            "phone": data.phone or False,
            "website": data.website or False,
            "vat": data.tax_number or False,
            "company_registry": data.company_number or False,
            "ref": data.account_number or False,
            "street": data.street or False,
            "street2": data.street2 or False,
            "city": data.city or False,
            "state_id": state[0],
            "zip": data.postal_code or False,
            "country_id": country_id,
            "active": not data.archived,
        }

    def _filter_vals(self, vals, data_fields):
        # Xero has no flag for persons: what Odoo says of a known partner stays.
        vals.pop("is_company", None)
        return super()._filter_vals(vals, data_fields)

    def _is_wanted_from_xero(self, data):
        return not data.archived and not data.merged_into
