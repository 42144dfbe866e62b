from odoo import fields, models

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

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.xero_id,
            "name": data.name,
            "sequence": data.sort_order,
            "active": True,
        }
