from odoo import api, models


class XeroInvoice(models.Model):
    """Once its invoice is there, a quote is invoiced."""

    _inherit = "xero.invoice"

    @api.model_create_multi
    def create(self, vals_list):
        invoices = super().create(vals_list)
        invoices.filtered("xero_id").order_id._follow_xero_quote()
        return invoices

    def write(self, vals):
        result = super().write(vals)
        if vals.get("xero_id") or vals.get("order_id"):
            self.filtered("xero_id").order_id._follow_xero_quote()
        return result
