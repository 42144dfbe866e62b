from odoo import models
from odoo.exceptions import UserError


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
        """Download the invoice, or the one that was paid, as PDF from Xero.

        :raise UserError: if the row is a credit, or Xero cannot be asked
        """
        document = self._get_document()
        if document._name != "xero.invoice":
            raise UserError(self.env._("Only invoices come as PDF from Xero."))
        return document.action_download_pdf()
