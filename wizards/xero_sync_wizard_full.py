from odoo import models

from ..const import PUSH_MODELS


class XeroSyncWizard(models.TransientModel):
    """Full: everything, in the background."""

    _inherit = "xero.sync.wizard"

    def _run_full(self):
        """Everything, page by page; goes on in the background after some seconds."""
        push = self.env["xero.push"].sudo()
        if self.direction in ("push", "both"):
            for resource in PUSH_MODELS:
                if resource in self._get_resources():
                    push._queue_all(self.connection_id.sudo(), resource)
        self.run_id = self.env["xero.sync.run"]._start(
            self.connection_id,
            self._get_resources() if self.direction != "push" else [],
            push=self.direction != "pull",
            from_scratch=True,
        )
        return self.run_id._get_action()
