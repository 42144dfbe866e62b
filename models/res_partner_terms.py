from odoo import models


class ResPartner(models.Model):
    """A customer's payment terms and the default terms of a contact in Xero."""

    _inherit = "res.partner"

    def _get_xero_terms(self):
        """Return Xero's text of this customer's terms; '' where there are none, None
        where Xero has nothing like them. One record."""
        term_id = self.property_payment_term_id.id
        if not term_id:
            return ""
        texts, _terms = self.env["xero.term.map"]._get_tables(self.env.company.id)
        return texts.get(term_id)

    def _get_xero_values(self, data=None):
        """See `xero.sync.mixin`. Left out are terms that Xero cannot count: it is not
        told of them, and what it has says nothing about them."""
        values = super()._get_xero_values(data)
        if data is None and self._get_xero_terms() is None:
            values.pop("payment_terms", None)
        return values

    def _get_xero_unwritable(self, data=None):
        """See `xero.sync.mixin`. Xero's API knows no way to take terms away again."""
        names = super()._get_xero_unwritable(data)
        if self.property_payment_term_id:
            return names
        return (*names, "payment_terms")

    def _prepare_vals_from_xero(self, payload):
        vals = super()._prepare_vals_from_xero(payload)
        if payload.payment_terms or self:
            _texts, terms = self.env["xero.term.map"]._get_tables(self.env.company.id)
            term_id = terms.get(payload.payment_terms, False)
            vals["property_payment_term_id"] = term_id
        return vals

    def _describe_xero_value(self, name, value):
        if name == "payment_terms" and value:
            return self.env["xero.term.map"]._describe(value)
        return super()._describe_xero_value(name, value)
