from odoo import models


class XeroInvoiceTask(models.Model):
    """Where an invoice comes from, in Xero's own history of it."""

    _inherit = "xero.invoice.task"

    def _check_note(self):
        """A note may go to any invoice that is there."""

    def _find_note(self):
        rows = self._call("history", self.invoice_id.xero_id)
        return any(row.get("Details") == self.name for row in rows)

    def _call_note(self):
        self._call(
            "add_history_note",
            "Invoices",
            self.invoice_id.xero_id,
            self.name,
            idempotency_key=self.idempotency_key,
        )

    def _keep_note(self, result, found):
        """Nothing is kept: the order's chatter tells of the invoice already."""
