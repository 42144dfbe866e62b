from datetime import timedelta

from odoo import fields, models

# So long a bank transfer that was announced keeps its customer from being reminded.
TRANSFER = timedelta(days=7)
# Of what was paid: not recorded on an invoice in Xero, and meant to be.
OPEN_PHASES = ("waiting", "asked", "rest")


class PaymentTransaction(models.Model):
    """Whether Xero knows of a payment already: who has paid is not reminded."""

    _inherit = "payment.transaction"

    def _filter_not_in_xero(self):
        """Return those of these transactions whose money is not in Xero yet: on its way
        to us, or to Xero, or paid in some way that Xero has heard nothing of.

        :return: `payment.transaction`
        """
        announced = fields.Datetime.now() - TRANSFER
        coming = self.filtered(
            lambda t: (
                t.state == "authorized"
                or t.state == "pending"
                and (t.provider_code != "custom" or t.last_state_change > announced)
            )
        )
        done = self.filtered(
            lambda t: t.state == "done" and t.is_live and t._moves_money()
        )
        requests = self.env["xero.payment.request"].search(
            [("transaction_id", "in", done.ids), ("phase", "!=", "closed")]
        )
        unsent = requests.filtered(
            lambda r: r.phase in OPEN_PHASES and r.state != "sent"
        )
        untold = (done - requests.transaction_id)._filter_not_booked()
        return coming | unsent.transaction_id | untold

    def _filter_not_booked(self):
        """Return those of these payments that are more than Xero has of payments on
        their invoices: nobody asked for them to be recorded."""
        missing = self.browse()
        for transaction in self:
            invoices = transaction._get_xero_invoices()
            same = self.filtered(lambda t, i=invoices: t._get_xero_invoices() & i)
            taken, booked = sum(same.mapped("amount")), invoices.mapped("amount_paid")
            if transaction.currency_id != invoices.currency_id:
                missing |= transaction
            elif invoices.currency_id.compare_amounts(taken, sum(booked)) > 0:
                missing |= transaction
        return missing
