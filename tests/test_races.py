# Real transactions on purpose, outside the one that a test rolls back.
# pylint: disable=invalid-commit
"""Two people, or a person and a worker, at the same record in the same moment."""

from odoo import fields
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.xero_push import LOCK_SPACE
from .common_parallel import LIMIT, RealTransactions

# Every clash is logged as an error there, though it is repeated and ends well.
CLASHES = ("odoo.sql_db", "odoo.service.model")


class RaceCase(RealTransactions):
    """A person acts while a worker's call to Xero, or another person's, is slow."""

    def while_slow(self, route, slow, quick, kind="slow"):
        """Begin `slow` in a process of its own; do `quick` when its call is in Xero.

        Both take an environment, and are done as a request does it.

        :return: what `quick` returned
        """
        self.xero.reset_calls()
        self.xero.fail(route, kind, seconds=1.5)
        worker = self.start_worker(
            self.side_by_side(1, lambda env: retrying(lambda: slow(env), env))
        )
        self.wait_for_call(route)
        with mute_logger(*CLASHES), self.transaction() as env:
            result = retrying(lambda: quick(env), env)
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 0)
        return result

    def get_partners(self, env, name):
        return env["res.partner"].search([("name", "=like", f"{name}%")])

    def delete_partners(self, name):
        with self.transaction() as env:
            self.get_partners(env, name).unlink()


@tagged("post_install", "-at_install")
class TestDecideAtOnce(RaceCase):
    def _fill(self):
        self.addCleanup(self.delete_partners, "Kowhai")
        self.contact = self.org.add_contact(
            Name="Kowhai Ltd", EmailAddress="office@kowhai.nz"
        )
        with self.transaction() as env:
            self.partner_ids = (
                env["res.partner"]
                .create(
                    [
                        {"name": f"Kowhai {name}", "email": "office@kowhai.nz"}
                        for name in ("Auckland", "Nelson")
                    ]
                )
                .ids
            )
            self.pull(env, "Contacts")
            self.match_id = self.get_match(env).id

    def get_match(self, env):
        return env["xero.match"].search([("connection_id", "=", self.connection_id)])

    def choose(self, env):
        match = self.get_match(env)
        match.partner_id = self.partner_ids[0]
        return match.action_confirm()

    def merge(self, env):
        wizard = env["xero.match.merge"].create(
            {
                "match_ids": [self.match_id],
                "partner_ids": self.partner_ids,
                "keep_id": self.partner_ids[1],
            }
        )
        return wizard.action_merge()["params"]["message"]

    def test_second_person_merges_nothing(self):
        said = self.while_slow("GET Contacts", self.choose, self.merge)
        self.assertEqual(said, "1 had been decided meanwhile.")
        with self.transaction() as env:
            self.assertEqual(self.get_partners(env, "Kowhai").ids, self.partner_ids)
            match = self.get_match(env)
            self.assertEqual(match.state, "linked")
            link = env["xero.link"].search([("xero_id", "=", match.xero_id)])
            self.assertEqual(link.res_id, self.partner_ids[0])

    def test_second_person_makes_no_second_customer(self):
        said = self.while_slow(
            "GET Contacts",
            self.choose,
            lambda env: self.get_match(env).action_create()["params"]["message"],
        )
        self.assertEqual(said, "1 had been decided meanwhile.")
        with self.transaction() as env:
            self.assertEqual(self.get_partners(env, "Kowhai").ids, self.partner_ids)

    def test_customer_is_deleted_while_it_is_matched(self):
        """Whoever deletes waits; the contact is matched, then stays away."""
        self.while_slow(
            "GET Contacts",
            self.choose,
            lambda env: env["res.partner"].browse(self.partner_ids[0]).unlink(),
        )
        with self.transaction() as env:
            self.pull(env, "Contacts")
            self.assertEqual(self.get_partners(env, "Kowhai").ids, self.partner_ids[1:])
            match = self.get_match(env)
            self.assertEqual(match.state, "linked")
            link = env["xero.link"].search([("xero_id", "=", match.xero_id)])
            self.assertEqual(link.res_id, self.partner_ids[0])


