"""Mails to customers with real workers: side by side, and killed at work."""

import contextlib
import time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from .common_parallel import LIMIT, RealTransactions

ROUTE = "POST Invoices/Email"


@tagged("post_install", "-at_install")
class TestEmailParallel(RealTransactions):
    def _fill(self):
        """Have an approved invoice in Xero."""
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            connection.write({"invoice_status": "authorised", "history_note": False})
        self.run_worker(self.side_by_side(1, self.click))
        self.push_until_done()

    def send(self, env):
        """A click on Send, as a request does it."""
        order = env["sale.order"].browse(self.order_id)
        with contextlib.suppress(UserError):  # late: it was sent already
            retrying(order.xero_invoice_ids.action_send, env)

    def work_until_done(self):
        """Do what waits; a worker that was killed frees its lock soon."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                connection = env["xero.connection"].browse(self.connection_id)
                env["xero.invoice.task"]._work(connection)
            with self.transaction() as env:
                tasks = env["xero.invoice.task"].search(
                    [("connection_id", "=", self.connection_id)]
                )
                waiting = tasks.filtered(lambda task: task.state != "done")
                if tasks and not waiting:
                    return
                waiting.write({"next_try": False})
            time.sleep(0.1)
        self.fail("Some mail still waits.")

    def assert_one_mail(self):
        self.assertEqual(len(self.org.emails), 1)
        with self.transaction() as env:
            invoice = env["sale.order"].browse(self.order_id).xero_invoice_ids
            self.assertEqual(invoice.email_state, "sent")
            self.assertEqual(len(invoice.task_ids), 1)

    def test_clicks_at_once_send_one_mail(self):
        self.xero.fail(ROUTE, "slow", times=None, seconds=0.5)
        self.run_worker(self.side_by_side(5, self.send))
        self.work_until_done()
        self.assert_one_mail()
        self.assertEqual(self.xero.calls[ROUTE], 1)

    def test_worker_that_is_killed_during_the_call(self):
        self.xero.fail(ROUTE, "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self.send))
        self.wait_for_call(ROUTE)
        worker.kill()
        worker.join(LIMIT)
        with self.transaction() as env:
            task = env["xero.invoice.task"].search([])
            self.assertEqual(task.state, "sending", "committed before the call")
        deadline = time.monotonic() + LIMIT
        while not self.org.emails and time.monotonic() < deadline:
            time.sleep(0.05)  # Xero goes on with what it was asked for
        self.work_until_done()
        self.assert_one_mail()
        self.assertEqual(self.xero.calls[ROUTE], 1)
