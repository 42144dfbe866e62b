from odoo.tests import tagged

from .common import XeroCommon


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
