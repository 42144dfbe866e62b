from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping.credit import Part
from ..mapping.values import to_decimal
from .xero_invoice import GONE_STATUSES


class XeroCreditNote(models.Model):
    """A credit note that a person asked for in Odoo: which invoice it credits, what of
    each of its lines, and why."""

    _inherit = "xero.credit.note"

    origin_id = fields.Many2one(
        "xero.invoice", "Credited Invoice", readonly=True, index="btree_not_null"
    )
    order_id = fields.Many2one(
        related="origin_id.order_id", store=True, index="btree_not_null"
    )
    reason = fields.Char(readonly=True)
    is_again = fields.Boolean(
        "To Be Invoiced Again",
        readonly=True,
        help="What was credited counts as not invoiced on the order.",
    )
    amount_expected = fields.Monetary(
        "Total Asked For",
        readonly=True,
        help="What Odoo asked for adds up to; Xero's total must be the same.",
    )
    # Of each line of the invoice, by its LineItemID: pieces, amount without tax, tax.
    credited = fields.Json(readonly=True)
    # `LineData.values()` of each line that Xero is asked for.
    wanted_lines = fields.Json(readonly=True)
    line_amount_types = fields.Char(readonly=True)
    asked_at = fields.Datetime(readonly=True)
    billed_line_ids = fields.One2many(
        "xero.billed.line", "credit_note_id", readonly=True
    )
    allocation_request_ids = fields.One2many(
        "xero.allocation.request", "credit_note_id", readonly=True
    )
    refund_request_ids = fields.One2many(
        "xero.refund.request", "credit_note_id", readonly=True
    )
    can_refund = fields.Boolean(compute="_compute_can_refund")
    request_error = fields.Char(
        "What Could Not Be Done", compute="_compute_request_error", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("is_open", "kind")
    @api.depends_context("uid")
    def _compute_can_refund(self):
        """For accountants, as long as something is left."""
        may = self.env["xero.refund.wizard"].has_access("create")
        for credit in self:
            credit.can_refund = may and credit.is_open and credit.kind == "credit_note"

    @api.depends(
        "xero_error",
        "allocation_request_ids.xero_error",
        "refund_request_ids.xero_error",
    )
    def _compute_request_error(self):
        for credit in self:
            requests = (*credit.allocation_request_ids, *credit.refund_request_ids)
            errors = (credit.xero_error, *(request.xero_error for request in requests))
            credit.request_error = next(filter(None, errors), False)

    # === ACTION METHODS === #

    def action_open_origin(self):
        """Open the invoice that is credited."""
        self.ensure_one()
        return self.origin_id._open_form()

    def action_refund(self):
        """Open the dialog that records the refund of what is left."""
        self.ensure_one()
        wizard = self.env["xero.refund.wizard"]
        wizard.check_access("create")
        self.action_refresh()
        return wizard._open_for(self)

    def action_discard(self):
        """Forget a credit note that Xero has refused, and what was to be done with it.

        :raise UserError: if it is in Xero, or may be
        """
        self.env["xero.credit.wizard"].check_access("create")
        self.check_access("read")
        credits = self.sudo()
        links = self.env["xero.link"].sudo()._of(credits)
        if any(credits.mapped("xero_id")) or "sending" in links.mapped("state"):
            raise UserError(
                self.env._(
                    "This credit note is in Xero, or may be: void it there, then "
                    "refresh it here."
                )
            )
        for requests in (credits.allocation_request_ids, credits.refund_request_ids):
            links |= self.env["xero.link"].sudo()._of(requests)
        self.env["xero.log"]._resolve_for(links)
        links.unlink()
        origin = credits.origin_id[:1]
        credits.unlink()
        return origin._open_form()

    # === BUSINESS METHODS === #

    def _get_credited(self):
        """Return what these credit notes take from the lines of their invoices.

        :return: `Part` by LineItemID
        :rtype: dict
        """
        found = {}
        for credit in self.filtered(lambda c: c.status not in GONE_STATUSES):
            for line_id, numbers in (credit.credited or {}).items():
                part = Part(*map(to_decimal, numbers))
                found[line_id] = found[line_id] + part if line_id in found else part
        return found
