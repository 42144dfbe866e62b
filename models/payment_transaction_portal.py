from datetime import timedelta

from odoo import fields, models

from .xero_payment_request import OPEN_PHASES

# How long the payment of a customer is taken to be on its way into the books where
# nothing tells: a provider that tells Xero itself does so within a few days.
GRACE = timedelta(days=7)
# States of what was asked for of an invoice, and Xero has not done.
NOT_IN_XERO = ("sending", "failed")


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
        if self.state not in ("pending", "authorized", "done"):
            return 0.0
        left = self._get_unrecorded(invoice) if self.state == "done" else self.amount
        left = self.currency_id._convert(
            max(left, 0.0),
            invoice.currency_id,
            invoice.company_id,
            fields.Date.context_today(self),
        )
        return invoice.currency_id.round(left)

    def _get_unrecorded(self, invoice):
        """Return what of a payment that was made Xero does not have yet, and this
        invoice may get; in its own currency. One record."""
        parts = self | self.child_transaction_ids
        requests = self.env["xero.payment.request"]
        requests = requests.search([("transaction_id", "in", parts.ids)])
        if not requests or requests._get_left_out_reason(invoice.connection_id, self):
            return self._get_unmatched(invoice)
        requests = requests.filtered(
            lambda request: (
                request.phase in OPEN_PHASES
                or (request.invoice_id == invoice and request.state in NOT_IN_XERO)
            )
        )
        return sum(requests.mapped("amount"))

    def _get_unmatched(self, invoice):
        """Return what of a payment that Odoo does not send to Xero is not found there:
        somebody else records it, and may take some days. One record."""
        changed = self.last_state_change or self.create_date
        if fields.Datetime.now() - changed > GRACE:
            return 0.0
        names = {self.reference, self.provider_reference} - {False, ""}
        invoices = invoice | self._get_xero_invoices()
        payments = invoices.payment_ids.filtered(lambda p: p.reference in names)
        return self.amount - sum(payments.mapped("amount"))

    def _get_named_xero_invoices(self):
        return self.xero_invoice_ids | self.source_transaction_id.xero_invoice_ids

    def _create_payment(self, **extra_create_values):
        """See `account_payment`. What pays an invoice of Xero belongs in Xero's books:
        Odoo's own would have it a second time, and no invoice for it."""
        if self._get_named_xero_invoices():
            return self.env["account.payment"]
        return super()._create_payment(**extra_create_values)

    def _log_message_on_linked_documents(self, message):
        """See `payment`. Staff sees on the invoice how its payment goes."""
        result = super()._log_message_on_linked_documents(message)
        for invoice in self._get_named_xero_invoices():
            invoice._message_log(body=message, author_id=self.partner_id.id)
        return result
