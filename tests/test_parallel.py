"""Workers side by side, and workers that die at work, in real transactions."""

import time
from unittest.mock import patch

from odoo.tests import tagged

from .common_parallel import LIMIT, RealTransactions


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
