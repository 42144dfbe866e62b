from odoo import models

from ..const import APPROVED_STATUSES
from .xero_change import Problem, XeroProblem


class XeroInvoiceTask(models.Model):
    """The address where the customer sees and pays the invoice."""

    _inherit = "xero.invoice.task"

    def _check_online_url(self):
        invoice = self.invoice_id
        if invoice.online_url or invoice.status not in APPROVED_STATUSES:
            raise XeroProblem(Problem(self.env._("It is settled."), "", skip=True))

    def _find_online_url(self):
        return False  # reading it twice does no harm

    def _call_online_url(self):
        return self._call("online_invoice_url", self.invoice_id.xero_id)

    def _keep_online_url(self, url, found):
        self.invoice_id._keep_online_url(url)
