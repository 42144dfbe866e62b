import logging
from datetime import timedelta

from odoo import fields, models

from ..const import WEBHOOK_ROUTE

_logger = logging.getLogger(__name__)

# Without a sign of life for so long, Xero is asked as often as without webhooks.
SILENCE = timedelta(days=1)


class XeroConnection(models.Model):
    """Webhooks: set-up, whether they arrive, and what that changes."""

    _inherit = "xero.connection"

    webhook_url = fields.Char("Delivery URL", compute="_compute_webhook_url")
    webhook_is_public = fields.Boolean(compute="_compute_webhook_url")
    has_webhook_key = fields.Boolean(
        compute="_compute_has_webhook_key", groups="xero_crm.group_xero_accountant"
    )
    webhook_last_event = fields.Datetime("Last Event", compute="_compute_webhook_seen")
    webhook_last_check = fields.Datetime(
        "Last Check by Xero", compute="_compute_webhook_seen"
    )
    webhook_state = fields.Selection(
        [
            ("off", "Not Set Up"),
            ("key", "Waiting for Xero's Check"),
            ("checked", "Ready"),
            ("arriving", "Arriving"),
            ("silent", "Silent"),
        ],
        "Webhooks",
        compute="_compute_webhook_seen",
    )
    webhook_minutes = fields.Integer(
        "With Webhooks Every (min)",
        default=60,
        help="While webhooks arrive, contacts and invoices are asked for only so "
        "often: the webhooks tell what changed.",
    )

    # === COMPUTE METHODS === #

    def _compute_webhook_url(self):
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        self.webhook_url = f"{(base_url or '').rstrip('/')}{WEBHOOK_ROUTE}"
        self.webhook_is_public = (base_url or "").startswith("https://")

    def _compute_has_webhook_key(self):
        for connection in self:
            connection.has_webhook_key = connection._has_webhook_key()

    def _has_webhook_key(self):
        """Whether the app's key is here, on this connection or another of the app.

        :rtype: bool
        """
        self.ensure_one()
        connection = self.sudo()._origin
        same_app = connection
        if connection.client_id:
            same_app |= connection.search([("client_id", "=", connection.client_id)])
        tokens = self.env["xero.token"].sudo()
        return bool(
            tokens.search_count(
                [
                    ("connection_id", "in", same_app.ids),
                    ("webhook_key", "!=", False),
                ],
                limit=1,
            )
        )

    def _compute_webhook_seen(self):
        latest = self.env["xero.webhook.event"]._read_latest(self._origin)
        silent_since = fields.Datetime.now() - SILENCE
        for connection in self:
            event, check = latest.get(connection._origin, (False, False))
            connection.webhook_last_event = event
            connection.webhook_last_check = check
            if not connection._has_webhook_key():
                connection.webhook_state = "off"
            elif event and event >= silent_since:
                connection.webhook_state = "arriving"
            elif event:
                connection.webhook_state = "silent"
            else:
                connection.webhook_state = "checked" if check else "key"

    # === ACTION METHODS === #

    def action_open_webhook_events(self):
        """Show what has come."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_webhook_event_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    # === SCHEDULED ACTIONS === #

    def _work_webhooks(self):
        """Fetch what webhooks tell of, unless the day's calls run short: the regular
        fetch brings it then."""
        self.ensure_one()
        if self._is_short_of_calls():
            _logger.info("%s: the calls left today are kept for people", self.name)
            return
        self.env["xero.webhook.event"]._work_due(self)
