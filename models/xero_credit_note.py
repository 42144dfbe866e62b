from odoo import api, fields, models

from ..const import CREDIT_KINDS, CREDIT_STATUSES, INVOICE_STATUSES
from ..mapping.credit_note import CreditNoteData

# Xero's path name of each kind.
RESOURCES = {
    "credit_note": "CreditNotes",
    "overpayment": "Overpayments",
    "prepayment": "Prepayments",
}


class XeroCreditNote(models.Model):
    """A credit of a customer in Xero, mirrored: a credit note, or money that was paid
    too much or in advance. Nothing here is edited in Odoo.

    A credit note that Odoo asks for exists here first, without a status, until Xero
    has made it."""

    _name = "xero.credit.note"
    _inherit = ["xero.document.mixin", "xero.sync.mixin"]
    _description = "Xero Credit"
    _rec_names_search = ["number", "reference"]

    _xero_resource = "CreditNotes"
    _xero_data = CreditNoteData
    _xero_inverse = "credit_note_id"

    kind = fields.Selection(CREDIT_KINDS, "Type", required=True, readonly=True)
    status = fields.Selection(INVOICE_STATUSES, readonly=True, index=True)
    credit_status = fields.Selection(
        CREDIT_STATUSES, compute="_compute_credit_status", store=True
    )
    is_open = fields.Boolean(
        "Credit Left", compute="_compute_credit_status", store=True
    )
    amount_remaining = fields.Monetary(
        "Left", readonly=True, help="What is neither given to an invoice nor paid back."
    )
    amount_used = fields.Monetary("Used", compute="_compute_amount_used")
    amount_remaining_company = fields.Monetary(
        "Left in Company Currency",
        compute="_compute_amount_remaining_company",
        store=True,
        currency_field="company_currency_id",
    )
    line_ids = fields.One2many("xero.credit.note.line", "credit_note_id", readonly=True)
    allocation_ids = fields.One2many(
        "xero.credit.allocation", "credit_note_id", readonly=True
    )
    payment_ids = fields.One2many(
        "xero.payment", "credit_note_id", "Refunds", readonly=True
    )

    _xero_id_uniq = models.UniqueIndex(
        "(connection_id, xero_id)", "This Xero credit is here already."
    )
    _open_index = models.Index(
        "(commercial_partner_id, company_id) WHERE is_open IS TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("number", "reference", "kind", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for credit in self:
            name = credit.number or credit.reference
            if credit.kind != "credit_note" or not name:
                name = f"{labels.get(credit.kind, '')} {name or credit.date or ''}"
            credit.display_name = name.strip()

    @api.depends("status", "amount_remaining", "amount_total")
    def _compute_credit_status(self):
        for credit in self:
            left = credit.amount_remaining
            credit.is_open = credit.status == "authorised" and left > 0
            credit.credit_status = credit._get_credit_status()

    def _get_credit_status(self):
        self.ensure_one()
        fixed = {
            False: False,  # not in Xero yet
            "draft": "draft",
            "submitted": "waiting_approval",
            "voided": "voided",
            "deleted": "voided",
        }
        if self.status in fixed:
            return fixed[self.status]
        if not self.is_open:
            return "used"
        return "partial" if self.amount_remaining < self.amount_total else "open"

    @api.depends("amount_total", "amount_remaining", "status")
    def _compute_amount_used(self):
        for credit in self:
            used = credit.amount_total - credit.amount_remaining
            credit.amount_used = used if credit.status in ("authorised", "paid") else 0

    @api.depends(
        "amount_remaining",
        "currency_id",
        "currency_rate",
        "is_open",
        "connection_id.base_currency_id",
    )
    def _compute_amount_remaining_company(self):
        for credit in self:
            left = credit.amount_remaining if credit.is_open else 0.0
            credit.amount_remaining_company = credit._convert_to_company(left)

    def _get_web_path(self):
        """Overpayments and prepayments have no page of their own: the customer's shows
        them."""
        if self.kind == "credit_note":
            path = "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID="
            return f"{path}{self.xero_id}"
        return f"/Contacts/View/{self.xero_contact_id}"

    # === ACTION METHODS === #

    def action_refresh(self):
        """Fetch these credits from Xero, at once."""
        self.check_access("read")
        pull = self.env["xero.pull"].sudo()
        for connection, credits in self.sudo().grouped("connection_id").items():
            connection._check_connected()
            for kind, mine in credits.grouped("kind").items():
                ids = mine.mapped("xero_id")
                pull._pull_records_or_explain(connection, RESOURCES[kind], ids)
        return True
