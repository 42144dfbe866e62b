"""CreditNoteData: what Xero owes a customer or is owed by a supplier, apart from
invoices: credit notes, overpayments and prepayments, which Xero treats alike."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child, read_children
from .line import LineData
from .payment import PaymentData
from .totals import EXCLUSIVE, Totals, document_totals

# Name of the id in an answer -> kind of document.
KINDS = {
    "CreditNoteID": "credit_note",
    "OverpaymentID": "overpayment",
    "PrepaymentID": "prepayment",
}
# Received from customers; the others are given to suppliers.
SALE_TYPES = frozenset(
    {
        "ACCRECCREDIT",
        "RECEIVE-OVERPAYMENT",
        "AROVERPAYMENT",
        "RECEIVE-PREPAYMENT",
        "ARPREPAYMENT",
    }
)


@dataclasses.dataclass(frozen=True, slots=True)
class AllocationData(Document):
    """A part of a credit that was given to an invoice, in the credit's currency."""

    resource: ClassVar[str] = "Allocations"
    id_field: ClassVar[str] = "AllocationID"

    xero_id: str = fields.own_id("AllocationID")
    invoice_id: str = fields.guid()
    invoice_number: str = fields.text()
    date: dt.date | None = fields.day("Date", "DateString")
    amount: Decimal = fields.number("Amount")
    is_deleted: bool = fields.flag("IsDeleted")

    @classmethod
    def from_xero(cls, payload: dict) -> "AllocationData":
        """Read an Allocation; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        invoice = child(payload, "Invoice")
        found["invoice_id"] = invoice.get("InvoiceID")
        found["invoice_number"] = invoice.get("InvoiceNumber")
        return cls(**found)


@dataclasses.dataclass(frozen=True, slots=True)
class CreditNoteData(Document):
    """One credit; amounts in its currency, ``currency_rate`` in units
    of that currency per unit of the base currency.

    ``payments`` are refunds. A VOIDED one may still show remaining credit: exclude by
    status. Overpayments have no number and no lines worth showing.
    """

    resource: ClassVar[str] = "CreditNotes"
    id_field: ClassVar[str] = "CreditNoteID"

    xero_id: str = fields.guid(*KINDS, role=fields.IDENTITY)
    kind: str = fields.text()
    type: str = fields.text("Type", sent=True)
    number: str = fields.text("CreditNoteNumber", "InvoiceNumber")
    contact_id: str = fields.guid()
    contact_name: str = fields.text()
    reference: str = fields.text("Reference", sent=True)
    status: str = fields.text("Status", sent=True)
    date: dt.date | None = fields.day("Date", "DateString", sent=True)
    currency: str = fields.text("CurrencyCode", sent=True)
    currency_rate: Decimal | None = fields.number(
        "CurrencyRate", digits=6, default=None, sent=True
    )
    line_amount_types: str = fields.text(
        "LineAmountTypes", default=EXCLUSIVE, sent=True
    )
    lines: tuple[LineData, ...] = fields.many(LineData)
    subtotal: Decimal = fields.number("SubTotal")
    total_tax: Decimal = fields.number("TotalTax")
    total: Decimal = fields.number("Total")
    remaining_credit: Decimal = fields.number("RemainingCredit")
    is_sent: bool = fields.flag("SentToContact")
    fully_paid_on: dt.date | None = fields.day("FullyPaidOnDate")
    allocations: tuple[AllocationData, ...] = fields.many(AllocationData)
    payments: tuple[PaymentData, ...] = fields.many(PaymentData)
    updated: dt.datetime | None = fields.updated()

    @classmethod
    def from_xero(cls, payload: dict) -> "CreditNoteData":
        """Read a CreditNote, an Overpayment or a Prepayment.

        :raise MappingError: for an element of a wrong type
        """
        found = cls._read(payload)
        contact = child(payload, "Contact")
        found["contact_id"] = contact.get("ContactID")
        found["contact_name"] = contact.get("Name")
        found["kind"] = next((k for key, k in KINDS.items() if payload.get(key)), "")
        for name, key, document in (
            ("lines", "LineItems", LineData),
            ("allocations", "Allocations", AllocationData),
            ("payments", "Payments", PaymentData),
        ):
            found[name] = read_children(payload, key, document, name)
        return cls(**found)._completed(found["remaining_credit"] is not None)

    @property
    def is_sale(self) -> bool:
        """Whether it belongs to a customer."""
        return self.type in SALE_TYPES

    def to_xero(self) -> dict:
        """Return what a client may send to have a credit note made."""
        payload = self._write()
        payload["Contact"] = {"ContactID": self.contact_id}
        payload["LineItems"] = [line.to_xero() for line in self.lines]
        return payload

    def computed_totals(self) -> Totals:
        """Return the totals that Xero will compute (or has) from the lines."""
        kind = self.line_amount_types
        return document_totals(
            ((line.amount(), line.tax(kind)) for line in self.lines), kind
        )

    def problems(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for all that Xero would refuse."""
        found = self._too_long()
        if not self.contact_id:
            found.append(("contact_id", "The customer is not in Xero yet."))
        for place, line in enumerate(self.lines, start=1):
            if line.discount_rate or line.discount_amount:
                found.append(("lines", f"Line {place}: a credit takes no discount."))
            if not (line.is_note or line.account_code or line.item_code):
                found.append(("lines", f"Line {place} has no account."))
        if self.computed_totals().total <= 0:
            found.append(("lines", "A credit note is over more than nothing."))
        return found

    def _completed(self, remaining_is_known: bool) -> "CreditNoteData":
        """Fill in what an answer leaves out: read as nothing, the credit would look
        used up."""
        if remaining_is_known or not self.total:
            return self
        used = [a.amount for a in self.allocations if not a.is_deleted]
        used += [p.amount for p in self.payments if p.status != "DELETED"]
        rest = self.total - sum(used, Decimal(0))
        return dataclasses.replace(self, remaining_credit=rest)
