import hashlib

from odoo import api, fields, models
from odoo.tools import format_date

from .xero_invoice import GONE_STATUSES


class SaleOrder(models.Model):
    """Whether an order is still what its invoices in Xero were made of."""

    _inherit = "sale.order"

    xero_outdated_invoice_id = fields.Many2one(
        "xero.invoice",
        "Invoice to Look At",
        compute="_compute_xero_outdated",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="The order was changed or cancelled after this invoice.",
    )
    xero_change_text = fields.Char(
        "Changed After Invoicing",
        compute="_compute_xero_change_text",
        groups="xero_crm.group_xero_user",
    )
    xero_can_change = fields.Boolean(
        compute="_compute_xero_change_text", groups="xero_crm.group_xero_user"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "partner_invoice_id",
        "payment_term_id",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.qty_delivered",
        "order_line.qty_invoiced",
        "order_line.product_uom_id",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.tax_ids",
        "order_line.display_type",
        "xero_invoice_ids.order_digest",
        "xero_invoice_ids.order_term_id",
        "xero_invoice_ids.date",
        "xero_invoice_ids.due_date",
        "xero_invoice_ids.status",
        "xero_invoice_ids.xero_id",
        "xero_invoice_ids.credit_note_ids.status",
        "xero_invoice_ids.credit_note_ids.amount_expected",
    )
    def _compute_xero_outdated(self):
        for order in self:
            order.xero_outdated_invoice_id = order._get_xero_outdated()

    def _get_xero_outdated(self):
        """Return the invoice that the order has left behind, or none.

        Of several, the newest one tells: it was made when the others were there. Of a
        cancelled order each one has to be looked at; and each has a due date.
        """
        self.ensure_one()
        invoices = self.xero_invoice_ids.filtered(
            lambda i: i.xero_id and i.status not in GONE_STATUSES
        )
        invoices = invoices.filtered(lambda i: not i._is_credited()).sorted("id")
        latest = invoices
        if self.state != "cancel":
            latest = invoices.filtered(lambda i: not i.is_down_payment)[-1:]
        outdated = latest.filtered(lambda i: i._is_outdated())
        return (outdated or invoices.filtered(lambda i: i._get_due_date_now()))[:1]

    def _get_xero_digest(self):
        """Return a digest of what is sold, to whom, at which prices and taxes: equal as
        long as an invoice would be the same."""
        self.ensure_one()
        if self.state == "cancel":
            return "cancelled"
        content = [self.partner_invoice_id.id] + [
            (
                line.id,
                line.product_id.id,
                line.product_uom_id.id,
                f"{line._get_xero_agreed_quantity():.4f}",
                f"{line.price_unit:.6f}",
                f"{line.discount:.4f}",
                sorted(line.tax_ids.ids),
            )
            for line in self.order_line._origin.sorted("id")
            if not line.display_type and not line.is_downpayment
        ]
        return hashlib.sha256(repr(content).encode()).hexdigest()[:24]

    @api.depends("xero_outdated_invoice_id", "amount_total", "state", "payment_term_id")
    @api.depends_context("uid")
    def _compute_xero_change_text(self):
        """For all orders at once; the amounts only of those that have changed."""
        may = self.env["xero.invoice.change"].has_access("create")
        for order in self:
            invoice = order.sudo().xero_outdated_invoice_id
            order.xero_change_text = bool(invoice) and order._get_xero_change_text(
                invoice
            )
            order.xero_can_change = bool(invoice) and may

    def _get_xero_change_text(self, invoice):
        self.ensure_one()
        if invoice.wanted_change:
            return self.env._(
                "Invoice %(invoice)s is being changed in Xero.",
                invoice=invoice.display_name,
            )
        if self.state == "cancel":
            return self.env._(
                "The order was cancelled, invoice %(invoice)s is still there: "
                "%(amount)s.",
                invoice=invoice.display_name,
                amount=self.currency_id.format(invoice.amount_total),
            )
        if not invoice._is_outdated():
            due_now = invoice._get_due_date_now()
            # Terms that are mapped anew may come to the day that Xero has.
            if not due_now:
                return False
            if not invoice.due_date:
                return self.env._(
                    "Invoice %(invoice)s has no due date in Xero; by the order it is "
                    "due on %(now)s.",
                    invoice=invoice.display_name,
                    now=format_date(self.env, due_now),
                )
            return self.env._(
                "The payment terms were changed after invoice %(invoice)s: it is due "
                "on %(before)s, by the order on %(now)s.",
                invoice=invoice.display_name,
                before=format_date(self.env, invoice.due_date),
                now=format_date(self.env, due_now),
            )
        billed = self.sudo().order_line.xero_billed_ids.filtered("is_in_xero")
        return self.env._(
            "The order was changed after invoice %(invoice)s: %(before)s is invoiced, "
            "the order adds up to %(now)s now.",
            invoice=invoice.display_name,
            before=self.currency_id.format(sum(billed.mapped("price_total"))),
            now=self.currency_id.format(self.amount_total),
        )

    # === ACTION METHODS === #

    def action_change_xero_invoice(self):
        """Open the dialog that shows what the invoice bills against what the order
        says, and the ways to bring them together."""
        self.ensure_one()
        self.env["xero.invoice.change"].check_access("create")
        return self.xero_outdated_invoice_id.action_change()
