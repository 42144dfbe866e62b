from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroTenantWizard(models.TransientModel):
    """Chooses among the organisations that a consent granted."""

    _name = "xero.tenant.wizard"
    _description = "Choose a Xero Organisation"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True)
    option_ids = fields.One2many("xero.tenant.wizard.option", "wizard_id")
    option_id = fields.Many2one("xero.tenant.wizard.option", "Organisation")

    @api.model
    def _open(self, connection):
        """Return an action that offers the organisations granted to a connection.

        :param connection: `xero.connection`, one record
        """
        wizard = self.create(
            {
                "connection_id": connection.id,
                "option_ids": [
                    fields.Command.create(
                        {"name": tenant["name"], "tenant_id": tenant["tenant_id"]}
                    )
                    for tenant in connection.sudo().available_tenants or []
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose the Organisation"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_choose(self):
        """Bind the connection to the organisation and fetch its reference data."""
        self.ensure_one()
        self.connection_id._check_xero_admin()
        if not self.option_id:
            raise UserError(self.env._("Choose an organisation first."))
        with self.env["xero.log"]._explained():
            self.connection_id._set_tenant(self.option_id.tenant_id)
        return {"type": "ir.actions.act_window_close"}
