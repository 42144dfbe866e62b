from odoo import models


class PaymentTransaction(models.Model):
    """Whether Xero knows of a payment already: who has paid is not reminded."""

    _inherit = "payment.transaction"

    def _filter_not_in_xero(self):
        """Return those of these transactions whose money Xero does not have yet: not
        confirmed, or more than was booked on the invoices.

        :return: `payment.transaction`
        """
        open_ones = self.filtered(lambda t: t.state in ("pending", "authorized"))
        done = self.filtered(lambda t: t.state == "done")
        for transaction in done:
            invoices = transaction._get_xero_targets()
            same = done.filtered(lambda t, i=invoices: t._get_xero_targets() & i)
            taken, booked = sum(same.mapped("amount")), invoices.mapped("amount_paid")
            if transaction.currency_id != invoices.currency_id:
                open_ones |= transaction
            elif invoices.currency_id.compare_amounts(taken, sum(booked)) > 0:
                open_ones |= transaction
        return open_ones

    def _get_xero_targets(self):
        """Return the invoices in Xero that this transaction pays. One record."""
        return self.xero_invoice_ids or self.sale_order_ids.xero_invoice_ids
