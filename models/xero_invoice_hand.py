from odoo import fields, models
from odoo.tools import float_compare

from .xero_invoice import GONE_STATUSES


class XeroInvoice(models.Model):
    """Orders that somebody has billed by hand in Xero: what such an invoice bills is
    found where it is plain, else a person says it."""

    _inherit = "xero.invoice"

    is_bound = fields.Boolean(
        "What It Bills Is Known",
        readonly=True,
        copy=False,
        help="Somebody has said which lines of the order it bills, or that it bills "
        "none of them.",
    )
    is_unbound = fields.Boolean(compute="_compute_is_unbound")

    def _compute_is_unbound(self):
        for invoice in self:
            invoice.is_unbound = bool(invoice.sudo()._filter_unbound())

    def _filter_unbound(self):
        """Return those of which nobody knows what they bill."""
        return self.filtered(
            lambda i: (
                i.order_id
                and i.xero_id
                and not i.is_bound
                and i.status not in GONE_STATUSES
                and not i.billed_line_ids
            )
        )

    def _write_from_xero(self, connection, changes):
        result = super()._write_from_xero(connection, changes)
        records = self.union(*(change.record for change in changes))
        records._filter_unbound()._bind_by_amounts()
        return result

    def _find_orders(self):
        result = super()._find_orders()
        self._filter_unbound()._bind_by_amounts()
        return result

    def _bind_by_amounts(self):
        """Bind lines where all that is to be invoiced is there, piece by piece and to
        the cent."""
        for invoice in self:
            order = invoice._get_billing_order()
            if order.currency_id != invoice.currency_id:
                continue
            rows = order._prepare_xero_billed_lines(order._get_xero_billable())
            total = sum(row["price_total"] for row in rows)
            if not rows or order.currency_id.compare_amounts(
                total, invoice.amount_total
            ):
                continue
            if bound := invoice._match_lines(rows):
                self.env["xero.billed.line"].create(bound)
                invoice._note_order_content()
                invoice.bound_due_date = invoice.due_date

    def _match_lines(self, rows):
        """Return the rows with their line of the invoice; nothing unless each line of
        either side has its counterpart. One record."""
        lines = self.line_ids.filtered(lambda line: line.quantity or line.line_amount)
        found = []
        for row in rows:
            if not row["quantity"]:
                continue
            line = next((one for one in lines if self._is_same(row, one)), None)
            if not line:
                return []
            lines -= line
            found.append(
                {
                    **row,
                    "invoice_id": self.id,
                    "xero_line_id": line.xero_line_id,
                    "xero_quantity": line.quantity,
                    "xero_amount": line.line_amount,
                }
            )
        return [] if lines else found

    def _is_same(self, row, line):
        amount = row["price_total" if self._is_tax_inside() else "price_subtotal"]
        return not (
            float_compare(row["quantity"], line.quantity, precision_digits=4)
            or self.currency_id.compare_amounts(amount, line.line_amount)
        )

    # === ACTION METHODS === #

    def action_bind(self):
        """Open the dialog in which a person says what of its order it bills."""
        self.ensure_one()
        wizard = self.env["xero.invoice.bind"]
        wizard.check_access("create")
        return wizard._open_for(self)
