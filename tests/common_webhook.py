"""What the tests of webhooks share: events as the simulated Xero sends them."""

from unittest.mock import patch

from ..controllers.webhook import failures
from ..xero_api import sign
from .common import CLIENT_ID

KEY = "webhook-key-that-nobody-may-read"
WORK = "odoo.addons.xero_crm.models.xero_webhook_work"


class WebhookMixin:
    """Mix into a test case with a live connection: the app has webhooks switched on."""

    def setUp(self):
        super().setUp()
        app = self.xero.oauth.apps[CLIENT_ID]
        app.webhook_url, app.webhook_key = "http://localhost/xero_crm/webhook", KEY
        self.addCleanup(setattr, app, "webhook_url", "")
        self.connection.webhook_key = KEY
        failures.forget()
        patcher = patch(f"{WORK}.LOOK_SECONDS", 0)
        patcher.start()
        self.addCleanup(patcher.stop)

    def take_body(self):
        """Return the body of a webhook with all that Xero has to tell."""
        webhooks = self.xero.webhooks
        events = webhooks.pending(CLIENT_ID)
        webhooks.queues[CLIENT_ID] = []
        return webhooks.body(CLIENT_ID, events)

    def make_body(self, *events, **values):
        """Return the body of a webhook with these (category, resource id)."""
        return self.xero.webhooks.body(
            CLIENT_ID,
            [
                {
                    "resourceUrl": f"https://api.xero.com/{category}/{xero_id}",
                    "resourceId": xero_id,
                    "tenantId": self.org.tenant_id,
                    "tenantType": "ORGANISATION",
                    "eventCategory": category,
                    "eventType": "UPDATE",
                    "eventDateUtc": f"2026-05-01T14:32:04.{number:03d}",
                    **values,
                }
                for number, (category, xero_id) in enumerate(events)
            ],
        )

    def receive(self, body):
        """Take a webhook in, as the controller does."""
        self.env.flush_all()
        inbox = self.env["xero.webhook.event"].sudo()
        self.assertTrue(inbox._receive(body, sign(body, KEY)))

    def events(self, **values):
        self.env.flush_all()
        domain = [(name, "=", value) for name, value in values.items()]
        mine = [("connection_id", "=", self.connection.id)]
        self.env.invalidate_all()
        return self.env["xero.webhook.event"].search(mine + domain)

    def work(self):
        """Fetch what has come, as the scheduled action does."""
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_webhook").method_direct_trigger()
        self.env.invalidate_all()
