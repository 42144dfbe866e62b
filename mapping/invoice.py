"""InvoiceData: a sales invoice (ACCREC) or bill (ACCPAY) of Xero's."""

import dataclasses
import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child, children, read_children
from .line import LineData
from .payment import PaymentData
from .totals import EXCLUSIVE, INCLUSIVE, NO_TAX, Totals, document_totals
from .values import to_decimal

SALE, BILL = "ACCREC", "ACCPAY"
# PAID is set by Xero alone.
_SENT_STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "VOIDED", "DELETED")


@dataclasses.dataclass(frozen=True, slots=True)
class InvoiceData(Document):
    """One invoice; amounts in its currency, ``currency_rate`` in units of that
    currency per unit of the base currency. Totals and payments are Xero's figures.

    A VOIDED invoice still shows its amount due: exclude by status.
    """

    resource: ClassVar[str] = "Invoices"
    id_field: ClassVar[str] = "InvoiceID"

    xero_id: str = fields.own_id("InvoiceID")
    type: str = fields.text("Type", default=SALE, sent=True)
    number: str = fields.text("InvoiceNumber", limit=255, sent=True)
    contact_id: str = fields.guid()
    contact_name: str = fields.text()
    reference: str = fields.text("Reference", sent=True)
    status: str = fields.text("Status", sent=True)
    date: dt.date | None = fields.day("Date", "DateString", sent=True)
    due_date: dt.date | None = fields.day("DueDate", "DueDateString", sent=True)
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
    amount_due: Decimal = fields.number("AmountDue")
    amount_paid: Decimal = fields.number("AmountPaid")
    amount_credited: Decimal = fields.number("AmountCredited")
    # Part of what was credited; overpayments and prepayments are the rest of it.
    credit_notes_applied: Decimal = fields.number(role=fields.ASIDE)
    is_sent: bool = fields.flag("SentToContact", sent=True)
    url: str = fields.text("Url", sent=True)
    branding_theme_id: str = fields.guid("BrandingThemeID", sent=True)
    fully_paid_on: dt.date | None = fields.day("FullyPaidOnDate")
    payments: tuple[PaymentData, ...] = fields.many(PaymentData)
    updated: dt.datetime | None = fields.updated()

    @classmethod
    def from_xero(cls, payload: dict) -> "InvoiceData":
        """Read an Invoice; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        contact = child(payload, "Contact")
        found["contact_id"] = contact.get("ContactID")
        found["contact_name"] = contact.get("Name")
        found["lines"] = read_children(payload, "LineItems", LineData, "lines")
        found["payments"] = read_children(payload, "Payments", PaymentData, "payments")
        credits = children(payload, "CreditNotes")
        found["credit_notes_applied"] = sum(
            to_decimal(credit.get("AppliedAmount") or 0) for credit in credits
        )
        invoice = cls(**found)
        return invoice._completed(due_is_known=found["amount_due"] is not None)

    @property
    def is_sale(self) -> bool:
        """Whether it bills a customer."""
        return self.type == SALE

    def to_xero(self, changed: Collection[str] | None = None) -> dict:
        """Return only what a client may send.

        The contact is its id alone (more would overwrite the contact), and Xero's own
        figures are left out. Left out too: PAID, the reference of a bill, "sent" of an
        invoice that is not approved, and a link that holds the word xero.

        :param changed: names of the fields to send, for an update; None for all that
            are filled. Without 'lines' Xero keeps the lines as they are.
        """
        payload = self._write(changed)
        if payload.get("Status") not in _SENT_STATUSES:
            payload.pop("Status", None)
        if self.type == BILL:
            payload.pop("Reference", None)
        if self.status != "AUTHORISED" or not self.is_sent:
            payload.pop("SentToContact", None)
        if "xero" in self.url.lower():
            payload.pop("Url", None)
        if self.contact_id and (changed is None or "contact_id" in changed):
            payload["Contact"] = {"ContactID": self.contact_id}
        if self.lines and (changed is None or "lines" in changed):
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
        if self.type not in (SALE, BILL):
            found.append(("type", f"Xero takes no invoice of type {self.type}."))
        if not self.contact_id:
            found.append(("contact_id", "The customer is not in Xero yet."))
        if re.search(r"[^ -~]", self.number):
            found.append(("number", "Xero takes only plain ASCII in a number."))
        if self.line_amount_types not in (EXCLUSIVE, INCLUSIVE, NO_TAX):
            found.append(("line_amount_types", "Xero does not know this kind of tax."))
        if not self.lines:
            found.append(("lines", "Xero needs at least one line."))
        found += self._line_problems()
        if self.status == "AUTHORISED":
            found += self._approval_problems()
        return found

    def _completed(self, due_is_known: bool) -> "InvoiceData":
        """Give the payments their invoice, and an amount due that the answer leaves
        out: read as nothing it would make the invoice look paid."""
        changes = {}
        if any(not payment.invoice_id for payment in self.payments):
            changes["payments"] = tuple(
                dataclasses.replace(p, invoice_id=p.invoice_id or self.xero_id)
                for p in self.payments
            )
        if not due_is_known and self.total:
            changes["amount_due"] = self.total - self.amount_paid - self.amount_credited
        return dataclasses.replace(self, **changes) if changes else self

    def _line_problems(self) -> list[tuple[str, str]]:
        found = []
        for place, line in enumerate(self.lines, start=1):
            if not line.description and not line.item_code:
                found.append(("lines", f"Line {place} has no description."))
            if self.type == BILL and (line.discount_rate or line.discount_amount):
                found.append(("lines", f"Line {place}: a bill takes no discount."))
            elif not 0 <= line.discount_rate <= 100:
                found.append(("lines", f"Line {place}: a discount is 0 to 100 %."))
            long = [
                f"Line {place}: {sentence}" for _field, sentence in line._too_long()
            ]
            found += [("lines", sentence) for sentence in long]
        return found

    def _approval_problems(self) -> list[tuple[str, str]]:
        """What a draft may lack and an approved invoice may not."""
        found = []
        if not self.date:
            found.append(("date", "An approved invoice needs a date."))
        if not self.due_date:
            found.append(("due_date", "An approved invoice needs a due date."))
        for place, line in enumerate(self.lines, start=1):
            if not (line.is_note or line.account_code or line.item_code):
                found.append(("lines", f"Line {place} has no account."))
        if self.lines and self.computed_totals().total < 0:
            found.append(("lines", "Xero takes no invoice with a negative total."))
        return found
