from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.xero_change import XeroProblem
from ..models.xero_invoice import GONE_STATUSES
from ..models.xero_invoice_change import EDITABLE


class XeroInvoiceChange(models.TransientModel):
    """What an invoice bills against what its order says now, and the ways to bring
    them together. A person decides."""

    _name = "xero.invoice.change"
    _description = "Change a Xero Invoice"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="invoice_id.order_id")
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    status = fields.Selection(related="invoice_id.status")
    amount_total = fields.Monetary(related="invoice_id.amount_total")
    amount_settled = fields.Monetary(
        "Paid or Credited", compute="_compute_amount_settled"
    )
    amount_now = fields.Monetary("By the Order Now", readonly=True)
    amount_change = fields.Monetary("Difference", compute="_compute_amount_settled")
    is_cancelled = fields.Boolean(readonly=True)
    line_ids = fields.One2many("xero.invoice.change.line", "wizard_id", readonly=True)
    can_update = fields.Boolean(compute="_compute_ways")
    can_delete = fields.Boolean(compute="_compute_ways")
    can_void = fields.Boolean(compute="_compute_ways")
    can_credit = fields.Boolean(compute="_compute_ways")
    can_credit_difference = fields.Boolean(compute="_compute_ways")
    can_invoice_rest = fields.Boolean(compute="_compute_ways")

    # === COMPUTE METHODS === #

    @api.depends("invoice_id.amount_paid", "invoice_id.amount_credited", "amount_now")
    def _compute_amount_settled(self):
        for wizard in self:
            invoice = wizard.invoice_id
            wizard.amount_settled = invoice.amount_paid + invoice.amount_credited
            wizard.amount_change = wizard.amount_now - invoice.amount_total

    @api.depends("status", "amount_settled", "amount_change", "is_cancelled")
    def _compute_ways(self):
        for wizard in self:
            status, cancelled = wizard.status, wizard.is_cancelled
            compare = wizard.currency_id.compare_amounts(wizard.amount_change, 0.0)
            draft = status in EDITABLE
            approved = status in ("authorised", "paid")
            wizard.can_update = draft and not cancelled and bool(wizard.amount_now)
            wizard.can_delete = draft
            wizard.can_void = wizard.invoice_id._can_change("void")
            wizard.can_credit = approved
            wizard.can_credit_difference = approved and compare < 0 and not cancelled
            wizard.can_invoice_rest = (
                approved and wizard.order_id.sudo()._is_xero_to_invoice()
            )

    # === OPENING === #

    @api.model
    def _open_for(self, invoice):
        """Open the dialog with an invoice as it is in Xero now.

        :param invoice: `xero.invoice`, one record
        :raise UserError: if nothing is to be changed
        """
        if not invoice.order_id:
            raise UserError(
                self.env._("This invoice has no order in Odoo: change it in Xero.")
            )
        invoice._fetch_now()
        if invoice.status in GONE_STATUSES:
            raise UserError(
                self.env._(
                    "%(invoice)s was voided in Xero. Its order can be invoiced anew.",
                    invoice=invoice.display_name,
                )
            )
        wizard = self.create(self._prepare_change(invoice))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change %(name)s", name=invoice.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _prepare_change(self, invoice):
        rows = self._prepare_lines(invoice.sudo())
        return {
            "invoice_id": invoice.id,
            "is_cancelled": invoice.order_id.state == "cancel",
            "amount_now": sum(row["amount_now"] for row in rows),
            "line_ids": [Command.create(row) for row in rows],
        }

    def _prepare_lines(self, invoice):
        """Return what is billed beside what would be, line by line of the order."""
        order = invoice._get_billing_order()
        now = {}
        if order.state != "cancel":
            rows = order._prepare_xero_billed_lines(invoice._get_billed_now())
            now = {row["order_line_id"]: row for row in rows}
        billed = {row.order_line_id: row for row in invoice.billed_line_ids}
        lines = order.order_line.filtered(
            lambda line: not line._is_xero_note() and (line in billed or line.id in now)
        )
        return [
            self._prepare_line(line, billed.get(line), now.get(line.id))
            for line in lines
        ]

    def _prepare_line(self, line, row, now):
        return {
            "description": line.product_id.display_name or line.name,
            "quantity_billed": row.quantity if row else 0.0,
            "amount_billed": row.price_total if row else 0.0,
            "quantity_now": now["quantity"] if now else 0.0,
            "amount_now": now["price_total"] if now else 0.0,
            "order_line_id": line.id,
            "line_key": row.xero_line_id if row else False,
        }

    # === ACTION METHODS === #

    def action_update(self):
        """Have the invoice, not approved yet, bill what the order says now."""
        return self._change("update", self.can_update)

    def action_delete(self):
        """Have the invoice, not approved yet, deleted in Xero."""
        return self._change("delete", self.can_delete)

    def action_void(self):
        """Have the approved invoice voided in Xero."""
        return self._change("void", self.can_void)

    def _change(self, wanted, possible):
        """Ask for a change, once; a second click finds the first one's."""
        self.ensure_one()
        self._check_rights()
        invoice = self.invoice_id.sudo()
        invoice.connection_id._check_can_send()
        invoice.change_asked_at = fields.Datetime.now()
        self.env.flush_all()
        if invoice.wanted_change and invoice.xero_sync_state != "error":
            raise UserError(
                self.env._(
                    "%(invoice)s is being changed already.",
                    invoice=invoice.display_name,
                )
            )
        if not possible:
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be changed in this way any more. Close this "
                    "and press Change again.",
                    invoice=invoice.display_name,
                )
            )
        links = invoice._request_change(wanted)
        if wanted == "update":
            self._check_update(invoice)
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return self._back()

    def _check_update(self, invoice):
        """:raise UserError: what would keep the update from Xero"""
        order = invoice._get_billing_order()
        try:
            order._draft_xero_invoice(invoice.connection_id, invoice)
        except XeroProblem as error:
            raise UserError(error.problem.text) from error

    def action_credit(self):
        """Open the dialog of a credit note over the whole invoice, after which the
        order can be invoiced anew."""
        self.ensure_one()
        self._check_rights()
        return self.env["xero.credit.wizard"]._open_for(
            self.invoice_id,
            is_again=not self.is_cancelled,
            reason=self._get_reason(),
        )

    def action_credit_difference(self):
        """Open the dialog of a credit note over what was billed too much."""
        self.ensure_one()
        self._check_rights()
        lines = self.line_ids
        by_pieces = all(line._is_fewer_pieces() for line in lines if line.amount_change)
        vals = {"reason": self._get_reason()}
        if not by_pieces:
            vals.update(mode="amount", amount=-self.amount_change)
            return self.env["xero.credit.wizard"]._open_for(self.invoice_id, **vals)
        action = self.env["xero.credit.wizard"]._open_for(
            self.invoice_id, **vals, mode="lines", is_again=True
        )
        dialog = self.env["xero.credit.wizard"].browse(action["res_id"])
        for row in dialog.line_ids:
            line = lines.filtered(lambda line, key=row.line_key: line.line_key == key)
            row.quantity = max(0.0, sum(line.mapped("quantity_gone")))
        return action

    def action_invoice_rest(self):
        """Invoice what is left to invoice, beside this invoice."""
        self.ensure_one()
        self._check_rights()
        self.order_id.action_create_xero_invoice()
        return self._back()

    def action_keep(self):
        """Leave the invoice as it is; who decided so, and when, is noted."""
        self.ensure_one()
        self._check_rights()
        invoice = self.invoice_id.sudo()
        invoice._give_up_change()
        invoice._note_order_content()
        invoice.write({"kept_by_id": self.env.uid, "kept_at": fields.Datetime.now()})
        self.order_id.sudo()._message_log(
            body=self.env._(
                "The invoice in Xero is kept as it is, though the order was changed."
            ),
            author_id=self.env.user.partner_id.id,
        )
        return self._back()

    def _check_rights(self):
        """Money is changed by accountants, on orders that they may see."""
        self.env["xero.credit.wizard"].check_access("create")
        self.invoice_id.check_access("read")
        self.order_id.check_access("read")

    def _get_reason(self):
        if self.is_cancelled:
            return self.env._("Order %(order)s was cancelled", order=self.order_id.name)
        return self.env._("Order %(order)s was changed", order=self.order_id.name)

    def _back(self):
        return self.invoice_id.action_open_order()
