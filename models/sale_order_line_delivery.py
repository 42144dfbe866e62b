from odoo import models


class SaleOrderLine(models.Model):
    """Whatever delivers (stock, timesheets, a person): the delivered quantity tells."""

    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "qty_delivered" in vals:
            self._note_xero_delivered()
        return result

    def _compute_qty_delivered(self):
        result = super()._compute_qty_delivered()
        self.filtered("id")._note_xero_delivered()
        return result

    def _note_xero_delivered(self):
        delivered = self.sudo().filtered(
            lambda line: line.state == "sale" and line.qty_delivered
        )
        orders = delivered.order_id.filtered(
            lambda order: order.xero_trigger == "delivery_done"
        )
        if orders:
            orders._trigger_xero_delivered()
