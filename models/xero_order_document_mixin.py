from odoo import models


class XeroOrderDocumentMixin(models.AbstractModel):
    """A money document of Xero that an order of Odoo may have asked for.

    A model that inherits has the fields of `xero.document.mixin`, and `order_id`.
    """

    _name = "xero.order.document.mixin"
    _description = "Xero Document of an Order"

    def action_open_order(self):
        """Open the order that this document was made of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def action_refresh(self):
        """Fetch these documents from Xero, at once."""
        self.check_access("read")
        pull = self.env["xero.pull"].sudo()
        for connection, documents in self.sudo().grouped("connection_id").items():
            connection._check_connected()
            ids = [xero_id for xero_id in documents.mapped("xero_id") if xero_id]
            pull._pull_records_or_explain(connection, self._xero_resource, ids)
        return True
