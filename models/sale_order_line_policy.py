from odoo import models


class SaleOrderLine(models.Model):
    """What of a confirmed order is no invoice yet, delivered or not."""

    _inherit = "sale.order.line"

    def _get_xero_not_billed(self):
        """Return what is to be invoiced of a line one day, with taxes, in the order's
        currency. A down payment is deducted until it is in an invoice. One record."""
        if self.display_type:
            return 0.0
        if self.is_downpayment:
            return -self.amount_invoiced
        if not self.product_uom_qty:
            return 0.0
        left = max(self.product_uom_qty, self.qty_delivered) - self.qty_invoiced
        return self.price_total / self.product_uom_qty * left