@tagged("post_install", "-at_install")
class TestDeletedDuringTheCall(RaceCase):
    def _fill(self):
        self.addCleanup(self.delete_partners, "Takahe")
        with self.transaction() as env:
            partner = env["res.partner"].create(
                {"name": "Takahe", "email": "takahe@example.com"}
            )
            self.partner_id = partner.id
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.link"]._ensure(connection, partner)

    def send(self, env):
        connection = env["xero.connection"].browse(self.connection_id)
        return env["xero.push"]._push(connection)

    def get_partner(self, env):
        return env["res.partner"].browse(self.partner_id)

    def get_link(self, env):
        return env["xero.link"]._of(self.get_partner(env))

    def assert_not_back(self, names=()):
        """A fetch of everything neither makes it anew, nor takes it for a stranger."""
        [contact] = self.org.contacts.values()
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.sync.cursor"]._reset(connection, ["Contacts"])
            self.pull(env, "Contacts")
            partners = self.get_partners(env, "Takahe")
            self.assertEqual(partners.mapped("name"), list(names))
            waiting = [("connection_id", "=", self.connection_id)]
            self.assertFalse(env["xero.match"].search(waiting))
            link = self.get_link(env)
            self.assertEqual(link.xero_id, contact["ContactID"])
            self.assertEqual(link.state, "synced")

    def test_customer(self):
        self.while_slow(
            "PUT Contacts", self.send, lambda env: self.get_partner(env).unlink()
        )
        self.assert_not_back()

    def test_customer_and_the_answer_is_lost(self):
        self.while_slow(
            "PUT Contacts",
            self.send,
            lambda env: self.get_partner(env).unlink(),
            kind="timeout_after",
        )
        self.push_until_done()
        self.assert_not_back()

    def test_link(self):
        self.while_slow(
            "PUT Contacts", self.send, lambda env: self.get_link(env).unlink()
        )
        self.assert_not_back(["Takahe"])

    def test_customer_cannot_be_merged_away(self):
        def merge(env):
            partner = self.get_partner(env)
            wizard = env["base.partner.merge.automatic.wizard"]
            other = partner.copy({"name": "Takahe Two"})
            with self.assertRaisesRegex(Exception, "just being sent"):
                wizard._merge((partner | other).ids, other)

        self.while_slow("PUT Contacts", self.send, merge)
        with self.transaction() as env:
            self.get_partners(env, "Takahe Two").unlink()
        self.assert_not_back(["Takahe"])


