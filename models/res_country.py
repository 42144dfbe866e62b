from odoo import api, models
from odoo.tools import ormcache

from ..mapping.values import clean_country, normalise_name

# How people write countries in Xero's free text, beside their names and codes.
ALIASES = {
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "aotearoa": "NZ",
    "holland": "NL",
    "czech republic": "CZ",
    "deutschland": "DE",
}


class ResCountry(models.Model):
    _inherit = "res.country"

    @api.model
    @ormcache()
    def _get_xero_countries(self):
        """Return (id, English name) of each country by the ways to write it.

        :rtype: dict
        """
        countries = self.with_context(lang="en_US").search([])
        by_code = {country.code: (country.id, country.name) for country in countries}
        found = {alias: by_code[code] for alias, code in ALIASES.items()}
        for code, country in by_code.items():
            found[normalise_name(code)] = country
            found[normalise_name(country[1])] = country
            # Xero takes letters only: what comes back of "Côte d'Ivoire".
            found[normalise_name(clean_country(country[1]))] = country
        return found

    @api.model
    def _find_xero_place(self, country, region):
        """Return (id, name) of a country and of a state in it, (False, "") if unknown.

        :param str country, region: as people write them in Xero
        """
        nothing = (False, "")
        found = self._get_xero_countries().get(normalise_name(country), nothing)
        states = self._get_xero_states(found[0]) if found[0] and region else {}
        return found, states.get(normalise_name(region), nothing)

    @api.model
    @ormcache("country_id")
    def _get_xero_states(self, country_id):
        """Return (id, name) of each state of a country by the ways to write it.

        :rtype: dict
        """
        states = self.env["res.country.state"].with_context(lang="en_US")
        found = {}
        for state in states.search([("country_id", "=", country_id)]):
            place = state.id, state.name
            found[normalise_name(state.name)] = place
            found.setdefault(normalise_name(state.code), place)
        return found
