import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import WEBHOOK_CHECK, WEBHOOK_RESOURCES
from ..xero_api import read_events, verify_signature

_logger = logging.getLogger(__name__)

# By database: the keys that this process has found there last.
_familiar = {}


class XeroWebhookEvent(models.Model):
    """What happens within the request: verify, keep, wake the worker."""

    _inherit = "xero.webhook.event"

    @api.model
    def _receive(self, body, signature):
        """Keep the events of a webhook if its signature is right.

        :param bytes body: the raw body
        :param str | None signature: the header as received
        :return: whether the signature is right
        :rtype: bool
        """
        trusted = {
            connection_id: (tenant_id.lower(), company_id)
            for connection_id, tenant_id, company_id, key in self._read_keys()
            if verify_signature(body, signature, key)
        }
        if not trusted:
            return False
        try:
            events = read_events(body)
        except ValueError:
            _logger.warning("A webhook with a right signature could not be read.")
            return True
        if rows := self._prepare_rows(events, trusted):
            self._insert(rows)
        return True

    @api.model
    def _read_keys(self):
        """Return who may be told something: (connection id, organisation's id, company
        id, signing key).

        A Xero app has one key for all organisations that are connected to it, so that
        a key counts for each connection of the same app.

        :rtype: list
        """
        self.env.cr.execute(
            """
            SELECT DISTINCT mine.id, mine.tenant_id, mine.company_id, token.webhook_key
              FROM xero_token token
              JOIN xero_connection keeper ON keeper.id = token.connection_id
              JOIN xero_connection mine
                ON mine.id = keeper.id OR mine.client_id = keeper.client_id
             WHERE token.webhook_key IS NOT NULL
               AND keeper.active AND mine.active AND mine.tenant_id IS NOT NULL
            """
        )
        tokens = self.env["xero.token"].sudo()
        keys = {}
        found = []
        for connection_id, tenant_id, company_id, cipher in self.env.cr.fetchall():
            if cipher not in keys:
                keys[cipher] = tokens._decrypt_often(cipher)
            if keys[cipher]:
                found.append((connection_id, tenant_id, company_id, keys[cipher]))
        _familiar[self.env.cr.dbname] = {key for *_who, key in found}
        return found

    @api.model
    def _is_familiar(self, body, signature):
        """Whether a signature fits a key that was in use lately, without a question to
        the database.

        :rtype: bool
        """
        keys = _familiar.get(self.env.cr.dbname, ())
        return any(verify_signature(body, signature, key) for key in keys)

    @api.model
    def _prepare_rows(self, events, trusted):
        """Return rows for the inbox; an empty webhook is Xero's check of our address.

        :param events: list of `WebhookEvent`
        :param dict trusted: (organisation's id, company id) by connection id
        :rtype: list[tuple]
        """
        if not events:
            return [
                (connection_id, company_id, WEBHOOK_CHECK, None, None, None, "done")
                for connection_id, (_tenant_id, company_id) in trusted.items()
            ]
        return [
            (
                connection_id,
                company_id,
                event.category,
                event.kind,
                event.resource_id,
                event.moment,
                "waiting" if event.category in WEBHOOK_RESOURCES else "ignored",
            )
            for event in events
            for connection_id, (tenant_id, company_id) in trusted.items()
            if tenant_id == event.tenant_id and event.resource_id
        ]

    @api.model
    def _insert(self, rows):
        """Write rows in one statement, and have the worker begin."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO xero_webhook_event (
                    connection_id, company_id, category, kind, xero_id, changed_at,
                    state, attempts, create_uid, write_uid, create_date, write_date)
                VALUES %s
                ON CONFLICT DO NOTHING
                """,
                SQL(", ").join(
                    SQL(
                        "(%s, 0, 1, 1, %s, %s)",
                        SQL(", ").join(map(_value, row)),
                        now,
                        now,
                    )
                    for row in rows
                ),
            )
        )
        if any(row[-1] == "waiting" for row in rows):
            self._wake_cheaply()

    @api.model
    def _wake_cheaply(self):
        """Wake the worker, unless it is about to begin anyway.

        A trigger that a worker has taken already is locked by it until its end: it
        would not notice what comes now, so that such a one does not count.
        """
        cron = self._get_cron()
        self.env.cr.execute(
            """
            SELECT 1 FROM ir_cron_trigger
             WHERE cron_id = %s AND call_at <= %s
             LIMIT 1 FOR KEY SHARE SKIP LOCKED
            """,
            [cron.id, fields.Datetime.now()],
        )
        if not self.env.cr.fetchone():
            cron._trigger()


def _value(value):
    return SQL("%s", value)
