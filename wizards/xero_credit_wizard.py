from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping.credit import (
    credit_amounts,
    credit_lines,
    spread,
    take,
)
from ..mapping.credit_note import CreditNoteData
from ..mapping.invoice import InvoiceData
from ..mapping.values import to_decimal

MODES = [
    ("all", "All that is left"),
    ("lines", "Some lines or pieces"),
    ("amount", "An amount"),
]


class XeroCreditWizard(models.TransientModel):
    """Makes a credit note for an invoice of Xero, and gives it to the invoice."""

    _name = "xero.credit.wizard"
    _description = "Credit a Xero Invoice"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, readonly=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="invoice_id.order_id")
    partner_id = fields.Many2one(related="invoice_id.partner_id")
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    is_down_payment = fields.Boolean(related="invoice_id.is_down_payment")
    # The invoice as the person has seen it.
    invoice_values = fields.Json(readonly=True)
    invoice_total = fields.Monetary(readonly=True)
    amount_due = fields.Monetary("Due Now", readonly=True)
    amount_limit = fields.Monetary("Left to Credit", readonly=True)
    mode = fields.Selection(MODES, "Credit", default="all", required=True)
    line_ids = fields.One2many("xero.credit.wizard.line", "wizard_id")
    amount = fields.Monetary("Amount, Tax Included")
    reason = fields.Char(help="The customer reads it on the credit note.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    is_again = fields.Boolean(
        "Invoice It Again",
        help="What is credited counts as not invoiced on the order, so that it can be "
        "invoiced anew. Leave it out where goods or money simply go back.",
    )
    is_given = fields.Boolean("Give It to the Invoice", default=True)
    amount_total = fields.Monetary("Credit Note", compute="_compute_amounts")
    amount_given = fields.Monetary("Off the Invoice", compute="_compute_amounts")
    amount_open = fields.Monetary("Stays as Credit", compute="_compute_amounts")
    problem = fields.Char(compute="_compute_amounts")

    # === COMPUTE METHODS === #

    @api.depends("mode", "amount", "line_ids.quantity", "is_given", "invoice_values")
    def _compute_amounts(self):
        for wizard in self:
            total, problem = Decimal(0), False
            try:
                lines, _parts = wizard._get_content(wizard._get_shown())
                total = wizard._get_total(lines)
            except UserError as error:
                problem = str(error)
            given = min(float(total), wizard.amount_due) if wizard.is_given else 0.0
            wizard.amount_total = float(total)
            wizard.amount_given = given
            wizard.amount_open = float(total) - given
            wizard.problem = problem

    def _get_total(self, lines):
        kind = self._get_shown().line_amount_types
        return (
            CreditNoteData(lines=lines, line_amount_types=kind).computed_totals().total
        )

    # === OPENING === #

    @api.model
    def _open_for(self, invoice, **vals):
        """Open the dialog with an invoice as it is in Xero now.

        :param invoice: `xero.invoice`, one record
        :param vals: what is chosen already
        :raise UserError: if it cannot be credited, and what to do instead
        """
        data = invoice._fetch_now()
        invoice._check_creditable(data)
        limit = invoice._get_credit_limit(data)
        if limit <= 0:
            raise UserError(
                self.env._(
                    "%(invoice)s has been credited as a whole already.",
                    invoice=invoice.display_name,
                )
            )
        wizard = self.create(
            {
                "is_again": invoice.is_down_payment,
                **vals,
                "invoice_id": invoice.id,
                "invoice_values": data.values(),
                "invoice_total": float(data.total),
                "amount_due": float(data.amount_due),
                "amount_limit": float(limit),
                "line_ids": [
                    Command.create(row)
                    for row in self._prepare_lines(invoice, data, vals.get("mode"))
                ],
            }
        )
        if "mode" not in vals and not wizard._is_by_lines(limit):
            wizard.write({"mode": "amount", "amount": float(limit)})
        return wizard._open()

    def _prepare_lines(self, invoice, data, mode):
        left = invoice._get_left_to_credit(data)
        return [
            {
                "sequence": index,
                "line_key": line.line_item_id,
                "description": line.description,
                "quantity_left": float(left[line.line_item_id].quantity),
                "amount_left": float(left[line.line_item_id].total),
            }
            for index, line in enumerate(data.lines)
            if not line.is_note and left[line.line_item_id].total
        ]

    def _is_by_lines(self, limit):
        """Whether what is left of the lines is what can be credited: it is not where
        somebody has credited the invoice in Xero."""
        left = sum(to_decimal(f"{a:.2f}") for a in self.line_ids.mapped("amount_left"))
        return left == limit

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Note"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === WHAT IS CREDITED === #

    def _get_shown(self):
        return InvoiceData.from_values(self.invoice_values or {})

    def _get_content(self, data):
        """Return what is chosen.

        :param InvoiceData data: the invoice
        :return: lines of the credit note, and `Part` by LineItemID of the invoice
        :rtype: tuple
        :raise UserError: if it is too much, or nothing
        """
        self.ensure_one()
        left = self.invoice_id._get_left_to_credit(data)
        lines = [
            self._with_rate(line)
            for line in data.lines
            if not line.is_note and left[line.line_item_id].total
        ]
        kind = data.line_amount_types
        if self.mode == "amount":
            total = to_decimal(f"{self.amount:.2f}")
            self._check_amount(total, data)
            parts = spread([left[line.line_item_id] for line in lines], total)
            text = self._get_amount_text()
            found = credit_amounts(zip(lines, parts, strict=True), kind, text)
        else:
            parts = [self._take(line, left[line.line_item_id]) for line in lines]
            found = credit_lines(zip(lines, parts, strict=True), kind)
        self._check_amount(
            CreditNoteData(lines=found, line_amount_types=kind).computed_totals().total,
            data,
        )
        keys = (line.line_item_id for line in lines)
        return found, dict(zip(keys, parts, strict=True))

    def _with_rate(self, line):
        """A line with its tax rate, for the arithmetic."""
        rate = self.invoice_id.connection_id.sudo().tax_rate_ids.filtered(
            lambda rate: rate.tax_type == line.tax_type
        )
        values = {**line._encode(("value", "identity")), "tax_rate": None}
        if rate:
            values["tax_rate"] = f"{rate[:1].rate:.4f}"
        return type(line).from_values(values)

    def _take(self, line, left):
        if self.mode == "all":
            return left
        row = self.line_ids.filtered(lambda row: row.line_key == line.line_item_id)
        return take(left, to_decimal(f"{row.quantity:.4f}"))

    def _get_amount_text(self):
        return self.env._(
            "Credit for invoice %(number)s", number=self.invoice_id.number or ""
        )

    def _check_amount(self, total, data):
        """:raise UserError: if so much cannot be credited"""
        limit = self.invoice_id._get_credit_limit(data)
        money = self.currency_id.format
        if total <= 0:
            raise UserError(self.env._("Choose what is to be credited."))
        if total > limit:
            raise UserError(
                self.env._(
                    "At most %(limit)s of %(invoice)s is left to be credited.",
                    limit=money(float(limit)),
                    invoice=self.invoice_id.display_name,
                )
            )

    # === ACTION METHODS === #

    def action_credit(self):
        """Have the credit note made in Xero, once, and given to the invoice.

        :return: an action that shows it
        :raise UserError: if the invoice is not what the dialog shows any more
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: the customer reads it."))
        invoice = self.invoice_id.sudo()
        # Of two clicks at once the second one waits here, and finds the first one's.
        invoice.credit_asked_at = fields.Datetime.now()
        self.env.flush_all()
        data = self.invoice_id._fetch_now()
        self.invoice_id._check_creditable(data)
        if data.values()["lines"] != self.invoice_values["lines"]:
            raise UserError(
                self.env._(
                    "%(invoice)s was changed in Xero meanwhile. Close this and press "
                    "Credit Note again.",
                    invoice=self.invoice_id.display_name,
                )
            )
        lines, parts = self._get_content(data)
        credit = (
            self.env["xero.credit.note"]
            .sudo()
            ._request(
                invoice,
                self._with_reason(lines),
                parts,
                date=self.date,
                reason=self.reason,
                is_again=self.is_again or self.is_down_payment,
                line_amount_types=data.line_amount_types,
            )
        )
        requests = self._request_giving(invoice, credit, data)
        links = self.env["xero.link"].sudo()
        links = links._of(credit) | links._of(requests)
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.credit.note",
            "res_id": credit.id,
            "view_mode": "form",
        }

    def _with_reason(self, lines):
        """The customer reads why, above the lines."""
        note = type(lines[0])(description=self.reason)
        return (note, *lines)

    def _request_giving(self, invoice, credit, data):
        requests = self.env["xero.allocation.request"].sudo()
        amount = min(credit.amount_expected, float(data.amount_due))
        if not self.is_given or data.status != "AUTHORISED" or amount <= 0:
            return requests
        return requests._request(
            [
                {
                    "credit_note_id": credit.id,
                    "invoice_id": invoice.id,
                    "amount": amount,
                    "date": self.date,
                }
            ]
        )
