from datetime import timedelta

from odoo import fields, models

# How long the payment of a customer is taken to be on its way into the books where
# nothing tells: a provider that tells Xero itself does so within a few days.
GRACE = timedelta(days=7)


class PaymentTransaction(models.Model):
    """What a customer has paid of Xero invoices, before Xero has it."""

    _inherit = "payment.transaction"

    def _get_underway(self, invoice):
        """Return what has left the customer, or is about to, and is not among the
        payments that Xero has yet. One record, as superuser.

        :param invoice: `xero.invoice`, one record, that this pays
        :return: in the currency of the invoice
        :rtype: float
        """
        if self.operation == "validation" or self.amount <= 0:
            return 0.0
        if self.state == "pending" and self.provider_code == "custom":
            return 0.0  # a transfer that was only announced keeps nobody from paying
        left = self.amount
        if self.state == "done":
            left -= self._get_recorded_in_xero(invoice)
        elif self.state not in ("pending", "authorized"):
            return 0.0
        left = self.currency_id._convert(
            max(left, 0.0),
            invoice.currency_id,
            invoice.company_id,
            fields.Date.context_today(self),
        )
        return invoice.currency_id.round(left)

    def _get_recorded_in_xero(self, invoice):
        """Return what of a payment that was made is in Xero, or need not be waited for
        any longer; in its own currency. One record."""
        changed = self.last_state_change or self.create_date
        if fields.Datetime.now() - changed > GRACE:
            return self.amount
        names = {self.reference, self.provider_reference} - {False, ""}
        invoices = invoice | self.xero_invoice_ids
        invoices |= self.sale_order_ids.xero_invoice_ids
        payments = invoices.payment_ids.filtered(lambda p: p.reference in names)
        return sum(payments.mapped("amount"))

    def _create_payment(self, **extra_create_values):
        """See `account_payment`. What pays an invoice of Xero belongs in Xero's books:
        Odoo's own would have it a second time, and no invoice for it."""
        if self.xero_invoice_ids or self.source_transaction_id.xero_invoice_ids:
            return self.env["account.payment"]
        return super()._create_payment(**extra_create_values)

    def _log_message_on_linked_documents(self, message):
        """See `payment`. Staff sees on the invoice how its payment goes."""
        result = super()._log_message_on_linked_documents(message)
        invoices = self.xero_invoice_ids | self.source_transaction_id.xero_invoice_ids
        for invoice in invoices:
            invoice._message_log(body=message, author_id=self.partner_id.id)
        return result
