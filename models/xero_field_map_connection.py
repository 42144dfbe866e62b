from odoo import api, models


class XeroConnection(models.Model):
    """Each connection has a data map of its own."""

    _inherit = "xero.connection"

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        self.env["xero.field.map"]._ensure_rows(connections)
        return connections

    def action_open_data_map(self):
        """Open the data map of this organisation."""
        self.ensure_one()
        action = self.env["xero.field.map"].action_open()
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {
            "search_default_group_resource": 1,
            "default_connection_id": self.id,
        }
        return action
