import functools
import logging
from datetime import timedelta

from odoo import fields, models, modules

from ..xero_api import XeroError, XeroTransientError
from .xero_change import XeroProblem
from .xero_push_settle import ANSWERED, DEFERRED

_logger = logging.getLogger(__name__)

# So many in one run of the scheduled action: what people wait for comes in between.
RUN_SIZE = 60
# Xero counts the e-mails of a day, and does not say when the day is over.
EMAIL_PAUSE = timedelta(hours=6)


class XeroInvoiceTask(models.Model):
    """The follow-ups at work.

    Each is committed as under way before its call, and settled after it. What is under
    way when a worker begins was left by a dead one, or has no answer: it is looked for
    in Xero before anything is sent again.

    A kind answers four hooks: `_check_<kind>` (raises `XeroProblem`), `_find_<kind>`
    (whether Xero has it already), `_call_<kind>` (the call; its result goes to the
    next), `_keep_<kind>` (what Odoo keeps).
    """

    _inherit = "xero.invoice.task"

    def _flush_after_commit(self):
        """Work on these right after the transaction at hand is committed.

        See `xero.push`: nothing goes out before the caller's transaction stands.
        """
        ids_by_connection = {
            connection.id: tasks.ids
            for connection, tasks in self.grouped("connection_id").items()
        }
        user_id, registry = self.env.uid, self.env.registry
        context = dict(self.env.context)

        def flush():
            with registry.cursor() as cr:
                env = self.env(cr=cr, user=user_id, su=True, context=context)
                for connection_id, ids in ids_by_connection.items():
                    connection = env["xero.connection"].browse(connection_id)
                    env["xero.invoice.task"]._work(connection, among=ids)
                    env["xero.invoice.task"].browse(ids).exists()._tell_user()

        if modules.module.current_test:
            self.env.flush_all()
            flush()
            self.env.invalidate_all()
        else:
            self.env.cr.postcommit.add(flush)

    def _work(self, connection, among=None):
        """Do what is due. Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        :param list among: ids of tasks; all that is due when None
        """
        if connection.state != "connected" or connection.sync_mode != "live":
            return
        with self.env["xero.push"]._only_pusher(connection) as alone:
            if not alone:
                self.env["xero.link"]._wake_cron()
                self._commit()
                return
            due = self._get_due(connection, among)
            for task_id in due[:RUN_SIZE]:
                # Anew: each commit empties the cache, and somebody may have deleted it.
                task = self.browse(task_id).exists()
                if task and task._is_due() and not task._work_one():
                    return
            if due[RUN_SIZE:]:
                self.env["xero.link"]._wake_cron()
                self._commit()

    def _work_one(self):
        """Do one. Returns False when Xero is not to be bothered any more for now."""
        lost = self.state == "sending"
        try:
            if lost and self._run_hook("find"):
                result, found = None, True
            else:
                self._run_hook("check")
                self._mark_sending(self._is_repeatable())
                self._commit()
                result, found = self._run_hook("call"), False
        except XeroProblem as error:
            self._settle_problem(error.problem)
            self._commit()
            return True
        except XeroError as error:
            goes_on = self._settle_failure(error, lost)
            self._commit()
            return goes_on
        # A new transaction sees what others wrote during the call.
        self._commit()
        self._commit_or_repeat(functools.partial(self._settle_done, result, found))
        return True

    def _run_hook(self, name, *args):
        return getattr(self, f"_{name}_{self.kind}")(*args)

    def _is_repeatable(self):
        """Whether the call is word by word the same each time it is made."""
        return self.kind in ("note", "email", "mark_sent")

    def _call(self, method, *args, **kwargs):
        """Call a method of the Xero client."""
        return self.env["xero.gateway"]._call(
            self.connection_id, method, *args, **kwargs
        )

    # === SETTLING === #

    def _settle_done(self, result, found):
        if not self.exists():
            return
        self._run_hook("keep", result, found)
        self._mark_done()
        self.env["xero.log"]._add_task_success(self)

    def _settle_problem(self, problem):
        """What keeps it from being done, known without asking Xero."""
        if problem.skip:
            self.env["xero.log"]._resolve_tasks(self)
            self.unlink()
        elif problem.wait:
            self._mark_deferred(problem.message)
        else:
            self._mark_error(problem.message)
            self.env["xero.log"]._add_task_problem(self, problem)

    def _settle_failure(self, error, lost):
        """Settle a call that failed, by what to do next.

        :param bool lost: an earlier call is without an answer
        :return: whether the next one may be tried
        :rtype: bool
        """
        logs = self.env["xero.log"]
        problem = logs._explain_task(self, error)
        deferred = isinstance(error, DEFERRED)
        if getattr(error, "scope_missing", False):
            deferred = False  # of this kind of call only, until a new consent
        if isinstance(error, XeroTransientError) and error.outcome_unknown:
            self._mark_unanswered(problem.message, error.status in ANSWERED)
        elif problem.wait:
            self._postpone_emails(problem.message)
        elif deferred:
            retry_after = getattr(error, "retry_after", None)
            self._mark_deferred(problem.message, retry_after, lost)
        else:
            self._mark_error(problem.message)
        logs._add_task_problem(self, problem)
        _logger.info("Follow-up of invoice %s: %s", self.invoice_id.id, error)
        return not deferred

    def _postpone_emails(self, message):
        """Xero mails nothing more today: no mail of this organisation is tried."""
        mails = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("kind", "=", "email"),
                ("sender", "=", "xero"),
                ("state", "=", "pending"),
            ]
        )
        next_try = fields.Datetime.now() + EMAIL_PAUSE
        (mails | self).write(
            {
                "state": "pending",
                "next_try": next_try,
                "error": message,
                "idempotency_key": False,
            }
        )
        self.env["xero.link"]._wake_cron(next_try)

    # === FEEDBACK === #

    def _tell_user(self):
        """Tell the person who clicked how it went, on the screen."""
        failed = self.filtered(lambda task: task.state == "error")
        waiting = self.filtered(lambda task: task.state in ("pending", "sending"))
        if failed:
            kind, message = "danger", "\n".join(failed.mapped("error"))
        elif waiting:
            kind = "warning"
            message = waiting[0].error or self.env._(
                "Xero did not answer yet; it is tried again shortly."
            )
        else:
            kind, message = "success", self._get_success_message()
        self.env["xero.push"]._send_notification(kind, message)

    def _get_success_message(self):
        mails = self.filtered(lambda task: task.kind == "email")
        if not mails:
            return self.env._("Done in Xero.")
        return self.env._(
            "Invoice %(numbers)s was e-mailed to %(addresses)s.",
            numbers=", ".join(mails.mapped("invoice_id.display_name")),
            addresses=", ".join(dict.fromkeys(mails.mapped("name"))),
        )
