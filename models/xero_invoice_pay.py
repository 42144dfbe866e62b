from datetime import timedelta
from math import ceil, isfinite

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# So long a payment that was begun is taken to be under way in the window where it was
# begun. Nothing tells how it goes there: time for who looks for their card and has the
# bank's app confirm it, and not long for who has closed the window.
TRYING = timedelta(minutes=10)


class XeroInvoice(models.Model):
    """Paying an invoice online, with the payment providers of the company."""

    _inherit = "xero.invoice"

    transaction_ids = fields.Many2many(
        "payment.transaction",
        "xero_invoice_transaction_rel",
        "invoice_id",
        "transaction_id",
        "Online Payments",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice",
    )

    def _get_underway(self):
        """Return what customers paid online of this invoice, directly or with its
        order, and Xero does not have yet. One record, as superuser.

        :return: amount in the currency of the invoice, by `payment.transaction`
        :rtype: dict
        """
        found = self.env["payment.transaction"].search(
            Domain("state", "in", ("pending", "authorized", "done"))
            & self._get_paid_by_domain()
        )
        amounts = {
            transaction: transaction._get_underway(self) for transaction in found
        }
        return {
            transaction: amount for transaction, amount in amounts.items() if amount
        }

    def _get_paid_by_domain(self):
        """Return the domain of the transactions that pay this invoice, directly or
        with its order. One record."""
        paid_by = Domain("xero_invoice_ids", "in", self.ids)
        if self.order_id:
            paid_by |= Domain("sale_order_ids", "in", self.order_id.ids)
        return paid_by

    def _get_begun(self, window=None):
        """Return the last payment that was begun a short while ago, and may be finished
        any moment, in another window than this. One record, as superuser.

        Who goes back to the page that they began on, or whose card was refused there,
        begins anew as often as they like.

        :param str window: in which somebody is about to pay; None for any other
        :return: `payment.transaction`, one record or none
        """
        begun = (
            self._get_paid_by_domain()
            & Domain("state", "=", "draft")
            & Domain("amount", ">", 0)
            & Domain("operation", "!=", "validation")
            & Domain("provider_id.code", "!=", "custom")  # a transfer, to be announced
            & Domain("last_state_change", ">", fields.Datetime.now() - TRYING)
        )
        if window:
            begun &= Domain("xero_window", "!=", window)
        order = "last_state_change desc, id desc"
        return self.env["payment.transaction"].search(begun, order=order, limit=1)

    def _get_begun_text(self, begun):
        """Return what the customer is told of a payment in another window.

        :param begun: see `_get_begun`; None where there is none
        """
        if not begun:
            return None
        left = begun.last_state_change + TRYING - fields.Datetime.now()
        return self.env._(
            "A payment of %(invoice)s was begun a few minutes ago, perhaps in another "
            "window. Please finish it there, so that nothing is paid twice. If you "
            "have stopped it, you can pay here in %(minutes)s min.",
            invoice=self.display_name,
            minutes=max(ceil(left.total_seconds() / 60), 1),
        )

    def _get_payable_amount(self):
        """Return what the customer can pay now: what is due and not paid already. One
        record, as superuser.

        :return: in the invoice's currency; 0.0 if nothing is
        :rtype: float
        """
        if not self.is_open:
            return 0.0
        left = self.amount_due - sum(self._get_underway().values())
        return max(self.currency_id.round(left), 0.0)

    def _check_payable(self, amount, window=None):
        """Check that a payment that is about to begin is neither too much nor the
        second one. One record, as superuser.

        :param float amount: that the customer was shown, in the invoice's currency
        :param str window: see `_get_begun`
        :return: what is to be paid, rounded
        :raise ValidationError: if that is not what can be paid now
        """
        # Who pays in another window at this moment waits here, and then sees that
        # payment: a row that has changed meanwhile is read anew, in a new transaction.
        self.env.cr.execute(
            SQL("UPDATE xero_invoice SET id = id WHERE id = %s", self.id)
        )
        payable = self._get_payable_amount()
        if not payable:
            raise ValidationError(
                self.env._(
                    "Nothing is to be paid on %(invoice)s: it was paid already, or a "
                    "payment is on its way. Load the page again to see it.",
                    invoice=self.display_name,
                )
            )
        if not isfinite(amount) or self.currency_id.compare_amounts(amount, payable):
            raise ValidationError(
                self.env._(
                    "%(amount)s is to be paid on %(invoice)s by now. Load the page "
                    "again, then pay.",
                    amount=self.currency_id.format(payable),
                    invoice=self.display_name,
                )
            )
        if text := self._get_begun_text(self._get_begun(window)):
            raise ValidationError(text)
        return payable
