from odoo import fields, models


class XeroInvoice(models.Model):
    """What an invoice bills: which lines of its order, and how much of each."""

    _inherit = "xero.invoice"

    billed_line_ids = fields.One2many("xero.billed.line", "invoice_id", readonly=True)
    is_down_payment = fields.Boolean("Down Payment", readonly=True)

    def _renew_billed_lines(self):
        """Have invoices that are not on their way to Xero bill what their orders have
        to invoice now. A down payment bills what it was made for."""
        invoices = self._filter_unsent().filtered("order_id")
        invoices.order_id.order_line._warm_xero_cache()
        stale, vals_list = self.env["xero.billed.line"], []
        for invoice in invoices:
            order = invoice._get_billing_order()
            billed = invoice._get_billed()
            if not invoice.is_down_payment:
                billed = order._get_xero_billable()
            wanted = order._prepare_xero_billed_lines(billed)
            if wanted != invoice._read_billed_lines():
                stale |= invoice.billed_line_ids
                vals_list += [{"invoice_id": invoice.id, **vals} for vals in wanted]
            expected = order.currency_id.round(sum(v["price_total"] for v in wanted))
            if order.currency_id.compare_amounts(expected, invoice.amount_expected):
                invoice.amount_expected = expected
        stale.unlink()
        self.env["xero.billed.line"].create(vals_list)

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

    def _get_billed_amounts(self):
        """Return what was asked for, as `sale.order._get_xero_amounts` does."""
        return {
            line.order_line_id: (
                line.price_subtotal,
                line.price_total - line.price_subtotal,
            )
            for line in self.billed_line_ids
            if not line.order_line_id._is_xero_note()
        }

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
