"""QuoteData: a quote of Xero's.

What is different from an invoice: a POST replaces the whole quote, so that everything
is sent each time, number and line ids too; no account gives a line its tax; the kinds
of amounts are spelled in capitals; nothing links a quote with its invoice.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child, read_children
from .line import LineData
from .quote_lines import content_of_line, keep_line_ids, same_lines
from .totals import EXCLUSIVE, INCLUSIVE, NO_TAX, Totals, document_totals

# What people write in a quote, on either side.
CONTENT = (
    "contact_id",
    "reference",
    "date",
    "expiry_date",
    "currency",
    "line_amount_types",
    "title",
    "summary",
    "terms",
    "branding_theme_id",
    "lines",
)
_KINDS = {kind.upper(): kind for kind in (EXCLUSIVE, INCLUSIVE, NO_TAX)}


@dataclasses.dataclass(frozen=True, slots=True)
class QuoteData(Document):
    """One quote; amounts in its currency, ``currency_rate`` in units of that currency
    per unit of the base currency. Number, rate and totals are Xero's."""

    resource: ClassVar[str] = "Quotes"
    id_field: ClassVar[str] = "QuoteID"

    xero_id: str = fields.own_id("QuoteID")
    number: str = fields.text("QuoteNumber", limit=255, sent=True)
    contact_id: str = fields.guid()
    contact_name: str = fields.text()
    reference: str = fields.text("Reference", limit=4000, sent=True)
    status: str = fields.text("Status", sent=True)
    date: dt.date | None = fields.day("Date", "DateString", sent=True)
    expiry_date: dt.date | None = fields.day(
        "ExpiryDate", "ExpiryDateString", sent=True
    )
    currency: str = fields.text("CurrencyCode", sent=True)
    currency_rate: Decimal | None = fields.number(
        "CurrencyRate", digits=6, default=None, sent=True
    )
    line_amount_types: str = fields.text(
        "LineAmountTypes", default=EXCLUSIVE, sent=True
    )
    title: str = fields.text("Title", limit=100, cut=True, sent=True)
    summary: str = fields.text("Summary", limit=3000, cut=True, lines=True, sent=True)
    terms: str = fields.text("Terms", limit=4000, cut=True, lines=True, sent=True)
    branding_theme_id: str = fields.guid("BrandingThemeID", sent=True)
    lines: tuple[LineData, ...] = fields.many(LineData)
    subtotal: Decimal = fields.number("SubTotal")
    total_tax: Decimal = fields.number("TotalTax")
    total: Decimal = fields.number("Total")
    updated: dt.datetime | None = fields.updated()

    @classmethod
    def from_xero(cls, payload: dict) -> "QuoteData":
        """Read a Quote; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        contact = child(payload, "Contact")
        found["contact_id"] = contact.get("ContactID")
        found["contact_name"] = contact.get("Name")
        kind = found["line_amount_types"]
        found["line_amount_types"] = _KINDS.get(kind, kind)
        found["lines"] = read_children(payload, "LineItems", LineData, "lines")
        return cls(**found)

    @property
    def is_sale(self) -> bool:
        """Quotes are given to customers only."""
        return True

    def to_xero(self) -> dict:
        """Return the whole quote, for it replaces what Xero has.

        The contact is its id alone: more would overwrite the contact.
        """
        payload = self._write()
        payload["LineAmountTypes"] = self.line_amount_types.upper()
        payload["Contact"] = {"ContactID": self.contact_id}
        payload["LineItems"] = [line.to_xero() for line in self.lines]
        return payload

    def content(self) -> dict:
        """Return what people write in a quote, JSON-able and by field; without ids and
        figures that Xero computes."""
        values = self.values()
        found = {name: values[name] for name in CONTENT}
        found["lines"] = [content_of_line(line) for line in values["lines"]]
        return found

    def differences(self, theirs: "QuoteData") -> list[str]:
        """Return the fields of the content that say something else in Xero.

        :param theirs: what Xero has
        """
        return [
            name
            for name in CONTENT
            if not (
                same_lines(self.lines, theirs.lines)
                if name == "lines"
                else getattr(self, name) == getattr(theirs, name)
            )
        ]

    def with_changes(self, other: "QuoteData", changed: Collection[str]) -> "QuoteData":
        """Return this quote, as Xero has it, with some fields of another one.

        Lines that are the same, or stand in the same place, keep their id.

        :param other: what Odoo has
        :param changed: names of the fields to take from it
        """
        taken = {name: getattr(other, name) for name in changed}
        if "lines" in taken:
            taken["lines"] = keep_line_ids(taken["lines"], self.lines)
        if "currency" in taken and other.currency != self.currency:
            taken["currency_rate"] = None  # Xero's rate of the day
        return dataclasses.replace(self, **taken)

    def computed_totals(self) -> Totals:
        """Return the totals that Xero will compute (or has) from the lines."""
        kind = self.line_amount_types
        return document_totals(
            ((line.amount(), line.tax(kind)) for line in self.lines), kind
        )

    def problems(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for all that Xero would refuse, or get wrong."""
        found = self._too_long()
        if not self.contact_id:
            found.append(("contact_id", "The customer is not in Xero yet."))
        if not self.date:
            found.append(("date", "A quote needs a date."))
        if self.line_amount_types not in _KINDS.values():
            found.append(("line_amount_types", "Xero does not know this kind of tax."))
        if not self.lines:
            found.append(("lines", "Xero needs at least one line."))
        return found + self._line_problems()

    def _line_problems(self) -> list[tuple[str, str]]:
        found = []
        taxed = self.line_amount_types != NO_TAX
        for place, line in enumerate(self.lines, start=1):
            if not line.description and not line.item_code:
                found.append(("lines", f"Line {place} has no description."))
            if not 0 <= line.discount_rate <= 100:
                found.append(("lines", f"Line {place}: a discount is 0 to 100 %."))
            if taxed and not line.is_note and not line.tax_type:
                # Unlike on an invoice, Xero would take no tax at all.
                found.append(("lines", f"Line {place} has no tax rate."))
            found += [
                ("lines", f"Line {place}: {sentence}")
                for _field, sentence in line._too_long()
            ]
        return found
