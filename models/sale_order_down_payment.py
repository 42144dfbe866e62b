from odoo import Command, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Down payments: a part of an order that is invoiced in advance."""

    _inherit = "sale.order"

    def _check_xero_down_payment(self):
        """:raise UserError: why no down payment can be asked for now"""
        self.env["xero.invoice"].check_access("read")
        self.check_access("write")
        self._check_xero_invoice()
        active = self.sudo()._get_xero_active_invoices()
        if any(not invoice.xero_id for invoice in active):
            raise UserError(
                self.env._(
                    "An invoice of %(order)s is not in Xero yet. Look at the problem "
                    "that is shown on the order first.",
                    order=self.name,
                )
            )

    def _create_xero_down_payment(self, lines, text):
        """Create the invoice of a down payment in Xero, now and once.

        :param lines: `sale.order.line` that Odoo keeps of it
        :param str text: what the invoice says
        """
        order = self.sudo()
        connection = order.env["xero.connection"]._get_for_company(self.company_id)
        billed = [
            Command.create(
                {"order_line_id": line.id, "quantity": 1, "description": text}
            )
            for line in lines
        ]
        order.env["xero.invoice"].create(
            {
                **order._prepare_xero_invoice_vals(connection),
                "is_down_payment": True,
                "billed_line_ids": billed,
            }
        )
        self.env["xero.push"].sudo()._flush_after_commit(order._request_xero_invoice())
