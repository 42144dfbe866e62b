"""Quotes (facts file section 8): POST replaces, no default tax, own spellings."""

from datetime import date

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, Refused
from . import contacts, documents, lines
from .attachments import WithAttachments
from .base import Resource
from .rules import check_lengths, parse_day

LENGTHS = {
    "QuoteNumber": 255,
    "Reference": 4000,
    "Terms": 4000,
    "Title": 100,
    "Summary": 3000,
}
SPELLED = {"Exclusive": "EXCLUSIVE", "Inclusive": "INCLUSIVE", "NoTax": "NOTAX"}
STATUSES = ("DRAFT", "SENT", "DECLINED", "ACCEPTED", "INVOICED", "DELETED")
NEXT = {
    None: ("DRAFT", "SENT"),
    "DRAFT": ("DRAFT", "SENT", "DELETED"),
    "SENT": ("SENT", "ACCEPTED", "DECLINED", "DRAFT", "DELETED"),
    "ACCEPTED": ("ACCEPTED", "INVOICED", "DECLINED", "SENT", "DELETED"),
    "DECLINED": ("DECLINED", "DRAFT", "SENT", "DELETED"),
    "INVOICED": ("INVOICED",),
    "DELETED": (),
}


class Quotes(WithAttachments, Resource):
    """Quotes: 100 a page, dates without +0000, POST behaves like a replacement."""

    name = "Quotes"
    store_name = "quotes"
    id_field = "QuoteID"
    pageable = True
    fixed_page_size = 100
    incremental = True
    fields = {
        "QuoteID",
        "QuoteNumber",
        "Status",
        "Date",
        "ExpiryDate",
        "UpdatedDateUTC",
        "Contact",
        "Total",
        "Reference",
    }

    def is_paged(self, ctx):
        """Always: 100 a page."""
        return True

    def answer(self, ctx, elements, **extra):
        """With SummarizeErrors, and without a charset."""
        extra["SummarizeErrors"] = ctx.summarize
        answer = super().answer(ctx, elements, **extra)
        answer.content_type = "application/json"
        return answer

    def get(self, ctx, xero_id):
        """JSON, or the PDF with ``Accept: application/pdf``."""
        if "application/pdf" in ctx.headers.get("Accept", ""):
            record = self.find(ctx, xero_id)
            body = documents.pdf("Quote", record["QuoteNumber"])
            return Answer(body=body, content_type="application/pdf")
        return super().get(ctx, xero_id)

    def filter_rows(self, ctx, rows):
        """DateFrom/To, ExpiryDateFrom/To, ContactID, Status, QuoteNumber."""
        args = ctx.args
        for name, field in (("Status", "Status"), ("QuoteNumber", "QuoteNumber")):
            if args.get(name):
                wanted = args[name].casefold()
                rows = [row for row in rows if row[field].casefold() == wanted]
        if args.get("ContactID"):
            wanted = args["ContactID"].lower()
            rows = [row for row in rows if row["Contact"]["ContactID"] == wanted]
        for name, field, after in (
            ("DateFrom", "Date", True),
            ("DateTo", "Date", False),
            ("ExpiryDateFrom", "ExpiryDate", True),
            ("ExpiryDateTo", "ExpiryDate", False),
        ):
            if args.get(name):
                rows = _in_range(rows, field, _day(args[name], name), after)
        return rows

    def view(self, ctx, record, detail):
        """The contact with its name only."""
        shown = dict(record)
        contact_id = record["Contact"]["ContactID"]
        contact = ctx.org.contacts[contact_id]
        shown["Contact"] = {
            "ContactID": contact_id,
            "Name": contact["Name"],
            "EmailAddress": contact["EmailAddress"],
        }
        return shown

    def save(self, ctx, payload, create_only=False):
        """Create, or replace: what is not sent is lost, the number is new."""
        org = ctx.org
        known = self._known(org, payload, create_only)
        before = known["Status"] if known else None
        status = payload.get("Status") or before or "DRAFT"
        if status not in STATUSES or status not in NEXT[before]:
            raise Refused("Quote status change is not valid")
        messages = []
        check_lengths(payload, LENGTHS, messages)
        contact = contacts.resolve(ctx, payload.get("Contact"))
        day = parse_day(payload, "Date")
        if not day:
            messages.append("Date is required")
        record = {
            "QuoteID": known["QuoteID"] if known else wire.new_guid(),
            "QuoteNumber": self._number(org, payload, known, messages),
            "Contact": {k: contact[k] for k in ("ContactID", "Name")},
            "Status": status,
            "LineItems": [],
        }
        for name in ("Reference", "Terms", "Title", "Summary"):
            record[name] = payload.get(name) or ""
        if payload.get("BrandingThemeID"):
            record["BrandingThemeID"] = payload["BrandingThemeID"]
        self._fill(ctx, record, payload, contact, messages)
        if messages:
            raise Refused(*messages)
        _set_day(record, "Date", day)
        _set_day(record, "ExpiryDate", parse_day(payload, "ExpiryDate"))
        record["UpdatedDateUTC"] = wire.ms_datetime(org.xero.clock.tick(), offset=False)
        return org.quotes.put(record)

    def _known(self, org, payload, create_only):
        if not create_only:
            known = documents.by_id(org.quotes, payload, "QuoteID", "quote")
            if known:
                return known
        text = payload.get("QuoteNumber")
        found = org.quotes.find("number", text.casefold()) if text else []
        if found and create_only:
            raise Refused("Quote number must be unique")
        return found[0] if found else None

    def _number(self, org, payload, known, messages):
        """The number that is sent; without one a new number, even on an update."""
        text = payload.get("QuoteNumber")
        if not text:
            return org.next_number(
                "QU", lambda number: org.quotes.find("number", number.casefold())
            )
        same = org.quotes.find("number", text.casefold())
        if any(quote is not known for quote in same):
            messages.append("Quote number must be unique")
        return text

    def _fill(self, ctx, record, payload, contact, messages):
        amount_types = lines.amount_types_of(payload, None)
        record["LineAmountTypes"] = amount_types
        documents.fill_currency(ctx, record, payload, contact)
        rules = lines.Rules(
            amount_types=amount_types,
            unit_places=4,
            tax_default=False,
            contact=contact,
        )
        documents.fill_lines(ctx, record, payload, rules, messages)
        record["LineAmountTypes"] = SPELLED[amount_types]
        record.pop("IsDiscounted", None)


def _set_day(record, field, day: date | None):
    if day:
        record[field] = wire.ms_date(day, offset=False)
        record[f"{field}String"] = wire.date_string(day)


def _day(text, name):
    try:
        return wire.parse_day(text)
    except ValueError:
        raise BadRequest(f"{name} is not a valid date") from None


def _in_range(rows, field, day, after):
    kept = []
    for row in rows:
        own = wire.day_of(row.get(field))
        if own and (own >= day if after else own <= day):
            kept.append(row)
    return kept
