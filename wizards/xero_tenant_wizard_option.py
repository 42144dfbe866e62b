from odoo import fields, models


class XeroTenantWizardOption(models.TransientModel):
    """An organisation that can be chosen."""

    _name = "xero.tenant.wizard.option"
    _description = "Xero Organisation to Choose"
    _order = "name, id"

    wizard_id = fields.Many2one(
        "xero.tenant.wizard", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True)
    tenant_id = fields.Char("Organisation ID", required=True)
