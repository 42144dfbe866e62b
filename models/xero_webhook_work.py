import functools
import logging
import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ..const import WEBHOOK_RESOURCES
from ..xero_api import RESOURCES, XeroError
from .xero_pull import MAX_IDS

_logger = logging.getLogger(__name__)

# A burst is let come in before it is fetched: one call then serves many of it.
LOOK_SECONDS = 0.5
BURST = 10  # events that come between two looks
PATIENCE_SECONDS = 20
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


class XeroWebhookEvent(models.Model):
    """What the scheduled action does: fetch what changed, as the regular fetch does."""

    _inherit = "xero.webhook.event"

    @api.model
    def _cron_work(self):
        """Fetch what the waiting events are about, connection by connection."""
        due = self._read_group(self._get_due_domain(), ["connection_id"])
        connections = self.env["xero.connection"].browse(row[0].id for row in due)
        if connections:
            self._let_burst_come_in()
            connections._work_each("_work_webhooks")

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "=", "waiting"),
            ("connection_id.state", "=", "connected"),
            "|",
            ("next_try", "=", False),
            ("next_try", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _let_burst_come_in(self):
        """Wait while many come at once; for a single one somebody may be waiting."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        newest = self._read_newest()
        while time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            newest, before = self._read_newest(), newest
            if newest - before < BURST:
                return

    @api.model
    def _read_newest(self):
        """Return the id of the newest event, by a transaction of its own: another one
        sees only what was there when it began.

        :rtype: int
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT max(id) FROM xero_webhook_event")
            return cr.fetchone()[0] or 0

    def _work_due(self, connection):
        """Fetch the records that a connection's events tell of; commit each batch.

        :param connection: `xero.connection`, one record
        """
        for category, resource in WEBHOOK_RESOURCES.items():
            worked = False
            while events := self._take_batch(connection, category):
                try:
                    self._work_batch(connection, resource, events)
                except XeroError as error:
                    self._postpone(connection, resource, events, error)
                    return
                worked = True
            if worked and resource == "Contacts":
                recheck = functools.partial(self.env["xero.match"]._recheck, connection)
                self.env["xero.pull"]._commit_or_repeat(recheck)

    def _take_batch(self, connection, category):
        """Return the due events of up to so many records as one call can name, locked.

        All events of a record are merged: what it is now is fetched once. Nothing may
        be uncommitted before.
        """
        while True:
            try:
                return self._get_batch(connection, category).try_lock_for_update()
            except SerializationFailure:
                # Another worker has just finished some of them: look anew.
                self.env.cr.rollback()

    def _get_batch(self, connection, category):
        domain = [
            *self._get_due_domain(),
            ("connection_id", "=", connection.id),
            ("category", "=", category),
        ]
        groups = self._read_group(
            domain, ["xero_id"], ["id:recordset"], order="id:min", limit=MAX_IDS
        )
        return self.union(*(events for _xero_id, events in groups))

    def _work_batch(self, connection, resource, events):
        """Fetch, apply and mark as done in one transaction: nothing is lost in between.

        :raise XeroError: if Xero does not answer
        """
        if RESOURCES[resource].ids:
            self._work_by_ids(connection, resource, events)
        else:
            self._work_changed(connection, resource, events)

    def _work_by_ids(self, connection, resource, events):
        pull, event_ids = self.env["xero.pull"], events.ids
        payloads = self.env["xero.gateway"]._call(
            connection, "get_by_ids", resource, events.mapped("xero_id")
        )

        def work():
            pull._work_page(connection, resource, payloads)
            self._finish(connection, resource, event_ids)

        pull._commit_or_repeat(work)

    def _work_changed(self, connection, resource, events):
        """Xero has no list by ids of these: one call brings all that changed."""
        pull, event_ids = self.env["xero.pull"], events.ids
        if pull._pull(connection, [resource]):
            pull._commit_or_repeat(
                lambda: self._finish(connection, resource, event_ids)
            )
        else:  # another worker is at it, and may have begun before the change
            self.browse(event_ids).next_try = fields.Datetime.now() + FIRST_WAIT
            pull._commit()

    def _finish(self, connection, resource, event_ids):
        self.browse(event_ids).write(
            {"state": "done", "done_at": fields.Datetime.now(), "error": False}
        )
        self.env["xero.log"]._resolve_fetch(connection, resource)

    def _postpone(self, connection, resource, events, error):
        """Try again later, and say why in the log: once, however often it fails."""
        self.env.cr.rollback()
        cause = self.env["xero.log"]._explain(error)
        self.env["xero.log"]._add_pull_failure(connection, resource, cause)
        attempts = max(events.mapped("attempts"), default=0)
        wait = min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)
        if retry_after := getattr(error, "retry_after", None):
            wait = timedelta(seconds=retry_after)
        due = fields.Datetime.now() + wait
        self.search(
            [("state", "=", "waiting"), ("connection_id", "=", connection.id)]
        ).write({"next_try": due})
        events.write({"attempts": attempts + 1, "error": cause.message})
        self._get_cron()._trigger(due)
        self.env["xero.pull"]._commit()
        _logger.info("Fetching after webhooks stopped: %s", error)
