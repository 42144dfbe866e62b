from odoo import models

from ..mapping.line import LineData
from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_xero_line_data(self, connection):
        """Return the invoice line of this order line. One record.

        :rtype: LineData
        :raise XeroProblem: if its tax has no Xero tax rate, or no account is known
        """
        self.ensure_one()
        if self.display_type:
            return LineData(description=self.name)
        rate = self._get_xero_tax_rate(connection)
        return LineData(
            description=self.name,
            quantity=self._get_xero_number("product_uom_qty"),
            unit_amount=self._get_xero_number("price_unit"),
            discount_rate=self._get_xero_number("discount"),
            account_code=self._get_xero_account(connection).code,
            tax_type=rate.tax_type or "NONE",
            tax_rate=str(rate.rate),
            item_code=self._get_xero_items().default_code or "",
        )

    def _get_xero_items(self):
        """Return the products that these lines name as items in Xero."""
        return self.product_id.filtered(
            lambda product: product.default_code and not product.xero_do_not_sync
        )

    def _get_xero_number(self, field_name):
        """Return a float field as the text that a person sees, never a binary tail."""
        digits = self._fields[field_name].get_digits(self.env)
        return f"{self[field_name]:.{digits[1] if digits else 4}f}"

    def _get_xero_account(self, connection):
        product = self.product_id.with_company(connection.company_id)
        account = product.xero_account_id
        if account.connection_id != connection:
            account = connection.default_account_id
        if not account.code:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "No Xero account is known for %(product)s.",
                        product=self.product_id.display_name or self.name,
                    ),
                    self.env._(
                        "Set the account on the product, or the default sales account "
                        "on the connection, then press Resync."
                    ),
                    fix="account",
                    fix_id=connection.id,
                )
            )
        return account

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
