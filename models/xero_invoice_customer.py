from odoo import api, models


class XeroInvoice(models.Model):
    """Invoices that were mirrored before it was known whose they are."""

    _inherit = "xero.invoice"

    @api.model
    def _adopt(self, connection, partners):
        """See `xero.document.mixin`. With the customer the order is known as well."""
        result = super()._adopt(connection, partners)
        self.search(
            [
                ("connection_id", "=", connection.id),
                ("xero_contact_id", "in", list(partners)),
                ("reference", "!=", False),
                ("order_id", "=", False),
            ]
        )._find_orders()
        return result

    def _find_orders(self):
        """Somebody billed an order by hand in Xero: it is not billed twice."""
        if not self:
            return
        orders = self.env["sale.order"].search(
            [
                ("name", "in", self.mapped("reference")),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "sale"),
            ]
        )
        by_name = {(order.company_id, order.name): order for order in orders}
        for invoice in self:
            order = by_name.get((invoice.company_id, invoice.reference))
            if order and (
                order.partner_invoice_id.commercial_partner_id == invoice.partner_id
            ):
                invoice.order_id = order
