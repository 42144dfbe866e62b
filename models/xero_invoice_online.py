from odoo import models
from odoo.exceptions import UserError

from ..const import APPROVED_STATUSES

PDF = "application/pdf"


class XeroInvoice(models.Model):
    """What Xero shows the customer of an invoice: the page to pay on, and the PDF."""

    _inherit = "xero.invoice"

    def _keep_online_url(self, url):
        """Keep the address of the customer's page. One record.

        :param str url: as Xero gave it; None while there is no such page
        """
        if url and url.startswith(("https://", "http://")):
            self.online_url = url

    def action_get_online_url(self):
        """Ask Xero for the address where the customer sees and pays the invoice.

        It is fetched when somebody wants it, once: the calls of a day are few.

        :raise UserError: if there is none yet, or Xero cannot be asked
        """
        self.ensure_one()
        self.check_access("read")
        invoice = self.sudo()
        if not invoice.online_url:
            if invoice.status not in APPROVED_STATUSES:
                raise UserError(
                    self.env._(
                        "Customers can see and pay an invoice online once it is "
                        "approved in Xero."
                    )
                )
            invoice._keep_online_url(invoice._fetch("online_invoice_url"))
        if not invoice.online_url:
            raise UserError(self.env._("Xero has no online page for this invoice."))
        return True

    def action_download_pdf(self):
        """Download the invoice as PDF, as Xero has it at this moment.

        :raise UserError: if Xero cannot be asked
        """
        self.ensure_one()
        self.check_access("read")
        invoice = self.sudo()
        last = invoice._keep_pdf(invoice._fetch("invoice_pdf"))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{last.id}?download=true",
            "target": "download",
        }

    def _fetch(self, method):
        """Ask Xero something about this invoice, while a person waits.

        :param str method: of the Xero client
        :raise UserError: in plain words
        """
        self.connection_id._check_connected()
        with self.env["xero.log"]._explained():
            return self.env["xero.gateway"]._call(
                self.connection_id, method, self.xero_id
            )
