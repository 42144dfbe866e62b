from unittest.mock import patch

from odoo.tests import tagged

from .common import XeroCommon

MODELS = "odoo.addons.xero_crm.models"


@tagged("post_install", "-at_install")
class TestScheduledActions(XeroCommon):
    def run_action(self, name):
        self.env.flush_all()
        self.env.ref(f"xero_crm.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_pull_fetches_everything_then_only_what_is_due(self):
        self.org.add_contact(Name="Tui Tours", EmailAddress="hi@tui.example.com")
        self.run_action("ir_cron_xero_pull")
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Tui Tours")]))
        self.assertTrue(self.connection.default_account_id)
        self.xero.reset_calls()
        self.run_action("ir_cron_xero_pull")
        self.assertFalse(self.xero.calls)

    def test_long_fetch_ends_in_time_and_goes_on_with_the_next_page(self):
        """Odoo stops a scheduled action that takes two minutes."""
        self.run_action("ir_cron_xero_pull")
        self.org.add_contacts(9)
        self.startPatcher(patch(f"{MODELS}.xero_pull.PAGE_SIZE", 4))
        self.connection._get_cursor("Contacts").last_run = False
        linked = [("resource", "=", "Contacts"), ("xero_id", "!=", False)]
        linked.append(("connection_id", "=", self.connection.id))
        with patch(f"{MODELS}.xero_connection_sync.SECONDS_IN_CRON", 0):
            for count in (4, 8):
                self.run_action("ir_cron_xero_pull")
                self.assertEqual(self.env["xero.link"].search_count(linked), count)
        self.run_action("ir_cron_xero_pull")
        self.assertEqual(self.env["xero.link"].search_count(linked), 9)

    def test_who_waits_for_a_run_goes_before_what_is_due(self):
        self.org.add_contacts(3)
        wizard = (
            self.env["xero.sync.wizard"]
            .with_user(self.user_accountant)
            .create(
                {
                    "connection_id": self.connection.id,
                    "sync_items": False,
                    "sync_invoices": False,
                }
            )
        )
        preview = {"wizard_res_id": wizard.id}
        run = self.env["xero.sync.run"]._create_run(
            self.connection,
            "preview",
            [{"kind": "preview_pull", "resource": "Contacts"}],
            preview,
        )
        self.run_action("ir_cron_xero_pull")
        self.assertEqual((run.state, run.records_done), ("done", 3))
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.run_action("ir_cron_xero_pull")
        self.assertGreater(sum(self.xero.calls.values()), 5)

    def test_push_sends_what_waits(self):
        self.connection.contact_push = "at_once"
        partner = self.env["res.partner"].create(
            {"name": "Weka Wool", "email": "a@weka.example.com"}
        )
        self.assertEqual(partner.xero_sync_state, "pending")
        self.run_action("ir_cron_xero_push")
        self.assertEqual(partner.xero_sync_state, "synced")

    def test_nothing_is_sent_in_read_only_mode(self):
        self.connection.contact_push = "at_once"
        self.connection.sync_mode = "read_only"
        self.env["res.partner"].create({"name": "Weka Wool"})
        self.run_action("ir_cron_xero_push")
        self.assertFalse(self.org.contacts)

    def test_scheduled_fetching_leaves_calls_for_people(self):
        self.env["xero.usage"]._record(
            self.connection, {"day_remaining": 100, "updated_at": self.env.cr.now()}
        )
        self.run_action("ir_cron_xero_pull")
        self.assertFalse(self.xero.calls)

    def test_health_finds_a_disconnected_organisation(self):
        self.xero.disconnect(self.org.tenant_id)
        self.run_action("ir_cron_xero_health")
        self.assertEqual(self.connection.state, "reconnect")
        activities = self.connection.activity_ids
        self.assertIn(self.user_xero_admin, activities.user_id)
