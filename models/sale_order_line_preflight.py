from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """What of a line is known to be missing, without making a row for it."""

    _inherit = "sale.order.line"

    def _check_xero_tax_rate(self, connection):
        """Find out whether the tax rate is known, and write nothing. One record.

        :param connection: `xero.connection`, one record
        :raise XeroProblem: if it is not
        """
        taxes = self.tax_ids._origin
        maps = self.env["xero.tax.map"]
        if maps._find_rate(connection, taxes, self.order_id.fiscal_position_id):
            return
        if not taxes:
            self._get_xero_rate_without_tax(connection)
            return
        raise XeroProblem(
            Problem(
                self.env._(
                    "The tax %(taxes)s is not mapped to a Xero tax rate.",
                    taxes=" + ".join(taxes.mapped("name")),
                ),
                self.env._("Choose its Xero tax rate."),
                fix="taxes",
                fix_id=self.id,
            )
        )
