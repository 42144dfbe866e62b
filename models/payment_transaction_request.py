from odoo import api, models

# Fields whose change may make a transaction one that Xero has to hear of.
TOLD_BY = {"state", "sale_order_ids", "xero_invoice_ids"}


class PaymentTransaction(models.Model):
    """What has been paid is asked to be recorded in Xero, in the same transaction of
    the database: neither without the other."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        transactions._request_xero_payments()
        return transactions

    def write(self, vals):
        result = super().write(vals)
        if not TOLD_BY.isdisjoint(vals):
            self._request_xero_payments()
        return result

    def _request_xero_payments(self):
        """Have what these transactions brought in recorded in Xero, once."""
        done = self.sudo().filtered(lambda tx: tx.state == "done" and tx._moves_money())
        if done:
            self.env["xero.payment.request"].sudo()._request_for(done)

    def _moves_money(self):
        """Whether money of a customer has moved by this very transaction: one that was
        captured in parts did so by its parts. One record."""
        parts = self.child_transaction_ids.filtered(
            lambda tx: tx.operation == self.operation and tx.state in ("done", "cancel")
        )
        return self.operation != "validation" and bool(self.amount) and not parts

    def _get_xero_orders(self):
        """Return the orders that these pay, also where they are a part or a refund of
        another transaction."""
        return self.sale_order_ids | self.source_transaction_id.sale_order_ids

    def _get_xero_invoices(self):
        """Return the Xero invoices that these pay: those named, and those of the
        orders."""
        named = self.xero_invoice_ids | self.source_transaction_id.xero_invoice_ids
        return named | self._get_xero_orders().xero_invoice_ids

    def _get_xero_connection(self):
        """Return the organisation that a payment belongs to. One record."""
        named = self.xero_invoice_ids | self.source_transaction_id.xero_invoice_ids
        connections = self.env["xero.connection"]
        return named.connection_id[:1] or connections._get_for_company(self.company_id)
