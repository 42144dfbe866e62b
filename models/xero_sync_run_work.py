import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import LOOK_UP
from ..xero_api import XeroError, XeroRateLimitError
from .xero_deadline import SECONDS_IN_CRON
from .xero_push import OTHER_AT_WORK
from .xero_sync_run_line import Meter

_logger = logging.getLogger(__name__)

# A run works this long in the request that starts it, for small lists; the scheduled
# action, which has no person waiting, goes on where it stopped.
SECONDS_IN_REQUEST = 4
# A worker that has not reported for so long was killed: another goes on.
GRACE = timedelta(minutes=3)


class XeroSyncRun(models.Model):
    """A run at work: step by step, each page or batch committed."""

    _inherit = "xero.sync.run"

    # === WHAT IS TO BE DONE === #

    @api.model
    def _get_unfinished(self):
        """Return the runs to go on with: first those that a person waits for."""
        runs = self.search(
            [
                ("state", "=", "running"),
                ("connection_id.state", "=", "connected"),
                "|",
                ("busy_until", "=", False),
                ("busy_until", "<", fields.Datetime.now()),
            ]
        )
        return runs.sorted(lambda run: run.kind == "sync")

    # === WORK === #

    def _begin(self):
        """Work on the run for some seconds, while the person who started it waits."""
        self._continue(SECONDS_IN_REQUEST)

    def _continue(self, seconds=None):
        """Work on the run until it is done or time is up. Commits.

        :param float seconds: how long at most, in a person's request; what a scheduled
            action may when None
        """
        self.ensure_one()
        if not self._take():
            return
        run = self.with_context(
            xero_run_id=self.id,
            xero_run_meter=Meter(SECONDS_IN_CRON if seconds is None else seconds),
            xero_run_in_request=seconds is not None,
        )
        try:
            run._work()
        except XeroRateLimitError as error:
            run._wait(error)
        except XeroError as error:
            cause = self.env["xero.log"]._explain(error)
            run._finish("failed", f"{cause.message} {cause.remedy}")
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody pressed Cancel, or another worker was quicker: look again.
            self.env.cr.rollback()
            self.env.invalidate_all()
        except Exception as error:  # a programming error: nobody is left waiting
            self.env.cr.rollback()
            self.env.invalidate_all()
            _logger.exception("%s stopped", run.name)
            run._finish("failed", run._get_unexpected_message(error))
        if not run.waits_until:
            run.busy_until = False
        self._commit()
        if run.state == "running":
            self._wake(run.waits_until or None)
            self._commit()

    def _take(self):
        """Take the run, unless another worker has it. Commits.

        :rtype: bool
        """
        run = self.try_lock_for_update()
        now = fields.Datetime.now()
        if not run or (run.busy_until and run.busy_until > now):
            return False
        run.write({"busy_until": now + GRACE, "waits_until": False, "message": False})
        # Should this worker be killed, another one is called.
        self._wake(now + GRACE + timedelta(minutes=1))
        self._commit()
        return True

    def _wake(self, at=None):
        self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger(at=at)

    def _work(self):
        for step in self.line_ids:
            if step.state == "done":
                continue
            step.state = "running"
            if not getattr(self, f"_work_{step.kind}")(step):
                return
            step.write({"state": "done", **step._take_meter()})
            self._notify()
        if self.state == "running":
            self._finish("done")

    def _work_pull(self, step):
        """Fetch a list. Returns whether all of it was fetched."""
        pull = self.env["xero.pull"]
        done = pull._pull(self.connection_id, [step.resource], run=step)
        return done or self._wait_for_other()

    def _work_match(self, step):
        """Compare a list with Xero's, and bind what is there already; nothing new
        comes to Odoo. Returns whether all of it was compared."""
        pull, connection = self.env["xero.pull"], self.connection_id
        if not self.env["xero.push"]._get_missing(connection, step.resource):
            return True
        while True:
            page = pull._fetch(connection, step.resource, page=step.page + 1)

            def work(page=page):
                changes = pull._work_page(
                    connection, step.resource, page.items, choose=pull._choose_links
                )
                step._count(step.resource, changes, page)

            self._commit_or_repeat(work)
            if page.is_last:
                return True
            if self._is_out_of_time():
                return False

    def _work_push(self, step):
        """Send a list. Returns whether nothing is left to send now."""
        push, connection = self.env["xero.push"], self.connection_id
        if connection.sync_mode != "live":
            return True
        if not step.page:
            # Once: what is refused is not tried again and again.
            if self.is_thorough:
                push._queue_all(connection, step.resource)
            waiting = push._get_waiting(connection, step.resource)
            waiting = waiting.filtered(lambda link: link.state != "error")
            step.write({"total": len(waiting), "page": 1})
            self._commit()
        if self._is_compared(step.resource):
            push = push.with_context(**{LOOK_UP: "done"})
        return push._push(connection, step=step) or self._wait_for_other()

    def _is_compared(self, resource):
        """Whether this run has looked already who is in Xero."""
        return bool(
            self.line_ids.filtered(
                lambda line: line.kind != "push" and line.resource == resource
            )
        )

    def _is_out_of_time(self):
        """Whether to leave the rest to the scheduled action, or it was cancelled."""
        self.invalidate_recordset(["state"])
        meter = self.env.context.get("xero_run_meter")
        late = not meter or time.monotonic() > meter.deadline
        return self.state != "running" or late

    def _beat(self):
        """Tell that a worker is at it still, and whoever watches how far it is."""
        self.busy_until = fields.Datetime.now() + GRACE
        self._notify()

    # === END === #

    def _wait(self, error):
        """Xero's limit is reached: go on by itself when it allows.

        :param XeroRateLimitError error: says when
        """
        cause = self.env["xero.log"]._explain(error)
        until = fields.Datetime.now() + timedelta(seconds=(error.retry_after or 5) + 1)
        self.write(
            {"message": cause.message, "waits_until": until, "busy_until": until}
        )
        self._notify()

    def _wait_for_other(self):
        """Another worker fetches this list, or sends: look again later, not at once.
        Unless it was time alone that ran out. Returns that the step is not done."""
        if self._is_out_of_time():
            return False
        until = fields.Datetime.now() + OTHER_AT_WORK
        message = self.env._(
            "Another sync of this organisation is at work; this one goes on after it."
        )
        self.write({"message": message, "waits_until": until, "busy_until": until})
        self._notify()
        return False

    def _finish(self, state, message=False):
        self.write(
            {
                "state": state,
                "message": message,
                "waits_until": False,
                "finished_at": fields.Datetime.now(),
            }
        )
        self._notify()
        self._tell()

    def _get_unexpected_message(self, error):
        return self.env._(
            "An unexpected problem stopped the sync: %(problem)s. Press Resume to go "
            "on; if it stops again, tell your administrator.",
            problem=str(error) or type(error).__name__,
        )
