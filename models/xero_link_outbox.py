from datetime import timedelta

from odoo import api, fields, models

from ..const import BATCH_SIZE, DOCUMENT_RESOURCES, OUTBOX_MODELS
from ..xero_api import retry_delay

# Xero remembers an idempotency key for six minutes; within them, and a little less, a
# call that was never answered goes out again under its key.
KEY_LIFE = timedelta(minutes=5)
# An invoice looks so often whether its customer and items have come through.
WAIT_FOR_OTHERS = timedelta(minutes=1)
# What a click writes is committed within it.
LONG_TRANSACTION = timedelta(seconds=20)


class XeroLink(models.Model):
    """The outbox: what waits, is being sent, has failed, and when it is due again."""

    _inherit = "xero.link"

    def _mark_pending(self):
        """Put into the outbox what is not there yet.

        Of a customer who was merged away here there is nothing to send; a person has
        to merge the contacts in Xero, and is told so until then.
        """
        mine = self.filtered(lambda link: not link.merged_into_id)
        links = mine.filtered(lambda link: link.state not in ("pending", "sending"))
        links.write({"state": "pending", "attempts": 0, "next_try": False})
        (mine - links).filtered("next_try").write({"next_try": False})

    def _requeue(self):
        """Put into the outbox again, with the customers and items that documents need.

        :return: `xero.link`
        """
        links = self
        for link in self.filtered(lambda link: link.resource in DOCUMENT_RESOURCES):
            if document := link._get_record():
                links |= document._requeue_dependencies(link.connection_id)
        links._mark_pending()
        return links

    def _mark_sending(self, key):
        """The call is about to go out; the life of a key counts from its first call."""
        vals = {"state": "sending", "idempotency_key": key}
        if set(self.mapped("idempotency_key")) != {key}:
            vals["sent_at"] = fields.Datetime.now()
        self.write(vals)

    def _mark_unsent(self):
        """Xero has done nothing of a call, and is not at it: wait like any other."""
        self.write({"state": "pending", "next_try": False, "idempotency_key": False})

    def _mark_unanswered(self, message, answered=False, retry_after=None):
        """Xero may have done the work: stay `sending` until that is known.

        The first time it is looked for at once, then after growing waits. What went out
        together is looked for together.

        :param bool answered: Xero did answer, though nothing that can be read: it is
            not at work any more, and would give the same answer to the same key
        :param int retry_after: seconds, as Xero says
        """
        attempts = max(self.mapped("attempts"))
        next_try = False
        if attempts or retry_after:
            delay = retry_delay(attempts, retry_after)
            next_try = fields.Datetime.now() + timedelta(seconds=delay)
        vals = {"attempts": attempts + 1, "next_try": next_try, "error": message}
        if answered:
            vals["idempotency_key"] = False
        self.write(vals)
        self._wake_cron(next_try or None)

    def _is_key_alive(self):
        """Whether Xero still remembers the key under which these went out together."""
        oldest = min(filter(None, self.mapped("sent_at")), default=None)
        if not oldest or not all(self.mapped("idempotency_key")):
            return False
        return oldest + KEY_LIFE > fields.Datetime.now()

    def _mark_waiting_for_key(self):
        """Stay `sending` until Xero has forgotten the key."""
        self.next_try = min(self.mapped("sent_at")) + KEY_LIFE
        self._wake_cron(self[0].next_try)

    def _mark_synced(self, xero_id=None, base=None):
        self.ensure_one()
        conflicts = self.conflict_ids
        vals = {
            "state": "conflict" if conflicts else "synced",
            "synced_at": fields.Datetime.now(),
            "idempotency_key": False,
            "attempts": 0,
            "next_try": False,
            "error": conflicts._get_summary() if conflicts else False,
            "reasons": False,
        }
        if xero_id and xero_id != self.xero_id:
            vals["xero_id"] = xero_id
        if base is not None:
            vals["base"] = base
        self.write(vals)

    def _mark_error(self, message):
        self.write({"state": "error", "error": message, "idempotency_key": False})

    def _mark_deferred(self, retry_after=None, message=False):
        """Nothing was done: try again later.

        :param int retry_after: seconds, as Xero says
        """
        for attempts, links in self.grouped("attempts").items():
            delay = retry_delay(attempts, retry_after)
            links.write(
                {
                    "state": "pending",
                    "idempotency_key": False,
                    "attempts": attempts + 1,
                    "next_try": fields.Datetime.now() + timedelta(seconds=delay),
                    "error": message,
                }
            )
        self._wake_cron(min(self.mapped("next_try"), default=None))

    def _mark_waiting(self, message):
        """Something else has to be in Xero first; that is no failed try."""
        next_try = fields.Datetime.now() + WAIT_FOR_OTHERS
        self.write({"next_try": next_try, "error": message})

    def _wake_cron(self, at=None):
        """Have the outbox worked after this transaction, or at a moment.

        An import that touches thousands of customers wakes it once.
        """
        woken = self.env.cr.precommit.data.setdefault("xero_crm.woken", set())
        if at not in woken:
            woken.add(at)
            self.env.ref("xero_crm.ir_cron_xero_push").sudo()._trigger(at=at)

    def _next_batch(self, connection, resource, among=None):
        """Lock and return the next links to send: at most one batch.

        :param among: ids to choose from; all when None
        """
        domain = self._get_due_domain(connection, resource, "pending")
        if among is not None:
            domain &= fields.Domain("id", "in", among)
        batch = self.search(domain, limit=BATCH_SIZE)
        return batch.try_lock_for_update().sorted("id")

    @api.model
    def _is_due_since(self, connection, moment):
        """Whether something has come into the outbox since a moment, and is due.

        :param datetime moment: by the database's clock, in UTC
        """
        # A transaction's own time is that of its start.
        late = fields.Domain("write_date", ">", moment - LONG_TRANSACTION)
        pending = fields.Domain("state", "=", "pending")
        due = self._get_ready_domain(connection) & pending & late
        return bool(self.search_count(due, limit=1))

    @api.model
    def _get_due_resources(self, connection):
        """Return of which resources something is to be sent or looked for now.

        :rtype: set
        """
        open_states = fields.Domain("state", "in", ("pending", "sending"))
        domain = self._get_ready_domain(connection) & open_states
        return {resource for [resource] in self._read_group(domain, ["resource"])}

    @api.model
    def _get_lost(self, connection, resource):
        """Return the links of calls that were never answered, as far as they are due,
        with all that went out in the same calls.

        The caller is the only one who sends for the connection: nobody else is at it.
        """
        due = self.search(self._get_due_domain(connection, resource, "sending"))
        keys = set(due.mapped("idempotency_key")) - {False}
        together = [("state", "=", "sending"), ("idempotency_key", "in", list(keys))]
        return due | self.search(together) if keys else due

    def _get_due_domain(self, connection, resource, state):
        """What of the outbox is in a state, and need not wait any longer."""
        return self._get_ready_domain(connection) & fields.Domain(
            [("resource", "=", resource), ("state", "=", state)]
        )

    def _get_ready_domain(self, connection):
        return fields.Domain(
            [
                ("connection_id", "=", connection.id),
                ("resource", "in", list(OUTBOX_MODELS)),
                "|",
                ("next_try", "=", False),
                ("next_try", "<=", fields.Datetime.now()),
            ]
        )
