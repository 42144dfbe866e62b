"""Customers who pay the same invoice in several windows at the same moment."""

import contextlib
import time
import uuid

from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from odoo.tests import tagged

from .common_money import MoneyMixin
from .common_parallel import RealTransactions


@tagged("post_install", "-at_install")
class TestPortalParallel(MoneyMixin, RealTransactions):
    def _fill(self):
        """Have an approved invoice, and a provider that takes the money at once."""
        with self.transaction() as env:
            invoice = env["xero.invoice"].create(
                {
                    "connection_id": self.connection_id,
                    "xero_id": "00000000-0000-4000-8002-000000000777",
                    "number": "INV-0777",
                    "status": "authorised",
                    "partner_id": self.customer.id,
                    "currency_id": env.company.currency_id.id,
                    "amount_total": 575.0,
                    "amount_due": 575.0,
                }
            )
            provider = self.make_provider(env, state="test")
            self.invoice_id, self.provider_id = invoice.id, provider.id

    def _delete(self):
        with self.transaction() as env:
            provider = env["payment.provider"].browse(self.provider_id)
            mine = [("provider_id", "=", provider.id)]
            env["payment.transaction"].search(mine).unlink()
            provider.unlink()
        return super()._delete()

    def pay(self, env):
        """Press Pay with a saved card, as a request does it."""
        invoice = env["xero.invoice"].browse(self.invoice_id)
        provider = env["payment.provider"].browse(self.provider_id)

        def begin():
            amount = invoice._check_payable(575.0)
            time.sleep(0.2)
            self.make_transaction(
                provider,
                amount,
                invoices=invoice,
                state="draft",  # it goes on at the provider
                # Not the same: that alone would keep one of them out.
                reference=f"INV-0777-{uuid.uuid4()}",
            )

        with contextlib.suppress(ValidationError):  # late: somebody else pays
            retrying(begin, env)

    def test_clicks_at_once_pay_once(self):
        self.run_worker(self.side_by_side(4, self.pay))
        with self.transaction() as env:
            transactions = env["payment.transaction"].search(
                [("provider_id", "=", self.provider_id)]
            )
            self.assertEqual(transactions.mapped("amount"), [575.0])
