from datetime import timedelta

from odoo import api, fields, models

from ..const import HISTORY_RESOURCES, RESOURCE_LABELS
from ..mapping.date_walk import DateWalk, read_place
from .xero_sync_cursor import FULL_EVERY


class XeroHistoryCursor(models.Model):
    """How far back the documents of one resource have been read, the newest first.

    See `mapping.date_walk`. The first fetch reads what is unpaid and what is of the
    last months; what is older follows in the background, page by page, each committed
    with its work. Once at the end, all is read again each week.
    """

    _name = "xero.history.cursor"
    _description = "Xero History Cursor"
    _order = "connection_id, id"
    _rec_name = "resource"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Selection(
        [label for label in RESOURCE_LABELS if label[0] in HISTORY_RESOURCES],
        "List",
        required=True,
        readonly=True,
    )
    stage = fields.Selection(
        [("open", "Not Settled"), ("dated", "By Date"), ("done", "Done")],
        default="open",
        required=True,
        readonly=True,
    )
    upper = fields.Date("Left Up To", readonly=True)
    page = fields.Integer("Page of This Day", readonly=True)
    last_xero_id = fields.Char(readonly=True)
    reached = fields.Date(
        "Complete Back To", readonly=True, help="All that is dated later is here."
    )
    started_at = fields.Datetime(
        readonly=True, help="By Xero's clock: when this reading was started."
    )
    finished_at = fields.Datetime(readonly=True)
    done_count = fields.Integer("Read", readonly=True)
    remaining_count = fields.Integer("Left", readonly=True)
    error = fields.Char("Last Problem", readonly=True)

    _resource_uniq = models.Constraint(
        "UNIQUE(connection_id, resource)", "A resource has one history cursor."
    )

    def _is_due(self):
        """Whether there is something to read: more of the past, or all once more."""
        self.ensure_one()
        if self.stage != "done" or not self.finished_at:
            return True
        if self.reached > self.connection_id._get_history_start():
            return True
        return self.finished_at + FULL_EVERY <= fields.Datetime.now()

    def _is_complete(self):
        """Whether the years that are wanted have been read, if only once."""
        self.ensure_one()
        start = self.connection_id._get_history_start()
        return bool(self.reached and self.reached <= start)

    def _prepare_to_read(self):
        """Go on where more years are wanted by now, or begin again. One record."""
        self.ensure_one()
        if self.stage != "done":
            return
        vals = {"stage": "open", "upper": False, "done_count": 0, "started_at": False}
        if self.reached > self.connection_id._get_history_start():
            vals = {"stage": "dated", "upper": self.reached - timedelta(days=1)}
        self.write({**vals, "page": 0, "last_xero_id": False, "remaining_count": 0})

    def _get_walk(self):
        """Return the `DateWalk` that this record stands for. One record."""
        self.ensure_one()
        if self.stage == "open" and not self.upper:
            return self.connection_id._get_first_walk()
        return DateWalk(
            self.stage, self.upper or None, self.page, self.last_xero_id or ""
        )

    def _advance(self, page):
        """Move past a page whose work is done. One record.

        :param page: the `Page` that was worked
        """
        start = self.connection_id._get_history_start()
        rows = [read_place(row, HISTORY_RESOURCES[self.resource]) for row in page.items]
        walk = self._get_walk().after(rows, page.page_count, start)
        vals = {
            "stage": walk.stage,
            "upper": walk.upper or False,
            "page": walk.page,
            "last_xero_id": walk.last_id or False,
            "error": False,
            **self._prepare_progress(walk, rows, page),
        }
        if not self.started_at:
            vals["started_at"] = page.server_time.replace(tzinfo=None)
        if walk.is_done:
            vals["finished_at"] = fields.Datetime.now()
        reached = self._get_reached(walk, start)
        if reached and (not self.reached or reached < self.reached):
            vals["reached"] = reached
        self.write(vals)

    def _prepare_progress(self, walk, rows, page):
        """Count by what Xero says is left; documents that come again count once."""
        if self.stage != "dated":
            return {"remaining_count": 0}
        if self.page:
            new = max(0, len(rows) - (self.page - 1))
            left = self.remaining_count - new
        else:
            again = sum(day == walk.upper for _id, day in rows)
            new = len(rows) - (0 if walk.is_done else again)
            left = page.item_count - new
        if walk.is_done:
            left = 0
        return {
            "done_count": self.done_count + new,
            "remaining_count": max(0, left),
        }

    @api.model
    def _get_reached(self, walk, start):
        if walk.is_done:
            return start
        if walk.stage == "dated" and walk.upper:
            return walk.upper + timedelta(days=1)
        return None

    def _reset(self):
        """Make the next fetch start at the beginning, as if nothing had been read."""
        self.write(
            {
                "stage": "open",
                "upper": False,
                "page": 0,
                "last_xero_id": False,
                "reached": False,
                "started_at": False,
                "finished_at": False,
                "done_count": 0,
                "remaining_count": 0,
                "error": False,
            }
        )
