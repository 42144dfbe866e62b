from functools import partial

from odoo import models

from ..const import PUSH_MODELS
from ..mapping.values import normalise_name
from .xero_preview_foreseen import Told


class XeroPreview(models.AbstractModel):
    """From Xero: what its pages would change, and what they make Odoo answer."""

    _inherit = "xero.preview"

    def _iter_preview_pull(self, connection, resource, direction, foreseen, done=0):
        """Look at a list of Xero's, page by page.

        Whoever takes what is yielded writes it down, and commits.

        :param int done: how many pages an earlier worker has looked at
        :rtype: iterator of Told
        """
        number, pages = done + 1, done + 1
        while number <= pages:
            page = self.env["xero.pull"]._fetch(connection, resource, page=number)
            args = (connection, resource, page.items, direction, foreseen)
            rows = self._commit_or_repeat(partial(self._plan_page, *args))
            is_last = number >= page.page_count
            if is_last and resource == "Contacts":
                # Who waits for a match, and who need not: once the whole list is
                # known, the sync looks at them again.
                args = (connection, direction, foreseen)
                rows += self._commit_or_repeat(partial(self._plan_held, *args))
            yield Told(rows, number, len(page.items), page.item_count, is_last)
            number, pages = number + 1, page.page_count

    def _plan_page(self, connection, resource, payloads, direction, foreseen):
        """Return rows for a page, but for what waits: later pages may make it clear."""
        with self._rolled_back():
            self._bind_foreseen(connection, resource, foreseen)
            changes, rows = self._try(
                connection, resource, payloads, direction, foreseen
            )
        self._note_page(connection, resource, payloads, changes, foreseen)
        return [row for row in rows if row["xero_id"] not in foreseen.held]

    def _try(self, connection, resource, payloads, direction, foreseen):
        """Do a page, within a block that is taken back.

        :return: list of `Change`, list of rows
        """
        pull = self.env["xero.pull"]
        model = pull._get_model(connection, resource)
        choose = pull._choose_links if direction == "push" else None
        changes = pull._try_page(model, connection, payloads, None, choose)
        rows = [self._prepare_row("pull", resource, model, c) for c in changes]
        if self._is_sent(connection, direction):
            rows += self._plan_answer(connection, resource, changes, foreseen)
        return changes, rows

    def _plan_held(self, connection, direction, foreseen):
        if not foreseen.held:
            return []
        model = self.env["xero.pull"]._get_model(connection, "Contacts")
        matches, rows, changes, payloads = self.env["xero.match"], [], [], []
        with self._rolled_back():
            self._bind_foreseen(connection, "Contacts", foreseen)
            self._bind_held(connection, foreseen)
            if direction != "push":
                settled = matches._get_open(connection)._get_settled(connection)
                payloads = [
                    foreseen.held.pop(xero_id)[1]
                    for xero_id in settled.mapped("xero_id")
                    if xero_id in foreseen.held
                ]
                changes, rows = self._try(
                    connection, "Contacts", payloads, direction, foreseen
                )
            rows += [
                self._prepare_row("pull", "Contacts", model, change)
                for change, _payload in foreseen.held.values()
            ]
        self._note_page(connection, "Contacts", payloads, changes, foreseen)
        return rows

    def _is_sent(self, connection, direction):
        """Whether what Odoo knows better goes to Xero: a live outbox does not wait for
        the person who fetches."""
        return direction != "pull" or connection.sync_mode == "live"

    def _plan_answer(self, connection, resource, changes, foreseen):
        """Return rows for what a page makes Odoo send: values that only Odoo has."""
        if resource not in PUSH_MODELS:
            return []
        links = self.env["xero.link"].union(*(c.link for c in changes if c.link))
        foreseen.planned.setdefault(resource, set()).update(links.mapped("res_id"))
        links = links.filtered(lambda link: link.state == "pending")
        return self._plan_sending(connection, resource, links, foreseen)

    def _note_page(self, connection, resource, payloads, changes, foreseen):
        """Remember what later pages, and the sending, have to know of this one."""
        model = self.env["xero.pull"]._get_model(connection, resource)
        by_id = {
            payload.get(model._xero_data.id_field): payload for payload in payloads
        }
        bound = foreseen.bound.setdefault(resource, {})
        taken = foreseen.taken.setdefault(resource, {})
        for change in changes:
            if change.operation == "link":
                bound[change.record.id] = change.xero_id
            if change.operation == "hold":
                foreseen.held[change.xero_id] = change, by_id[change.xero_id]
            for key in self._get_unique_keys(model, change.data):
                taken.setdefault(key, change.xero_id)

    def _get_unique_keys(self, model, data):
        """What of a Xero document no other one may have."""
        if not data or getattr(data, "archived", False):
            return []
        names = getattr(model, "_xero_unique", ())  # not of mirrored lists
        values = [(name, normalise_name(getattr(data, name))) for name in names]
        return [(name, value) for name, value in values if value]
