from odoo import api, models

# What of a line is in the line of a quote.
QUOTED_OF_LINE = frozenset(
    {
        "name",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "sequence",
        "display_type",
    }
)


class SaleOrderLine(models.Model):
    """Lines of quotations that are in Xero: what changes in them goes there as well."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._follow_xero_quote()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not QUOTED_OF_LINE.isdisjoint(vals):
            self.order_id._follow_xero_quote()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._follow_xero_quote()
        return result
