from odoo import models


class SaleOrder(models.Model):
    """What is said of an order when its payment comes in."""

    _inherit = "sale.order"

    def _has_xero_to_deliver(self):
        """Whether something of the order is not delivered yet. One record or none."""
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        return self.state == "sale" and any(
            line.product_uom_id.compare(line.qty_delivered, line.product_uom_qty) < 0
            for line in lines
        )
