from functools import partial

from odoo import models
from odoo.tools import split_every

from ..const import DOCUMENT_RESOURCES, PAGE_SIZE, PUSH_MODELS
from ..mapping.values import normalise_name
from .xero_change import Problem
from .xero_preview_foreseen import Told


class XeroPreview(models.AbstractModel):
    """To Xero: what would be sent, and what Xero would refuse of it."""

    _inherit = "xero.preview"

    def _iter_preview_push(self, connection, resource, direction, foreseen, done=0):
        """Look at what is sent beside the answers to what was fetched, as
        `_iter_preview_pull` does."""
        ids = self._get_outbox_ids(connection, resource, foreseen)
        chunks = list(split_every(PAGE_SIZE, ids, list))
        for number, chunk in list(enumerate(chunks, 1))[done:]:
            args = (connection, resource, chunk, foreseen)
            rows = self._commit_or_repeat(partial(self._plan_chunk, *args))
            yield Told(rows, number, len(chunk), len(ids), number == len(chunks))

    def _get_outbox_ids(self, connection, resource, foreseen):
        """Return the ids of the records to send that no page told of yet."""
        push = self.env["xero.push"]
        ids = set(push._get_waiting(connection, resource).mapped("res_id"))
        ids |= set(push._get_missing(connection, resource).ids)
        ids -= set(foreseen.bound.get(resource, ()))
        ids -= foreseen.planned.get(resource, set())
        return sorted(ids)

    def _plan_chunk(self, connection, resource, ids, foreseen):
        records = self.env[PUSH_MODELS[resource]].sudo().browse(ids)
        with self._rolled_back():
            if resource in DOCUMENT_RESOURCES:
                self._bind_dependencies(connection, foreseen)
            if resource == "Contacts":
                self._bind_held(connection, foreseen)
            links = self.env["xero.push"]._queue_all(connection, resource, records)
            return self._plan_sending(connection, resource, links, foreseen)

    def _plan_sending(self, connection, resource, links, foreseen):
        """Return a row for each link, as the push would plan it."""
        model = self.env[PUSH_MODELS[resource]].sudo()
        rows = []
        for change in self.env["xero.push"]._plan_links(connection, links):
            self._check_unique(model, resource, change, foreseen)
            self._note_sent(resource, change, foreseen)
            rows.append(self._prepare_row("push", resource, model, change))
        return rows

    def _check_unique(self, model, resource, change, foreseen):
        """Foresee that Xero refuses a name or code that it has already."""
        if change.operation not in ("create", "update"):
            return
        taken = foreseen.taken.setdefault(resource, {})
        link = change.link
        own = link.xero_id or f"odoo-{link.res_id}"
        for name in model._xero_unique:
            value = normalise_name(change.fields.get(name, ("", ""))[1])
            if not value:
                continue
            holder = taken.setdefault((name, value), own)
            if holder not in (own, link.xero_id):
                change.problem = self._get_taken_problem(model, change, name)
                change.operation = "refuse"
                return

    def _get_taken_problem(self, model, change, name):
        return Problem(
            self.env._(
                "Xero would refuse %(name)s: another record has the same %(field)s.",
                name=change.name,
                field=model._get_xero_field_label(name),
            ),
            self.env._(
                "Match the two in the matching list, or make them differ in Odoo."
            ),
        )

    def _note_sent(self, resource, change, foreseen):
        link = change.link
        if change.operation == "create":
            foreseen.coming.setdefault(resource, set()).add(link.res_id)
        elif change.operation == "refuse" and not link.xero_id:
            foreseen.refused.setdefault(resource, {})[link.res_id] = (
                change.problem.message
            )
