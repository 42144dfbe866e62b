from odoo import models

from ..mapping.line import LineData


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
