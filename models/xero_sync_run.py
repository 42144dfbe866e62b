import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ..xero_api import XeroError

# A run works this long in the request that starts it; the scheduled action, which has
# no person waiting, goes on where it stopped.
SECONDS_IN_REQUEST = 8
SECONDS_IN_CRON = 240
# A worker that has not reported so long after its time was killed: another goes on.
GRACE = timedelta(minutes=3)


class XeroSyncRun(models.Model):
    """A sync that a person started: what it covers, how far it is, how it ended."""

    _name = "xero.sync.run"
    _inherit = "xero.job.mixin"
    _description = "Xero Sync Run"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Stopped"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        readonly=True,
    )
    resources = fields.Json(readonly=True)
    remaining = fields.Json(readonly=True)
    push = fields.Boolean("Send to Xero", readonly=True)
    pages_done = fields.Integer(readonly=True)
    pages_total = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    fetched_count = fields.Integer("Fetched", readonly=True)
    created_count = fields.Integer("Created", readonly=True)
    linked_count = fields.Integer("Matched", readonly=True)
    updated_count = fields.Integer("Updated", readonly=True)
    sent_count = fields.Integer("Sent", compute="_compute_log_counts")
    failed_count = fields.Integer("Failed", compute="_compute_log_counts")
    conflict_count = fields.Integer("Conflicts", compute="_compute_log_counts")
    message = fields.Char(readonly=True)
    busy_until = fields.Datetime(
        readonly=True,
        help="A worker is at it, and nobody else takes the run till then.",
    )
    finished_at = fields.Datetime(readonly=True)
    log_ids = fields.One2many("xero.log", "run_id", readonly=True)
    failure_ids = fields.One2many(
        "xero.log",
        "run_id",
        domain=[("state", "in", ("error", "conflict"))],
        readonly=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("connection_id", "create_date")
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Sync of %(name)s", name=run.connection_id.name)

    @api.depends("pages_done", "pages_total", "remaining", "resources", "state")
    def _compute_progress(self):
        for run in self:
            if run.state != "running":
                run.progress = 100.0
                continue
            steps = len(run.resources or []) + bool(run.push) or 1
            done = len(run.resources or []) - len(run.remaining or [])
            share = run.pages_done / run.pages_total if run.pages_total else 0
            run.progress = min(99.0, 100.0 * (done + share) / steps)

    @api.depends("log_ids.state")
    def _compute_log_counts(self):
        counts = {
            (run, direction, state): count
            for run, direction, state, count in self.env["xero.log"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id", "direction", "state"],
                ["__count"],
            )
        }
        for run in self:
            run.sent_count = counts.get((run, "push", "success"), 0)
            run.failed_count = sum(
                counts.get((run, direction, "error"), 0)
                for direction in ("push", "pull")
            )
            run.conflict_count = counts.get((run, "pull", "conflict"), 0)

    # === BUSINESS METHODS === #

    @api.model
    def _start(self, connection, resources, push=False, from_scratch=False):
        """Start a run and work on it for some seconds.

        It works in a cursor of its own, because it commits page by page.

        :param connection: `xero.connection`, one record
        :param list resources: Xero's path names to fetch
        :param bool push: whether to send what waits, after fetching
        :param bool from_scratch: whether to fetch everything, not only changes
        :return: `xero.sync.run`, one record
        """
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            mine = connection.with_env(env)
            if from_scratch:
                env["xero.sync.cursor"]._reset(mine, resources)
            run = env["xero.sync.run"].create(
                {
                    "connection_id": connection.id,
                    "resources": resources,
                    "remaining": resources,
                    "push": push,
                }
            )
            run._continue(SECONDS_IN_REQUEST)
            run_id = run.id
        self.env.invalidate_all()
        return self.browse(run_id)

    @api.model
    def _get_running(self, connection):
        """Return the run of a connection that is under way, if any."""
        return self.search(
            [("connection_id", "=", connection.id), ("state", "=", "running")], limit=1
        )

    @api.model
    def _get_unfinished(self):
        return self.search(
            [
                ("state", "=", "running"),
                ("connection_id.state", "=", "connected"),
                "|",
                ("busy_until", "=", False),
                ("busy_until", "<", fields.Datetime.now()),
            ]
        )

    def _continue(self, seconds=SECONDS_IN_CRON):
        """Work on the run until it is done or time is up. Commits.

        :param float seconds: how long at most
        """
        self.ensure_one()
        self.busy_until = fields.Datetime.now() + timedelta(seconds=seconds) + GRACE
        self._commit()
        run = self.with_context(
            xero_run_id=self.id, xero_run_deadline=time.monotonic() + seconds
        )
        try:
            run._work()
        except XeroError as error:
            cause = self.env["xero.log"]._explain(error)
            run._finish("failed", f"{cause.message} {cause.remedy}")
        except SerializationFailure:
            # Somebody pressed Cancel, or another worker was quicker: look again.
            self.env.cr.rollback()
            self.env.invalidate_all()
        run.busy_until = False
        self._commit()
        if run.state == "running":
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
            self._commit()

    def _work(self):
        pull = self.env["xero.pull"]
        while self.state == "running" and self.remaining:
            if not pull._pull(self.connection_id, self.remaining[:1], run=self):
                return
            self.write(
                {
                    "remaining": self.remaining[1:],
                    "pages_done": 0,
                    "pages_total": 0,
                }
            )
            self._notify()
        if self.push and self.state == "running":
            self.env["xero.push"]._push(self.connection_id)
        if self.state == "running":
            self._finish("done")

    def _is_out_of_time(self):
        """Whether to leave the rest to the scheduled action, or it was cancelled."""
        self.invalidate_recordset(["state"])
        deadline = self.env.context.get("xero_run_deadline", 0)
        return self.state != "running" or time.monotonic() > deadline

    def _count(self, resource, changes, page):
        """Count what a page did.

        :param changes: list of `Change`
        """
        done = [change.operation for change in changes]
        self.write(
            {
                "fetched_count": self.fetched_count + len(page.items),
                "created_count": self.created_count + done.count("create"),
                "linked_count": self.linked_count + done.count("link"),
                "updated_count": self.updated_count + done.count("update"),
                "pages_done": page.page,
                "pages_total": page.page_count,
            }
        )
        self._notify()

    def _finish(self, state, message=False):
        self.write(
            {
                "state": state,
                "message": message,
                "finished_at": fields.Datetime.now(),
            }
        )
        self._notify()

    def _notify(self):
        """Let the open form of the person who started the run follow."""
        self.create_uid._bus_send("xero_crm.run", {"id": self.id, "state": self.state})

    # === ACTION METHODS === #

    def action_cancel(self):
        """Stop after the page at hand; what is done stays done."""
        self.check_access("read")
        running = self.sudo().filtered(lambda run: run.state == "running")
        for run in running:
            run._finish("cancelled")
        return True

    def action_resume(self):
        """Go on where the run stopped."""
        self.check_access("read")
        self.sudo().filtered(lambda run: run.state in ("failed", "cancelled")).write(
            {"state": "running", "message": False, "finished_at": False}
        )
        self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
        return True

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Xero Sync"),
            "res_model": "xero.sync.run",
            "res_id": self.id,
            "view_mode": "form",
        }
