import dataclasses
from datetime import timedelta

from odoo import api, fields, models

from ..const import HISTORY_RESOURCES, PULL_OVERLAP_MINUTES


class XeroSyncCursor(models.Model):
    """The first fetch of documents: what is unpaid and recent, then what changes.

    Older ones follow in the background; see `xero.history.cursor`.
    """

    _inherit = "xero.sync.cursor"

    def _is_first_walk(self):
        """Whether documents are being fetched that were never fetched before."""
        self.ensure_one()
        return self.resource in HISTORY_RESOURCES and not self.modified_since

    def _get_history(self):
        """Return the `xero.history.cursor` of the resource. One record."""
        return self.connection_id._get_history(self.resource)

    def _is_due(self):
        under_way = self._is_first_walk() and bool(self._get_history().started_at)
        return under_way or super()._is_due()

    def _is_full(self):
        """Documents are read again by their history, apart from what changes."""
        if self.resource in HISTORY_RESOURCES:
            return not self.modified_since
        return super()._is_full()

    def _get_told_page(self, page):
        """Each answer of a walk is a page 1, and counts all of the years: a run is
        told of the documents that the first fetch has brought, and of a page more."""
        if not self._is_first_walk():
            return super()._get_told_page(page)
        size, first = len(page.items), not self._get_history().started_at
        before = 0 if first else self.record_count
        return dataclasses.replace(
            page,
            page=1 if first else 2,
            item_count=before + size + (size if page.page_count > 1 else 0),
        )

    def _advance(self, page):
        if not self._is_first_walk():
            return super()._advance(page)
        history = self._get_history()
        first = not history.started_at
        history._advance(page)
        recent = self.connection_id._get_recent_start()
        more = not history._get_walk().has_passed(recent)
        now = fields.Datetime.now()
        vals = {
            "record_count": len(page.items) + (0 if first else self.record_count),
            "total_count": self.total_count + len(page.items),
            "page_count": page.page_count,
            "started_at": history.started_at,
            "error": False,
            "last_run": now,
        }
        if not more:
            overlap = timedelta(minutes=PULL_OVERLAP_MINUTES)
            vals.update(
                is_complete=True,
                last_full=now,
                modified_since=history.started_at - overlap,
            )
        self.write(vals)
        return more

    @api.model
    def _reset(self, connection, resources):
        result = super()._reset(connection, resources)
        for resource in set(resources) & set(HISTORY_RESOURCES):
            connection._get_history(resource)._reset()
        return result
