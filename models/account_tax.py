from decimal import Decimal

from odoo import api, models
from odoo.tools import float_repr, html2plaintext

from ..mapping.values import round_half_up

# A large amount, so that rounding to cents does not show in four decimals of a rate.
_BASE = 10.0**8
_PERCENT = ("percent", "division")


class AccountTax(models.Model):
    """Odoo's taxes as Xero sees them: one rate a line, whatever it is made of."""

    _inherit = "account.tax"

    @api.model_create_multi
    def create(self, vals_list):
        """A new tax is proposed a Xero tax rate at once."""
        taxes = super().create(vals_list)
        self.env["xero.tax.map"].sudo()._propose_for(taxes)
        return taxes

    @api.ondelete(at_uninstall=False)
    def _unlink_xero_combinations(self):
        """A combination goes with any of its taxes: without one it is another."""
        self.env["xero.tax.map"].sudo().search(
            [("further_tax_ids", "in", self.ids)]
        ).unlink()

    def _get_xero_leaves(self):
        """Return the taxes that groups among these are made of, and the others."""
        return self.flatten_taxes_hierarchy()

    def _get_xero_effective_rate(self):
        """Return what these taxes on one line come to, in percent of the price without
        tax and to the four decimals of Xero's; None where one is no percentage.

        :rtype: Decimal
        """
        leaves = self._get_xero_leaves()
        if any(tax.amount_type not in _PERCENT for tax in leaves):
            return None
        totals = self.compute_all(_BASE, handle_price_include=False)
        tax = totals["total_included"] - totals["total_excluded"]
        return round_half_up(Decimal(float_repr(tax * 100 / _BASE, 6)), 4)

    def _get_xero_text(self):
        """Return all that the names of these taxes say, in English where there is a
        translation."""
        texts = []
        for tax in self.with_context(lang="en_US"):
            said = html2plaintext(tax.description or "") or tax.invoice_label
            texts += [tax.name, said]
        return " ".join(filter(None, texts))
