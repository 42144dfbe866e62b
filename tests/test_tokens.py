import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules import get_module_path
from odoo.tests import new_test_user, tagged

from ..xero_api import (
    XeroAuthError,
    XeroError,
    XeroPermissionError,
    XeroReconnectError,
    XeroTransientError,
)
from .common import CLIENT_ID, CLIENT_SECRET, XeroCommon
from .test_parallel import RealTransactions


class TokenCase(XeroCommon):
    def setUp(self):
        super().setUp()
        self.token = self.connection._get_token()

    def expire(self):
        """Odoo knows that the access token is old."""
        self.token.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.token.flush_recordset()  # read in another cursor

    def assertPullFails(self, error):
        """As assertRaises, which would roll back what the failing fetch committed."""
        try:
            self.pull("Currencies")
        except error as caught:
            self.env.invalidate_all()
            return caught
        return self.fail(f"{error.__name__} was not raised")

    def forget_consent(self):
        """The user takes the consent back, in Xero."""
        self.xero.oauth.revoke(
            self.xero.oauth.apps[CLIENT_ID], self.token._read_secret("refresh_token")
        )

    def get_logs(self, **wanted):
        domain = [
            ("connection_id", "=", self.connection.id),
            ("direction", "=", "auth"),
        ]
        domain += [(name, "=", value) for name, value in wanted.items()]
        return self.env["xero.log"].search(domain)

    def get_reminders(self):
        kind = self.env.ref("xero_crm.mail_activity_type_reconnect")
        return self.connection.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )


@tagged("post_install", "-at_install")
class TestRefresh(TokenCase):
    def test_old_token_is_refreshed_and_the_rotated_one_stored(self):
        first = self.token._read_secret("refresh_token")
        self.expire()
        self.pull("Currencies")
        second = self.token._read_secret("refresh_token")
        self.assertNotEqual(second, first)
        self.assertIn(second, self.xero.oauth.refreshes)
        self.assertGreater(self.token.expires_at, fields.Datetime.now())
        self.expire()
        self.pull("Currencies")
        self.assertNotIn(self.token._read_secret("refresh_token"), (first, second))
        self.assertEqual(self.xero.calls["POST token"], 2)

    def test_fresh_token_is_used_as_it_is(self):
        self.pull("Currencies", "TaxRates")
        self.assertFalse(self.xero.calls["POST token"])

    def test_token_that_xero_refuses_is_refreshed_once_and_the_call_repeated(self):
        answer = self.xero.issue_token(CLIENT_ID, [self.org.tenant_id], expired=True)
        self.token._write_secrets(access_token=answer["access_token"])
        self.pull("Currencies")
        self.assertEqual(dict(self.xero.calls), {"GET Currencies": 2, "POST token": 1})
        self.assertTrue(self.env["xero.currency"].search_count([]))

    def test_write_that_was_refused_for_its_token_is_done_once(self):
        answer = self.xero.issue_token(CLIENT_ID, [self.org.tenant_id], expired=True)
        self.token._write_secrets(access_token=answer["access_token"])
        self.customer.action_xero_push()
        self.assertEqual(self.customer.xero_sync_state, "synced")
        self.assertEqual(len(self.org.contacts), 1)

    def test_refused_again_after_the_refresh_is_no_endless_loop(self):
        self.xero.fail("GET Currencies", "401", times=None)
        self.assertPullFails(XeroAuthError)
        self.assertEqual(self.xero.calls["GET Currencies"], 2)
        self.assertEqual(self.xero.calls["POST token"], 1)
        self.assertEqual(self.connection.state, "connected")

    def test_sign_in_out_of_order_does_not_disconnect(self):
        first = self.token._read_secret("refresh_token")
        self.expire()
        for kind in ("503", "500", "429", "truncated", "timeout_before"):
            with self.subTest(kind):
                self.xero.fail("POST token", kind)
                error = self.assertPullFails(XeroError)
                self.assertNotIsInstance(error, XeroAuthError)
                self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.token._read_secret("refresh_token"), first)
        self.pull("Currencies")

    def test_lost_answer_of_a_refresh_is_asked_for_again(self):
        """The old refresh token serves for another half hour."""
        self.expire()
        self.xero.fail("POST token", "timeout_after")
        self.assertPullFails(XeroTransientError)
        self.pull("Currencies")
        self.assertEqual(self.connection.state, "connected")

    def test_invoice_waits_while_the_sign_in_is_out_of_order(self):
        self.map_reference_data()
        order = self._create_order()
        self.expire()
        self.xero.fail("POST token", "503")
        order.action_create_xero_invoice()
        link = self.link_of(order.xero_invoice_ids)
        self.assertEqual(link.state, "pending", "not sent, so not to be looked for")
        self.env["xero.link"].search([]).next_try = False
        self.push()
        self.assertEqual(len(self.org.invoices), 1)


