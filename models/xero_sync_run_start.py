import contextlib

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..const import PULL_MODELS, PUSH_MODELS, TWO_WAY_RESOURCES


class XeroSyncRun(models.Model):
    """How a run begins: its steps, and its first seconds in the request at hand."""

    _inherit = "xero.sync.run"

    @api.model
    def _start(
        self,
        connection,
        resources,
        push=False,
        pull=True,
        from_scratch=False,
        expected=None,
    ):
        """Start a run and work on it for some seconds; or return the one under way.

        It works in a cursor of its own, because it commits page by page.

        :param connection: `xero.connection`, one record
        :param list resources: Xero's path names
        :param bool push: whether to send what waits
        :param bool pull: whether to fetch; where not, Xero is only asked who is there
        :param bool from_scratch: whether to fetch and send everything, not only changes
        :param dict expected: (direction, resource) -> number of records, where known
        :return: an action that shows the run, which the transaction at hand cannot see
        """
        with self._beside() as runs:
            run = runs._get_running(connection) or runs._start_sync(
                connection, resources, push, pull, from_scratch, expected or {}
            )
            return run._get_action()

    @api.model
    def _start_other(self, connection, kind, steps, vals):
        """Start a run that changes no customer, item or document: see `_start`.

        :param connection: `xero.connection`, one record
        :param str kind: as the field has it
        :param list steps: pairs of a step's kind and a resource
        :param dict vals: further values of the run
        :return: whether it is done; an action that shows the result, or how far it is
        :rtype: tuple[bool, dict]
        :raise UserError: why it stopped
        """
        with self._beside() as runs:
            steps = [{"kind": step, "resource": resource} for step, resource in steps]
            run = runs._create_run(connection, kind, steps, vals)
            run._begin()
            # All of it is asked here: the request's own transaction sees none of it.
            done, problem = run.state == "done", run.state == "failed" and run.message
            action = run.action_open_result()
        if problem:
            raise UserError(problem)
        return done, action

    @contextlib.contextmanager
    def _beside(self):
        """Yield this model in a cursor of its own, as superuser."""
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr, su=True))
        self.env.invalidate_all()

    def _start_sync(self, connection, resources, push, pull, from_scratch, expected):
        mine = connection.with_env(self.env)
        if from_scratch and pull:
            self.env["xero.sync.cursor"]._reset(mine, resources)
        push = push and mine.sync_mode == "live"
        steps = [
            {
                "kind": kind,
                "resource": resource,
                "total": self._get_expected(mine, kind, resource, expected),
            }
            for kind, resource in self._get_steps(resources, push, pull)
        ]
        vals = {"is_thorough": from_scratch}
        try:
            with self.env.cr.savepoint():
                run = self._create_run(connection, "sync", steps, vals)
        except UniqueViolation:
            # Somebody else clicked in the same moment: theirs is shown.
            self.env.cr.rollback()
            return self._get_running(connection)
        run._begin()
        return run

    def _create_run(self, connection, kind, steps, vals):
        lines = [
            Command.create({"sequence": index, **step})
            for index, step in enumerate(steps)
        ]
        return self.create(
            {
                "connection_id": connection.id,
                "kind": kind,
                "line_ids": lines,
                **vals,
            }
        )

    def _get_steps(self, resources, push, pull):
        ordered = [resource for resource in PULL_MODELS if resource in resources]
        steps = [("pull", resource) for resource in ordered] if pull else []
        if push and not pull:
            steps += [
                ("match", resource)
                for resource in TWO_WAY_RESOURCES
                if resource in ordered
            ]
        if push:
            steps += [
                ("push", resource) for resource in PUSH_MODELS if resource in ordered
            ]
        return steps

    def _get_expected(self, connection, kind, resource, expected):
        """Return how many records a step has, as far as it is known beforehand."""
        known = expected.get((kind, resource), 0)
        if not known and kind == "pull":
            known = connection._get_cursor(resource).record_count
        return known
