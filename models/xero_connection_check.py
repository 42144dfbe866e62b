from odoo import models
from odoo.exceptions import UserError


class XeroConnection(models.Model):
    """Checks of the data that a connection brings together."""

    _inherit = "xero.connection"

    def action_check_items(self):
        """Compare all products with their Xero items, in one call.

        :raise UserError: if it is not connected, or Xero does not answer
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["xero.item.check"]._open(self)

    def action_open_audit(self):
        """Open the data audit of this organisation."""
        self.ensure_one()
        self.check_access("write")
        audit = self.env["xero.audit"].sudo()._ensure(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data Audit"),
            "res_model": "xero.audit",
            "res_id": audit.id,
            "view_mode": "form",
        }

    def _check_exists(self):
        """:raise UserError: if there is no connection to work with"""
        if not self:
            raise UserError(
                self.env._(
                    "No Xero organisation is connected to this company. An "
                    "administrator can connect one under Xero > Configuration."
                )
            )
