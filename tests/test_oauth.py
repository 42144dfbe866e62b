from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from freezegun import freeze_time
from lxml import etree

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..const import SCOPES_BASE, SCOPES_BROAD, SCOPES_GRANULAR
from .common import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI
from .common_http import XeroHttpCase
from .fake_xero.oauth_grants import ConsentError

CALLBACK_LOGGER = "odoo.addons.xero_crm.controllers.oauth"


class ConnectCase(XeroHttpCase):
    """A connection that an administrator has just entered, nothing more."""

    def setUp(self):
        super().setUp()
        self.connection.state = "draft"
        self.connection.unlink()
        self.login(self.user_xero_admin)
        self.connection = self.enter_credentials(CLIENT_ID, CLIENT_SECRET)
        self.xero.reset_calls()

    def enter_credentials(self, client_id, client_secret):
        vals = {"client_id": client_id, "client_secret": client_secret}
        [connection_id] = self.rpc("xero.connection", "create", [vals])
        return self.env["xero.connection"].browse(connection_id)

    def get_logs(self, state):
        return self.env["xero.log"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("direction", "=", "auth"),
                ("state", "=", state),
            ]
        )


@tagged("post_install", "-at_install")
class TestConnect(ConnectCase):
    """The way to Xero's consent page and back."""

    def test_connect_opens_the_consent_page_with_granular_scopes(self):
        url = self.press_connect()
        self.assertEqual(
            url.partition("?")[0], f"{self.server.url}/identity/connect/authorize"
        )
        query = {name: values[0] for name, values in parse_qs(url).items()}
        self.assertEqual(query["client_id"], CLIENT_ID)
        self.assertEqual(query["redirect_uri"], REDIRECT_URI)
        self.assertEqual(
            query["scope"].split(), [*SCOPES_BASE, *SCOPES_GRANULAR], "granular only"
        )
        self.assertGreater(len(query["state"]), 40)
        self.assertNotIn(CLIENT_SECRET, url)

    def test_redirect_address_says_localhost_never_127(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://127.0.0.1:8069")
        query = parse_qs(urlsplit(self.press_connect()).query)
        self.assertEqual(query["redirect_uri"], [REDIRECT_URI])

    def test_the_whole_way_connects(self):
        self.xero.add_organisation("Somebody Else Ltd")
        answer = self.consent()
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"/odoo/xero-connections/{self.connection.id}", answer.text)
        self.assertRecordValues(
            self.connection,
            [
                {
                    "state": "connected",
                    "sync_mode": "read_only",
                    "tenant_id": self.org.tenant_id,
                    "tenant_name": self.org.name,
                    "short_code": self.org.details["ShortCode"],
                    "country_code": "NZ",
                    "base_currency_id": self.env.ref("base.NZD").id,
                    "missing_scopes": "",
                }
            ],
        )
        self.assertEqual(
            self.get_logs("success").message, f"Connected to {self.org.name}."
        )

    def test_the_whole_way_brings_reference_data_and_proposals(self):
        self.consent()
        connection = self.connection
        active = [a for a in self.org.accounts.values() if a["Status"] == "ACTIVE"]
        self.assertEqual(len(connection.account_ids), len(active))
        self.assertEqual(connection.default_account_id.code, "200")
        self.assertEqual(connection.default_tax_rate_id.tax_type, "NONE")
        row = connection.tax_map_ids.filtered(lambda row: row.tax_id == self.tax)
        self.assertRecordValues(
            row, [{"is_proposed": True, "tax_rate_id": row.tax_rate_id.id}]
        )
        self.assertEqual(row.tax_rate_id.tax_type, "OUTPUT2")
        self.assertFalse(
            {name for name in self.xero.calls if name.startswith(("PUT", "POST "))}
            - {"POST token"}
        )

    def test_secrets_are_encrypted_in_the_database(self):
        self.connection.webhook_key = "a-webhook-signing-key"
        self.consent()
        token = self.connection._get_token()
        secrets = {
            name: token._read_secret(name)
            for name in (
                "client_secret",
                "webhook_key",
                "access_token",
                "refresh_token",
            )
        }
        self.assertEqual(secrets["client_secret"], CLIENT_SECRET)
        self.assertTrue(all(secrets.values()))
        self.env.flush_all()
        for table in ("xero_token", "xero_connection", "xero_log", "mail_message"):
            query = SQL("SELECT t::text FROM %s t", SQL.identifier(table))
            text = str(self.env.execute_query(query))
            for name, secret in secrets.items():
                self.assertNotIn(secret, text, f"{name} in {table}")

    def test_of_several_organisations_a_person_chooses(self):
        other = self.xero.add_organisation("Somebody Else Ltd")
        self.consent(tenants=[self.org, other])
        self.assertEqual(self.connection.state, "draft")
        action = self.rpc(
            "xero.connection", "action_choose_tenant", self.connection.ids
        )
        model, wizard = action["res_model"], [action["res_id"]]
        domain = [("wizard_id", "in", wizard)]
        offered = self.rpc(f"{model}.option", "search_read", domain, ["name"])
        ids = {option["name"]: option["id"] for option in offered}
        self.assertEqual(set(ids), {self.org.name, other.name})
        self.rpc(model, "write", wizard, {"option_id": ids[other.name]})
        self.rpc(model, "action_choose", wizard)
        self.assertRecordValues(
            self.connection, [{"state": "connected", "tenant_id": other.tenant_id}]
        )
        self.assertTrue(self.connection.account_ids)

    def test_connect_asks_for_missing_credentials(self):
        self.connection.client_id = False
        message = self.assertRefused(
            "xero.connection", "action_connect", self.connection.ids, error="UserError"
        )
        self.assertIn("Client ID", message)


