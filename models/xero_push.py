import contextlib
import functools
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields, models, modules
from odoo.tools import SQL

from ..const import ASKED_MODELS, FETCHED, OUTBOX_MODELS
from ..xero_api import XeroError
from .xero_change import Change, Problem, XeroProblem

_logger = logging.getLogger(__name__)

# First argument of PostgreSQL's advisory locks: any number that is ours.
LOCK_SPACE = 0x58E0
# Another worker sends for the organisation: look again after it, not at once.
OTHER_AT_WORK = timedelta(seconds=30)


class XeroPush(models.AbstractModel):
    """The outbox at work: Odoo to Xero, exactly once.

    Every batch is committed as `sending` before the call and settled after it. Only one
    worker pushes for a connection at a time (an advisory lock, which a dying process
    gives back); so whatever is `sending` when a worker starts was left by a dead one,
    or has no answer, and is looked for in Xero before anything is sent again.
    """

    _name = "xero.push"
    _inherit = "xero.job.mixin"
    _description = "Push to Xero"

    # === ENTRY POINTS === #

    def _flush_after_commit(self, links):
        """Send links right after the transaction at hand is committed.

        The caller's transaction may be replayed or rolled back: nothing is sent before
        it stands. Odoo's test cursors drop post-commit hooks, so tests send at once.

        :param links: `xero.link`
        """
        ids_by_connection = {
            connection.id: mine.ids
            for connection, mine in links.grouped("connection_id").items()
        }
        user_id = self.env.uid
        registry = self.env.registry
        context = dict(self.env.context)

        def flush():
            with registry.cursor() as cr:
                env = self.env(cr=cr, user=user_id, su=True, context=context)
                for connection_id, ids in ids_by_connection.items():
                    connection = env["xero.connection"].browse(connection_id)
                    env["xero.push"]._push(connection, among=ids)
                    env["xero.push"]._tell_user(ids)

        if modules.module.current_test:
            self.env.flush_all()
            flush()
            self.env.invalidate_all()
        else:
            self.env.cr.postcommit.add(flush)

    def _push(self, connection, among=None, step=None):
        """Send what is pending. Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        :param list among: link ids to send; all that are pending when None
        :param step: `xero.sync.run.line` that sends its list only, counts what is done
            and hears of errors
        :return: False if another worker is sending for this connection, or the step's
            time is up; the scheduled action, woken here, will look after the rest
        :rtype: bool
        """
        if connection.state != "connected" or connection.sync_mode != "live":
            return False
        with self._only_pusher(connection) as alone:
            if not alone:
                # Who is at work looks at the end for what has come meanwhile; this is
                # for the case that they die.
                self.env["xero.link"]._wake_cron(fields.Datetime.now() + OTHER_AT_WORK)
                self._commit()
                return False
            started = fields.Datetime.now()
            push = self.with_context(**{FETCHED: {}})
            done = push._push_alone(connection, among, step)
        if self.env["xero.link"]._is_due_since(connection, started):
            # Whoever wanted it sent found this worker at work.
            self.env["xero.link"]._wake_cron()
            self._commit()
        return done

    def _push_alone(self, connection, among, step):
        """As `_push`, holding the push lock."""
        try:
            for resource in self._iter_due_resources(connection, among, step):
                if not self._push_resource(connection, resource, among, step):
                    return False
        except XeroError as error:
            if step:
                raise
            # Settled on the links already; the next resource would fail alike.
            _logger.info("Push to %s stopped: %s", connection.name, error)
        except OperationalError as error:
            # Lost against another transaction; what is `sending` is looked for.
            self.env.cr.rollback()
            _logger.info("Push to %s is repeated: %s", connection.name, error)
            self.env["xero.link"]._wake_cron()
            self._commit()
        return True

    def _iter_due_resources(self, connection, among, step):
        """Yield the resources that have work, in the order in which they need each
        other. What is sent of one may bring work for the next, so that it is looked
        at again after each."""
        if step:
            yield step.resource
            return
        due = self._get_due_resources(connection, among)
        for resource in OUTBOX_MODELS:
            if resource in due:
                yield resource
                due = self._get_due_resources(connection, among)

    def _get_due_resources(self, connection, among):
        """Return the resources that have work, see `_push` for the arguments.

        :rtype: set
        """
        return self.env["xero.link"]._get_due_resources(connection)

    @contextlib.contextmanager
    def _only_pusher(self, connection):
        """Hold the connection's push lock; yields whether it was free."""
        key = SQL("%s, %s", LOCK_SPACE, connection.id)
        [[alone]] = self.env.execute_query(SQL("SELECT pg_try_advisory_lock(%s)", key))
        try:
            yield alone
        except BaseException:
            # A broken transaction would refuse to give the lock back.
            self.env.cr.rollback()
            raise
        finally:
            if alone:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s)", key))

    # === ONE RESOURCE === #

    def _push_resource(self, connection, resource, among, step=None):
        """Send batch by batch. Returns False if the step's time is up."""
        links = self.env["xero.link"]
        self._recover(connection, resource)
        self._fetch_rivals(connection, resource, among)
        while batch := links._next_batch(connection, resource, among):
            changes = self._push_batch(connection, batch)
            if resource in ASKED_MODELS:
                self._after_asked(connection, changes)
            if step:
                self._commit_or_repeat(functools.partial(step._count_sent, changes))
                if step._is_out_of_time():
                    return False
        return True

    def _push_batch(self, connection, batch):
        """Prepare, commit as sending, send, settle, commit: creates apart from updates.

        :param batch: locked `xero.link`
        :return: list of `Change`, as they were planned
        """
        try:
            changes = self._plan(connection, batch)
        except XeroError as error:
            # A question to Xero failed before anything was sent.
            self._settle_failure(batch, error)
            raise
        self._settle_unsent(changes)
        self._commit()
        for method, operation in (("create", "create"), ("update", "update")):
            sent = [change for change in changes if change.operation == operation]
            if sent:
                self._send(connection, method, sent)
        return changes

    def _plan(self, connection, links):
        """Return what would be sent for links, one `Change` a link. Sends nothing."""
        records = self._get_records(links)
        records._before_xero_push(connection, links)
        records._read_before_push(connection, links)
        # Some may have been found in Xero and linked, while looking for duplicates.
        pending = links.filtered(lambda link: link.state == "pending")
        return self._plan_links(connection, pending)

    def _get_records(self, links):
        """Return the records of links of one resource, as superuser."""
        records = self.env[OUTBOX_MODELS[links[0].resource]].sudo()
        records = records.browse(links.mapped("res_id")).exists()
        return records._in_xero(links.connection_id)

    def _plan_links(self, connection, links):
        if not links:
            return []
        records = self._get_records(links)
        by_id = {record.id: record for record in records}
        known = set(links.filtered("xero_id").mapped("res_id"))
        unknown = records.filtered(lambda record: record.id not in known)
        held = unknown._get_xero_held(connection) if unknown else {}
        return [
            self._plan_one(
                connection, link, by_id.get(link.res_id), held.get(link.res_id)
            )
            for link in links
        ]

    def _plan_one(self, connection, link, record, held=None):
        if not record:
            problem = Problem(
                self.env._("The record was deleted in Odoo."),
                self.env._("Nothing is to be done."),
                skip=True,
            )
            return Change("skip", link=link, problem=problem)
        change = Change("skip", record.display_name, record, link, link.xero_id or "")
        try:
            record._plan_xero_push(connection, change)
            if held:
                raise XeroProblem(held)
        except XeroProblem as error:
            change.problem = problem = error.problem
            change.operation = "refuse"
            if problem.skip or problem.wait:
                change.operation = "skip" if problem.skip else "wait"
        except ValueError as error:
            # What no document can hold fails alone, not the whole outbox.
            change.problem = self._get_unreadable_problem(record, error)
            change.operation = "refuse"
        return change

    def _get_unreadable_problem(self, record, error):
        return Problem(
            self.env._(
                "%(name)s cannot go to Xero: %(why)s",
                name=record.display_name,
                why=str(error),
            ),
            self.env._("Correct the record, then press Resync."),
            fix="record",
        )

    def _after_asked(self, connection, changes):
        """Fetch what has changed in Xero along with what was sent."""
        sent = [change.record for change in changes if change.operation == "create"]
        if sent and (records := sent[0].union(*sent).exists()):
            self._commit_or_repeat(
                functools.partial(records._after_xero_batch, connection)
            )

    # === FEEDBACK === #

    def _tell_user(self, link_ids):
        """Tell the person who clicked how it went, on the screen."""
        links = self.env["xero.link"].browse(link_ids).exists()
        failed = links.filtered(lambda link: link.state in ("error", "conflict"))
        waiting = links.filtered(lambda link: link.state in ("pending", "sending"))
        if failed:
            kind, message = "danger", "\n".join(failed.mapped(lambda r: r.error or ""))
        elif waiting:
            kind = "warning"
            message = self.env._("Xero did not answer yet; it is tried again shortly.")
        else:
            kind, message = "success", self._get_success_message(links)
        self._send_notification(kind, message)

    def _get_success_message(self, links):
        for resource, text in (
            ("Payments", self.env._("The refund was recorded in Xero.")),
            ("Allocations", self.env._("Credit note made in Xero: %(names)s.")),
            ("CreditNotes", self.env._("Credit note made in Xero: %(names)s.")),
        ):
            if asked := links.filtered(lambda link, r=resource: link.resource == r):
                return text % {"names": ", ".join(asked.mapped("record_name"))}
        invoices = links.filtered(lambda link: link.resource == "Invoices")
        if not invoices:
            return self.env._("Sent to Xero.")
        return self.env._(
            "Invoice %(numbers)s was created in Xero.",
            numbers=", ".join(invoices.mapped("record_name")),
        )

    def _send_notification(self, kind, message):
        self.env.user._bus_send(
            "simple_notification",
            {"type": kind, "message": message},
        )
        self._commit()
