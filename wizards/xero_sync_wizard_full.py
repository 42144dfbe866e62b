from odoo import models


class XeroSyncWizard(models.TransientModel):
    """Full: everything, in the background."""

    _inherit = "xero.sync.wizard"

    def _run_full(self):
        """Everything, page by page; goes on in the background after some seconds.

        The wizard does not refer to the run: that was made in another transaction,
        which this one does not see yet.
        """
        return self.env["xero.sync.run"]._start(
            self.connection_id,
            self._get_resources(),
            push=self.direction != "pull",
            pull=self.direction != "push",
            from_scratch=True,
            expected=self._get_expected(),
        )

    def _get_expected(self):
        """Return how many records each list has, as the preview found.

        :return: (direction, resource) -> number of lines
        :rtype: dict
        """
        groups = self.env["xero.sync.wizard.line"]._read_group(
            [("wizard_id", "=", self.id)], ["direction", "resource"], ["__count"]
        )
        return {(direction, resource): count for direction, resource, count in groups}
