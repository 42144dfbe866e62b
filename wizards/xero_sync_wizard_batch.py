from odoo import models

from ..const import BATCH_SIZE


class XeroSyncWizard(models.TransientModel):
    """Test batch: carry out a few records, and show what was done with each."""

    _inherit = "xero.sync.wizard"

    def _run_test(self):
        """Carry out a few records, and show what was done with each."""
        connection, pull = self.connection_id.sudo(), self.env["xero.pull"].sudo()
        size = max(1, self.test_size)
        for resource in self._get_resources():
            if self.direction in ("pull", "both"):
                changes = pull._pull_sample(connection, resource, size)
                self._add_lines("pull", resource, changes)
        if self.direction in ("push", "both"):
            self._test_push(connection, size)
        return self._show_result()

    def _test_push(self, connection, size):
        """Send a few records and show how it went.

        In a cursor of its own: what is sent is committed before, and the answers have
        to be here when this request shows them.
        """
        self.env.flush_all()
        vals_list = []
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            wizard = env[self._name].new({"connection_id": connection.id})
            for resource in self._get_resources():
                links = wizard._queue(resource, min(size, BATCH_SIZE))
                wizard.env.flush_all()
                env["xero.push"]._commit()
                env["xero.push"]._push(connection.with_env(env), among=links.ids)
                vals_list += wizard._prepare_sent_lines(resource, links)
        self.env.invalidate_all()
        self.env["xero.sync.wizard.line"].create(
            [{"wizard_id": self.id, **vals} for vals in vals_list]
        )

    def _prepare_sent_lines(self, resource, links):
        return [
            {
                "direction": "push",
                "resource": resource,
                "operation": self._get_sent_operation(link),
                "name": link.record_name,
                "message": link.error,
                "res_model": link.res_model,
                "res_id": link.res_id,
                "xero_id": link.xero_id,
            }
            for link in links.exists()
        ]

    def _get_sent_operation(self, link):
        if link.state == "synced":
            return "link" if link.rule else "create"
        return "skip" if link.state == "pending" else "refuse"
