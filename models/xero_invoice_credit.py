from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

from ..mapping.credit import NOTHING, part_of
from ..mapping.invoice import InvoiceData
from ..mapping.values import to_decimal
from .xero_invoice import GONE_STATUSES

CREDITABLE = ("authorised", "paid")


class XeroInvoice(models.Model):
    """Crediting an invoice: what of it can be credited, and what was."""

    _inherit = "xero.invoice"

    credit_note_ids = fields.One2many(
        "xero.credit.note", "origin_id", "Credit Notes", readonly=True
    )
    allocation_ids = fields.One2many(
        "xero.credit.allocation", "invoice_id", "Credits", readonly=True
    )
    credit_asked_at = fields.Datetime(readonly=True)
    can_credit = fields.Boolean(compute="_compute_can_credit")

    @api.depends("status", "xero_id")
    @api.depends_context("uid")
    def _compute_can_credit(self):
        """For accountants: money is given back by them alone."""
        may = self.env["xero.credit.wizard"].has_access("create")
        for invoice in self:
            invoice.can_credit = may and invoice.status in CREDITABLE

    # === ACTION METHODS === #

    def action_credit(self):
        """Open the dialog that makes a credit note, with the invoice as it is now.

        :raise UserError: if it cannot be credited, and what to do instead
        """
        self.ensure_one()
        wizard = self.env["xero.credit.wizard"]
        wizard.check_access("create")
        return wizard._open_for(self)

    # === BUSINESS METHODS === #

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _fetch_now(self):
        """Fetch an invoice from Xero for a person who is about to decide. One record.

        :rtype: InvoiceData
        :raise UserError: if it cannot be fetched, and what to do
        """
        connection = self.connection_id.sudo()
        connection._check_can_send()
        pull = self.env["xero.pull"].sudo()
        with self.env["xero.log"]._explained():
            payloads = self.env["xero.gateway"]._call(
                connection, "get_by_ids", "Invoices", [self.xero_id]
            )
            pull._work_page(connection, "Invoices", payloads)
        if not payloads:
            raise UserError(
                self.env._(
                    "%(invoice)s is not in Xero any more: it may have been removed by "
                    "its support.",
                    invoice=self.display_name,
                )
            )
        return InvoiceData.from_xero(payloads[0])

    def _check_creditable(self, data):
        """:raise UserError: if it cannot be credited, and what to do instead"""
        if data.status in ("DRAFT", "SUBMITTED"):
            raise UserError(
                self.env._(
                    "%(invoice)s is not approved yet: nothing is to be credited. "
                    "Change or delete it instead.",
                    invoice=self.display_name,
                )
            )
        if data.status.lower() in GONE_STATUSES:
            raise UserError(
                self.env._(
                    "%(invoice)s was voided in Xero: nothing is left to be credited.",
                    invoice=self.display_name,
                )
            )

    def _get_left_to_credit(self, data):
        """Return what of each line no credit note of Odoo's has taken yet.

        :param InvoiceData data: the invoice as it is in Xero
        :return: `Part` by LineItemID
        :rtype: dict
        """
        taken = self.credit_note_ids._get_credited()
        return {
            line.line_item_id: part_of(line, data.line_amount_types)
            - taken.get(line.line_item_id, NOTHING)
            for line in data.lines
        }

    def _get_credit_limit(self, data):
        """Return how much can be credited in all, with tax: credit notes that somebody
        made in Xero count as well."""
        mine = self.credit_note_ids.filtered(lambda c: c.status not in GONE_STATUSES)
        asked = sum(to_decimal(f"{c.amount_expected:.2f}") for c in mine)
        given = sum(
            to_decimal(f"{row.amount:.2f}")
            for row in self.allocation_ids
            if row.credit_note_id.kind == "credit_note" and row.credit_note_id in mine
        )
        return data.total - asked - (data.credit_notes_applied - given)

    def _get_credit_reference(self):
        """Return a reference for the next credit note: no other one has it, so that it
        can be found in Xero by it."""
        number = len(self.credit_note_ids) + 1
        base = (self.number or self.reference or str(self.id)).replace('"', "'")
        if number == 1:
            return self.env._("Credit for %(invoice)s", invoice=base)
        return self.env._(
            "Credit %(number)s for %(invoice)s", number=number, invoice=base
        )

    def _prepare_credited_rows(self, parts):
        """Return values of `xero.billed.line`: what parts of this invoice take back
        from the lines of its order.

        :param dict parts: `Part` by LineItemID
        """
        rows = []
        for billed in self.billed_line_ids:
            part = parts.get(billed.xero_line_id)
            if not part or not (part.quantity or part.total):
                continue
            share = 0.0
            if not float_is_zero(billed.xero_quantity, precision_digits=4):
                share = float(part.quantity) / billed.xero_quantity
            rows.append(
                {
                    "order_line_id": billed.order_line_id.id,
                    "quantity": -billed.quantity * share,
                    "price_subtotal": -float(part.amount),
                    "price_total": -float(part.total),
                }
            )
        return rows
