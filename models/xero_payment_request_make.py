from odoo import api, fields, models

from .xero_change import Problem
from .xero_payment_request import OPEN_PHASES


class XeroPaymentRequest(models.Model):
    """From what was paid, and paid back, in Odoo: a row for each transaction, once."""

    _inherit = "xero.payment.request"

    @api.model
    def _request_for(self, transactions):
        """Ask for what transactions have brought in, or paid back, to be recorded.

        :param transactions: `payment.transaction` that are done, as superuser
        :return: the new requests
        """
        known = self.search([("transaction_id", "in", transactions.ids)])
        requests = self.browse()
        for transaction in transactions - known.transaction_id:
            connection = transaction._get_xero_connection()
            if vals := self._prepare_request_vals(connection, transaction):
                requests |= self.create(vals)
        refunds = requests.filtered(lambda request: request.phase == "refund")
        refunds._take_back()
        (requests - refunds)._look_again()
        return requests

    @api.model
    def _prepare_request_vals(self, connection, transaction):
        """Return the values of a row; None if Xero is not to hear of a payment."""
        documents = transaction._get_xero_orders(), transaction._get_xero_invoices()
        if not connection.payment_is_active or not any(documents):
            return None
        date = connection._get_day(
            transaction.last_state_change or fields.Datetime.now()
        )
        if connection.date_start and date < connection.date_start:
            return None
        order = transaction._get_xero_orders()[:1]
        invoice = transaction._get_xero_invoices()[:1]
        vals = {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "transaction_id": transaction.id,
            "reference": transaction.reference,
            "provider_id": transaction.provider_id.id,
            "partner_id": (order.partner_invoice_id or invoice.partner_id).id,
            "order_id": (order or invoice.order_id).id,
            "date": date,
            "currency_id": transaction.currency_id.id,
            "amount": transaction.amount,
            "phase": "refund" if transaction.amount < 0 else "waiting",
        }
        if reason := self._get_left_out_reason(connection, transaction):
            vals |= {"phase": "closed", "reason": reason}
        return vals

    @api.model
    def _get_left_out_reason(self, connection, transaction):
        """Return why a payment does not belong in Xero, as a sentence, or None."""
        provider = transaction.provider_id
        tests_count = connection.is_demo_company or connection.payment_push_test
        if not transaction.is_live and not tests_count:
            return self.env._(
                "%(provider)s is in test mode: no money has moved.",
                provider=provider.name,
            )
        if connection._find_payment_account(transaction) is None:
            return self._get_own_feed_reason(provider)
        return None

    def _get_own_feed_reason(self, provider):
        return self.env._(
            "Payments by %(provider)s are not sent: it tells Xero itself.",
            provider=provider.name,
        )

    # === REFUNDS === #

    def _take_back(self):
        """What is paid back comes out of what has not gone to Xero yet; the rest an
        accountant has to record: Xero refunds credits, not payments."""
        for refund in self:
            source = refund.transaction_id.source_transaction_id
            known = self.search([("transaction_id", "=", source.id)])
            if not known.filtered(lambda r: r.phase != "closed" or r.overpayment_id):
                refund._close(self.env._("The payment itself is not in Xero."))
                continue
            mine = known.filtered(lambda request: request.phase in OPEN_PHASES)
            taken = min(mine.amount, -refund.amount)
            if taken > 0:
                reason = self.env._(
                    "%(amount)s was paid back (%(refund)s) before it went to Xero.",
                    amount=refund.currency_id.format(taken),
                    refund=refund.reference,
                )
                mine._split_off(taken)._close(reason)
                refund._split_off(-taken)._close(reason)
        for refund in self.filtered(lambda request: request.phase == "refund"):
            refund._hold("refund", refund._get_refund_problem())

    def _split_off(self, amount):
        """Take a part of a row that is not on its way out of it. One record.

        :param float amount: at most the row's own
        :return: the part: a row without a place yet, for the caller to close or give
            to an invoice; the row itself, if it is all of it
        """
        self.ensure_one()
        rest = self.currency_id.round(self.amount - amount)
        if self.currency_id.is_zero(rest):
            return self
        vals = {"amount": amount, "phase": "closed", "invoice_id": False}
        [vals] = self.copy_data(vals)
        self.amount = rest
        return self.create(vals)

    def _get_refund_problem(self):
        source = self.transaction_id.source_transaction_id
        known = self.search([("transaction_id", "=", source.id)])
        recorded = known.filtered("invoice_id")
        remedy = self.env._(
            "Open %(invoice)s and press Credit Note, then Refund on the credit note "
            "with the account that the money left. Then press Settled by Hand.",
            invoice=recorded.invoice_id[:1].number or self.env._("the invoice"),
        )
        if overpayment := known.overpayment_id[:1]:
            recorded = self.browse()
            remedy = self.env._(
                "Open the overpayment %(reference)s in Xero and press Cash Refund, "
                "with the account that the money left. Then press Settled by Hand.",
                reference=overpayment.reference,
            )
        return Problem(
            self.env._(
                "%(amount)s of %(payment)s was paid back to the customer in Odoo "
                "(%(refund)s). Xero does not know it.",
                amount=self.currency_id.format(-self.amount),
                payment=self.transaction_id.source_transaction_id.reference,
                refund=self.reference,
            ),
            remedy,
            fix="payment_invoice" if recorded else "",
            fix_id=recorded.invoice_id[:1].id,
        )
