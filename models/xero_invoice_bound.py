from odoo import fields, models


class XeroInvoice(models.Model):
    """What Xero made of what was billed: remembered, so that a later change shows."""

    _inherit = "xero.invoice"

    bound_due_date = fields.Date(readonly=True)
    bound_partner_id = fields.Many2one("res.partner", readonly=True)

    def _take_over(self, connection, link, payload):
        data = super()._take_over(connection, link, payload)
        self._bind_billed_lines(data)
        return data

    def _bind_arrived(self, connection, changes):
        for change in changes:
            if not any(change.record.billed_line_ids.mapped("xero_line_id")):
                change.record._bind_billed_lines(change.data)
        return super()._bind_arrived(connection, changes)

    def _bind_billed_lines(self, data):
        """Remember which line of Xero's is which of the order's: they come in the order
        in which they were sent. One record.

        :param InvoiceData data: what Xero made
        """
        billed = self.billed_line_ids.sorted("id")
        if not billed or len(billed) != len(data.lines):
            return
        for row, line in zip(billed, data.lines, strict=True):
            row._bind(line)
        self.write(
            {"bound_due_date": data.due_date, "bound_partner_id": self.partner_id.id}
        )
