from odoo import Command, fields, models


class XeroInvoice(models.Model):
    """What an invoice bills: which lines of its order, and how much of each."""

    _inherit = "xero.invoice"

    billed_line_ids = fields.One2many("xero.billed.line", "invoice_id", readonly=True)
    is_down_payment = fields.Boolean("Down Payment", readonly=True)

    def _renew_billed_lines(self):
        """Have invoices that are not on their way to Xero bill what their orders have
        to invoice now. A down payment bills what it was made for."""
        for invoice in self._filter_unsent():
            order = invoice._get_billing_order()
            if not order:
                continue
            billed = invoice._get_billed()
            if not invoice.is_down_payment:
                billed = order._get_xero_billable()
            wanted = order._prepare_xero_billed_lines(billed)
            if wanted != invoice._read_billed_lines():
                invoice.write(
                    {
                        "billed_line_ids": [
                            Command.clear(),
                            *(Command.create(vals) for vals in wanted),
                        ],
                        "amount_expected": sum(vals["price_total"] for vals in wanted),
                    }
                )

    def _filter_unsent(self):
        """Return those that Xero neither has nor may be at work on."""
        waiting = self.filtered(lambda invoice: not invoice.xero_id)
        if not waiting:
            return waiting
        links = self.env["xero.link"].sudo()._of(waiting)
        on_the_way = links.filtered(lambda link: link.state == "sending")
        return waiting - waiting.browse(on_the_way.mapped("res_id"))

    def _get_billing_order(self):
        """Return the order with what its texts and amounts depend on."""
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        return order.with_context(lang=order.partner_invoice_id.lang or self.env.lang)

    def _get_billed(self):
        """Return what is billed, as `sale.order._get_xero_billable` does."""
        return [
            (line.order_line_id, line.quantity, line.description)
            for line in self.billed_line_ids
        ]

    def _read_billed_lines(self):
        return [
            {
                "order_line_id": line.order_line_id.id,
                "quantity": line.quantity,
                "description": line.description,
                "price_subtotal": line.price_subtotal,
                "price_total": line.price_total,
            }
            for line in self.billed_line_ids
        ]
