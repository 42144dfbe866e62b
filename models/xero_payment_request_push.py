from datetime import timedelta

from odoo import models

from ..mapping.values import iso_date, to_decimal
from .xero_change import Problem, XeroProblem

# Whoever else records a payment dates it by their own clock.
OTHER_CLOCKS = timedelta(days=1)


class XeroPaymentRequest(models.Model):
    """Odoo to Xero: payments on invoices, each made exactly once."""

    _inherit = "xero.payment.request"

    # === OUTBOX === #

    def _before_xero_push(self, connection, links):
        """There is nothing to look for beforehand: see `_read_before_push`."""

    def _read_before_push(self, connection, links):
        """Look at the invoices as they are now: what is due, what was paid already."""
        ids = self.invoice_id.filtered("xero_id").mapped("xero_id")
        if ids:
            self.env["xero.pull"]._pull_records(connection, "Invoices", ids)

    def _after_xero_batch(self, connection):
        """Show what came of it: amounts and statuses are Xero's."""
        self._read_before_push(connection, self.env["xero.link"])

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        A call that was never answered is repeated word by word: nothing is looked at.

        :raise XeroProblem: if it cannot be sent as it is
        """
        if not change.link.xero_id and change.link.state != "sending":
            if reason := self._get_stop_reason():
                self._give_back(self.amount)
                raise XeroProblem(Problem(reason, "", skip=True))
            if mirrored := self._find_mirrored(self.invoice_id):
                self._check_same(mirrored)
                change.link._mark_synced(mirrored.xero_id)
                self._note_recorded()
            else:
                self._fit_to_due()
                self.account_id = self._get_account(connection)
        if change.link.xero_id:
            change.operation = "unchanged"
            return
        change.operation = "create"
        change.payload = self._prepare_xero_payload(connection)
        change.fields = {"amount": ("", f"{self.amount:.2f}")}

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`."""
        payload = {
            "Invoice": {"InvoiceID": self.invoice_id.xero_id},
            "Account": {"AccountID": self.account_id.xero_key},
            "Date": iso_date(self.date),
            "Amount": to_decimal(f"{self.amount:.2f}"),
            "Reference": self.reference,
        }
        base = connection.base_currency_id
        if connection.currency_rate_source == "odoo" and self.currency_id != base:
            rate = base._get_conversion_rate(
                base, self.currency_id, self.company_id, self.date
            )
            payload["CurrencyRate"] = to_decimal(f"{rate:.6f}")
        return payload

    def _fit_to_due(self):
        """Send no more than is due by now; the rest looks for another invoice.

        :raise XeroProblem: if nothing is due, to leave it out
        """
        invoice = self.invoice_id
        due = invoice.amount_due if invoice.status == "authorised" else 0.0
        before = self._get_on_their_way(invoice).filtered(lambda r: r.id < self.id)
        due = self.currency_id.round(due - sum(before.mapped("amount")))
        if due <= 0:
            self._give_back(self.amount)
            raise XeroProblem(
                Problem(
                    self.env._(
                        "Nothing is due on %(invoice)s any more.",
                        invoice=invoice.display_name,
                    ),
                    self.env._("Nothing is to be done."),
                    skip=True,
                )
            )
        if self.currency_id.compare_amounts(self.amount, due) > 0:
            self._give_back(self.currency_id.round(self.amount - due))

    def _get_account(self, connection):
        """Return where the money arrives.

        :raise XeroProblem: if there is no such account, or Xero would not take it
        """
        provider = self.transaction_id.provider_id
        account = connection._find_payment_account(self.transaction_id)
        if account is None:
            self.invoice_id = False
            self._close(self._get_own_feed_reason(provider))
            raise XeroProblem(Problem(self.reason, "", skip=True))
        if message := self._get_account_objection(account, provider):
            raise XeroProblem(
                Problem(
                    message,
                    self.env._("Choose another account; the payment then goes on."),
                    fix="payment_account",
                    fix_id=provider.id,
                )
            )
        return account

    def _get_account_objection(self, account, provider):
        """Return why a payment cannot be recorded on an account, or None."""
        if not account:
            return self.env._(
                "No account in Xero is chosen for payments by %(provider)s.",
                provider=provider.name,
            )
        if not account.active or not account.takes_payments:
            return self.env._(
                "%(account)s takes no payments any more: it was archived in Xero, or "
                "its payments were switched off.",
                account=account.display_name,
            )
        if not account._fits_currency(self.currency_id):
            base = self.connection_id.base_currency_id
            return self.env._(
                "%(account)s is in %(theirs)s: Xero takes no payment in %(ours)s on "
                "it.",
                account=account.display_name,
                theirs=account.currency_code or base.name,
                ours=self.currency_id.name,
            )
        return None

    def _after_xero_push(self, connection, change, element):
        """Note it on the order; the invoice itself is fetched after it."""
        change.link._mark_synced(element.xero_id)
        self._note_recorded()

    def _note_recorded(self):
        """Note in the order's chatter that its payment is in Xero. One record."""
        order = self.order_id or self.invoice_id.order_id
        text = self.env._(
            "%(amount)s (%(payment)s) recorded in Xero on %(invoice)s",
            amount=self.currency_id.format(self.amount),
            payment=self.reference,
            invoice=self.invoice_id.display_name,
        )
        order._log_xero_change(text, name="xero_money_text")

    # === LOOKING FOR IT === #

    def _find_mirrored(self, invoice):
        """Return this very payment, where an invoice has it by somebody else: by the
        provider's own feed, by hand, or by a call that was never answered. Customers
        name the same order or invoice on each transfer: what is older is another one.

        :param invoice: `xero.invoice`, one record
        :return: `xero.payment`, one record or none
        """
        names = {self.reference, self.transaction_id.provider_reference} - {False, ""}
        names = {name.strip().casefold() for name in names}
        payments = invoice.payment_ids.filtered(
            lambda payment: (
                (payment.reference or "").strip().casefold() in names
                and (not payment.date or payment.date >= self.date - OTHER_CLOCKS)
            )
        )
        taken = self.env["xero.link"]._find(
            self.connection_id, self._xero_resource, payments.mapped("xero_id")
        )
        return payments.filtered(lambda payment: payment.xero_id not in taken)[:1]

    def _check_same(self, payment):
        """:raise XeroProblem: if what Xero has of this payment is another amount"""
        if not self.currency_id.compare_amounts(payment.amount, self.amount):
            return
        raise XeroProblem(
            Problem(
                self.env._(
                    "%(invoice)s has a payment %(payment)s in Xero already, over "
                    "%(theirs)s instead of %(ours)s.",
                    invoice=self.invoice_id.display_name,
                    payment=payment.reference,
                    theirs=self.currency_id.format(payment.amount),
                    ours=self.currency_id.format(self.amount),
                ),
                self.env._(
                    "Look at both. Correct the payment in Xero and press Try Again, or "
                    "press Settled by Hand if all is right."
                ),
                fix="payment_invoice",
                fix_id=self.invoice_id.id,
            )
        )

    def _read_lost(self, connection):
        """Read the invoices once for all that a call without an answer has paid."""
        self._read_before_push(connection, self.env["xero.link"])

    def _find_in_xero(self, connection, link):
        """Look on the invoice, just read, for what a lost call may have recorded."""
        mirrored = self._find_mirrored(self.invoice_id)
        if self.currency_id.compare_amounts(mirrored.amount, self.amount):
            return None
        return mirrored and {"PaymentID": mirrored.xero_id}

    def _adopt_from_xero(self, connection, link, payload):
        """What a lost call did was found. One record."""
        link._mark_synced(payload["PaymentID"])
        self._note_recorded()
        logs = self.env["xero.log"]
        logs._resolve_for(link)
        logs._add_success(link, "pull", "link")
