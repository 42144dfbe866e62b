from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """The Xero tax rate of a line."""

    _inherit = "sale.order.line"

    def _get_xero_tax_rate(self, connection):
        """Return the tax rate of this line, by its taxes and the fiscal position of its
        order. One record.

        :param connection: `xero.connection`, one record
        :return: `xero.tax.rate`, one record; none where Xero's NONE is meant
        :raise XeroProblem: if nobody has said which it is
        """
        taxes = self.tax_ids._origin
        position = self.order_id.fiscal_position_id
        rate = self.env["xero.tax.map"]._find_rate(connection, taxes, position)
        if rate:
            return rate
        if not taxes:
            return self._get_xero_rate_without_tax(connection)
        row = self.env["xero.tax.map"]._ensure(connection, taxes)
        raise XeroProblem(
            Problem(
                self._get_xero_unmapped_text(row, taxes),
                self.env._(
                    "Choose its Xero tax rate under Xero > Configuration > Taxes, "
                    "then press Resync."
                ),
                fix="tax_map",
                fix_id=row.id,
            )
        )

    def _get_xero_unmapped_text(self, row, taxes):
        rate = row.tax_rate_id
        if rate and not rate.active:
            return self.env._(
                "The tax %(tax)s is not mapped to a Xero tax rate any more: "
                "%(rate)s is archived in Xero.",
                tax=row.tax_names,
                rate=rate.name,
            )
        if len(taxes) > 1:
            return self.env._(
                "The taxes %(taxes)s are together on %(line)s, and are not mapped to a "
                "Xero tax rate: a line in Xero takes one.",
                taxes=row.tax_names,
                line=self.product_id.display_name or self.name,
            )
        return self.env._(
            "The tax %(tax)s is not mapped to a Xero tax rate.", tax=row.tax_names
        )

    def _get_xero_rate_without_tax(self, connection):
        rate = connection.default_tax_rate_id
        if not rate or rate.active:
            return rate
        raise XeroProblem(
            Problem(
                self.env._(
                    "%(rate)s, which lines without tax are to have, is archived in "
                    "Xero.",
                    rate=rate.name,
                ),
                self.env._(
                    "Choose another Tax Rate Without Tax on the connection, then press "
                    "Resync."
                ),
                fix="connection",
                fix_id=connection.id,
            )
        )
