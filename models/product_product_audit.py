from odoo import fields, models


class ProductProduct(models.Model):
    """Products in the data audit."""

    _name = "product.product"
    _inherit = ["product.product", "xero.audited.mixin"]

    def _get_xero_audit_domain(self, connection):
        """See `xero.audited.mixin`. Those without a code are among them."""
        return fields.Domain(
            [
                ("sale_ok", "=", True),
                ("xero_do_not_sync", "=", False),
                ("company_id", "in", (False, connection.company_id.id)),
            ]
        )