@tagged("post_install", "-at_install")
class TestConnectRefused(ConnectCase):
    """What does not connect: a sentence, a remedy, nothing half-done."""

    def assertNotConnected(self):
        token = self.connection._get_token()
        self.assertRecordValues(
            self.connection, [{"state": "draft", "tenant_id": False}]
        )
        self.assertRecordValues(
            token, [{"access_token": False, "refresh_token": False, "scopes": False}]
        )
        self.assertFalse(self.connection.account_ids)

    def assertExplained(self, sentence):
        log = self.get_logs("error")
        self.assertEqual(len(log), 1)
        self.assertIn(sentence, log.message)
        self.assertTrue(log.remedy)
        self.assertIn(sentence, str(self.connection.message_ids.mapped("body")))

    def test_wrong_client_id_or_secret_is_said_before_leaving_odoo(self):
        for client_id, secret in (("WRONG", CLIENT_SECRET), (CLIENT_ID, "wrong")):
            with self.subTest(client_id=client_id, secret=secret):
                self.connection = self.enter_credentials(client_id, secret)
                message = self.assertRefused(
                    "xero.connection",
                    "action_connect",
                    self.connection.ids,
                    error="UserError",
                )
                self.assertIn("does not know this Client ID", message)
                self.assertIn("developer portal", message)
                self.assertNotIn(secret, message)
                self.assertNotConnected()

    def test_secret_replaced_in_xero_during_the_consent(self):
        url = self.press_connect()
        back = self.xero.consent(url, [self.org.tenant_id])
        self.xero.add_app(CLIENT_ID, "another-secret", [REDIRECT_URI])
        self.addCleanup(self.xero.add_app, CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI])
        self.come_back(back)
        self.assertNotConnected()
        self.assertExplained("does not know this Client ID")

    def test_denied_consent(self):
        answer = self.consent(allow=False)
        self.assertEqual(answer.status_code, 303)
        self.assertNotConnected()
        self.assertExplained("Access was not allowed")
        self.assertNotIn("authorization_code", str(self.xero.requests))

    def test_xero_out_of_order_during_the_exchange_then_a_second_try(self):
        url = self.press_connect()
        self.xero.fail("POST token", "503")
        self.come_back(self.xero.consent(url, [self.org.tenant_id]))
        self.assertNotConnected()
        self.assertExplained("could not be reached")
        self.consent()
        self.assertEqual(self.connection.state, "connected")

    def test_tokens_are_kept_when_xero_fails_after_handing_them_out(self):
        url = self.press_connect()
        self.xero.fail("GET Organisation", "500")
        self.come_back(self.xero.consent(url, [self.org.tenant_id]))
        self.assertEqual(self.connection.state, "connected")
        self.assertTrue(self.connection._get_token().refresh_token)
        self.assertExplained("could not be reached")

    def test_an_old_app_is_asked_with_broad_scopes_the_next_time(self):
        self.xero.add_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI], scopes="broad")
        self.addCleanup(self.xero.add_app, CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI])
        query = parse_qs(urlsplit(self.press_connect()).query)
        self.come_back(f"{REDIRECT_URI}?error=invalid_scope&state={query['state'][0]}")
        self.assertNotConnected()
        self.assertExplained("does not know the scopes")
        url = self.press_connect()
        asked = parse_qs(urlsplit(url).query)["scope"][0].split()
        self.assertEqual(asked, [*SCOPES_BASE, *SCOPES_BROAD])
        self.come_back(self.xero.consent(url, [self.org.tenant_id]))
        self.assertRecordValues(
            self.connection, [{"state": "connected", "missing_scopes": ""}]
        )

    def test_an_old_app_on_whose_error_page_xero_keeps_the_person(self):
        """Nothing comes back: the connection's form says what to do, and does it."""
        self.xero.add_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI], scopes="broad")
        self.addCleanup(self.xero.add_app, CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI])
        self.assertFalse(self.connection.consent_began_at)
        with self.assertRaisesRegex(ConsentError, "invalid_scope"):
            self.xero.consent(self.press_connect())
        self.assertTrue(self.connection.consent_began_at)
        self.assertNotConnected()
        action = self.rpc(
            "xero.connection", "action_connect_other_scopes", self.connection.ids
        )
        asked = parse_qs(urlsplit(action["url"]).query)["scope"][0].split()
        self.assertEqual(asked, [*SCOPES_BASE, *SCOPES_BROAD])
        self.come_back(self.xero.consent(action["url"], [self.org.tenant_id]))
        self.assertRecordValues(
            self.connection,
            [
                {
                    "state": "connected",
                    "missing_scopes": "",
                    "use_broad_scopes": True,
                    "consent_began_at": False,
                }
            ],
        )

    def test_other_scopes_are_offered_to_who_did_not_come_back(self):
        """By the form alone: nobody has to know of the scopes."""
        views = self.rpc("xero.connection", "get_views", [[False, "form"]], options={})
        arch = etree.fromstring(views["views"]["form"]["arch"])
        buttons = arch.xpath("//button[@name='action_connect_other_scopes']")
        self.assertEqual(
            [button.get("invisible") for button in buttons],
            ["use_broad_scopes", "not use_broad_scopes"],
        )
        condition = buttons[0].getparent().get("invisible")
        for answer, shown in (("", True), ("?error=access_denied", False)):
            self.press_connect()
            if answer:
                self.consent(allow=False)
            [values] = self.connection.read(
                ["state", "consent_began_at", "available_tenants"]
            )
            self.assertEqual(not safe_eval(condition, values), shown, answer)


