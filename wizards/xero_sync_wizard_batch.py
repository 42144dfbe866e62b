from odoo import models


class XeroSyncWizard(models.TransientModel):
    """Test batch: carry out a few records, and show both sides of each."""

    _inherit = "xero.sync.wizard"

    def _run_test(self):
        """Choose a few records of each list, of each kind of change, and do them."""
        return self._run_batch(
            lambda batch: batch._sample(
                batch.env["xero.connection"].browse(self.connection_id.id),
                self._get_resources(),
                self.direction,
                max(1, self.test_size),
            )
        )

    def _test_lines(self, lines):
        """Do what the chosen lines of this preview announce. One record.

        :param lines: `xero.sync.wizard.line`
        :return: an action that shows what was done
        """
        wizard = self.copy({"mode": "test"})
        wizard._check_ready()
        if lines.filtered(lambda line: line.direction == "push"):
            self.connection_id._check_can_send()
        rows = [line._get_row() for line in lines]
        with self.env["xero.log"]._explained():
            return wizard._run_batch(lambda batch: rows)

    def _run_batch(self, choose):
        """Carry out some rows and show what became of them.

        In a cursor of its own: what is sent is committed before, and the answers have
        to be here when this request shows them.

        :param choose: takes `xero.test.batch` and returns rows of a preview
        """
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            batch, connection = env["xero.test.batch"], self.connection_id.with_env(env)
            done = batch._carry_out(connection, choose(batch))
        self.env.invalidate_all()
        self.env["xero.sync.wizard.line"]._add_rows(self, done)
        self.env.invalidate_all()
        return self._show_lines(moves=False)
