from odoo import fields, models


class XeroMapMixin(models.AbstractModel):
    """A row of a mapping: what something of Odoo is in one organisation of Xero."""

    _name = "xero.map.mixin"
    _description = "Xero Mapping"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["xero.connection"].search([], limit=1),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
