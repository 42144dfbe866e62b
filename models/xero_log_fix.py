from odoo import models


class XeroLog(models.Model):
    """Fix: leads from a row of the log to where its problem is put right."""

    _inherit = "xero.log"

    def action_fix(self):
        """Open where the problem of this row is put right."""
        self.ensure_one()
        opener = getattr(self, f"_fix_{self.fix or 'record'}", self._fix_record)
        return opener()

    def _fix_record(self):
        return self.action_open_record()

    def _fix_connection(self):
        return self._open("xero.connection", self.connection_id.id)

    def _fix_account(self):
        return self._fix_connection()

    def _fix_partner(self):
        return self._open("res.partner", self.fix_id)

    def _fix_product(self):
        return self._open("product.product", self.fix_id)

    def _fix_order(self):
        return self._open("sale.order", self.fix_id)

    def _fix_tax_map(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_tax_map_action"
        )
        action["domain"] = [("connection_id", "=", self.connection_id.id)]
        action["context"] = {
            "default_connection_id": self.connection_id.id,
            "default_tax_id": self.fix_id,
        }
        return action

    def _open(self, model, res_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }
