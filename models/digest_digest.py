from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """What a sales manager reads in the periodic mail."""

    _inherit = "digest.digest"

    kpi_xero_leak = fields.Boolean("Invoices Overlooked")
    kpi_xero_leak_value = fields.Integer(compute="_compute_kpi_xero_leak_value")

    def _compute_kpi_xero_leak_value(self):
        if not self.env.user.has_group("xero_crm.group_xero_user"):
            raise AccessError(self.env._("Not for those who do not see Xero's money."))
        orders = self.env["sale.order"]
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_xero_leak_value = orders.search_count(
                [("xero_is_leak", "=", True), ("company_id", "=", company.id)]
            )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("xero_crm.menu_xero_root").id
        actions["kpi_xero_leak"] = f"xero_crm.sale_order_action_leak?menu_id={menu}"
        return actions
