from odoo import models


class XeroPartnerHistory(models.Model):
    """From a row of the history to Xero."""

    _inherit = "xero.partner.history"

    def _get_document(self):
        """Return the invoice or credit of a row; of a payment the one it settles."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id)
        if record._name == "xero.payment":
            record = record.invoice_id or record.credit_note_id
        return record

    def action_open_in_xero(self):
        """Open the document in Xero; of a payment the one that it settles."""
        return self._get_document().action_open_in_xero()

    def action_download_pdf(self):
        """Download the invoice or credit note, or the one that was paid or paid back,
        as PDF from Xero.

        :raise UserError: if there is no PDF of it, or Xero cannot be asked
        """
        return self._get_document().action_download_pdf()
