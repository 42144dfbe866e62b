from math import isfinite

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


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
        paid_by = Domain("xero_invoice_ids", "in", self.ids)
        if self.order_id:
            paid_by |= Domain("sale_order_ids", "in", self.order_id.ids)
        found = self.env["payment.transaction"].search(
            Domain("state", "in", ("pending", "authorized", "done")) & paid_by
        )
        amounts = {
            transaction: transaction._get_underway(self) for transaction in found
        }
        return {
            transaction: amount for transaction, amount in amounts.items() if amount
        }

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

    def _check_payable(self, amount):
        """Check that a payment that is about to begin is neither too much nor the
        second one. One record, as superuser.

        :param float amount: that the customer was shown, in the invoice's currency
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
        return payable
