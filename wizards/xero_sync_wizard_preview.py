from odoo import models

from .xero_sync_wizard_line import QUIET


class XeroSyncWizard(models.TransientModel):
    """Preview: do it with the very code of the sync, and take it back."""

    _inherit = "xero.sync.wizard"

    def _run_preview(self):
        """Write a line for each record that a full sync would look at.

        In a cursor of its own, page by page: another worker's change repeats a page,
        not the whole of it, and memory stays flat. What takes longer than some seconds
        goes on in the background.

        :return: an action that shows the lines, or how far it is
        :raise UserError: if Xero does not answer
        """
        preview, connection = self.env["xero.preview"].sudo(), self.connection_id.sudo()
        steps = preview._get_steps(connection, self._get_resources(), self.direction)
        _done, action = self.env["xero.sync.run"]._start_other(
            self.connection_id, "preview", steps, {"wizard_res_id": self.id}
        )
        return action

    def _show_preview(self):
        """Return the list of lines, at first without what stays as it is."""
        lines = self.env["xero.sync.wizard.line"]
        moves = [("wizard_id", "=", self.id), ("operation", "not in", QUIET)]
        return self._show_lines(moves=bool(lines.search_count(moves, limit=1)))
