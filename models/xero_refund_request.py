from odoo import api, fields, models

from ..mapping.credit_note import CreditNoteData
from ..mapping.values import iso_date, to_decimal
from .xero_change import Problem, XeroProblem


class XeroRefundRequest(models.Model):
    """What was paid back of a credit note, to be recorded in Xero as a payment."""

    _name = "xero.refund.request"
    _inherit = "xero.request.mixin"
    _description = "Xero Refund to Be Recorded"

    _xero_resource = "Payments"

    account_id = fields.Many2one(
        "xero.account", "Paid From", required=True, ondelete="restrict", readonly=True
    )
    # Tells this payment from any other on the credit note.
    reference = fields.Char(required=True, readonly=True)

    @api.depends("credit_note_id", "reference")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "Refund of %(credit)s", credit=request.credit_note_id.display_name
            )

    def _plan_xero_push(self, connection, change):
        """See `xero.request.mixin`."""
        if not change.link.xero_id:
            if done := self._find_mirrored(connection):
                change.link._mark_synced(done.xero_id)
        return super()._plan_xero_push(connection, change)

    def _find_mirrored(self, connection):
        payments = self.credit_note_id.payment_ids.filtered(
            lambda payment: payment.reference == self.reference
        )
        return payments.filtered(
            lambda p: p.xero_id not in self._find_taken(connection, [p.xero_id])
        )[:1]

    def _check_credit(self, connection):
        result = super()._check_credit(connection)
        left = self.credit_note_id.amount_remaining
        if self.currency_id.compare_amounts(self.amount, left) <= 0:
            return result
        raise XeroProblem(
            Problem(
                self.env._(
                    "Only %(left)s is left of %(credit)s, %(amount)s was to be "
                    "paid back.",
                    left=self.currency_id.format(left),
                    credit=self.credit_note_id.display_name,
                    amount=self.currency_id.format(self.amount),
                ),
                self.env._(
                    "Somebody has used the credit meanwhile. Nothing was recorded: "
                    "press Refund again with what is left."
                ),
                fix="record",
            )
        )

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`."""
        return {
            "CreditNote": {"CreditNoteID": self.credit_note_id.xero_id},
            "Account": {"AccountID": self.account_id.xero_key},
            "Date": iso_date(self.date),
            "Amount": to_decimal(f"{self.amount:.2f}"),
            "Reference": self.reference,
        }

    # === RECOVERY === #

    def _find_in_xero(self, connection, link):
        """Look at the credit note for the payment that a lost call may have made."""
        payload = self._get_credit_payload(connection)
        found = [
            payment.xero_id
            for payment in CreditNoteData.from_xero(payload).payments
            if payment.reference == self.reference and payment.status != "DELETED"
        ]
        taken = self._find_taken(connection, found)
        name = next((xero_id for xero_id in found if xero_id not in taken), None)
        return name and {"name": name}

    def _find_taken(self, connection, xero_ids):
        return self.env["xero.link"]._find(connection, "Payments", xero_ids)
