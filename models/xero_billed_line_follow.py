from odoo import models
from odoo.tools import float_compare, float_is_zero


class XeroBilledLine(models.Model):
    """A billed line beside the line of the invoice, which somebody may change."""

    _inherit = "xero.billed.line"

    def _is_changed(self, line):
        """Whether a line of an invoice is not as it was made. One record.

        :param line: `xero.invoice.line`, or None where it is gone
        """
        if not line:
            return True
        return bool(
            float_compare(line.quantity, self.xero_quantity, precision_digits=4)
            or self.currency_id.compare_amounts(line.line_amount, self.xero_amount)
        )

    def _follow(self, line, tax_inside):
        """Bill what a line of the invoice bills by now. One record.

        :param line: `xero.invoice.line`
        :param bool tax_inside: whether its amount holds the tax
        """
        share = 1.0
        if not float_is_zero(self.xero_quantity, precision_digits=4):
            share = line.quantity / self.xero_quantity
        untaxed = line.line_amount - (line.tax_amount if tax_inside else 0.0)
        self.write(
            {
                "quantity": self.quantity * share,
                "price_subtotal": untaxed,
                "price_total": untaxed + line.tax_amount,
                "xero_quantity": line.quantity,
                "xero_amount": line.line_amount,
            }
        )
