from odoo import models

from .sale_order_confirm import ONLINE


class PaymentTransaction(models.Model):
    """A payment is never lost because of the customer's account: what is paid in full
    is confirmed, what is paid in part may wait for a manager."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        online = self.with_context(**{ONLINE: True})
        confirmed = super(PaymentTransaction, online)._check_amount_and_confirm_order()
        # Customers whose order waits get the mail that their payment has come in.
        return confirmed.filtered(lambda order: order.state == "sale")
