"""Online payments by workers that die, and by two at once, in real transactions."""

import time

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from .common_money import MoneyMixin
from .common_parallel import LIMIT, RealTransactions

PUT = "PUT Payments"


@tagged("post_install", "-at_install")
class TestMoneyParallel(MoneyMixin, RealTransactions):
    def _fill(self):
        """The order is invoiced; a customer is about to pay it."""
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            connection.invoice_status = "authorised"
            self.set_accounts(connection)
            order = env["sale.order"].browse(self.order_id)
            order.action_create_xero_invoice()
            env.cr.commit()  # pylint: disable=invalid-commit
        self.push_until_done()
        with self.transaction() as env:
            provider = self.make_provider(env)
            order = env["sale.order"].browse(self.order_id)
            self.transaction_id = self.make_transaction(provider, 575, [order]).id

    def _delete(self):
        with self.transaction() as env:
            paid = env["payment.transaction"].browse(self.transaction_id)
            requests = self.requests_of(paid)
            env["xero.link"]._of(requests).unlink()
            requests.unlink()
            provider = paid.provider_id
            paid.unlink()
            provider.unlink()
        return super()._delete()

    def settle(self, env):
        """The provider tells that it is paid."""
        env["payment.transaction"].browse(self.transaction_id)._set_done()
        env.cr.commit()  # pylint: disable=invalid-commit

    def settle_and_push(self, env):
        self.settle(env)
        self.push(env)

    def assert_paid_once(self):
        self.push_until_done()
        [payment] = self.org.payments.values()
        self.assertEqual(payment["Amount"], 575)
        with self.transaction() as env:
            paid = env["payment.transaction"].browse(self.transaction_id)
            self.assertEqual(self.requests_of(paid).mapped("state"), ["sent"])
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.xero_payment_status, "paid")

    def push_beside(self, env):
        self.push(env)

    def test_two_workers_at_once(self):
        with self.transaction() as env:
            self.settle(env)
        self.xero.fail(PUT, "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(2, self.push_beside))
        self.assert_paid_once()

    def test_killed_while_xero_has_the_call(self):
        self.xero.fail(PUT, "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self.settle_and_push))
        self.wait_for_call(PUT)
        worker.kill()
        worker.join(LIMIT)
        self.push()  # Xero is still at it
        time.sleep(1)
        self.assert_paid_once()

    def test_told_by_a_fetch_before_the_answer(self):
        """The payment's own webhook is quicker than the call that made it."""
        self.xero.fail(PUT, "slow", seconds=0.7)
        worker = self.start_worker(self.side_by_side(1, self.settle_and_push))
        self.wait_for_call(PUT)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.pull(env, "Invoices")
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.pull(env, "Invoices")
        self.assert_paid_once()
