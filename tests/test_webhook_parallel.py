"""Webhooks in real transactions: several at once, and a worker that dies at work."""

from odoo import fields
from odoo.service.model import retrying
from odoo.tests import tagged

from ..xero_api import sign
from .common import CLIENT_ID
from .common_parallel import LIMIT, RealTransactions
from .common_webhook import KEY

AT_ONCE = 6


@tagged("post_install", "-at_install")
class TestWebhooksAtOnce(RealTransactions):
    def _fill(self):
        app = self.xero.oauth.apps[CLIENT_ID]
        app.webhook_url, app.webhook_key = "http://localhost/xero_crm/webhook", KEY
        self.addCleanup(setattr, app, "webhook_url", "")
        with self.transaction() as env:
            env["xero.connection"].browse(self.connection_id).webhook_key = KEY
            self._forget_triggers(env)
        contact = self.org.add_contact(Name="Kauri Builders")
        self.invoices = [self.org.add_invoice(contact, 100) for _n in range(50)]
        self.body = self.xero.webhooks.body(
            CLIENT_ID, self.xero.webhooks.pending(CLIENT_ID)
        )

    def _delete(self):
        with self.transaction() as env:
            self._forget_triggers(env)
        return super()._delete()

    def _forget_triggers(self, env):
        env["ir.cron.trigger"].search([("cron_id", "=", self.cron_id(env))]).unlink()

    def cron_id(self, env):
        return env.ref("xero_crm.ir_cron_xero_webhook").id

    def receive(self, env):
        """Take the webhook in, as a request does."""
        inbox = env["xero.webhook.event"]
        retrying(lambda: inbox._receive(self.body, sign(self.body, KEY)), env)

    def work(self, env):
        env["xero.webhook.event"]._work_due(
            env["xero.connection"].browse(self.connection_id)
        )

    def read_state(self):
        """Return the states of the events and how many invoices are mirrored."""
        mine = [("connection_id", "=", self.connection_id)]
        with self.transaction() as env:
            states = env["xero.webhook.event"].search(mine).mapped("state")
            return states, env["xero.invoice"].search_count(mine)

    def count_triggers(self, env):
        due = [
            ("cron_id", "=", self.cron_id(env)),
            ("call_at", "<=", fields.Datetime.now()),
        ]
        return env["ir.cron.trigger"].search_count(due)

    def test_same_webhook_at_once_is_kept_once(self):
        self.run_worker(self.side_by_side(AT_ONCE, self.receive))
        states, _count = self.read_state()
        self.assertEqual(states, ["waiting"] * (len(self.invoices) + 1))
        with self.transaction() as env:
            self.assertIn(self.count_triggers(env), range(1, AT_ONCE + 1))

    def test_two_workers_at_once_fetch_nothing_twice(self):
        with self.transaction() as env:
            self.receive(env)
        self.xero.reset_calls()
        self.xero.fail("GET *", "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(2, self.work))
        states, count = self.read_state()
        self.assertEqual(set(states), {"done"})
        self.assertEqual(count, len(self.invoices))
        self.assertEqual(self.xero.calls["GET Invoices"], 2)

    def test_killed_while_xero_is_asked(self):
        with self.transaction() as env:
            self.receive(env)
        self.xero.reset_calls()
        self.xero.fail("GET Invoices", "slow", seconds=30)
        worker = self.start_worker(self.side_by_side(1, self.work))
        self.wait_for_call("GET Invoices")
        worker.kill()
        worker.join(LIMIT)
        states, count = self.read_state()
        self.assertEqual(states.count("waiting"), len(self.invoices))
        self.assertEqual(count, 0)
        self.run_worker(self.side_by_side(1, self.work))
        states, count = self.read_state()
        self.assertEqual(set(states), {"done"})
        self.assertEqual(count, len(self.invoices))

    def test_trigger_that_a_worker_has_taken_does_not_count(self):
        """The worker has looked already: who comes now wakes it once more."""
        with self.transaction() as env:
            self.receive(env)
            self.assertEqual(self.count_triggers(env), 1)
            cron_id = self.cron_id(env)
        with self.registry.cursor() as taken:
            taken.execute("DELETE FROM ir_cron_trigger WHERE cron_id = %s", [cron_id])
            with self.transaction() as env:
                env["xero.webhook.event"]._wake_cheaply()
        with self.transaction() as env:
            self.assertEqual(self.count_triggers(env), 1)
            env["xero.webhook.event"]._wake_cheaply()
            self.assertEqual(self.count_triggers(env), 1)
