from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class XeroInvoiceBind(models.TransientModel):
    """A person says what of its order an invoice bills that somebody made in Xero."""

    _name = "xero.invoice.bind"
    _description = "What a Xero Invoice Bills"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="invoice_id.order_id")
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    amount_total = fields.Monetary(related="invoice_id.amount_total")
    invoice_line_ids = fields.One2many(
        related="invoice_id.line_ids", string="Lines in Xero"
    )
    line_ids = fields.One2many("xero.invoice.bind.line", "wizard_id")

    @api.model
    def _open_for(self, invoice):
        """Open the dialog; the lines whose product the invoice names are proposed.

        :param invoice: `xero.invoice`, one record
        """
        named = invoice.line_ids.product_id
        lines = invoice.sudo().order_id.order_line.filtered(
            lambda line: not line._is_xero_note() and not line.is_downpayment
        )
        wizard = self.create(
            {
                "invoice_id": invoice.id,
                "line_ids": [
                    Command.create(
                        {
                            "order_line_id": line.id,
                            "quantity": max(0.0, line.qty_to_invoice)
                            if line.product_id in named
                            else 0.0,
                        }
                    )
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Does %(name)s Bill?", name=invoice.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # === ACTION METHODS === #

    def action_bind(self):
        """Note what the invoice bills; the rest of the order can be invoiced.

        :raise UserError: if that is known by now
        """
        self.ensure_one()
        self.env["xero.invoice.change"].check_access("create")
        self.invoice_id.check_access("read")
        invoice = self.invoice_id.sudo()
        if not invoice._filter_unbound():
            raise UserError(self.env._("It is known by now what this invoice bills."))
        order = invoice._get_billing_order()
        chosen = self.sudo().line_ids.filtered("quantity")
        if chosen.order_line_id.order_id - order:
            raise UserError(self.env._("Choose lines of the invoice's own order."))
        billed = [(row.order_line_id, row.quantity, False) for row in chosen]
        rows = order._prepare_xero_billed_lines(billed) if billed else []
        self.env["xero.billed.line"].sudo().create(
            [{**row, "invoice_id": invoice.id} for row in rows]
        )
        invoice.is_bound = True
        invoice._note_order_content()
        return invoice.with_env(self.env)._open_form()
