from odoo import models
from odoo.exceptions import UserError

from ..const import APPROVED_STATUSES


class XeroInvoice(models.Model):
    """What Xero shows the customer of an invoice: the page to pay on, and the PDF."""

    _name = "xero.invoice"
    _inherit = ["xero.invoice", "xero.pdf.mixin"]

    _xero_pdf_method = "invoice_pdf"

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

    def _get_customer_online_url(self):
        """Return where Xero lets the customer pay the invoice. One record, as
        superuser.

        :rtype: str
        :raise UserError: if there is no such page, or Xero cannot be asked now
        """
        self.ensure_one()
        if not self.online_url:
            self._keep_online_url(self._fetch_for_customer("online_invoice_url"))
        if not self.online_url:
            self._pause_for_customer()
            raise UserError(self.env._("Xero has no online page for this invoice."))
        return self.online_url
