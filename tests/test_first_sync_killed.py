"""A first sync whose worker is killed again and again ends as an undisturbed one."""

import random
import time
from collections import Counter
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ..const import PULL_MODELS
from .common_parallel import LIMIT, RealTransactions

MODULE = "odoo.addons.xero_crm.models"
PAGE = 10
KILLS = 10


@tagged("post_install", "-at_install")
class TestFirstSyncKilled(RealTransactions):
    def _fill(self):
        """Both sides have customers: 60 the same, 60 in Xero and 60 in Odoo alone."""
        contacts = self.org.add_contacts(120, "Kea")
        for number in range(1, 31):
            self.org.add_item(Code=f"ITEM-{number}", Name=f"Item {number}")
            invoice = self.org.add_invoice(contacts[number], 100, Status="AUTHORISED")
            if number % 3 == 0:
                self.org.pay(invoice, 40)
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            partners = env["res.partner"].create(
                [
                    {"name": f"Ours {number}", "email": f"kea{number:05d}@example.com"}
                    for number in range(1, 61)
                ]
                + [
                    {"name": f"New {number}", "email": f"new{number}@example.com"}
                    for number in range(60)
                ]
            )
            env["xero.link"]._ensure(connection, partners[60:])

    def sync(self):
        """Fetch everything, then send what waits, as a run does."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.pull"]._pull(connection, PULL_MODELS)
            env["xero.push"]._push(connection)

    def small_steps(self):
        """Many pages and many batches, as a long sync has."""
        for name, value in (
            ("xero_pull.PAGE_SIZE", PAGE),
            ("xero_link_outbox.BATCH_SIZE", PAGE),
        ):
            patcher = patch(f"{MODULE}.{name}", value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def kill_at_random(self, rng):
        """Start a worker and kill it somewhere in its next few calls.

        :return: whether it was killed; else it came to its end
        """
        calls = sum(self.xero.calls.values()) + rng.randint(1, 4)
        worker = self.start_worker(self.sync)
        deadline = time.monotonic() + LIMIT
        while sum(self.xero.calls.values()) < calls and worker.is_alive():
            self.assertLess(time.monotonic(), deadline, "The worker hangs.")
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.2))
        worker.kill()
        worker.join(LIMIT)
        return worker.exitcode != 0

    def finish(self):
        """Sync on as the scheduled actions do, until all is done."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            # A transaction of a killed worker ends when the database notices.
            self.run_worker(self.sync)
            with self.transaction() as env:
                mine = [("connection_id", "=", self.connection_id)]
                cursors = env["xero.sync.cursor"].search(mine)
                due = [("state", "in", ("pending", "sending"))]
                waiting = env["xero.link"].search(mine + due)
                waiting.next_try = False
                if not waiting and all(cursors.mapped("is_complete")):
                    return
        self.fail("The sync comes to no end.")

    def read_everything(self):
        """Return what both sides hold, by names: ids differ from sync to sync."""
        with self.transaction() as env:
            mine = [("connection_id", "=", self.connection_id)]
            links = env["xero.link"].search(mine, order="res_model, res_id")
            invoices = env["xero.invoice"].search(mine)
            emails = [("email", "=like", "%@example.com")]
            return {
                "partners": Counter(env["res.partner"].search(emails).mapped("name")),
                "links": sorted(
                    (link.resource, link.record_name, link.state, str(link.base))
                    for link in links
                ),
                "linked to": sorted(
                    self.org.contacts[link.xero_id]["Name"]
                    for link in links
                    if link.resource == "Contacts"
                ),
                "contacts": Counter(c["Name"] for c in self.org.contacts.values()),
                "products": env["product.product"].search_count(
                    [("default_code", "=like", "ITEM-%")]
                ),
                "invoices": sorted(
                    (
                        i.number,
                        i.status,
                        i.amount_due,
                        i.partner_id.name,
                        len(i.line_ids),
                    )
                    for i in invoices
                ),
                "payments": sorted(invoices.payment_ids.mapped("amount")),
            }

    def test_ten_kills_at_random_moments_change_nothing_in_the_end(self):
        self.small_steps()
        self.run_worker(self.sync)
        undisturbed = self.read_everything()
        self.assertEqual(sum(undisturbed["contacts"].values()), 180)
        self.assertEqual(len(undisturbed["invoices"]), 30)
        self._delete()
        self._start_anew()
        rng = random.Random(19)
        kills = sum(self.kill_at_random(rng) for _attempt in range(KILLS))
        self.assertEqual(kills, KILLS, "A worker was done before it could be killed.")
        self.finish()
        self.maxDiff = None
        self.assertEqual(self.read_everything(), undisturbed)
