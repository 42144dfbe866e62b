from datetime import timedelta

from odoo import api, fields, models

from ..const import WEBHOOK_CHECK

KEEP = timedelta(days=7)
# What is still waiting then has been brought by the regular fetches long ago.
KEEP_WAITING = timedelta(days=31)
_GC_LIMIT = 10000


class XeroWebhookEvent(models.Model):
    """The inbox of webhooks: which record of Xero's changed, never how.

    A row is written by the request that brings it, and worked by a scheduled action.
    """

    _name = "xero.webhook.event"
    _description = "Xero Webhook Event"
    _order = "id desc"
    _rec_name = "xero_id"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    category = fields.Char(required=True, readonly=True)
    kind = fields.Char("What Happened", readonly=True)
    xero_id = fields.Char("Xero ID", readonly=True)
    changed_at = fields.Datetime("Changed in Xero", readonly=True)
    create_date = fields.Datetime("Received", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("ignored", "Not Needed"),
        ],
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)
    error = fields.Char("Last Problem", readonly=True)
    done_at = fields.Datetime("Fetched", readonly=True)

    # Xero sends an event again until it has our answer.
    _event_uniq = models.Constraint(
        "UNIQUE(connection_id, xero_id, category, kind, changed_at)",
        "An event is kept once.",
    )
    _waiting_index = models.Index(
        "(connection_id, category, xero_id) WHERE state = 'waiting'"
    )
    _received_index = models.Index("(connection_id, create_date)")

    def action_try_again(self):
        """Fetch what these events are about at the next run, which begins at once."""
        self.check_access("read")
        for connection in self.connection_id:
            self.sudo()._retry(connection)
        return True

    @api.model
    def _get_cron(self):
        return self.env.ref("xero_crm.ir_cron_xero_webhook").sudo()

    @api.model
    def _retry(self, connection):
        """Do not wait longer with what waits for a connection.

        :param connection: `xero.connection`, one record
        """
        waiting = self.search(
            [("connection_id", "=", connection.id), ("state", "=", "waiting")]
        )
        if waiting:
            waiting.next_try = False
            self._get_cron()._trigger()

    @api.model
    def _read_latest(self, connections):
        """Return when the latest event, and the latest check by Xero, were received.

        :param connections: `xero.connection`
        :return: (datetime or False, datetime or False) by connection
        :rtype: dict
        """
        rows = self.sudo()._read_group(
            [("connection_id", "in", connections.ids)],
            ["connection_id", "category"],
            ["create_date:max"],
        )
        latest = {connection: [False, False] for connection in connections}
        for connection, category, moment in rows:
            row = latest[connection.with_env(connections.env)]
            place = int(category == WEBHOOK_CHECK)
            row[place] = max(row[place] or moment, moment)
        return latest

    @api.autovacuum
    def _gc_events(self):
        """Forget what was done a week ago; the last sign of life of each connection
        and kind stays."""
        now = fields.Datetime.now()
        last = self._read_group([], ["connection_id", "category"], ["id:max"])
        rows = self.search(
            [
                ("id", "not in", [max_id for *_key, max_id in last]),
                "|",
                "&",
                ("state", "!=", "waiting"),
                ("create_date", "<", now - KEEP),
                ("create_date", "<", now - KEEP_WAITING),
            ],
            limit=_GC_LIMIT,
        )
        rows.unlink()
        return len(rows), len(rows) == _GC_LIMIT
