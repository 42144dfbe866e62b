from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from .xero_invoice import GONE_STATUSES


class XeroInvoice(models.Model):
    """What somebody has changed in Xero of an invoice that Odoo asked for: shown side
    by side, until it is accepted or put right."""

    _inherit = "xero.invoice"

    is_different = fields.Boolean(compute="_compute_differences")
    differences = fields.Html(compute="_compute_differences", sanitize=False)
    can_accept = fields.Boolean(compute="_compute_differences")
    # What was accepted beside the lines of the order: ids of lines, and the customer.
    accepted_lines = fields.Json(readonly=True, copy=False)
    accepted_partner_id = fields.Many2one("res.partner", readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends(
        "line_ids", "billed_line_ids.xero_line_id", "due_date", "partner_id", "status"
    )
    @api.depends_context("uid")
    def _compute_differences(self):
        may = self.env["xero.invoice.change"].has_access("create")
        for invoice in self:
            rows = invoice._get_differences()
            invoice.is_different = bool(rows)
            invoice.can_accept = bool(rows) and may
            invoice.differences = invoice._render_differences(rows)

    def _render_differences(self, rows):
        """Return a table: what, as Odoo asked for it, as it is in Xero."""
        if not rows:
            return False
        heads = (self.env._("What"), self.env._("By the Order"), self.env._("In Xero"))
        cells = Markup("<tr><td>%s</td><td>%s</td><td><strong>%s</strong></td></tr>")
        return Markup(
            '<table class="table table-sm"><thead><tr><th>%s</th><th>%s</th>'
            "<th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (*heads, Markup("").join(cells % row for row in rows))

    def _get_differences(self):
        """Return what is not as it was asked for.

        :return: (what, Odoo's, Xero's) each, as texts
        :rtype: list of tuples
        """
        self.ensure_one()
        if not self._is_bound_by_line() or self.status in GONE_STATUSES:
            return []
        return [
            *self._get_line_differences(),
            *self._get_added_lines(),
            *self._get_head_differences(),
        ]

    def _is_bound_by_line(self):
        return any(self.sudo().billed_line_ids.mapped("xero_line_id"))

    def _get_line_differences(self):
        lines = {line.xero_line_id: line for line in self.line_ids}
        rows = []
        for billed in self.sudo().billed_line_ids.filtered("xero_line_id"):
            line = lines.get(billed.xero_line_id)
            if not billed._is_changed(line):
                continue
            theirs = self.env._("removed")
            if line:
                theirs = self._tell_line(line.quantity, line.line_amount)
            ours = self._tell_line(billed.xero_quantity, billed.xero_amount)
            name = billed.order_line_id.product_id.display_name
            rows.append((name or billed.order_line_id.name, ours, theirs))
        return rows

    def _tell_line(self, quantity, amount):
        return self.env._(
            "%(quantity)s for %(amount)s",
            quantity=f"{quantity:g}",
            amount=self.currency_id.format(amount),
        )

    def _get_added_lines(self):
        known = set(self.sudo().billed_line_ids.mapped("xero_line_id"))
        known.update(self.accepted_lines or [])
        return [
            (
                line.description or "",
                self.env._("not there"),
                self._tell_line(line.quantity, line.line_amount),
            )
            for line in self.line_ids
            if line.xero_line_id not in known
        ]

    def _get_head_differences(self):
        rows = []
        if self.bound_due_date and self.due_date != self.bound_due_date:
            days = (self.bound_due_date, self.due_date)
            texts = [format_date(self.env, day) or "" for day in days]
            rows.append((self.env._("Due date"), *texts))
        wanted = self.accepted_partner_id or (
            self.order_id.sudo().partner_invoice_id.commercial_partner_id
        )
        if self.partner_id and wanted and self.partner_id != wanted:
            names = (wanted.sudo().display_name, self.partner_id.display_name)
            rows.append((self.env._("Customer"), *names))
        return rows

    # === ACTION METHODS === #

    def action_accept(self):
        """Accept the invoice as it is in Xero: the order counts as invoiced what it
        bills by now. Who accepted it, and when, is noted."""
        self.ensure_one()
        self.env["xero.invoice.change"].check_access("create")
        self.check_access("read")
        invoice = self.sudo()
        lines = {line.xero_line_id: line for line in invoice.line_ids}
        for billed in invoice.billed_line_ids.filtered("xero_line_id"):
            line = lines.get(billed.xero_line_id)
            if not line:
                billed.unlink()
            elif billed._is_changed(line):
                billed._follow(line, invoice._is_tax_inside())
        invoice.write(
            {
                "accepted_lines": list(lines),
                "accepted_partner_id": invoice.partner_id.id,
                "accepted_by_id": self.env.uid,
                "accepted_at": fields.Datetime.now(),
                "bound_due_date": invoice.due_date,
                "amount_expected": invoice.amount_total,
            }
        )
        invoice.order_id._message_log(
            body=self.env._(
                "The invoice was accepted as it was changed in Xero; the order counts "
                "as invoiced what it bills."
            ),
            author_id=self.env.user.partner_id.id,
        )
        return True

    def _is_tax_inside(self):
        """Whether the amounts of the lines hold the tax."""
        total = sum(self.line_ids.mapped("line_amount"))
        return bool(self.amount_tax) and not self.currency_id.compare_amounts(
            total, self.amount_total
        )
