"""The fields of an invoice: what a new one starts with, and what a caller may set."""

from decimal import Decimal
from urllib.parse import urlsplit

from .. import wire
from . import lines
from .rules import parse_day, set_day

# What of an invoice's payload holds the credits that were given to it.
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")
TEXT_FIELDS = {"InvoiceNumber": 255, "Reference": 255, "Url": 2000}


class WithFields:
    """Takes an invoice's own fields over from what was sent."""

    def _blank(self, kind):
        return {
            "Type": kind,
            "InvoiceID": wire.new_guid(),
            "InvoiceNumber": "",
            "Reference": "",
            "Payments": [],
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "AmountDue": Decimal("0.00"),
            "AmountPaid": Decimal("0.00"),
            "AmountCredited": Decimal("0.00"),
            "SentToContact": False,
            "IsDiscounted": False,
            "HasAttachments": False,
            "HasErrors": False,
            "LineItems": [],
        }

    def _fill_texts(self, org, record, payload, messages):
        number = payload.get("InvoiceNumber")
        for name, most in TEXT_FIELDS.items():
            value = payload.get(name)
            if isinstance(value, str) and len(value) > most:
                messages.append(f"{name} must not be longer than {most} characters")
        if number and not (isinstance(number, str) and _printable(number)):
            messages.append("InvoiceNumber can only contain printable ASCII characters")
        elif number:
            if self._same_number(org, number, record["Type"], record["InvoiceID"]):
                messages.append("Invoice # must be unique.")
            record["InvoiceNumber"] = number
        if payload.get("Reference") is not None and record["Type"] == "ACCREC":
            record["Reference"] = payload["Reference"]
        self._fill_url(record, payload, messages)
        theme = payload.get("BrandingThemeID")
        if theme:
            if theme.lower() not in org.branding_themes:
                messages.append("The Branding Theme could not be found")
            record["BrandingThemeID"] = theme.lower()

    def _fill_url(self, record, payload, messages):
        url = payload.get("Url")
        if not url:
            return
        if "xero" in url.lower():
            messages.append("The Url must not contain the word 'xero'")
        elif urlsplit(url).scheme not in ("http", "https"):
            messages.append("The Url is not a valid absolute url")
        record["Url"] = url

    def _fill_due_date(self, record, payload, status, messages):
        set_day(record, "DueDate", parse_day(payload, "DueDate"))
        for name in ("ExpectedPaymentDate", "PlannedPaymentDate"):
            set_day(record, name, parse_day(payload, name), text=False)
        if status == "AUTHORISED" and not record.get("DueDate"):
            messages.append("Due Date cannot be empty")

    def _rules(self, ctx, record, status, contact):
        sale = record["Type"] == "ACCREC"
        return lines.Rules(
            sale=sale,
            amount_types=record["LineAmountTypes"],
            approved=status == "AUTHORISED",
            unit_places=ctx.unit_places,
            discounts=sale,
            contact=contact,
        )


def settle(record):
    """AmountPaid, AmountCredited, AmountDue, PAID and back, from the stubs."""
    paid = sum((p["Amount"] for p in record["Payments"]), Decimal("0.00"))
    credits = [stub for name in CREDITS for stub in record[name]]
    credited = sum((c["AppliedAmount"] for c in credits), Decimal("0.00"))
    record["AmountPaid"], record["AmountCredited"] = paid, credited
    record["AmountDue"] = record["Total"] - paid - credited
    record.pop("FullyPaidOnDate", None)
    if record["Status"] not in ("AUTHORISED", "PAID"):
        return
    if record["AmountDue"] == 0 and (paid or credited or not record["Total"]):
        record["Status"] = "PAID"
        days = [wire.day_of(stub["Date"]) for stub in [*record["Payments"], *credits]]
        day = max(days, default=wire.day_of(record["Date"]))
        record["FullyPaidOnDate"] = wire.ms_date(day)
    else:
        record["Status"] = "AUTHORISED"


def _printable(text):
    return all(32 <= ord(letter) < 127 for letter in text)
