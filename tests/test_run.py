"""Runs: one at a time, waiting, killed, told."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_wizard import WizardCase

WORK = "odoo.addons.xero_crm.models.xero_sync_run_work"


@tagged("post_install", "-at_install")
class TestRun(WizardCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch("odoo.addons.xero_crm.models.xero_pull.PAGE_SIZE", 4))

    def start(self, **vals):
        """Start a full sync that goes on in the background at once."""
        with patch(f"{WORK}.SECONDS_IN_REQUEST", 0):
            wizard = self.open_wizard(mode="full", **vals)
            action = wizard.action_run()
        return self.env["xero.sync.run"].browse(action["res_id"])

    def run_cron(self):
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_pull").method_direct_trigger()
        self.env.invalidate_all()

    def get_messages(self):
        partner = self.user_accountant.partner_id
        return self.env["mail.message"].search(
            [("model", "=", "xero.sync.run"), ("partner_ids", "in", partner.ids)]
        )

    def test_second_click_shows_the_running_one(self):
        run = self.start()
        self.assertEqual(run.state, "running")
        self.assertEqual(self.start(), run)
        action = self.connection.with_user(self.user_accountant).action_sync()
        self.assertEqual(action["res_id"], run.id)
        self.assertEqual(self.open_wizard().running_id, run)

    def test_resume_waits_for_the_other_one(self):
        first = self.start()
        first.action_cancel()
        self.start()
        with self.assertRaisesRegex(UserError, "under way"):
            first.action_resume()

    def test_records_of_how_many(self):
        run = self.start(sync_items=False, sync_invoices=False)
        self.assertEqual((run.records_done, run.records_total), (4, 12))
        self.assertAlmostEqual(run.progress, 100 * 4 / 12)
        self.run_cron()
        self.assertEqual((run.records_done, run.records_total), (12, 12))
        self.assertEqual(run.line_ids.mapped("state"), ["done"])
        self.assertEqual(run.calls, 3)

    def test_totals_are_known_from_the_preview(self):
        wizard = self.open_wizard(sync_invoices=False)
        wizard.action_run()
        with patch(f"{WORK}.SECONDS_IN_REQUEST", 0):
            action = wizard.action_continue()
        run = self.env["xero.sync.run"].browse(action["res_id"])
        self.assertEqual(run.records_total, 13)
        self.assertGreaterEqual(run.seconds_left, 0)

    def test_push_counts_sent_of_how_many(self):
        self.env["res.partner"].create(
            [{"name": f"Fern {n}", "email": f"fern{n}@example.com"} for n in range(3)]
        )
        run = self.start(direction="push", sync_items=False, sync_invoices=False)
        self.run_cron()
        step = run.line_ids.filtered(lambda line: line.kind == "push")
        # And the customer, whom Xero knows less of than Odoo.
        self.assertEqual((step.done, step.total, step.created), (4, 4, 3))
        self.assertEqual(run.sent_count, 4)

    def test_a_killed_worker_is_replaced(self):
        run = self.start(sync_items=False, sync_invoices=False)
        run.busy_until = fields.Datetime.now() + timedelta(minutes=2)
        self.run_cron()
        self.assertEqual(run.state, "running", "another worker may be at it")
        run.busy_until = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron()
        self.assertEqual((run.state, run.fetched_count), ("done", 12))

    def test_limit_of_xero_is_waited_for(self):
        run = self.start(sync_items=False, sync_invoices=False)
        self.xero.fail("GET Contacts", "429", times=1)
        self.run_cron()
        self.assertEqual(run.state, "running")
        self.assertTrue(run.waits_until)
        self.assertTrue(run.message)
        self.connection.usage_ids.write({"paused_until": False})
        run.busy_until = False
        self.run_cron()
        self.assertRecordValues(
            run, [{"state": "done", "waits_until": False, "fetched_count": 12}]
        )

    def test_who_left_gets_one_message(self):
        run = self.start(sync_items=False, sync_invoices=False)
        self.run_cron()
        self.assertEqual(run.state, "done")
        [message] = self.get_messages()
        self.assertIn("11 created", message.body)
        self.assertIn("is done", message.subject)
        self.run_cron()
        self.assertEqual(len(self.get_messages()), 1)

    def test_who_is_here_gets_none(self):
        self.env["mail.presence"].create(
            {"user_id": self.user_accountant.id, "status": "online"}
        )
        run = self.start(sync_items=False, sync_invoices=False)
        self.run_cron()
        self.assertTrue(run.is_told)
        self.assertFalse(self.get_messages())

    def test_a_programming_error_stops_the_run_and_says_so(self):
        run = self.start(sync_items=False, sync_invoices=False)
        self.patch(type(run), "_work_pull", lambda *args: 1 / 0)
        with self.assertLogs(WORK, "ERROR"):
            self.run_cron()
        self.assertEqual(run.state, "failed")
        self.assertIn("Press Resume", run.message)
