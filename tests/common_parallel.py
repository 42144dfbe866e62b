# Real transactions on purpose, outside the one that a test rolls back.
# pylint: disable=method-required-super,invalid-commit
"""What tests of workers side by side, and of workers that die, share.

Odoo's test cursors hide what happens between transactions. Here the data is committed,
the workers are processes and threads of their own, as in production, and all that was
made is deleted at the end.
"""

import logging
import multiprocessing
import threading
import time
import warnings
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, modules, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name

from .common import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, XeroCommonMixin, get_server

PARAMETERS = ["xero_crm.login_url", "xero_crm.identity_url", "xero_crm.api_url"]
LIMIT = 30  # seconds that a worker may take


class RealTransactions(XeroCommonMixin, BaseCase):
    """An order, its customer and its connection, committed."""

    @classmethod
    def setUpClass(cls):
        # Not the mixin's: that puts the registry into test mode.
        BaseCase.setUpClass.__func__(cls)
        cls.registry = Registry(get_db_name())
        cls.server = get_server()
        cls.xero = cls.server.xero
        cls.xero.add_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI])

    def setUp(self):
        BaseCase.setUp(self)
        self.addCleanup(self._delete)
        self._start_anew()

    def _start_anew(self):
        """Make a new organisation, and all that is in Odoo."""
        self.xero.reset()
        self.org = self.xero.add_organisation("Demo Company (NZ)")
        with self.transaction():
            parameters = self.env["ir.config_parameter"].sudo()
            self.parameters = {name: parameters.get_param(name) for name in PARAMETERS}
            self.base_url = parameters.get_param("web.base.url")
            self._set_urls()
            connection = self._connect(self.org, self.env.company, sequence=-1)
            type(self).connection = connection
            self.connection_id = connection.id
            self._create_documents()
            pull = self.env["xero.pull"]
            pull._pull_in_transaction(connection, ["Accounts", "TaxRates"])
            self._map_tax(connection)
            self.order_id = self._create_order().id
            self.env.cr.commit()
        self._fill()
        self.xero.reset_calls()

    def _fill(self):
        """Make more on both sides, where a test needs it."""

    @contextmanager
    def transaction(self):
        """A cursor of its own, committed; `self.env` is its environment."""
        with self.registry.cursor() as cr:
            type(self).env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            yield self.env

    def _delete(self):
        """Delete what the test made, and what it made others make."""
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            links = env["xero.link"].search([("connection_id", "=", connection.id)])
            linked = {
                model: set(mine.mapped("res_id"))
                for model, mine in links.grouped("res_model").items()
            }
            partner_ids = linked.get("res.partner", set()) | {self.customer.id}
            product_ids = linked.get("product.product", set()) | {self.product.id}
            env["xero.invoice"].search([("connection_id", "=", connection.id)]).unlink()
            order = env["sale.order"].browse(self.order_id)
            order._action_cancel()
            order.unlink()
            connection.state = "draft"
            connection.unlink()
            env["product.product"].browse(product_ids).exists().unlink()
            env["res.partner"].browse(partner_ids).exists().unlink()
            env["account.tax"].browse(self.tax.id).unlink()
            parameters = env["ir.config_parameter"]
            for name, value in self.parameters.items():
                parameters.set_param(name, value)
            parameters.set_param("web.base.url", self.base_url)

    # === WORKERS === #

    def start_worker(self, work):
        """Start a process that works as in production, and return it."""
        # Odoo's bus, which a browser test may have started, loses its connection with
        # the others, says so, and opens another.
        logging.getLogger("odoo.addons.bus.models.bus").setLevel(logging.CRITICAL)
        sql_db.close_all()  # a child must not share connections with us
        with warnings.catch_warnings():
            # Python 3.12 warns of the threads of the simulated Xero, which lie idle.
            warnings.simplefilter("ignore", DeprecationWarning)
            worker = multiprocessing.get_context("fork").Process(
                target=self._be_worker, args=[work]
            )
            worker.start()
        self.addCleanup(worker.kill)
        return worker

    def _be_worker(self, work):
        modules.module.current_test = None
        # Held by the parent's main thread, which runs the tests while it loads.
        Registry._lock = threading.RLock()
        # Every clash is logged as an error, though it is repeated and ends well.
        logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
        work()

    def run_worker(self, work):
        """Run work in a process of its own, to its good end."""
        worker = self.start_worker(work)
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)

    def side_by_side(self, count, work):
        """Return work for a process: the same, in several threads at once."""

        def run(barrier, errors):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    barrier.wait(LIMIT)
                    work(env)
            except BaseException as error:
                errors.append(error)
                raise

        def main():
            barrier, errors = threading.Barrier(count), []
            threads = [
                threading.Thread(target=run, args=[barrier, errors])
                for _number in range(count)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(LIMIT)
            if errors:
                raise errors[0]

        return main

    def click(self, env):
        """A click on Create Xero Invoice, as a request does it."""
        order = env["sale.order"].browse(self.order_id)
        retrying(order.action_create_xero_invoice, env)

    def push(self, env=None):
        """Send what waits, as the scheduled action does."""
        with self.registry.cursor() as cr:
            env = env or api.Environment(cr, SUPERUSER_ID, {})
            connection = env["xero.connection"].browse(self.connection_id)
            return env["xero.push"]._push(connection)

    def pull(self, env, *resources):
        connection = env["xero.connection"].browse(self.connection_id)
        env["xero.pull"]._pull(connection, resources)

    def push_until_done(self):
        """Send until nothing waits; a worker that was killed frees its lock soon."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            self.push()
            with self.transaction() as env:
                links = env["xero.link"].search(
                    [
                        ("connection_id", "=", self.connection_id),
                        ("state", "in", ("pending", "sending")),
                    ]
                )
                if not links:
                    return
                links.write({"next_try": False})
            time.sleep(0.1)
        self.fail("Some records still wait.")

    def wait_for_call(self, route):
        """Wait until a worker's call has reached Xero."""
        deadline = time.monotonic() + LIMIT
        while not self.xero.calls[route] and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertTrue(self.xero.calls[route])

    # === WHAT CAME OF IT === #

    def assert_one_invoice(self):
        self.assertEqual(len(self.org.contacts), 1)
        self.assertEqual(len(self.org.items), 1)
        self.assertEqual(len(self.org.invoices), 1)
        with self.transaction() as env:
            invoice = env["sale.order"].browse(self.order_id).xero_invoice_ids
            self.assertEqual(len(invoice), 1)
            self.assertIn(invoice.xero_id, self.org.invoices)
            link = env["xero.link"]._of(invoice)
            self.assertEqual((link.state, link.xero_id), ("synced", invoice.xero_id))
