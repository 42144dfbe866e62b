from odoo import models


class ProductTemplate(models.Model):
    """What was sold of a product's variants by Xero's invoices."""

    _inherit = "product.template"

    def action_view_xero_history(self):
        """Show who bought these products, and how much of them, over the years."""
        return self.env["product.product"]._get_xero_history_action(
            [("product_tmpl_id", "in", self.ids)]
        )
