# Real transactions on purpose, outside the one that a test rolls back.
# pylint: disable=method-required-super,invalid-commit
"""Whatever makes an invoice, and whatever goes wrong: one in Xero, one in Odoo.

One order for each trigger, all of them in the same call to Xero, which fails.
"""

from unittest.mock import patch

from psycopg2 import OperationalError

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tests import tagged

from odoo.addons.xero_crm.const import INVOICE_TRIGGERS

from .common_parallel import LIMIT, RealTransactions

TRIGGERS = [trigger for trigger, _label in INVOICE_TRIGGERS]


@tagged("post_install", "-at_install")
class TestExactlyOnce(RealTransactions):
    # === THE ORDERS === #

    def _fill(self):
        with self.transaction() as env:
            lead = env["crm.lead"].create({"name": "Showroom", "type": "opportunity"})
            product = env["product.product"].browse(self.product.id)
            service = product.copy(
                {
                    "default_code": "SERVICE-1",
                    "type": "service",
                    "invoice_policy": "delivery",
                }
            )
            self.made = (lead, service)
            self.order_ids = {
                trigger: self._create_order(
                    confirm=False, xero_invoice_trigger=trigger, opportunity_id=lead.id
                ).id
                for trigger in TRIGGERS
            }
            delivered = env["sale.order"].browse(self.order_ids["delivery_done"])
            delivered.order_line.product_id = service

    def _delete(self):
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.invoice"].search([("connection_id", "=", connection.id)]).unlink()
            orders = env["sale.order"].browse(self.order_ids.values())
            orders._action_cancel()
            orders.unlink()
            lead, service = (record.with_env(env) for record in self.made)
            lead.unlink()
            links = env["xero.link"]._of(service, connection)
            links.unlink()
            service.unlink()
        return super()._delete()

    def fire(self, env):
        """Pull all triggers, each in its own way, in one transaction."""
        orders = {
            trigger: env["sale.order"].browse(order_id)
            for trigger, order_id in self.order_ids.items()
        }
        orders["quotation_signed"].signed_on = fields.Datetime.now()
        orders["on_date"].xero_invoice_date = fields.Date.today()
        env["sale.order"].union(*orders.values()).action_confirm()
        orders["delivery_done"].order_line.qty_delivered = 2
        orders["opportunity_won"].opportunity_id.action_set_won()
        env["sale.order"]._cron_xero_invoice_date()
        orders["manual"]._request_xero_invoice()
        env.cr.commit()

    def fire_and_push(self, env):
        self.fire(env)
        self.push(env)

    def click_all(self, env):
        """Click on each order again, whatever has made its invoice."""
        for order in env["sale.order"].browse(self.order_ids.values()):
            order.action_create_xero_invoice()
            env.cr.commit()

    # === WHAT CAME OF IT === #

    def assert_one_each(self):
        self.push_until_done()
        self.run_worker(self.side_by_side(1, self.click_all))
        self.push_until_done()
        with self.transaction() as env:
            orders = env["sale.order"].browse(self.order_ids.values())
            self.assertEqual(
                [len(order.xero_invoice_ids) for order in orders], [1] * len(TRIGGERS)
            )
            invoices = orders.xero_invoice_ids
            self.assertEqual(set(invoices.mapped("xero_id")), set(self.org.invoices))
            links = env["xero.link"]._of(invoices)
            self.assertEqual(set(links.mapped("state")), {"synced"})
            self.assertEqual(set(orders.mapped("invoice_status")), {"invoiced"})

    def work_under(self, kind, **options):
        self.xero.fail("PUT Invoices", kind, **options)
        self.run_worker(self.side_by_side(1, self.fire_and_push))
        self.xero.faults.remove()
        self.assert_one_each()

    # === FAULTS === #

    def test_time_out_before_the_work(self):
        self.work_under("timeout_before")

    def test_time_out_after_the_work(self):
        self.work_under("timeout_after")

    def test_failure_after_the_work(self):
        self.work_under("500_after")

    def test_unreadable_answer(self):
        self.work_under("truncated")

    def test_too_many_calls(self):
        self.work_under("429", retry_after=1)

    def test_one_refused_in_the_batch(self):
        self.xero.fail("PUT Invoices", "bad_element", index=2)
        self.run_worker(self.side_by_side(1, self.fire_and_push))
        self.assertEqual(len(self.org.invoices), len(TRIGGERS) - 1)
        self.assert_one_each()

    def kill_in(self, kind, seconds):
        self.xero.fail("PUT Invoices", kind, seconds=seconds)
        worker = self.start_worker(self.side_by_side(1, self.fire_and_push))
        self.wait_for_call("PUT Invoices")
        worker.kill()
        worker.join(LIMIT)
        self.assert_one_each()

    def test_killed_before_the_work(self):
        self.kill_in("timeout_before", 30)

    def test_killed_between_the_call_and_its_commit(self):
        self.kill_in("timeout_after", 30)

    def test_commit_that_fails_after_the_call(self):
        self.run_worker(self.side_by_side(1, self._push_with_failing_commit))
        self.assert_one_each()

    def _push_with_failing_commit(self, env):
        self.fire(env)
        gateway, answered, failed = type(env["xero.gateway"]), [], []
        commit, call = Cursor.commit, gateway._call

        def fail_once(cursor):
            if answered:
                failed.append(answered.pop())
                raise OperationalError("the connection to the database was lost")
            return commit(cursor)

        def note(self, connection, method, resource, *args, **kwargs):
            answer = call(self, connection, method, resource, *args, **kwargs)
            if (method, resource) == ("create", "Invoices"):
                answered.append(method)
            return answer

        with (
            patch.object(Cursor, "commit", fail_once),
            patch.object(gateway, "_call", note),
        ):
            self.push(env)
        assert failed, "No commit failed."

    def test_two_senders_and_clicks_at_once(self):
        self.xero.fail("PUT Invoices", "slow", seconds=0.5)
        self.run_worker(self.side_by_side(1, self.fire))
        self.run_worker(self.side_by_side(3, self.push))
        self.assert_one_each()
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)

    def test_fetched_before_the_answer_came(self):
        """As by a webhook that is quicker than the answer."""
        self.xero.fail("PUT Invoices", "timeout_after", seconds=3)
        worker = self.start_worker(self.side_by_side(1, self.fire_and_push))
        self.wait_for_call("PUT Invoices")
        while not self.org.invoices:
            worker.join(0.05)
        with self.transaction() as env:
            self.pull(env, "Invoices")
        worker.join(LIMIT)
        self.assert_one_each()
