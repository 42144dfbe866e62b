from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """The Xero tax rate of a line."""

    _inherit = "sale.order.line"

    def _get_xero_tax_rate(self, connection):
        taxes = self.tax_ids._origin
        if not taxes:
            return connection.default_tax_rate_id
        if len(taxes) > 1:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "%(line)s carries several taxes (%(taxes)s); a Xero line takes "
                        "one.",
                        line=self.product_id.display_name or self.name,
                        taxes=", ".join(taxes.mapped("name")),
                    ),
                    self.env._("Use one tax on the line, then press Resync."),
                    fix="order",
                    fix_id=self.order_id.id,
                )
            )
        row = connection.tax_map_ids.filtered(lambda row: row.tax_id == taxes)
        if not row.tax_rate_id.active:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The tax %(tax)s is not mapped to a Xero tax rate.",
                        tax=taxes.name,
                    ),
                    self.env._(
                        "Choose its Xero tax rate under Xero > Configuration > Taxes, "
                        "then press Resync."
                    ),
                    fix="tax_map",
                    fix_id=taxes.id,
                )
            )
        return row.tax_rate_id
