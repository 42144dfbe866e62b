from odoo import fields, models

from ..const import PUSH_MODELS
from ..models.xero_change import Change


class XeroSyncWizard(models.TransientModel):
    """Preview: plan with the very code of the sync, and carry nothing out."""

    _inherit = "xero.sync.wizard"

    def _run_preview(self):
        """Plan with the very code of the sync, and carry nothing out.

        Before sending, the sync looks who is in Xero already; so does the preview.
        """
        connection, pull = self.connection_id.sudo(), self.env["xero.pull"].sudo()
        for resource in self._get_resources():
            arriving = []
            if self.direction != "push" or resource != "Invoices":
                arriving = pull._preview(connection, resource)
            if self.direction != "push":
                self._add_lines("pull", resource, arriving)
            if self.direction != "pull":
                matched = [change for change in arriving if change.operation == "link"]
                self._add_lines("push", resource, self._plan_push(resource, matched))
                if self.direction == "push":
                    self._add_lines("push", resource, matched)
        return self._show_result()

    def _get_push_records(self, resource):
        """Return the records of a list that belong in Xero and are not there yet."""
        if resource == "Invoices":
            return self.env["xero.invoice"]
        model = self.env[PUSH_MODELS[resource]].sudo()
        connection = self.connection_id.sudo()
        domain = model._get_xero_domain(connection)
        if connection.date_start:
            domain &= fields.Domain("create_date", ">=", connection.date_start)
        linked = self.env["xero.link"].sudo()
        linked = linked._search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", model._name),
                ("xero_id", "!=", False),
            ]
        )
        domain &= fields.Domain("id", "not in", linked.subselect("res_id"))
        return model.search(domain)

    def _plan_push(self, resource, matched):
        """Return what sending the records would do, one `Change` a record.

        :param matched: list of `Change` of records that Xero has already
        """
        in_xero = {change.record.id for change in matched}
        connection = self.connection_id.sudo()
        waiting = self.env["xero.link"].new(
            {"connection_id": connection.id, "resource": resource}
        )
        changes = []
        for record in self._get_push_records(resource):
            if record.id in in_xero:
                continue
            change = Change("create", record.display_name, record)
            if problem := record._get_xero_problem(connection):
                change.operation, change.problem = "refuse", problem
            else:
                change.link = waiting
                record._plan_xero_push(connection, change)
                change.link = None
            changes.append(change)
        return changes
