from odoo import api, fields, models
from odoo.exceptions import UserError

from ..xero_api import XeroError


class XeroTenantWizard(models.TransientModel):
    """Chooses among the organisations that a consent granted."""

    _name = "xero.tenant.wizard"
    _description = "Choose a Xero Organisation"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True)
    tenant_id = fields.Selection("_get_tenants", "Organisation", required=True)

    @api.model
    def _get_tenants(self):
        connection = self.env["xero.connection"].browse(
            self.env.context.get("default_connection_id")
        )
        return [
            (tenant["tenant_id"], tenant["name"])
            for tenant in connection.sudo().available_tenants or []
        ]

    def action_choose(self):
        """Bind the connection to the organisation and fetch its reference data."""
        self.ensure_one()
        self.connection_id._check_xero_admin()
        try:
            self.connection_id._set_tenant(self.tenant_id)
        except XeroError as error:
            cause = self.env["xero.log"]._explain(error)
            raise UserError(cause.text) from error
        return {"type": "ir.actions.act_window_close"}
