from odoo import api, models


class XeroInvoice(models.Model):
    """An invoice that changes may let payments go on that wait for it."""

    _inherit = "xero.invoice"

    @api.model
    def _cron_overdue(self):
        """Payments that wait are looked at again in any case."""
        result = super()._cron_overdue()
        self.env["xero.payment.request"].sudo()._look_at_waiting()
        return result

    def _write_from_xero(self, connection, changes):
        result = super()._write_from_xero(connection, changes)
        invoices = self.union(*(change.record for change in changes))
        requests = self.env["xero.payment.request"].sudo()
        requests._get_open_for(invoices.order_id, invoices)._look_again()
        return result