@tagged("post_install", "-at_install")
class TestOtherAtWork(RaceCase):
    """Who finds another worker sending comes back later, not in a busy loop."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._delete_triggers)
        self._delete_triggers()

    def _delete_triggers(self):
        with self.transaction() as env:
            self.get_triggers(env).unlink()

    def get_triggers(self, env, now=False):
        crons = env.ref("xero_crm.ir_cron_xero_pull") | env.ref(
            "xero_crm.ir_cron_xero_push"
        )
        domain = [("cron_id", "in", crons.ids)]
        if now:
            domain.append(("call_at", "<=", fields.Datetime.now()))
        return env["ir.cron.trigger"].search(domain)

    def start_run(self, env):
        connection = env["xero.connection"].browse(self.connection_id)
        customer = env["res.partner"].browse(self.customer.id)
        env["xero.link"]._ensure(connection, customer)
        env.cr.commit()
        return env["xero.sync.run"]._start(
            connection, ["Contacts"], push=True, pull=False
        )

    def test_run_waits_for_another_sender(self):
        with self.transaction() as other:
            other.cr.execute(
                "SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, self.connection_id]
            )
            with self.registry.cursor() as cr:
                run_id = self.start_run(other(cr=cr))["res_id"]
            with self.registry.cursor() as cr:
                env = other(cr=cr)
                run = env["xero.sync.run"].browse(run_id)
                self.assertEqual(run.state, "running")
                self.assertGreater(run.waits_until, fields.Datetime.now())
                self.assertIn("Another sync", run.message)
                self.assertFalse(self.get_triggers(env, now=True))
                self.assertTrue(self.get_triggers(env))
            other.cr.execute(
                "SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, self.connection_id]
            )
        with self.transaction() as env:
            run = env["xero.sync.run"].browse(run_id)
            run.busy_until = False
            run._continue()
            self.assertEqual((run.state, run.message), ("done", False))
            self.assertEqual((len(self.org.contacts), run.sent_count), (1, 1))

    def test_late_comer_is_sent_by_the_next_worker_at_once(self):
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            customer = env["res.partner"].browse(self.customer.id)
            first = env["xero.link"]._ensure(connection, customer)
            product = env["product.product"].browse(self.product.id)
            late = env["xero.link"]._ensure(connection, product)

        def send(among):
            def work(env):
                mine = env["xero.connection"].browse(self.connection_id)
                return env["xero.push"]._push(mine, among=among)

            return work

        done = self.while_slow("PUT Contacts", send(first.ids), send(late.ids))
        self.assertFalse(done)
        with self.transaction() as env:
            self.assertEqual(env["xero.link"].browse(late.id).state, "pending")
            self.assertTrue(self.get_triggers(env, now=True))
        self.push()
        with self.transaction() as env:
            self.assertEqual(env["xero.link"].browse(late.id).state, "synced")


@tagged("post_install", "-at_install")
class TestRunOfTheWizard(RaceCase):
    def test_full_run_is_made_beside_the_request_that_asks_for_it(self):
        """The run is committed by a cursor of its own, and the request's transaction,
        which began before, never sees it: nothing of it may refer to the run."""
        self.org.add_contacts(3)

        def run(env):
            wizard = env["xero.sync.wizard"].create(
                {
                    "connection_id": self.connection_id,
                    "mode": "full",
                    "sync_items": False,
                    "sync_invoices": False,
                }
            )
            return wizard.action_run()

        with self.transaction() as env:
            action = retrying(lambda: run(env), env)
        with self.transaction() as env:
            done = env["xero.sync.run"].search(
                [("connection_id", "=", self.connection_id)]
            )
            self.assertEqual(action["res_id"], done.id)
            self.assertEqual((done.state, done.created_count), ("done", 3))
            self.assertEqual(done.calls, 1)

    def test_preview_and_audit_are_shown_to_the_request_that_asks_for_them(self):
        self.org.add_contacts(3)

        def preview(env):
            wizard = env["xero.sync.wizard"].create(
                {"connection_id": self.connection_id, "sync_items": False}
            )
            env.cr.commit()
            return wizard.action_run()

        with self.transaction() as env:
            action = retrying(lambda: preview(env), env)
        self.assertEqual(action["context"]["search_default_moves"], 1)
        with self.transaction() as env:
            lines = env[action["res_model"]].search(action["domain"])
            self.assertEqual(lines.mapped("operation"), ["create"] * 3)
            audit = env["xero.audit"]._ensure(
                env["xero.connection"].browse(self.connection_id)
            )
            env.cr.commit()
            self.assertIs(retrying(audit.action_run, env), True)
        with self.transaction() as env:
            self.assertTrue(env["xero.audit"].browse(audit.id).run_at)

    def test_second_click_meanwhile_shows_the_same_run(self):
        self.org.add_contacts(3)

        def sync(env):
            connection = env["xero.connection"].browse(self.connection_id)
            return connection.action_sync()["res_id"]

        shown = self.while_slow("GET Contacts", sync, sync)
        with self.transaction() as env:
            run = env["xero.sync.run"].search(
                [("connection_id", "=", self.connection_id)]
            )
            self.assertEqual(shown, run.id)


@tagged("post_install", "-at_install")
class TestFetchAtOnce(RaceCase):
    def test_contact_that_two_fetch_at_once_is_there_once_and_no_error(self):
        self.addCleanup(self.delete_partners, "Kotare")
        contact = self.org.add_contact(Name="Kotare Ltd", EmailAddress="k@kotare.nz")

        def fetch(env):
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.pull"]._pull_records(
                connection, "Contacts", [contact["ContactID"]]
            )

        self.while_slow("GET Contacts", fetch, fetch)
        with self.transaction() as env:
            self.assertEqual(len(self.get_partners(env, "Kotare")), 1)
            log = env["xero.log"].search([("xero_id", "=", contact["ContactID"])])
            self.assertNotIn("error", log.mapped("state"))

    def test_invoice_that_two_fetch_at_once_is_there_once_and_no_error(self):
        made = self.org.add_invoice()

        def fetch(env):
            connection = env["xero.connection"].browse(self.connection_id)
            env["xero.pull"]._pull_records(connection, "Invoices", [made["InvoiceID"]])

        self.while_slow("GET Invoices", fetch, fetch)
        with self.transaction() as env:
            mirrored = [("xero_id", "=", made["InvoiceID"])]
            self.assertEqual(len(env["xero.invoice"].search(mirrored)), 1)
            log = env["xero.log"].search(mirrored)
            self.assertNotIn("error", log.mapped("state"))
