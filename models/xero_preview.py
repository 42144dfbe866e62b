import contextlib
import uuid
from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL, split_every

from ..const import PAGE_SIZE, PUSH_MODELS
from ..mapping.values import normalise_name
from .xero_change import Problem

# What both sides can start: their lists are compared before anything is sent.
TWO_WAY = ("Contacts", "Items")


@dataclass
class Foreseen:
    """What the part of a preview that is done would have changed by now.

    :ivar bound: resource -> {id in Odoo: id in Xero} of records that would be matched
    :ivar planned: resource -> ids in Odoo whose sending is told already
    :ivar coming: resource -> ids in Odoo that would be new in Xero
    :ivar refused: resource -> {id in Odoo: cause}
    :ivar taken: resource -> {(field, value): id} of what may be in Xero only once
    :ivar held: id in Xero -> (`Change`, payload) of contacts that wait for a match
    """

    bound: dict = field(default_factory=dict)
    planned: dict = field(default_factory=dict)
    coming: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)
    taken: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)


class XeroPreview(models.AbstractModel):
    """What a sync would do, by doing it and taking it back.

    Each page goes through the very code of the sync, within a savepoint that is rolled
    back: so even what the database or another addon would refuse is known beforehand.
    Nothing but questions goes to Xero, and no row stays locked for longer than a page.
    """

    _name = "xero.preview"
    _inherit = "xero.job.mixin"
    _description = "Preview of a Xero Sync"

    def _preview(self, connection, resources, direction, collect):
        """Tell page by page what a sync of everything would do. Commits what `collect`
        writes: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        :param list resources: Xero's path names
        :param str direction: pull, push or both
        :param collect: called with a list of rows (see `_prepare_row`) for each page
        """
        foreseen = Foreseen()
        for resource in self._get_compared(connection, resources, direction):
            self._preview_fetch(connection, resource, direction, foreseen, collect)
            if resource == "Contacts":
                self._preview_held(connection, direction, foreseen, collect)
        if direction == "pull":
            return
        for resource in PUSH_MODELS:
            if resource in resources:
                self._preview_outbox(connection, resource, foreseen, collect)

    def _get_compared(self, connection, resources, direction):
        """Return the lists that are fetched: before sending those where a new record
        might be in Xero already."""
        if direction != "push":
            return resources
        push = self.env["xero.push"]
        return [
            resource
            for resource in resources
            if resource in TWO_WAY and push._get_missing(connection, resource)
        ]

    # === FROM XERO === #

    def _preview_fetch(self, connection, resource, direction, foreseen, collect):
        for page in self.env["xero.pull"]._iter_pages(connection, resource):
            args = (connection, resource, page.items, direction, foreseen)
            rows = self._commit_or_repeat(lambda args=args: self._plan_page(*args))
            collect(rows)
            self._commit()

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

    def _preview_held(self, connection, direction, foreseen, collect):
        """Tell who waits for a match, and who need not: once the whole list is known,
        the sync looks at them again."""
        args = (connection, direction, foreseen)
        collect(self._commit_or_repeat(lambda: self._plan_held(*args)))
        self._commit()

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

    # === TO XERO === #

    def _preview_outbox(self, connection, resource, foreseen, collect):
        """Tell what is sent beside the answers to what was fetched."""
        ids = self._get_outbox_ids(connection, resource, foreseen)
        for chunk in split_every(PAGE_SIZE, ids):
            args = (connection, resource, list(chunk), foreseen)
            collect(self._commit_or_repeat(lambda args=args: self._plan_chunk(*args)))
            self._commit()

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
            if resource == "Invoices":
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

    # === TAKING BACK === #

    @contextlib.contextmanager
    def _rolled_back(self):
        """Undo the block, with whatever it wanted done after the commit."""
        try:
            with contextlib.closing(self.env.cr.savepoint()):
                yield
        finally:
            self.env.cr.postcommit.clear()

    def _bind_foreseen(self, connection, resource, foreseen):
        """Make the links that earlier pages would have made: to be rolled back."""
        self._pretend(connection, resource, foreseen.bound.get(resource))

    def _bind_held(self, connection, foreseen):
        """Write down who waits for a match, as the pages would: to be rolled back."""
        held = [change for change, _payload in foreseen.held.values()]
        self.env["xero.match"]._keep(connection, held)

    def _bind_dependencies(self, connection, foreseen):
        """Make the links of customers and items that are in Xero before the invoices,
        or were refused: to be rolled back."""
        for resource in TWO_WAY:
            model, links = self.env[PUSH_MODELS[resource]], self.env["xero.link"]
            self._bind_foreseen(connection, resource, foreseen)
            coming = foreseen.coming.get(resource, ())
            self._pretend(
                connection,
                resource,
                {
                    res_id: str(
                        uuid.uuid5(uuid.NAMESPACE_OID, f"{model._name},{res_id}")
                    )
                    for res_id in coming
                },
            )
            refused = foreseen.refused.get(resource, {})
            for link in links._ensure(connection, model.browse(refused)):
                link._mark_error(refused[link.res_id])

    def _pretend(self, connection, resource, xero_ids):
        """Bind records by the thousand, in one statement, within a block that is taken
        back.

        :param dict xero_ids: id in Odoo -> id in Xero
        """
        if not xero_ids:
            return
        self.env["xero.link"].flush_model()
        self.env.cr.execute(
            SQL(
                """
        INSERT INTO xero_link (connection_id, company_id, resource, res_model, state,
                               attempts, res_id, xero_id)
             SELECT %s, %s, %s, %s, 'synced', 0, res_id, xero_id
               FROM unnest(%s, %s) AS pretended(res_id, xero_id)
        ON CONFLICT (connection_id, res_model, res_id, resource)
          DO UPDATE SET xero_id = EXCLUDED.xero_id, state = 'synced'
              WHERE xero_link.xero_id IS NULL""",
                connection.id,
                connection.company_id.id,
                resource,
                PUSH_MODELS[resource],
                list(xero_ids),
                list(xero_ids.values()),
            )
        )
        self.env["xero.link"].invalidate_model()

    # === ROWS === #

    def _prepare_row(self, direction, resource, model, change):
        """Return what a person is told of a change: plain values, which stay when the
        change is taken back.

        :param change: `Change`
        :rtype: dict
        """
        exists = change.record and change.operation != "create"
        if direction == "push":
            exists = bool(change.record)
        problem = change.problem or self._get_skip_problem(change)
        moves = change.outcome in ("create", "link", "update", "conflict")
        return {
            "direction": direction,
            "resource": resource,
            "operation": change.outcome,
            "name": change.name,
            "fields": model._describe_xero_fields(change.fields if moves else {}),
            "rule": change.rule or False,
            "message": problem.message if problem else False,
            "remedy": problem.remedy if problem else False,
            "res_model": change.record._name if exists else False,
            "res_id": change.record.id if exists else False,
            "xero_id": change.xero_id or False,
        }

    def _get_skip_problem(self, change):
        """Say why a record is left out. None for others."""
        if change.operation != "skip":
            return None
        if change.record:
            return Problem(
                self.env._("Excluded: Do Not Sync With Xero is ticked."),
                self.env._("Untick it on the record to include it."),
            )
        if change.link:
            return Problem(
                self.env._("The record was deleted in Odoo, and stays away."), ""
            )
        if getattr(change.data, "merged_into", ""):
            return Problem(self.env._("Merged into another contact in Xero."), "")
        return Problem(self.env._("Archived in Xero, and unknown in Odoo."), "")
