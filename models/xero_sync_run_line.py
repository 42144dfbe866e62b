import time

from odoo import fields, models

from ..const import RESOURCE_LABELS


class XeroSyncRunLine(models.Model):
    """One step of a run: a list that is fetched, matched or sent."""

    _name = "xero.sync.run.line"
    _inherit = "xero.job.mixin"
    _description = "Xero Sync Step"
    _order = "sequence, id"

    run_id = fields.Many2one(
        "xero.sync.run", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("pull", "From Xero"),
            ("match", "Comparing"),
            ("push", "To Xero"),
            ("preview_pull", "From Xero"),
            ("preview_push", "To Xero"),
            ("audit", "From Xero"),
        ],
        "Step",
        required=True,
        readonly=True,
    )
    resource = fields.Selection(RESOURCE_LABELS, "List", required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done")],
        default="waiting",
        required=True,
        readonly=True,
    )
    page = fields.Integer("Pages Done", readonly=True)
    done = fields.Integer(readonly=True)
    total = fields.Integer("Of", readonly=True)
    created = fields.Integer(readonly=True)
    linked = fields.Integer("Matched", readonly=True)
    updated = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    skipped = fields.Integer(readonly=True)
    waiting = fields.Integer(readonly=True)
    held = fields.Integer(readonly=True)
    conflicts = fields.Integer(readonly=True)
    failed = fields.Integer(readonly=True)
    seconds = fields.Float(digits=(16, 1), readonly=True)
    calls = fields.Integer(readonly=True)

    # === PROGRESS === #

    def _get_share(self):
        """Return how much of the step is done, from 0 to 1."""
        if self.state == "done":
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0

    def _get_seconds_each(self):
        """Return the seconds that a record takes: in this step, or else in the run."""
        for lines in (
            self,
            self.run_id.line_ids.filtered(lambda line: line.kind == self.kind),
            self.run_id.line_ids,
        ):
            if done := sum(lines.mapped("done")):
                return sum(lines.mapped("seconds")) / done
        return 0.0

    def _is_out_of_time(self):
        """See `xero.sync.run`."""
        return self.run_id._is_out_of_time()

    # === COUNTING === #

    def _count(self, _resource, changes, page):
        """Count what a page from Xero did, in the page's own transaction.

        :param list changes: `Change`
        :param page: the `Page`
        """
        vals = self._prepare_counts([change.outcome for change in changes])
        if page.page == 1 and self.page:
            # Another fetch began anew since: what it finds again is no second record.
            vals["done"] = 0
        vals.update(
            page=page.page,
            done=vals.get("done", self.done) + len(page.items),
            total=max(page.item_count or 0, len(page.items)),
            **self._take_meter(),
        )
        self.write(vals)
        self.run_id._beat()

    def _count_looked_at(self, page, done, total):
        """Count what a part of a preview, or of an audit, has looked at.

        :param int page: its number
        :param int done: how many records it had
        :param int total: how many the list has
        """
        done += self.done
        self.write(
            {
                "page": page,
                "done": done,
                "total": max(done, total or 0),
                **self._take_meter(),
            }
        )
        self.run_id._beat()

    def _count_sent(self, changes):
        """Count what a batch to Xero did, after it was settled.

        :param list changes: `Change` as they were planned
        """
        links = self.env["xero.link"].union(*(change.link for change in changes))
        links = links.exists()
        outcomes = [self._get_outcome(change, links) for change in changes]
        vals = self._prepare_counts(filter(None, outcomes))
        done = self.done + len([outcome for outcome in outcomes if outcome])
        vals.update(done=done, total=max(self.total, done), **self._take_meter())
        self.write(vals)
        self.run_id._beat()

    def _get_outcome(self, change, links):
        """Return what became of a planned change; None if it is tried again."""
        if change.operation not in ("create", "update"):
            return change.outcome
        link = change.link & links
        if link.state in ("error", "conflict"):
            return "refuse"
        # Changed once more meanwhile, it waits again.
        sent = link.state == "synced" or (link.state == "pending" and not link.error)
        return change.operation if sent else None

    def _prepare_counts(self, outcomes):
        names = {
            "create": "created",
            "link": "linked",
            "update": "updated",
            "unchanged": "unchanged",
            "skip": "skipped",
            "wait": "waiting",
            "hold": "held",
            "conflict": "conflicts",
            "refuse": "failed",
        }
        vals = {}
        for outcome in outcomes:
            name = names[outcome]
            vals[name] = vals.get(name, self[name]) + 1
        return vals

    def _take_meter(self):
        """Return the calls and seconds since the last time, added to what was."""
        meter = self.env.context.get("xero_run_meter")
        if not meter:
            return {}
        calls, seconds = meter.take()
        return {"calls": self.calls + calls, "seconds": self.seconds + seconds}

    # === ACTION METHODS === #

    def action_open_log(self):
        """Show what this step did; the context names a kind of outcome."""
        self.ensure_one()
        self.check_access("read")
        domain = [
            ("run_id", "=", self.run_id.id),
            ("resource", "=", self.resource),
            ("direction", "=", "push" if self.kind == "push" else "pull"),
        ]
        wanted = self.env.context.get("xero_outcome")
        if wanted == "failed":
            domain.append(("state", "=", "error"))
        elif wanted == "conflict":
            domain.append(("state", "=", "conflict"))
        elif wanted:
            domain += [("operation", "=", wanted), ("state", "=", "success")]
        return {
            "type": "ir.actions.act_window",
            "name": dict(RESOURCE_LABELS)[self.resource],
            "res_model": "xero.log",
            "view_mode": "list,form",
            "domain": domain,
        }


class Meter:
    """Counts the calls to Xero and the seconds of a worker.

    :ivar float deadline: by the monotonic clock; when the worker is to stop
    """

    def __init__(self, seconds):
        self._since = time.monotonic()
        self.deadline = self._since + seconds
        self.calls = 0

    def take(self):
        """Return the calls and the seconds since the last time.

        :rtype: tuple[int, float]
        """
        now = time.monotonic()
        taken = self.calls, now - self._since
        self.calls, self._since = 0, now
        return taken
