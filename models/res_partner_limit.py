from odoo import api, fields, models
from odoo.exceptions import AccessError

MAY_SET = ("xero_crm.group_xero_accountant", "sales_team.group_sale_manager")


class ResPartner(models.Model):
    """A customer's credit limit: Odoo's own, for people who do not work in Odoo's
    accounting."""

    _inherit = "res.partner"

    xero_credit_limit = fields.Monetary(
        compute="_compute_xero_credit_limit",
        inverse="_inverse_xero_credit_limit",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="Compared with what the customer owes in Xero, what is not invoiced yet, "
        "and the new order. In company currency; nothing: no limit.",
    )

    def write(self, vals):
        """More may be allowed now to those whose orders wait."""
        result = super().write(vals)
        if "credit_limit" in vals:
            orders = self.env["sale.order"]
            orders._wake_xero_release(self.sudo().commercial_partner_id)
        return result

    @api.depends("commercial_partner_id.credit_limit")
    @api.depends_context("company")
    def _compute_xero_credit_limit(self):
        for partner in self:
            family = partner.sudo().commercial_partner_id
            partner.xero_credit_limit = family.credit_limit

    def _inverse_xero_credit_limit(self):
        """:raise AccessError: if the user is neither accountant nor sales manager"""
        user = self.env.user
        if not self.env.su and not any(user.has_group(group) for group in MAY_SET):
            raise AccessError(
                self.env._("Accountants and sales managers set credit limits.")
            )
        for partner in self:
            family = partner.sudo().commercial_partner_id
            family.credit_limit = partner.xero_credit_limit
