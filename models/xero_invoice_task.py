import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..xero_api import retry_delay
from .xero_link_outbox import KEY_LIFE

TASK_KINDS = [
    ("note", "Note in Xero's History"),
    ("attachment", "File"),
    ("online_url", "Payment Link"),
    ("email", "E-Mail"),
    ("mark_sent", "Marked as Sent in Xero"),
]
# What goes first, within one invoice: the customer's mail comes after the files.
RANKS = {kind: rank for rank, (kind, _label) in enumerate(TASK_KINDS)}
TASK_STATES = [
    ("pending", "Waiting"),
    ("sending", "Under Way"),
    ("done", "Done"),
    ("error", "Failed"),
]
WAITING_STATES = ("pending", "sending")


class XeroInvoiceTask(models.Model):
    """What follows once an invoice is in Xero, each exactly once: the outbox of it."""

    _name = "xero.invoice.task"
    _inherit = ["xero.bulk.mixin", "xero.job.mixin"]
    _description = "Xero Invoice Follow-Up"
    _order = "id"
    _rec_name = "name"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", readonly=True
    )
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(TASK_KINDS, "What", required=True, readonly=True)
    key = fields.Char(
        "Which of Its Kind",
        required=True,
        readonly=True,
        help="The checksum of a file: no file is attached twice.",
    )
    name = fields.Char("Details", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "File", ondelete="set null", readonly=True
    )
    sender = fields.Selection(
        [("xero", "Xero"), ("odoo", "Odoo")], "Sent By", readonly=True
    )
    user_id = fields.Many2one("res.users", "Asked For By", readonly=True)
    state = fields.Selection(TASK_STATES, required=True, readonly=True)
    error = fields.Char("Cause", readonly=True)
    done_at = fields.Datetime("Done On", readonly=True)
    idempotency_key = fields.Char(readonly=True, groups="base.group_no_one")
    sent_at = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(invoice_id, kind, key)", "This was asked for already.")
    _outbox_index = models.Index(
        "(connection_id, id) WHERE state IN ('pending', 'sending')"
    )

    # === QUEUE === #

    @api.model
    def _queue(self, rows):
        """Ask for follow-ups; what was asked for before is not asked for again.

        :param list rows: dicts of invoice (`xero.invoice`), kind, and, where there are
            any: key, name, attachment_id, sender
        :return: the new tasks
        """
        tasks = self._insert(
            [
                {
                    "invoice_id": row["invoice"].id,
                    "connection_id": row["invoice"].connection_id.id,
                    "company_id": row["invoice"].company_id.id,
                    "kind": row["kind"],
                    "key": row.get("key", row["kind"]),
                    "name": row.get("name", False),
                    "attachment_id": row.get("attachment_id", False),
                    "sender": row.get("sender", False),
                    "user_id": row.get("user_id", False),
                    "state": "pending",
                    "attempts": 0,
                }
                for row in rows
            ],
            ignore_known=True,
        )
        if tasks:
            self.env["xero.invoice"].invalidate_model(["task_ids"], flush=False)
            tasks.modified(["invoice_id", "state"])
            self.env["xero.link"]._wake_cron()
        return tasks

    def _requeue(self):
        """Try again what has failed."""
        failed = self.filtered(lambda task: task.state == "error")
        failed.write({"state": "pending", "attempts": 0, "next_try": False})
        (self - failed).filtered("next_try").write({"next_try": False})

    @api.model
    def _get_due(self, connection, among=None):
        """Return what is to be done now, in the order in which it is.

        :param list among: ids to choose from; all that waits when None
        :return: list of ids
        """
        domain = fields.Domain(
            [
                ("connection_id", "=", connection.id),
                ("state", "in", WAITING_STATES),
                "|",
                ("next_try", "=", False),
                ("next_try", "<=", fields.Datetime.now()),
            ]
        )
        if among is not None:
            domain &= fields.Domain("id", "in", among)
        elif connection._is_short_of_calls():
            # The customer's mail is worth a call that is kept for people.
            domain &= fields.Domain("kind", "=", "email")
        tasks = self.search(domain)
        return tasks.sorted(lambda task: (task.invoice_id.id, RANKS[task.kind])).ids

    def _is_due(self):
        """Whether it still is: what came before may have put it off."""
        waits = self.next_try and self.next_try > fields.Datetime.now()
        return self.state in WAITING_STATES and not waits

    @api.model
    def _get_waiting_connections(self):
        """Return the connections that something is to be done for, in one query."""
        self.flush_model(["connection_id", "state", "next_try"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT connection_id FROM xero_invoice_task"
                " WHERE state IN ('pending', 'sending')"
                " AND (next_try IS NULL OR next_try <= %s)",
                fields.Datetime.now(),
            )
        )
        return self.env["xero.connection"].browse(row[0] for row in rows)

    # === STATES === #

    def _mark_sending(self, repeatable):
        """The call is about to go out: under the key of the lost one that it repeats,
        where that is the very same call and Xero still remembers it.

        :param bool repeatable: whether the call is word by word the same each time
        """
        now = fields.Datetime.now()
        vals = {"state": "sending", "next_try": False}
        alive = self.sent_at and self.sent_at + KEY_LIFE > now
        if not (repeatable and self.idempotency_key and alive):
            vals |= {"idempotency_key": uuid.uuid4().hex, "sent_at": now}
        self.write(vals)

    def _mark_done(self):
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "error": False,
                "next_try": False,
                "attempts": 0,
                "idempotency_key": False,
            }
        )

    def _mark_error(self, message):
        self.write({"state": "error", "error": message, "idempotency_key": False})

    def _mark_unanswered(self, message, answered):
        """Xero may have done it: it is looked for before anything is sent again.

        :param bool answered: Xero would give the same answer to the same key
        """
        vals = self._prepare_delay_vals(message, at_once=not self.attempts)
        if answered:
            vals["idempotency_key"] = False
        self.write(vals)
        self.env["xero.link"]._wake_cron(vals["next_try"] or None)

    def _mark_deferred(self, message, retry_after=None, lost=False):
        """Nothing was done now: try again later.

        :param bool lost: an earlier call is without an answer
        """
        vals = self._prepare_delay_vals(message, retry_after)
        if not lost:
            vals |= {"state": "pending", "idempotency_key": False}
        self.write(vals)
        self.env["xero.link"]._wake_cron(vals["next_try"])

    def _prepare_delay_vals(self, message, retry_after=None, at_once=False):
        self.ensure_one()
        delay = timedelta(seconds=retry_delay(self.attempts, retry_after))
        return {
            "attempts": self.attempts + 1,
            "next_try": not at_once and fields.Datetime.now() + delay,
            "error": message,
        }
