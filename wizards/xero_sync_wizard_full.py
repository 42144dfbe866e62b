from odoo import models


class XeroSyncWizard(models.TransientModel):
    """Full: everything, in the background."""

    _inherit = "xero.sync.wizard"

    def _run_full(self):
        """Everything, page by page; goes on in the background after some seconds."""
        if self.direction in ("push", "both"):
            for resource in self._get_resources():
                self._queue(resource)
        resources = self._get_resources() if self.direction != "push" else []
        self.run_id = self.env["xero.sync.run"]._start(
            self.connection_id,
            resources,
            push=self.direction != "pull",
            from_scratch=True,
        )
        return self.run_id._get_action()

    def _queue(self, resource, limit=None):
        records = self._get_push_records(resource)[:limit]
        links = self.env["xero.link"].sudo()
        if not records:
            return links
        links = links._ensure(self.connection_id.sudo(), records)
        links._mark_pending()
        return links
