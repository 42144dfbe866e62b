"""LineData: one line of an invoice (and of documents shaped like it)."""

import dataclasses
from decimal import Decimal
from typing import ClassVar

from . import fields, totals
from .base import Document, child, read_children


@dataclasses.dataclass(frozen=True, slots=True)
class LineTrackingData(Document):
    """The option of a tracking category that a line is filed under."""

    resource: ClassVar[str] = "Tracking"

    category_id: str = fields.guid("TrackingCategoryID", sent=True)
    option_id: str = fields.guid("TrackingOptionID", sent=True)
    name: str = fields.text("Name", limit=100, sent=True)
    option: str = fields.text("Option", limit=100, sent=True)


@dataclasses.dataclass(frozen=True, slots=True)
class LineData(Document):
    """One line. Rates are in percent, amounts in the document's currency.

    ``tax_rate`` is ours, only for the arithmetic; ``line_amount`` is Xero's figure and
    never sent; ``tax_amount`` is sent when set, which overrides Xero's computation.
    """

    resource: ClassVar[str] = "LineItems"
    id_field: ClassVar[str] = "LineItemID"

    description: str = fields.text(
        "Description", limit=4000, cut=True, lines=True, sent=True
    )
    quantity: Decimal = fields.number("Quantity", digits=4, sent=True)
    unit_amount: Decimal = fields.number("UnitAmount", digits=4, sent=True)
    discount_rate: Decimal = fields.number("DiscountRate", digits=4, sent=True)
    account_code: str = fields.text("AccountCode", limit=10, sent=True)
    tax_type: str = fields.text("TaxType", sent=True)
    tax_rate: Decimal | None = fields.number(digits=4, default=None)
    item_code: str = fields.text("ItemCode", limit=30, sent=True)
    line_amount: Decimal | None = fields.number("LineAmount", digits=2, default=None)
    tax_amount: Decimal | None = fields.number(
        "TaxAmount", digits=2, default=None, sent=True
    )
    line_item_id: str = fields.guid("LineItemID", role=fields.IDENTITY, sent=True)
    discount_amount: Decimal = fields.number("DiscountAmount", digits=2, sent=True)
    tracking: tuple[LineTrackingData, ...] = fields.many(LineTrackingData)

    @classmethod
    def from_xero(cls, payload: dict) -> "LineData":
        """Read a LineItem; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        found["item_code"] = found["item_code"] or child(payload, "Item").get("Code")
        found["tracking"] = read_children(
            payload, "Tracking", LineTrackingData, "tracking"
        )
        return cls(**found)

    @property
    def is_note(self) -> bool:
        """Whether the line is nothing but a description."""
        money = (self.quantity, self.unit_amount)
        return not any(money) and not self.account_code and not self.item_code

    def to_xero(self) -> dict:
        """Return the payload of the line.

        Zero discounts are left out (Xero refuses DiscountAmount 0 on a negative line)
        and so is LineAmount (Xero reads a given 0.00 as absent and refuses the line).
        """
        if self.is_note:
            note = {"LineItemID": self.line_item_id, "Description": self.description}
            return {key: value for key, value in note.items() if value}
        payload = self._write()
        for key in ("DiscountRate", "DiscountAmount"):
            if not payload.get(key):
                payload.pop(key, None)
        if self.discount_rate:
            payload.pop("DiscountAmount", None)
        if self.tracking:
            payload["Tracking"] = [option._write() for option in self.tracking]
        return payload

    def amount(self) -> Decimal:
        """Return Xero's line amount, or what Xero will compute."""
        if self.line_amount is not None:
            return self.line_amount
        return totals.line_amount(
            self.quantity, self.unit_amount, self.discount_rate, self.discount_amount
        )

    def tax(self, line_amount_types: str) -> Decimal:
        """Return the given tax, or what Xero will compute; 0 without a known rate."""
        if line_amount_types == totals.NO_TAX:
            return Decimal("0.00")
        if self.tax_amount is not None:
            return self.tax_amount
        return totals.tax_amount(
            self.amount(), self.tax_rate or Decimal(0), line_amount_types
        )
