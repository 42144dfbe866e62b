from odoo import fields, models


class XeroInvoiceNumber(models.TransientModel):
    """Another number for an invoice whose own is taken in Xero."""

    _name = "xero.invoice.number"
    _description = "Another Number for a Xero Invoice"

    invoice_id = fields.Many2one("xero.invoice", required=True, readonly=True)
    number = fields.Char("New Number", required=True)

    def _open(self, invoice):
        """Return the action that opens this dialog, with the next free number of the
        sequence.

        :param invoice: `xero.invoice`, one record
        """
        number = invoice.connection_id.sudo()._get_next_number()
        dialog = self.create({"invoice_id": invoice.id, "number": number})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("This Number Is Taken in Xero"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    def action_use(self):
        """Give the invoice its new number, and send it."""
        self.ensure_one()
        self.check_access("write")
        invoice = self.invoice_id.sudo()
        invoice._filter_unsent().wanted_number = self.number.strip()
        links = self.env["xero.link"].sudo()._of(invoice, invoice.connection_id)
        links._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return {"type": "ir.actions.act_window_close"}
