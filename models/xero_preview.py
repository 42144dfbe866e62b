import contextlib
import uuid

from odoo import models
from odoo.tools import SQL

from ..const import PUSH_MODELS, TWO_WAY_RESOURCES
from .xero_change import Problem
from .xero_preview_foreseen import Foreseen


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
        for kind, resource in self._get_steps(connection, resources, direction):
            look = getattr(self, f"_iter_{kind}")
            for told in look(connection, resource, direction, foreseen):
                collect(told.rows)
                self._commit()

    def _get_steps(self, connection, resources, direction):
        """Return the parts of a preview: pairs of a kind and a resource."""
        compared = self._get_compared(connection, resources, direction)
        steps = [("preview_pull", resource) for resource in compared]
        if direction != "pull":
            sent = [resource for resource in PUSH_MODELS if resource in resources]
            steps += [("preview_push", resource) for resource in sent]
        return steps

    def _get_compared(self, connection, resources, direction):
        """Return the lists that are fetched: before sending those where a new record
        might be in Xero already."""
        if direction != "push":
            return resources
        push = self.env["xero.push"]
        return [
            resource
            for resource in resources
            if resource in TWO_WAY_RESOURCES and push._get_missing(connection, resource)
        ]

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
        """Make the links of customers and items that are in Xero before the documents,
        or were refused: to be rolled back."""
        for resource in TWO_WAY_RESOURCES:
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
