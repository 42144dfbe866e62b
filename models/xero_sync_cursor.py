from datetime import timedelta

from odoo import api, fields, models

from ..const import PULL_OVERLAP_MINUTES, REFERENCE_RESOURCES, RESOURCE_LABELS

# Changes of balances, merges and some edits of part-paid documents do not move Xero's
# change date: everything is read again after so many days.
FULL_EVERY = timedelta(days=7)
# What is asked for less often while webhooks arrive.
TOLD_BY_WEBHOOKS = ("Contacts", "Invoices")


class XeroSyncCursor(models.Model):
    """How far the fetching of one resource has come.

    It moves only when a page's work is committed with it. A fetch that was interrupted
    goes on at the page it had reached; `modified_since` moves after the last page.
    """

    _name = "xero.sync.cursor"
    _description = "Xero Sync Cursor"
    _order = "connection_id, id"
    _rec_name = "resource"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Selection(RESOURCE_LABELS, "List", required=True, readonly=True)
    modified_since = fields.Datetime(
        readonly=True, help="By Xero's clock: what changed after this is fetched next."
    )
    page = fields.Integer("Next Page", default=1, readonly=True)
    page_count = fields.Integer(readonly=True)
    started_at = fields.Datetime(
        readonly=True, help="By Xero's clock: when the fetch under way was started."
    )
    in_full_run = fields.Boolean(readonly=True)
    is_complete = fields.Boolean(
        readonly=True, help="Everything was fetched at least once."
    )
    last_run = fields.Datetime(readonly=True)
    last_full = fields.Datetime("Last Complete Fetch", readonly=True)
    record_count = fields.Integer("Fetched Last Time", readonly=True)
    total_count = fields.Integer("Fetched in Total", readonly=True)
    error = fields.Char("Last Problem", readonly=True)

    _resource_uniq = models.Constraint(
        "UNIQUE(connection_id, resource)", "A resource has one cursor."
    )

    def _get_interval(self):
        connection = self.connection_id
        if self.resource in REFERENCE_RESOURCES:
            return timedelta(minutes=connection.reference_minutes)
        if self.resource == "Quotes":
            return timedelta(minutes=connection._get_quote_minutes())
        minutes = {
            "Contacts": connection.contact_minutes,
            "Items": connection.item_minutes,
            "Invoices": connection.invoice_minutes,
        }
        # What is left are the credits: few, and told of by the invoices they pay.
        interval = minutes.get(self.resource, connection.credit_minutes)
        if self.resource in TOLD_BY_WEBHOOKS and connection.webhook_state == "arriving":
            interval = max(interval, connection.webhook_minutes)
        return timedelta(minutes=interval)

    def _is_due(self):
        """Whether it is time to fetch again, or a fetch was interrupted."""
        self.ensure_one()
        if not self.last_run or self.page > 1:
            return True
        return self.last_run + self._get_interval() <= fields.Datetime.now()

    def _is_full(self):
        """Whether the fetch under way, or the next one, asks for everything."""
        self.ensure_one()
        if self.page > 1:
            return self.in_full_run
        now = fields.Datetime.now()
        return (
            not self.modified_since
            or not self.last_full
            or self.last_full + FULL_EVERY <= now
        )

    def _get_modified_since(self):
        """What the next call asks for; None asks for everything.

        :rtype: datetime | None
        """
        return None if self._is_full() else self.modified_since

    def _get_told_page(self, page):
        """Return the page as a run should count it."""
        return page

    def _advance(self, page):
        """Move past a page whose work is done.

        :param page: the `Page` that was worked
        :return: whether there is another page
        :rtype: bool
        """
        self.ensure_one()
        server_time = page.server_time.replace(tzinfo=None)
        first, full = page.page == 1, self._is_full()
        vals = {
            "in_full_run": full,
            "page_count": page.page_count,
            "record_count": len(page.items) + (0 if first else self.record_count),
            "total_count": self.total_count + len(page.items),
            "error": False,
            "last_run": fields.Datetime.now(),
        }
        if first:
            vals["started_at"] = server_time
        if page.page < page.page_count:
            vals["page"] = page.page + 1
        else:
            started = vals.get("started_at") or self.started_at
            if full:
                vals["last_full"] = fields.Datetime.now()
            vals.update(
                page=1,
                is_complete=True,
                modified_since=started - timedelta(minutes=PULL_OVERLAP_MINUTES),
            )
        self.write(vals)
        return page.page < page.page_count

    @api.model
    def _reset(self, connection, resources):
        """Make the next fetch of these resources start at the beginning."""
        for resource in resources:
            connection._get_cursor(resource).write(
                {
                    "modified_since": False,
                    "page": 1,
                    "last_run": False,
                    "last_full": False,
                    "started_at": False,
                }
            )

    def action_fetch_all(self):
        """Fetch everything again, from the beginning."""
        self.check_access("read")
        for cursor in self:
            self._reset(cursor.connection_id, [cursor.resource])
        self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
        return True
