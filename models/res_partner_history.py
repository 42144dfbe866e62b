from odoo import models


class ResPartner(models.Model):
    """The way from a customer to what was billed, credited and paid over the years."""

    _inherit = "res.partner"

    def action_view_xero_history(self):
        """List the customer's invoices, credits and payments of all years."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_partner_history_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        action["context"] = {"search_default_group_year": 1}
        return action

    def action_view_xero_products(self):
        """Show which products the customer bought, year by year."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_product_history_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        return action
