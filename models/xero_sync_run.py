from odoo import api, fields, models
from odoo.exceptions import UserError

COUNTS = {
    "fetched_count": "done",
    "created_count": "created",
    "linked_count": "linked",
    "updated_count": "updated",
    "unchanged_count": "unchanged",
    "held_count": "held",
    "conflict_count": "conflicts",
    "failed_count": "failed",
}


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
    kind = fields.Selection(
        [("sync", "Sync"), ("preview", "Preview"), ("audit", "Data Audit")],
        default="sync",
        required=True,
        readonly=True,
        help="A preview and an audit change nothing, and show a result at the end.",
    )
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
    is_thorough = fields.Boolean(
        "Everything", readonly=True, help="Not only what changed since the last time."
    )
    line_ids = fields.One2many("xero.sync.run.line", "run_id", "Steps", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    records_done = fields.Integer(compute="_compute_progress")
    records_total = fields.Integer(compute="_compute_progress")
    seconds_left = fields.Integer(
        compute="_compute_progress", help="An estimate; 0 while there is none."
    )
    calls_left = fields.Integer(
        "Calls Left Today", related="connection_id.day_remaining"
    )
    calls = fields.Integer("Calls Used", compute="_compute_counts")
    seconds = fields.Float("Seconds at Work", compute="_compute_counts")
    fetched_count = fields.Integer("Fetched", compute="_compute_counts")
    created_count = fields.Integer("Created", compute="_compute_counts")
    linked_count = fields.Integer("Matched", compute="_compute_counts")
    updated_count = fields.Integer("Updated", compute="_compute_counts")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    held_count = fields.Integer("Held for Matching", compute="_compute_counts")
    conflict_count = fields.Integer("Conflicts", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    message = fields.Char(readonly=True)
    busy_until = fields.Datetime(
        readonly=True,
        help="A worker is at it, or Xero asked to wait: nobody takes it till then.",
    )
    waits_until = fields.Datetime("Goes On At", readonly=True)
    finished_at = fields.Datetime(readonly=True)
    is_told = fields.Boolean(
        readonly=True, help="Who started the run was told how it ended."
    )
    log_ids = fields.One2many("xero.log", "run_id", readonly=True)
    failure_ids = fields.One2many(
        "xero.log",
        "run_id",
        domain=[("state", "in", ("error", "conflict"))],
        readonly=True,
    )

    _running_uniq = models.UniqueIndex(
        "(connection_id) WHERE state = 'running' AND kind = 'sync'",
        "A sync of this organisation is under way already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("connection_id", "create_date", "kind")
    def _compute_name(self):
        for run in self:
            name = run.connection_id.name
            names = {
                "sync": self.env._("Sync of %(name)s", name=name),
                "preview": self.env._("Preview of %(name)s", name=name),
                "audit": self.env._("Data audit of %(name)s", name=name),
            }
            run.name = names[run.kind]

    @api.depends("line_ids.done", "line_ids.total", "line_ids.state", "state")
    def _compute_progress(self):
        for run in self:
            lines = run.line_ids
            run.records_done = sum(lines.mapped("done"))
            run.records_total = sum(max(line.done, line.total) for line in lines)
            run.progress = run._get_progress()
            run.seconds_left = run._get_seconds_left()

    def _get_progress(self):
        """Return how far the run is, in per cent; by records where they are known."""
        if self.state != "running":
            return 100.0
        # What is not known yet is taken for short beside the longest list that is.
        unknown = max(1, max(self.line_ids.mapped("total"), default=0) / 10)
        weights = [
            (line, line.total if line.total or line.state == "done" else unknown)
            for line in self.line_ids
        ]
        whole = sum(weight for _line, weight in weights) or 1
        done = sum(weight * line._get_share() for line, weight in weights)
        return min(99.0, 100.0 * done / whole)

    def _get_seconds_left(self):
        """Return an estimate from the speed so far; 0 where there is none."""
        open_lines = self.line_ids.filtered(lambda line: line.state != "done")
        if self.state != "running" or not all(open_lines.mapped("total")):
            return 0
        left = sum(
            max(0, line.total - line.done) * line._get_seconds_each()
            for line in open_lines
        )
        return int(left)

    @api.depends(*(f"line_ids.{name}" for name in COUNTS.values()))
    @api.depends("line_ids.calls", "line_ids.seconds", "line_ids.kind")
    def _compute_counts(self):
        for run in self:
            sent = run.line_ids.filtered(lambda line: line.kind == "push")
            fetched = run.line_ids - sent
            for name, line_name in COUNTS.items():
                both = name in ("failed_count", "held_count", "conflict_count")
                lines = run.line_ids if both else fetched
                run[name] = sum(lines.mapped(line_name))
            run.sent_count = sum(sent.mapped("created")) + sum(sent.mapped("updated"))
            run.calls = sum(run.line_ids.mapped("calls"))
            run.seconds = sum(run.line_ids.mapped("seconds"))

    # === ACTION METHODS === #

    def action_cancel(self):
        """Stop after the page at hand; what is done stays done."""
        self.check_access("read")
        running = self.sudo().filtered(lambda run: run.state == "running")
        for run in running:
            run._finish("cancelled")
        return True

    def action_resume(self):
        """Go on where the run stopped.

        :raise UserError: if another run of the organisation is under way
        """
        self.check_access("read")
        stopped = self.sudo().filtered(lambda run: run.state in ("failed", "cancelled"))
        for run in stopped:
            other = self._get_running(run.connection_id)
            if other and run.kind == "sync":
                raise UserError(
                    self.env._(
                        "Another sync of %(name)s is under way, started by %(user)s. "
                        "Resume this one when it is done.",
                        name=run.connection_id.name,
                        user=other.sudo().create_uid.name,
                    )
                )
            run.write(
                {
                    "state": "running",
                    "message": False,
                    "finished_at": False,
                    "busy_until": False,
                    "waits_until": False,
                    "is_told": False,
                }
            )
        self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
        return True

    @api.model
    def _get_running(self, connection):
        """Return the sync of a connection that is under way, if any."""
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "sync"),
                ("state", "=", "running"),
            ],
            limit=1,
        )

    def action_open_result(self):
        """Open what the run has found: for a sync its summary, which is the run's own
        page."""
        self.ensure_one()
        self.check_access("read")
        return self._get_result_action() if self.state == "done" else self._get_action()

    def _get_result_action(self):
        """Return the action that shows what the run has found. One record."""
        return self._get_action()

    def _get_action(self):
        self.ensure_one()
        names = dict(self._fields["kind"]._description_selection(self.env))
        form = "form" if self.kind == "sync" else "form_watch"
        view = self.env.ref(f"xero_crm.xero_sync_run_view_{form}")
        return {
            "type": "ir.actions.act_window",
            "name": names[self.kind],
            "res_model": "xero.sync.run",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
        }
