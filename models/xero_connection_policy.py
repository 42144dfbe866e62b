from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import ORDER_POLICIES

MANAGER = "sales_team.group_sale_manager"
# What decides whether a customer owes too much.
POLICY_FIELDS = {
    "order_policy",
    "policy_by_days",
    "policy_days",
    "policy_by_amount",
    "policy_amount",
    "policy_by_limit",
}


class XeroConnection(models.Model):
    """What happens to new orders of customers who owe too much."""

    _inherit = "xero.connection"

    order_policy = fields.Selection(
        ORDER_POLICIES,
        "New Orders of Customers Who Owe Too Much",
        default="inform",
        required=True,
        tracking=True,
    )
    policy_by_days = fields.Boolean(
        "Overdue for Longer Than", default=True, tracking=True
    )
    policy_days = fields.Integer("Days Overdue of the Oldest Invoice", tracking=True)
    policy_by_amount = fields.Boolean("Overdue by More Than", tracking=True)
    policy_amount = fields.Monetary(
        "Overdue Amount",
        currency_field="company_currency_id",
        tracking=True,
        help="All overdue invoices of the customer together, in company currency.",
    )
    policy_by_limit = fields.Boolean(
        "Above the Credit Limit",
        default=True,
        tracking=True,
        help="What the customer owes in Xero less open credit, invoices that wait for "
        "approval there, confirmed orders that are not invoiced yet, and the new "
        "order, compared with the customer's credit limit. No limit: never.",
    )
    policy_user_ids = fields.Many2many(
        "res.users",
        "xero_connection_policy_user_rel",
        string="Who Approves",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Where it is empty, every sales manager may; the leader of the sales team "
        "is asked first.",
    )
    policy_override = fields.Boolean(
        "Managers May Override",
        default=True,
        tracking=True,
        help="Who approves may let a blocked order through.",
    )

    @api.constrains("policy_days", "policy_amount")
    def _check_policy_limits(self):
        for connection in self:
            if connection.policy_days < 0 or connection.policy_amount < 0:
                raise ValidationError(
                    connection.env._("Neither days nor amount can be below zero.")
                )

    def write(self, vals):
        """Orders that waited may be none that have to be approved any more."""
        result = super().write(vals)
        if not POLICY_FIELDS.isdisjoint(vals):
            self.env["sale.order"]._wake_xero_release()
        return result

    # === BUSINESS METHODS === #

    def _may_approve(self, user):
        """Whether a user may let orders through. One record, or none."""
        if not self or user.share or not user.active:
            return False
        if self.order_policy == "block" and not self.policy_override:
            return False
        named = self.sudo().policy_user_ids
        return user in named if named else user.has_group(MANAGER)

    def _get_approvers(self, order):
        """Return who is asked to let an order through: those who are named; else the
        leader of the sales team, if they may, else the first sales manager.

        :rtype: res.users
        """
        self.ensure_one()
        if named := self.sudo().policy_user_ids.filtered("active"):
            return named
        leader = order.team_id.user_id
        if leader and self._may_approve(leader):
            return leader
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        fitting = managers.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        return fitting.sorted("id")[:1]
