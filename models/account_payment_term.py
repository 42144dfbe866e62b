from odoo import api, models


class AccountPaymentTerm(models.Model):
    """Payment terms that are made or changed are proposed their counterpart in Xero."""

    _inherit = "account.payment.term"

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        self.env["xero.term.map"]._propose_for(terms)
        return terms

    def write(self, vals):
        result = super().write(vals)
        if not {"line_ids", "active", "company_id"}.isdisjoint(vals):
            self.env["xero.term.map"]._propose_for(self)
        return result
