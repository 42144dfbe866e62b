import time
from datetime import timedelta

from odoo import fields, models
from odoo.tools import split_every

from ..const import BATCH_SIZE, FETCHED, LOOK_UP, TWO_WAY_RESOURCES

# What is sent within it after a person's change counts as sent at once.
AT_ONCE = timedelta(minutes=2)
# What was fetched within it is what Xero has.
JUST_NOW = timedelta(seconds=20)
# So many seconds a list serves all batches of a push.
LIST_LIFE = 120


class XeroPush(models.AbstractModel):
    """What has to be known of Xero's lists before something is sent."""

    _inherit = "xero.push"

    def _fetch_list(self, connection, resource):
        """Fetch what a list has news of; once for all batches of a push, which may be
        many: each would cost a call of the day's budget."""
        fetched, now = self.env.context.get(FETCHED, {}), time.monotonic()
        if now - fetched.get(resource, -LIST_LIFE) >= LIST_LIFE:
            self.env["xero.pull"]._pull(connection, [resource])
            fetched[resource] = now

    def _fetch_rivals(self, connection, resource, among):
        """Bring what Xero has changed meanwhile, before values of Odoo's go over it.

        One call for all that waits, where it may decide who wins: unless Odoo wins in
        any case, or with the newer change, which Odoo's is while it waits no time.
        """
        if resource not in TWO_WAY_RESOURCES or connection.conflict_policy == "odoo":
            return
        cursor = connection._get_cursor(resource)
        just_now = fields.Datetime.now() - JUST_NOW
        is_fresh = cursor.last_run and cursor.last_run > just_now
        if is_fresh or self.env.context.get(LOOK_UP) == "done":
            return
        rivals = self.env["xero.link"]._get_due_domain(connection, resource, "pending")
        rivals &= fields.Domain("xero_id", "!=", False)
        if among is not None:
            rivals &= fields.Domain("id", "in", among)
        if connection.conflict_policy == "newest":
            since = fields.Datetime.now() - AT_ONCE
            rivals &= fields.Domain("write_date", "<", since)
        pull = self.env["xero.pull"]
        if cursor.is_complete:
            if self.env["xero.link"].search_count(rivals, limit=1):
                self._fetch_list(connection, resource)
            return
        # Before the first fetch of the whole list is through.
        for xero_ids in split_every(
            BATCH_SIZE, self.env["xero.link"].search(rivals).mapped("xero_id"), list
        ):
            pull._pull_records(connection, resource, xero_ids)
            self._commit()
