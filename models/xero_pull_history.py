import dataclasses
import functools

from odoo import models

from ..const import HISTORY_RESOURCES, OPEN_FILTER, PAGE_SIZE, PULL_WHERE
from ..mapping.date_walk import read_place
from ..xero_api import XeroError


class XeroPull(models.AbstractModel):
    """Xero to Odoo: documents of the past, see `mapping.date_walk`."""

    _inherit = "xero.pull"

    def _pull_history_page(self, history):
        """Fetch and apply one page of the past; commit it with its cursor.

        :param history: `xero.history.cursor`, one record
        :return: whether a page was read; None if another worker is at it
        :raise XeroError: after noting it on the cursor
        """
        return self._commit_or_repeat(
            functools.partial(self._work_history_page, history)
        )

    def _work_history_page(self, history):
        """As `_pull_history_page`, but leave the commit to the caller."""
        history = history.try_lock_for_update()
        if not history or not history._is_due():
            return None if not history else False
        connection, resource = history.connection_id, history.resource
        history._prepare_to_read()
        try:
            page = self._fetch_history_page(history)
        except XeroError as error:
            cause = self.env["xero.log"]._explain(error)
            history.error = cause.message
            self.env["xero.log"]._add_pull_failure(connection, resource, cause)
            self._commit()
            raise
        self._work_page(connection, resource, page.items)
        if history.error:
            self.env["xero.log"]._resolve_fetch(connection, resource)
        history._advance(page)
        return True

    def _fetch_page(self, connection, cursor):
        """The first fetch of documents is a walk from the newest back."""
        if cursor._is_first_walk():
            return self._fetch_history_page(cursor._get_history())
        return super()._fetch_page(connection, cursor)

    def _fetch_history_page(self, history):
        return self._fetch_walk(
            history.connection_id, history.resource, history._get_walk()
        )

    def _fetch_walk(self, connection, resource, walk, page_size=None):
        """Fetch what a walk asks for.

        :param walk: `DateWalk`
        :rtype: Page
        """
        filters = {}
        conditions = [PULL_WHERE[resource]] if resource in PULL_WHERE else []
        if walk.stage == "open":
            filters, condition = OPEN_FILTER[resource]
            conditions += [condition] if condition else []
        conditions += walk.conditions(connection._get_history_start())
        page, size = walk.paging(page_size or PAGE_SIZE)
        return self.env["xero.gateway"]._call(
            connection,
            "get_page",
            resource,
            page=page,
            page_size=size,
            order=f"{HISTORY_RESOURCES[resource]} ASC" if walk.page else "Date DESC",
            where=" AND ".join(conditions) or None,
            **filters,
        )

    def _iter_pages(self, connection, resource):
        """Of documents, what the first fetch and the history behind it bring."""
        if resource not in HISTORY_RESOURCES:
            yield from super()._iter_pages(connection, resource)
            return
        id_field, seen = HISTORY_RESOURCES[resource], set()
        start = connection._get_history_start()
        walk = connection._get_first_walk()
        while not walk.is_done:
            page = self._fetch_walk(connection, resource, walk)
            rows = [read_place(row, id_field) for row in page.items]
            new = [
                row
                for row, (xero_id, _day) in zip(page.items, rows, strict=True)
                if xero_id not in seen
            ]
            seen |= {xero_id for xero_id, _day in rows}
            yield dataclasses.replace(page, items=tuple(new))
            walk = walk.after(rows, page.page_count, start)
