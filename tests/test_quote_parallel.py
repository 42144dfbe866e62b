"""Quotes with workers side by side, and workers that die at work."""

import time

from odoo.service.model import retrying
from odoo.tests import tagged

from .common_parallel import LIMIT, RealTransactions


@tagged("post_install", "-at_install")
class TestQuoteParallel(RealTransactions):
    def _fill(self):
        with self.transaction() as env:
            order = env["sale.order"].browse(self.order_id)
            order._action_cancel()
            order.action_draft()

    def _delete(self):
        with self.transaction() as env:
            mine = [("connection_id", "=", self.connection_id)]
            env["xero.quote"].search(mine).unlink()
        return super()._delete()

    def click(self, env):
        """A click on Send to Xero as Quote, as a request does it."""
        order = env["sale.order"].browse(self.order_id)
        retrying(order.action_create_xero_quote, env)

    def assert_one_quote(self, total=None):
        [wire] = self.org.quotes.values()
        with self.transaction() as env:
            quote = env["sale.order"].browse(self.order_id).xero_quote_ids
            self.assertEqual(len(quote), 1)
            self.assertEqual(quote.xero_id, wire["QuoteID"])
            link = env["xero.link"]._of(quote)
            self.assertEqual((link.state, link.xero_id), ("synced", quote.xero_id))
            self.assertFalse(quote.is_edited)
        self.assertEqual(float(wire["Total"]), total or 575.0)

    def test_ten_clicks_at_once_make_one_quote(self):
        self.xero.fail("PUT Quotes", "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(10, self.click))
        self.push_until_done()
        self.assert_one_quote()
        self.assertEqual(self.xero.calls["PUT Quotes"], 1)

    def kill_worker_in(self, route, kind, seconds, work=None):
        """Let a worker die by SIGKILL while Xero has its call."""
        self.xero.fail(route, kind, seconds=seconds)
        worker = self.start_worker(self.side_by_side(1, work or self.click))
        self.wait_for_call(route)
        worker.kill()
        worker.join(LIMIT)

    def test_killed_before_xero_did_the_work(self):
        self.kill_worker_in("PUT Quotes", "timeout_before", 30)
        self.push_until_done()
        self.assert_one_quote()

    def test_killed_while_xero_is_at_work(self):
        self.kill_worker_in("PUT Quotes", "slow", 2)
        self.push_until_done()
        time.sleep(2)
        self.assert_one_quote()

    def test_killed_after_xero_did_the_work(self):
        self.kill_worker_in("PUT Quotes", "timeout_after", 30)
        self.push_until_done()
        self.assert_one_quote()
        self.assertEqual(self.xero.calls["PUT Quotes"], 1)

    def change_quantity(self, quantity):
        with self.transaction() as env:
            line = env["sale.order"].browse(self.order_id).order_line
            line.product_uom_qty = quantity

    def test_killed_during_a_revision(self):
        self.run_worker(self.side_by_side(1, self.click))
        self.change_quantity(3)
        self.kill_worker_in("POST Quotes", "timeout_after", 30, self.push)
        self.push_until_done()
        self.assert_one_quote(862.5)

    def test_change_during_the_call_is_sent_as_well(self):
        self.xero.fail("PUT Quotes", "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self.click))
        self.wait_for_call("PUT Quotes")
        self.change_quantity(3)
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)
        self.push_until_done()
        self.assert_one_quote(862.5)

    def test_two_senders_at_once_send_a_revision_once(self):
        self.run_worker(self.side_by_side(1, self.click))
        self.change_quantity(3)
        self.xero.fail("POST Quotes", "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(2, self.push))
        self.push_until_done()
        self.assert_one_quote(862.5)
        self.assertEqual(self.xero.calls["POST Quotes"], 1)