@tagged("post_install", "-at_install")
class TestState(ConnectCase):
    """A state is signed, of one user and session, and serves once."""

    def get_way_back(self):
        return self.xero.consent(self.press_connect(), [self.org.tenant_id])

    def assertTurnedAway(self, url):
        """The address gives a page with a sentence, and nothing happens."""
        self.xero.reset_calls()
        before = self.connection.read(["state", "tenant_id", "write_date"])
        with self.assertLogs(CALLBACK_LOGGER, "WARNING") as logs:
            answer = self.come_back(url)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("does not belong to a connection that you started", answer.text)
        self.assertIn("press Connect again", answer.text)
        self.assertEqual(
            self.connection.read(["state", "tenant_id", "write_date"]), before
        )
        self.assertFalse(self.xero.calls)
        self.assertNotIn("state=", str(logs.output))

    def test_forged_states(self):
        url = self.get_way_back()
        state = parse_qs(urlsplit(url).query)["state"][0]
        forged = (
            "",
            "x",
            "AQ",
            "%C3%A9",
            "%00",
            f"{state}x",
            state[:-8],
            f"{state[:20]}{'A' if state[20] != 'A' else 'B'}{state[21:]}",
        )
        for text in forged:
            with self.subTest(text):
                self.assertTurnedAway(f"{REDIRECT_URI}?code=abc&state={text}")
        self.assertTurnedAway(f"{REDIRECT_URI}?code=abc")

    def test_expired_state(self):
        url = self.get_way_back()
        with freeze_time(datetime.now() + timedelta(hours=2)):
            self.assertTurnedAway(url)

    def test_replayed_state(self):
        url = self.get_way_back()
        self.come_back(url)
        self.assertEqual(self.connection.state, "connected")
        self.assertTurnedAway(url)
        self.assertEqual(self.connection.state, "connected")

    def test_state_of_another_user(self):
        url = self.get_way_back()
        groups = "base.group_user,xero_crm.group_xero_admin"
        self.login(new_test_user(self.env, "xero_admin_two", groups=groups))
        self.assertTurnedAway(url)

    def test_state_of_another_session_of_the_same_user(self):
        url = self.get_way_back()
        self.login(self.user_xero_admin)
        self.assertTurnedAway(url)

    def test_only_the_last_consent_counts(self):
        url = self.get_way_back()
        later = self.get_way_back()
        self.come_back(later)
        self.assertEqual(self.connection.state, "connected")
        self.assertTurnedAway(url)

    def test_callback_is_for_administrators_only(self):
        url = self.get_way_back()
        for user in (self.user_accountant, self.user_rep, self.user_outsider):
            self.login(user)
            self.assertEqual(self.come_back(url).status_code, 404)
        self.authenticate(None, None)
        answer = self.come_back(url)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertFalse(self.xero.calls["GET connections"])


