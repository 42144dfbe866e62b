"""PaymentData: money received or paid for one document, read from Xero."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child


@dataclasses.dataclass(frozen=True, slots=True)
class PaymentData(Document):
    """One payment, in the currency of its document.

    The stubs inside an invoice have neither status nor invoice; `InvoiceData` fills in
    its own id. ``status`` is '', 'AUTHORISED' or 'DELETED'.
    """

    resource: ClassVar[str] = "Payments"
    id_field: ClassVar[str] = "PaymentID"

    xero_id: str = fields.own_id("PaymentID")
    invoice_id: str = fields.guid()
    date: dt.date | None = fields.day("Date", "DateString")
    amount: Decimal = fields.number("Amount")
    reference: str = fields.text("Reference")
    currency_rate: Decimal | None = fields.number(
        "CurrencyRate", digits=6, default=None
    )
    status: str = fields.text("Status")
    updated: dt.datetime | None = fields.updated()

    @classmethod
    def from_xero(cls, payload: dict) -> "PaymentData":
        """Read a Payment; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        found["invoice_id"] = child(payload, "Invoice").get("InvoiceID")
        return cls(**found)