@tagged("post_install", "-at_install")
class TestReconnectNeeded(TokenCase):
    def assertReconnect(self):
        admins = self.env.ref("xero_crm.group_xero_admin").all_user_ids
        admins = admins.filtered(
            lambda user: user.id != self.env.ref("base.user_root").id
        )
        self.assertIn(self.user_xero_admin, admins)
        self.assertEqual(self.connection.state, "reconnect")
        reminders = self.get_reminders()
        self.assertEqual(reminders.user_id, admins)
        self.assertEqual(len(reminders), len(admins), "once each")
        log = self.get_logs(state="error")
        self.assertEqual(len(log), 1)
        self.assertIn("no longer accepts", log.message)
        self.assertIn("Press Reconnect", log.remedy)

    def test_revoked_consent_tells_each_administrator_once(self):
        new_test_user(
            self.env, "xero_admin_b", groups="base.group_user,xero_crm.group_xero_admin"
        )
        self.forget_consent()
        self.expire()
        for _time in range(2):
            self.assertPullFails(XeroReconnectError)
        self.assertReconnect()

    def test_revoked_consent_is_found_by_a_refused_call_as_well(self):
        self.forget_consent()
        self.assertPullFails(XeroReconnectError)
        self.assertReconnect()

    def test_organisation_disconnected_in_xero(self):
        self.xero.disconnect(self.org.tenant_id)
        self.assertPullFails(XeroPermissionError)
        self.assertReconnect()

    def test_missing_role_in_xero_is_no_reason_to_reconnect(self):
        self.xero.fail("GET Currencies", "403")
        self.assertPullFails(XeroPermissionError)
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.get_reminders())

    def test_click_while_reconnect_is_needed_says_so(self):
        self.connection._set_reconnect("test")
        with self.assertRaisesRegex(UserError, "not connected to Xero"):
            self.customer.action_xero_push()

    def test_what_waits_is_sent_after_the_reconnect(self):
        self.map_reference_data()
        self.forget_consent()
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertEqual(self.connection.state, "reconnect")
        self.assertFalse(self.org.invoices)
        log = self.env["xero.log"].search([("res_model", "=", "res.partner")], limit=1)
        self.assertIn("no longer accepts", log.message)
        self.assertIn("administrator", log.remedy)
        answer = self.xero.issue_token(CLIENT_ID, [self.org.tenant_id])
        self.token._write_secrets(
            access_token=answer["access_token"], refresh_token=answer["refresh_token"]
        )
        self.connection.state = "connected"
        self.env["xero.link"].search([]).next_try = False
        self.push()
        self.assertEqual(len(self.org.invoices), 1)

    def test_changed_encryption_key_asks_for_a_reconnect_then_for_the_secret(self):
        key = Fernet.generate_key().decode()
        self.startPatcher(patch.dict(os.environ, {"XERO_CRM_KEY": key}))
        self.assertPullFails(XeroReconnectError)
        self.assertEqual(self.connection.state, "reconnect")
        with self.assertRaisesRegex(UserError, "enter the Client Secret again"):
            self.connection.action_connect()
        self.connection.client_secret = CLIENT_SECRET
        self.assertIn("/authorize", self.connection.action_connect()["url"])


@tagged("post_install", "-at_install")
class TestHealth(TokenCase):
    def run_cron(self):
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_health").method_direct_trigger()
        self.env.invalidate_all()

    def test_health_uses_the_tokens_and_refreshes_the_name(self):
        self.expire()
        self.org.details["Name"] = "Renamed Ltd"
        self.run_cron()
        self.assertEqual(self.xero.calls["POST token"], 1)
        self.assertEqual(self.connection.tenant_name, "Renamed Ltd")

    def test_health_finds_a_revoked_consent_though_the_token_looks_fresh(self):
        self.forget_consent()
        self.run_cron()
        self.assertEqual(self.connection.state, "reconnect")
        self.assertIn(self.user_xero_admin, self.get_reminders().user_id)

    def test_health_finds_a_disconnected_organisation(self):
        self.xero.disconnect(self.org.tenant_id)
        self.run_cron()
        self.assertEqual(self.connection.state, "reconnect")

    def test_health_bears_with_a_xero_that_is_out_of_order(self):
        self.xero.fail("*", "503", times=None)
        self.run_cron()
        self.assertEqual(self.connection.state, "connected")


