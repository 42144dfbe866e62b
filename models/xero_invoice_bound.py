from odoo import api, fields, models


class XeroInvoice(models.Model):
    """What Xero made of what was billed: remembered, so that a later change shows."""

    _inherit = "xero.invoice"

    bound_due_date = fields.Date(readonly=True, copy=False)

    def _write_from_xero(self, connection, changes):
        """With what comes for the first time, it is known which line is which."""
        result = super()._write_from_xero(connection, changes)
        records = self.union(*(change.record for change in changes))
        new = records.filtered("billed_line_ids").filtered(
            lambda invoice: not any(invoice.billed_line_ids.mapped("xero_line_id"))
        )
        if new:
            datas = {change.record: change.data for change in changes}
            self._bind_billed_lines([(invoice, datas[invoice]) for invoice in new])
        return result

    @api.model
    def _bind_billed_lines(self, pairs):
        """Remember which line of Xero's is which of the order's: they come in the order
        in which they were sent.

        :param pairs: of an invoice, and what Xero made of it (`InvoiceData`)
        """
        bound = []
        for invoice, data in pairs:
            billed = invoice.billed_line_ids.sorted("id")
            if len(billed) == len(data.lines):
                bound += zip(billed, data.lines, strict=True)
                if invoice.bound_due_date != data.due_date:
                    invoice.bound_due_date = data.due_date
        self.env["xero.billed.line"]._bind(bound)

    def _bind_arrived(self, connection, changes):
        """What is being changed waits for its turn; it is no answer to a create."""
        created = [change for change in changes if not change.record.wanted_change]
        return super()._bind_arrived(connection, created) if created else None
