from odoo import fields, models


class CrmTeam(models.Model):
    """How the invoices of a sales team look in Xero."""

    _inherit = "crm.team"

    xero_branding_theme_id = fields.Many2one(
        "xero.branding.theme",
        company_dependent=True,
        groups="xero_crm.group_xero_user",
        help="How Xero's invoices of this team look. "
        "Where it is empty, the connection's theme is used.",
    )

    def write(self, vals):
        """What waited for another theme goes on by itself."""
        result = super().write(vals)
        if "xero_branding_theme_id" in vals:
            self.env["xero.log"]._retry_fixed("team", self.ids)
        return result