@tagged("post_install", "-at_install")
class TestReconnect(XeroHttpCase):
    """A connection whose consent has ended is connected again."""

    def setUp(self):
        super().setUp()
        self.customer.action_xero_push()
        self.link = self.link_of(self.customer)
        self.assertEqual(self.link.state, "synced")
        self.connection._set_reconnect("test")
        self.login(self.user_xero_admin)

    def test_reconnect_keeps_links_and_settings_and_clears_the_activity(self):
        self.assertTrue(self.connection.activity_ids)
        self.consent()
        self.assertRecordValues(
            self.connection,
            [{"state": "connected", "sync_mode": "live", "link_ids": self.link.ids}],
        )
        self.assertFalse(self.connection.activity_ids)
        self.customer.phone = "+64 9 555 0303"
        self.push()
        self.assertEqual(self.link.state, "synced")

    def test_another_organisation_does_not_take_over_the_links(self):
        other = self.xero.add_organisation("Somebody Else Ltd")
        secret = self.connection._get_token().refresh_token
        self.consent(tenants=[other])
        self.assertRecordValues(
            self.connection,
            [{"state": "reconnect", "tenant_id": self.org.tenant_id}],
        )
        self.assertEqual(self.connection._get_token().refresh_token, secret)
        self.assertEqual(self.link.exists().xero_id, self.customer.xero_contact_id)
        log = self.env["xero.log"].search([], limit=1)
        self.assertIn("another organisation", log.message)
        self.assertTrue(log.remedy)
