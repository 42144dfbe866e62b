import time
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..const import HISTORY_RESOURCES, RECENT_MONTHS
from ..mapping.date_walk import DateWalk

# The scheduled action reads the past for so long, then looks at today again.
SECONDS_FOR_HISTORY = 45
# So much of the day's calls is left alone by the past: what changes today comes first.
KEPT_FOR_TODAY_PERCENT = 50

ACCOUNTANT = "xero_crm.group_xero_accountant"


class XeroConnection(models.Model):
    """How much of the past is fetched, and how far that is."""

    _inherit = "xero.connection"

    history_years = fields.Integer(
        "Years of History",
        default=5,
        required=True,
        tracking=True,
        help="Invoices, credit notes and payments of so many years are fetched, the "
        "newest first. Unpaid ones come whatever their age. More years can be added "
        "later; what is here already stays.",
    )
    credit_minutes = fields.Integer("Credits Every (min)", default=60)
    history_ids = fields.One2many(
        "xero.history.cursor", "connection_id", "Past Read", groups=ACCOUNTANT
    )
    history_progress = fields.Float(
        "History (%)", compute="_compute_history", groups=ACCOUNTANT
    )
    history_text = fields.Char("History", compute="_compute_history", groups=ACCOUNTANT)
    is_history_complete = fields.Boolean(compute="_compute_history", groups=ACCOUNTANT)

    _history_years_range = models.Constraint(
        "CHECK(history_years BETWEEN 1 AND 50)",
        "Between 1 and 50 years of history can be fetched.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "history_years",
        "history_ids.stage",
        "history_ids.reached",
        "history_ids.done_count",
        "history_ids.remaining_count",
    )
    def _compute_history(self):
        for connection in self:
            histories = connection.sudo().history_ids
            left = histories.filtered(lambda history: not history._is_complete())
            connection.is_history_complete = bool(histories) and not left
            connection.history_progress = connection._get_history_progress(left)
            connection.history_text = connection._get_history_text(left)

    def _get_history_progress(self, left):
        """Return how much of the time that is wanted has been read, in percent."""
        if not left:
            return 100.0
        today, start = fields.Date.today(), self._get_history_start()
        covered = [(today - (history.reached or today)).days for history in left]
        return max(0.0, min(99.0, 100.0 * min(covered) / (today - start).days))

    def _get_history_text(self, left):
        """Return how far back it is, and how much there is, as a sentence."""
        count = self.env["xero.invoice"].sudo().search_count
        invoices = count([("connection_id", "=", self.id)])
        count = self.env["xero.credit.note"].sudo().search_count
        credits = count([("connection_id", "=", self.id)])
        values = {"invoices": f"{invoices:,}", "credits": f"{credits:,}"}
        histories = self.sudo().history_ids
        days = [history.reached for history in left or histories]
        if not days or not all(days):
            return self.env._(
                "%(invoices)s invoices, %(credits)s credits; not complete yet", **values
            )
        values["month"] = format_date(self.env, max(days), date_format="MMMM yyyy")
        if left:
            return self.env._(
                "Back to %(month)s: %(invoices)s invoices, %(credits)s credits; older "
                "ones follow",
                **values,
            )
        return self.env._(
            "Back to %(month)s: %(invoices)s invoices, %(credits)s credits; complete",
            **values,
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        # Made here, so that two workers never make the same one at once.
        self.env["xero.history.cursor"].sudo().create(
            [
                {"connection_id": connection.id, "resource": resource}
                for connection in connections
                for resource in HISTORY_RESOURCES
            ]
        )
        return connections

    def write(self, vals):
        result = super().write(vals)
        if "history_years" in vals:
            self._wake_history()
        return result

    # === BUSINESS METHODS === #

    def _get_history_start(self):
        """Return the first day whose settled documents are wanted.

        :rtype: date
        """
        self.ensure_one()
        return fields.Date.today() - relativedelta(years=self.history_years)

    def _get_recent_start(self):
        """Return the first day of the documents that the first fetch waits for.

        :rtype: date
        """
        return fields.Date.today() - relativedelta(months=RECENT_MONTHS)

    def _get_first_walk(self):
        """Return the `DateWalk` of a first fetch. It begins with what is not settled
        and older than what comes next anyway.

        :rtype: DateWalk
        """
        return DateWalk(upper=self._get_recent_start() - timedelta(days=1))

    def _get_history(self, resource):
        """Return the history cursor of a resource, making it on first use.

        :param str resource: Xero's path name, e.g. 'Invoices'
        :return: `xero.history.cursor`, one record
        """
        self.ensure_one()
        histories = self.env["xero.history.cursor"].sudo()
        return histories.search(
            [("connection_id", "=", self.id), ("resource", "=", resource)]
        ) or histories.create({"connection_id": self.id, "resource": resource})

    def _get_next_history(self):
        """Return the history whose documents left are the newest, if there is any.

        A resource that was never fetched is left to its first fetch.
        """
        today = fields.Date.today()
        due = [
            history
            for resource in HISTORY_RESOURCES
            if self._get_cursor(resource).modified_since
            and (history := self._get_history(resource))._is_due()
        ]
        due.sort(key=lambda history: history.upper or today, reverse=True)
        return due[0] if due else self.env["xero.history.cursor"]

    def _continue_history(self):
        """Read on in the past, for some seconds and with the calls left for it.

        Commits page by page: for the scheduled action only.
        """
        self.ensure_one()
        pull, deadline = self.env["xero.pull"], time.monotonic() + SECONDS_FOR_HISTORY
        while self._may_read_history() and (history := self._get_next_history()):
            if not pull._pull_history_page(history):
                return  # another worker is at it
            if time.monotonic() > deadline:
                self._wake_history()
                return

    def _may_read_history(self):
        """Whether enough of the day's calls is left for today's changes and people."""
        self.ensure_one()
        kept = max(self.reserve_percent, KEPT_FOR_TODAY_PERCENT)
        return self.day_remaining * 100 > self.day_limit * kept

    def _wake_history(self):
        self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
