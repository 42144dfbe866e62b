from decimal import Decimal

from odoo import api, fields, models

from ..mapping.credit_note import CreditNoteData
from ..mapping.values import iso_date, to_decimal
from .xero_change import Problem, XeroProblem


class XeroAllocationRequest(models.Model):
    """A credit note that is to be given to an invoice in Xero."""

    _name = "xero.allocation.request"
    _inherit = "xero.request.mixin"
    _description = "Xero Credit to Be Given to an Invoice"

    _xero_resource = "Allocations"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", readonly=True
    )

    @api.depends("credit_note_id", "invoice_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "%(credit)s to %(invoice)s",
                credit=request.credit_note_id.display_name,
                invoice=request.invoice_id.display_name,
            )

    def _read_before_push(self, connection, links):
        result = super()._read_before_push(connection, links)
        ids = self.invoice_id.filtered("xero_id").mapped("xero_id")
        self.env["xero.pull"]._pull_records(connection, "Invoices", ids)
        return result

    def _plan_xero_push(self, connection, change):
        """See `xero.request.mixin`. What a person has done in Xero already is not done
        a second time."""
        if not change.link.xero_id and self.credit_note_id.xero_id:
            if name := self._find_done(connection, self._get_mirrored()):
                change.link._mark_synced(name)
        return super()._plan_xero_push(connection, change)

    def _get_mirrored(self):
        return [
            (row.invoice_xero_id, to_decimal(f"{row.amount:.2f}"))
            for row in self.credit_note_id.allocation_ids
        ]

    def _get_wanted(self):
        """Return how much is to be given: no more than what is left on both sides."""
        left = min(self.credit_note_id.amount_remaining, self.invoice_id.amount_due)
        if self.invoice_id.status != "authorised":
            left = 0.0
        return min(self.amount, left)

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`.

        :raise XeroProblem: if nothing is left to be given
        """
        amount = self._get_wanted()
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "Nothing of %(credit)s was given to %(invoice)s: nothing is "
                        "due on it any more, or nothing is left of the credit.",
                        credit=self.credit_note_id.display_name,
                        invoice=self.invoice_id.display_name,
                    ),
                    self.env._(
                        "The credit stays open. Give it to another invoice in Xero, or "
                        "pay it back with Refund on the credit note."
                    ),
                    fix="record",
                )
            )
        return {
            "credit_id": self.credit_note_id.xero_id,
            "invoice_id": self.invoice_id.xero_id,
            "amount": to_decimal(f"{amount:.2f}"),
            "date": iso_date(self.date),
        }

    # === RECOVERY === #

    def _find_in_xero(self, connection, link):
        """Look at the credit note for what a lost call may have given."""
        payload = self._get_credit_payload(connection)
        rows = [
            (row.invoice_id, row.amount)
            for row in CreditNoteData.from_xero(payload).allocations
            if not row.is_deleted
        ]
        name = self._find_done(connection, rows)
        return name and {"name": name}

    def _find_done(self, connection, rows):
        """Return a name for what was given already, or None.

        Xero does not name an allocation in every answer: they are counted by invoice.

        :param rows: (InvoiceID, amount) of the allocations that the credit note has
        """
        mine = [
            amount for xero_id, amount in rows if xero_id == self.invoice_id.xero_id
        ]
        others = self.search(
            [
                ("credit_note_id", "=", self.credit_note_id.id),
                ("invoice_id", "=", self.invoice_id.id),
                ("id", "!=", self.id),
            ]
        )
        done = self.env["xero.link"]._of(others, connection).filtered("xero_id")
        if len(mine) <= len(done):
            return None
        wanted = to_decimal(f"{self.amount:.2f}")
        if not any(Decimal(0) < amount <= wanted for amount in mine):
            return None
        credit = self.credit_note_id.xero_id
        return f"{credit}/{self.invoice_id.xero_id}/{self.id}"
