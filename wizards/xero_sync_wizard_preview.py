from odoo import models

from .xero_sync_wizard_line import QUIET


class XeroSyncWizard(models.TransientModel):
    """Preview: do it with the very code of the sync, and take it back."""

    _inherit = "xero.sync.wizard"

    def _run_preview(self):
        """Write a line for each record that a full sync would look at.

        In a cursor of its own, page by page: another worker's change repeats a page,
        not the whole of it, and memory stays flat.
        """
        self.env.flush_all()
        moves = []
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            lines, wizard = env["xero.sync.wizard.line"], self.with_env(env)

            def collect(rows):
                lines._add_rows(wizard, rows)
                moves.append(any(row["operation"] not in QUIET for row in rows))

            env["xero.preview"]._preview(
                wizard.connection_id, self._get_resources(), self.direction, collect
            )
        self.env.invalidate_all()
        return self._show_lines(moves=any(moves))
