from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..mapping.reference import BrandingThemeData


class XeroBrandingTheme(models.Model):
    """A branding theme of the organisation: how its invoices look."""

    _name = "xero.branding.theme"
    _inherit = "xero.reference.mixin"
    _description = "Xero Branding Theme"
    _order = "sequence, name"
    _xero_data = BrandingThemeData
    _xero_uses = (
        ("xero.connection", "branding_theme_id"),
        ("crm.team", "xero_branding_theme_id"),
    )

    sequence = fields.Integer(readonly=True)
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        compute="_compute_team_ids",
        inverse="_inverse_team_ids",
        help="Invoices of these sales teams look so; all others as the connection "
        "says.",
    )

    @api.depends_context("company")
    def _compute_team_ids(self):
        for theme in self:
            theme.team_ids = theme._get_teams()

    def _inverse_team_ids(self):
        """Accountants decide it here: they may not edit sales teams otherwise."""
        for theme in self:
            chosen = theme.team_ids.sudo().with_company(theme.company_id)
            (theme._get_teams() - chosen).xero_branding_theme_id = False
            chosen.xero_branding_theme_id = theme.id

    def _get_teams(self):
        """Return the sales teams that have this theme, as superuser."""
        self.ensure_one()
        teams = self.env["crm.team"].sudo().with_company(self.company_id)
        return teams.search([("xero_branding_theme_id", "=", self.id)])

    def write(self, vals):
        if not self.env.su and set(vals) - {"team_ids"}:
            raise AccessError(self.env._("Branding themes are changed in Xero."))
        return super().write(vals)

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.xero_id,
            "name": data.name,
            "sequence": data.sort_order,
            "active": True,
        }
