"""Previews and audits that take longer than a request may: in the background."""

from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_preview_full import MixedCase
from .test_wizard import WizardCase

# Twelve contacts, and what Odoo knows better of one of them.
LINES = 13
WORK = "odoo.addons.xero_crm.models.xero_sync_run_work"


class BackgroundMixin:
    """A worker that makes a pause after each page."""

    def setUp(self):
        super().setUp()
        for name in ("SECONDS_IN_REQUEST", "SECONDS_IN_CRON"):
            self.startPatcher(patch(f"{WORK}.{name}", 0))

    def set_page_size(self, size):
        for module in ("xero_pull", "xero_preview_push"):
            path = f"odoo.addons.xero_crm.models.{module}.PAGE_SIZE"
            self.startPatcher(patch(path, size))

    def start_preview(self, **vals):
        """Return a wizard whose preview has begun, and its run."""
        wizard = self.open_wizard(mode="preview", **vals)
        return wizard, self.get_run(wizard.action_run())

    def get_run(self, action):
        self.assertEqual(action["res_model"], "xero.sync.run")
        runs = self.env["xero.sync.run"].with_user(self.user_accountant)
        return runs.browse(action["res_id"])

    def go_on(self, run, turns=40):
        for _turn in range(turns):
            if run.state == "running":
                self.env.flush_all()
                with self.registry.cursor() as cr:
                    runs = self.env(cr=cr, user=SUPERUSER_ID)["xero.sync.run"]
                    runs._get_unfinished()._work_each("_continue")
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMixedPreview(BackgroundMixin, MixedCase):
    def test_pauses_change_nothing_of_what_it_says(self):
        self.set_page_size(3)
        with patch(f"{WORK}.SECONDS_IN_REQUEST", 60):
            at_once = self.get_said(self.preview())
        wizard, run = self.start_preview(direction="both")
        self.assertEqual((run.state, run.kind), ("running", "preview"))
        self.go_on(run)
        self.assertEqual(run.state, "done")
        self.assertSame(self.get_said(wizard), at_once)
        with patch(f"{WORK}.SECONDS_IN_CRON", 60):
            self.assertSame(at_once, self.get_done(self.run_full(wizard)))


@tagged("post_install", "-at_install")
class TestPreviewInBackground(BackgroundMixin, WizardCase):
    def setUp(self):
        super().setUp()
        self.set_page_size(4)

    def test_progress_result_and_calls(self):
        before = self.count()
        wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        self.assertEqual((run.records_done, run.records_total), (4, 12))
        self.go_on(run)
        self.assertRecordValues(
            run, [{"state": "done", "records_done": 12, "calls": 3}]
        )
        self.assertEqual(self.count(), before)
        action = run.action_open_result()
        self.assertEqual(action["domain"], [("wizard_id", "=", wizard.id)])
        self.assertEqual(len(wizard.line_ids), LINES)
        self.assertEqual(wizard.line_ids.create_uid, self.user_accountant)
        self.assertFalse(self.env["xero.sync.run"]._get_running(self.connection))

    def test_after_a_kill_it_begins_anew(self):
        wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        run.sudo().foreseen = False  # what was in the memory of the worker
        self.go_on(run)
        self.assertEqual((run.state, run.records_done), ("done", 12))
        self.assertEqual(len(wizard.line_ids), LINES)

    def test_cancelled_and_resumed(self):
        wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        run.action_cancel()
        self.go_on(run)
        self.assertEqual(run.action_open_result()["res_model"], "xero.sync.run")
        run.action_resume()
        self.go_on(run)
        self.assertEqual((run.state, len(wizard.line_ids)), ("done", LINES))

    def test_xero_out_of_order_meanwhile(self):
        wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        self.xero.fail("GET Contacts", "503", times=None)
        self.go_on(run)
        self.assertEqual(run.state, "failed")
        self.assertIn("out of order", run.message)
        self.xero.clear_faults()
        run.action_resume()
        self.go_on(run)
        self.assertEqual((run.state, len(wizard.line_ids)), ("done", LINES))
        self.assertEqual(run.records_done, 12)

    def test_result_is_for_who_asked_for_it(self):
        _wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        self.go_on(run)
        other = new_test_user(self.env, "xero_other", "xero_crm.group_xero_accountant")
        with self.assertRaises(AccessError):
            run.with_user(other).action_open_result()

    def test_old_preview_says_that_it_is_gone(self):
        wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        self.go_on(run)
        wizard.sudo().unlink()
        with self.assertRaisesRegex(UserError, "too old"):
            run.action_open_result()

    def test_sync_and_preview_do_not_stop_each_other(self):
        _wizard, run = self.start_preview(sync_items=False, sync_invoices=False)
        sync = self.get_run(self.open_wizard(mode="full").action_run())
        self.assertEqual(sync.state, "running")
        self.go_on(run)
        self.go_on(sync)
        self.assertEqual((run.state, sync.state), ("done", "done"))

    def test_audit_of_many_contacts(self):
        audits = self.env["xero.audit"].with_user(self.user_accountant)
        audits.action_open()
        audit = audits.search([("connection_id", "=", self.connection.id)])
        self.org.add_contacts(10)
        run = self.get_run(audit.action_run())
        self.assertEqual((run.kind, run.state), ("audit", "running"))
        self.assertFalse(audit.run_at)
        self.assertEqual(audit.action_run()["res_id"], run.id, "not twice")
        self.go_on(run)
        self.assertEqual((run.state, run.records_done), ("done", 22))
        self.assertTrue(audit.run_at)
        action = run.action_open_result()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("xero.audit", audit.id)
        )