@tagged("post_install", "-at_install")
class TestDisconnect(TokenCase):
    def assertForgotten(self):
        self.assertRecordValues(
            self.token,
            [
                {
                    "access_token": False,
                    "refresh_token": False,
                    "oauth_nonce": False,
                    "scopes": False,
                    "expires_at": False,
                }
            ],
        )
        self.assertRecordValues(
            self.connection, [{"state": "draft", "sync_mode": "read_only"}]
        )

    def test_disconnect_deletes_the_connection_in_xero_and_forgets_tokens(self):
        self.customer.action_xero_push()
        self.connection.action_disconnect()
        self.assertForgotten()
        self.assertFalse(self.xero.oauth.connections)
        self.assertEqual(self.xero.calls["DELETE connections"], 1)
        self.assertFalse(self.xero.oauth.refreshes, "the last one: consent revoked")
        self.assertTrue(self.link_of(self.customer).xero_id, "links stay")
        self.assertTrue(self.connection.has_client_secret)
        self.assertTrue(self.get_logs(operation="disconnect", state="success"))

    def test_other_organisations_of_the_same_user_stay_connected(self):
        other = self.xero.add_organisation("Somebody Else Ltd")
        tenants = [self.org.tenant_id, other.tenant_id]
        answer = self.xero.issue_token(CLIENT_ID, tenants)
        self.connection.action_disconnect()
        self.assertForgotten()
        [left] = self.xero.oauth.connections.values()
        self.assertEqual(left.tenant_id, other.tenant_id)
        self.assertIn(answer["refresh_token"], self.xero.oauth.refreshes)

    def test_disconnect_of_what_xero_has_forgotten_already(self):
        self.forget_consent()
        self.expire()
        self.connection.action_disconnect()
        self.assertForgotten()

    def test_nothing_is_forgotten_while_xero_cannot_be_reached(self):
        self.xero.fail("DELETE connections", "503")
        with self.assertRaisesRegex(UserError, "tried again|out of order"):
            self.connection.action_disconnect()
        self.assertEqual(self.connection.state, "connected")
        self.assertTrue(self.token.refresh_token)

    def test_connected_organisation_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Disconnect"):
            self.connection.unlink()
        self.connection.action_disconnect()
        self.connection.unlink()
        self.assertFalse(self.token.exists())


@tagged("post_install", "-at_install")
class TestNeutralize(TokenCase):
    def test_copy_of_the_database_keeps_no_secret_and_writes_nothing(self):
        self.connection.webhook_key = "key"
        self.token._write_secrets(oauth_nonce="nonce")
        self.env.flush_all()
        path = Path(get_module_path("xero_crm"), "data", "neutralize.sql")
        self.env.cr.execute(path.read_text())
        self.env.invalidate_all()
        self.assertRecordValues(
            self.token,
            [
                dict.fromkeys(
                    (
                        "client_secret",
                        "webhook_key",
                        "access_token",
                        "refresh_token",
                        "oauth_nonce",
                    ),
                    False,
                )
            ],
        )
        self.assertRecordValues(
            self.connection, [{"state": "draft", "sync_mode": "read_only"}]
        )


@tagged("post_install", "-at_install")
class TestRealRefresh(RealTransactions):
    """The rotating refresh token in real transactions: it must never be lost."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            token = self.get_connection(env)._get_token()
            token.expires_at = fields.Datetime.now() - timedelta(minutes=1)
            self.first = token._read_secret("refresh_token")

    def get_connection(self, env):
        return env["xero.connection"].browse(self.connection_id)

    def ask(self, env):
        env["xero.gateway"]._get_access_token(self.get_connection(env))

    def assertNewTokenKept(self):
        with self.transaction() as env:
            kept = self.get_connection(env)._get_token()._read_secret("refresh_token")
            self.assertEqual(self.get_connection(env).state, "connected")
        self.assertNotEqual(kept, self.first)
        self.assertIsNone(self.xero.oauth.refreshes[kept].rotated, "the newest one")

    def test_workers_at_once_refresh_once(self):
        self.xero.fail("POST token", "slow", times=None, seconds=0.5)
        self.run_worker(self.side_by_side(4, self.ask))
        self.assertEqual(self.xero.calls["POST token"], 1)
        self.assertNewTokenKept()

    def test_rollback_of_the_caller_keeps_the_new_token(self):
        with self.registry.cursor() as cr:
            self.ask(self.env(cr=cr))
            cr.rollback()
        self.assertNewTokenKept()

    def test_refused_app_is_logged_though_the_click_is_rolled_back(self):
        with self.transaction() as env:
            self.get_connection(env).client_secret = "wrong"
        with self.registry.cursor() as cr:
            with self.assertRaisesRegex(UserError, "does not know this Client ID"):
                self.get_connection(self.env(cr=cr)).action_connect()
            cr.rollback()
        with self.transaction() as env:
            domain = [
                ("connection_id", "=", self.connection_id),
                ("state", "=", "error"),
            ]
            log = env["xero.log"].search(domain)
            self.assertIn("does not know this Client ID", log.message)
            self.assertIn("developer portal", log.remedy)
            log.unlink()
