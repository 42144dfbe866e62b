from odoo import models


class SaleOrder(models.Model):
    """When the invoice of an order is due."""

    _inherit = "sale.order"

    def _get_xero_due_date(self, date):
        """Return the last due date by the order's payment term; the day itself when
        there is none."""
        if not self.payment_term_id:
            return date
        terms = self.payment_term_id._compute_terms(
            date_ref=date,
            currency=self.currency_id,
            company=self.company_id,
            tax_amount=self.amount_tax,
            tax_amount_currency=self.amount_tax,
            sign=1,
            untaxed_amount=self.amount_untaxed,
            untaxed_amount_currency=self.amount_untaxed,
        )
        return max((line["date"] for line in terms["line_ids"]), default=date)
