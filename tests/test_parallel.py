# Real transactions on purpose, outside the one that a test rolls back.
# pylint: disable=method-required-super,invalid-commit
"""Workers side by side and workers that die, in real transactions.

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
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, modules, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

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
        self.xero.reset()
        self.org = self.xero.add_organisation("Demo Company (NZ)")
        self.addCleanup(self._delete)
        with self.transaction():
            parameters = self.env["ir.config_parameter"].sudo()
            self.parameters = {name: parameters.get_param(name) for name in PARAMETERS}
            self.base_url = parameters.get_param("web.base.url")
            self._set_urls()
            connection = self._connect(self.org, self.env.company, sequence=-1)
            type(self).connection = connection
            self.connection_id = connection.id
            self._create_documents()
            self._map(connection)
            self.order_id = self._create_order().id
            self.env.cr.commit()
        self.xero.reset_calls()

    @contextmanager
    def transaction(self):
        """A cursor of its own, committed; `self.env` is its environment."""
        with self.registry.cursor() as cr:
            type(self).env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            yield self.env

    def _map(self, connection):
        self.env["xero.pull"]._pull_in_transaction(connection, ["Accounts", "TaxRates"])
        connection._set_defaults()
        rate = connection.tax_rate_ids.filtered(lambda r: r.tax_type == "OUTPUT2")
        row = connection.tax_map_ids.filtered(lambda r: r.tax_id == self.tax)
        if row:
            row.tax_rate_id = rate
        else:
            connection.tax_map_ids.create(
                {
                    "connection_id": connection.id,
                    "tax_id": self.tax.id,
                    "tax_rate_id": rate.id,
                }
            )

    def _delete(self):
        """Delete what the test made, and what it made others make."""
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            partners = env["xero.link"].search(
                [
                    ("connection_id", "=", connection.id),
                    ("res_model", "=", "res.partner"),
                ]
            )
            partner_ids = set(partners.mapped("res_id")) | {self.customer.id}
            env["xero.invoice"].search([("connection_id", "=", connection.id)]).unlink()
            order = env["sale.order"].browse(self.order_id)
            order._action_cancel()
            order.unlink()
            connection.state = "draft"
            connection.unlink()
            env["product.product"].browse(self.product.id).unlink()
            env["res.partner"].browse(partner_ids).exists().unlink()
            env["account.tax"].browse(self.tax.id).unlink()
            parameters = env["ir.config_parameter"]
            for name, value in self.parameters.items():
                parameters.set_param(name, value)
            parameters.set_param("web.base.url", self.base_url)

    # === WORKERS === #

    def start_worker(self, work):
        """Start a process that works as in production, and return it."""
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


@tagged("post_install", "-at_install")
class TestParallel(RealTransactions):
    def test_ten_clicks_at_once_make_one_invoice(self):
        self.xero.fail("PUT Invoices", "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(10, self.click))
        self.push_until_done()
        self.assert_one_invoice()
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)

    def test_two_senders_at_once_send_nothing_twice(self):
        with self.transaction() as env:
            partners = env["res.partner"].create(
                [{"name": f"Takahe {number}"} for number in range(20)]
            )
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.link"]._ensure(connection, partners)
        self.xero.fail("PUT Contacts", "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(2, self.push))
        self.assertEqual(self.xero.calls["PUT Contacts"], 1)
        self.assertEqual(len(self.org.contacts), 20)
        with self.transaction() as env:
            links = env["xero.link"].search(
                [("connection_id", "=", self.connection_id)]
            )
            self.assertEqual(links.mapped("state"), ["synced"] * 20)

    def test_two_fetchers_at_once_make_nothing_twice(self):
        self.org.add_contacts(50)
        with patch("odoo.addons.xero_crm.models.xero_pull.PAGE_SIZE", 10):
            self.run_worker(self.side_by_side(2, self._pull_contacts))
        with self.transaction() as env:
            emails = [("email", "=like", "customer0%@example.com")]
            self.assertEqual(env["res.partner"].search_count(emails), 50)
            links = env["xero.link"].search(
                [("connection_id", "=", self.connection_id)]
            )
            self.assertEqual(len(links), 50)

    def _pull_contacts(self, env):
        self.pull(env, "Contacts")

    def test_change_during_the_call_is_sent_as_well(self):
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            customer = env["res.partner"].browse(self.customer.id)
            env["xero.link"]._ensure(connection, customer)
        self.xero.fail("PUT Contacts", "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self.push))
        self.wait_for_call("PUT Contacts")
        with self.transaction() as env:
            env["res.partner"].browse(self.customer.id).email = "new@kauri.example.com"
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)
        self.push_until_done()
        [contact] = self.org.contacts.values()
        self.assertEqual(contact["EmailAddress"], "new@kauri.example.com")

    def test_fetcher_and_a_person_change_the_same_customer(self):
        """The page is done again; both changes stand."""
        contact = self.org.add_contact(
            Name="Kauri Builders", EmailAddress="accounts@kauri.example.com"
        )
        with self.transaction() as env:
            self.pull(env, "Contacts")
        self.org.update(
            "Contacts",
            ContactID=contact["ContactID"],
            EmailAddress="new@kauri.example.com",
        )
        self.xero.reset_calls()
        self.xero.fail("GET Contacts", "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self._pull_contacts))
        self.wait_for_call("GET Contacts")
        with self.transaction() as env:
            env["res.partner"].browse(self.customer.id).city = "Hamilton"
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)
        with self.transaction() as env:
            partner = env["res.partner"].browse(self.customer.id)
            self.assertEqual(partner.city, "Hamilton")
            self.assertEqual(partner.email, "new@kauri.example.com")
            self.assertEqual(env["xero.link"]._of(partner).state, "pending")


@tagged("post_install", "-at_install")
class TestKilledWorker(RealTransactions):
    def kill_worker_in(self, route, kind, seconds):
        """Let a click's worker die by SIGKILL while Xero has its call."""
        self.xero.fail(route, kind, seconds=seconds)
        worker = self.start_worker(self.side_by_side(1, self.click))
        self.wait_for_call(route)
        worker.kill()
        worker.join(LIMIT)

    def test_killed_before_xero_did_the_work(self):
        for route in ("PUT Contacts", "PUT Invoices"):
            self.kill_worker_in(route, "timeout_before", 30)
            self.xero.reset_calls()
        self.push_until_done()
        self.assert_one_invoice()

    def test_killed_while_xero_is_at_work(self):
        """Sent again under the same key before the first call is done."""
        self.kill_worker_in("PUT Invoices", "slow", 2)
        self.push_until_done()
        time.sleep(2)
        self.assert_one_invoice()
        self.assertEqual(self.xero.calls["PUT Invoices"], 2)

    def test_killed_after_xero_did_the_work(self):
        self.kill_worker_in("PUT Invoices", "timeout_after", 30)
        self.push_until_done()
        self.assert_one_invoice()
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)
