"""What invoices and credit notes share: dates, currency, status, totals."""

from decimal import Decimal

from .. import query, wire
from ..errors import BadRequest, Refused
from ..money import number, places
from . import contacts, lines
from .rules import (
    check_currency,
    check_lock_dates,
    known_guid,
    parse_day,
    set_day,
)

ZERO = Decimal("0.00")
FINAL = ("VOIDED", "DELETED")
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
NEXT = {
    None: ("DRAFT", "SUBMITTED", "AUTHORISED"),
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
    "PAID": ("PAID",),
}
WRONG_STATUS = "Invoice not of valid status for modification"
HAS_PAYMENTS = (
    "This document cannot be edited as it has a payment or credit note allocated to it."
)


def next_status(known, payload):
    """The status after this write.

    :raise Refused: if the change is not allowed
    """
    before = known["Status"] if known else None
    status = payload.get("Status") or before or "DRAFT"
    if status not in STATUSES:
        raise Refused(f"Status '{status}' is not valid")
    if before in FINAL or status not in NEXT[before]:
        raise Refused(WRONG_STATUS)
    return status


def next_contact(ctx, known, payload):
    """The document's contact after this write."""
    if payload.get("Contact"):
        return contacts.resolve(ctx, payload["Contact"])
    if known:
        return ctx.org.contacts[known["Contact"]["ContactID"]]
    raise Refused("A Contact must be specified for this type of transaction")


def fill_currency(ctx, record, payload, contact):
    """CurrencyCode and CurrencyRate; other currencies take the day's rate."""
    org = ctx.org
    code = payload.get("CurrencyCode") or record.get("CurrencyCode")
    code = code or contact.get("DefaultCurrency") or org.base_currency
    check_currency(org, code)
    record["CurrencyCode"] = code
    if code == org.base_currency:
        record["CurrencyRate"] = Decimal("1.0")
    elif payload.get("CurrencyRate"):
        rate = number(payload["CurrencyRate"], "CurrencyRate")
        if rate <= 0:
            raise Refused("CurrencyRate must be greater than zero")
        record["CurrencyRate"] = places(rate, 6)
    elif "CurrencyRate" not in record:
        record["CurrencyRate"] = org.rates.get(code, Decimal("1.0"))


def fill_dates(ctx, record, payload, messages):
    """Date, today where it is missing, and what lock dates say."""
    day = parse_day(payload, "Date") or wire.day_of(record.get("Date"))
    day = day or ctx.org.today()
    check_lock_dates(ctx.org, day, messages)
    before = wire.day_of(record.get("Date"))
    if before and before != day:
        check_lock_dates(ctx.org, before, messages)
    set_day(record, "Date", day)


def fill_lines(ctx, record, payload, rules, messages):
    """LineItems and totals; lines that are not sent stay as they are."""
    sent = payload.get("LineItems")
    try:
        if sent is None:
            if not record.get("LineItems"):
                raise Refused("One or more line items must be specified")
            if rules.approved or payload.get("LineAmountTypes"):
                built = lines.recheck(ctx, record["LineItems"], rules)
            else:
                return
        else:
            if not isinstance(sent, list) or not sent:
                raise Refused("One or more line items must be specified")
            built = lines.build(ctx, sent, record.get("LineItems", []), rules)
    except Refused as error:
        messages += error.messages
        return
    record["LineItems"], sums = built
    discount = sums.pop("TotalDiscount")
    record.update(sums)
    record["IsDiscounted"] = bool(discount)
    if discount:
        record["TotalDiscount"] = discount
    else:
        record.pop("TotalDiscount", None)


def by_id(store, payload, id_field, what):
    """The record that an update names by id, or None.

    :raise Refused: if the id is unknown
    """
    xero_id = known_guid(payload, id_field)
    if not xero_id:
        return None
    if xero_id not in store:
        raise Refused(f"The {what} with the specified {id_field} could not be found")
    return store[xero_id]


def filter_list(ctx, rows, id_field, number_field):
    """IDs, numbers, ContactIDs, Statuses, searchTerm of invoices and the like."""
    args = ctx.args
    for name, field in (
        ("IDs", id_field),
        (f"{number_field}s", number_field),
        ("Statuses", "Status"),
    ):
        wanted = query.values(args, name)
        if wanted is not None:
            keys = {value.casefold() for value in wanted}
            rows = [row for row in rows if row[field].casefold() in keys]
    wanted = query.values(args, "ContactIDs")
    if wanted is not None:
        if not all(wire.is_guid(value) for value in wanted):
            raise BadRequest("ContactIDs: not a valid GUID")
        keys = {value.lower() for value in wanted}
        rows = [row for row in rows if row["Contact"]["ContactID"] in keys]
    term = args.get("searchTerm", "").casefold()
    if term:
        rows = [
            row
            for row in rows
            if term in row[number_field].casefold()
            or term in (row.get("Reference") or "").casefold()
        ]
    return rows


def stamp_document(org, record):
    """UpdatedDateUTC in both forms."""
    record["UpdatedDateUTC"] = org.stamp()
    moment = wire.from_ms(record["UpdatedDateUTC"])
    record["UpdatedDateUTCString"] = moment.strftime("%Y-%m-%d %H:%M:%S+00:00")


def pdf(title, text):
    """A small but valid PDF with one line of text."""
    line = f"{title} {text}".replace("\\", "").replace("(", "[").replace(")", "]")
    stream = f"BT /F1 18 Tf 60 760 Td ({line}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for index, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )
