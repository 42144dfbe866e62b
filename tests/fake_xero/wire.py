"""Xero's wire formats: dates, numbers, the envelope and JSON texts.

Formats: the facts file section 11, recorded from the NZ demo company.
"""

import json
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

UTC = UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZERO_GUID = "00000000-0000-0000-0000-000000000000"
MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
GUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


def new_guid():
    """:return: a new identifier in Xero's (lower case) form."""
    return str(uuid.uuid4())


def is_guid(value):
    """Whether ``value`` is a text in the form of a GUID."""
    return isinstance(value, str) and bool(GUID.match(value))


def name_key(name):
    """The form in which contact names are compared: without case and extra spaces."""
    return " ".join((name or "").casefold().split())


def ms_datetime(moment, offset=True):
    """``moment`` (aware) as ``/Date(ms+0000)/``; some resources leave out +0000."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return f"/Date({milliseconds}{'+0000' if offset else ''})/"


def ms_date(day, offset=True):
    """A calendar day as midnight UTC, which is how Xero writes days."""
    return ms_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC), offset)


def date_string(day):
    """A calendar day as in DateString: 2026-09-14T00:00:00."""
    return f"{day.isoformat()}T00:00:00"


def from_ms(value):
    """:return: the aware datetime of a ``/Date(ms)/`` text.

    :raise ValueError: if it is none
    """
    match = MS_DATE.match(value or "")
    if not match:
        raise ValueError(f"not a /Date()/ text: {value!r}")
    return EPOCH + timedelta(milliseconds=int(match.group(1)))


def day_of(value):
    """:return: the calendar day of a stored ``/Date()/`` text, None for none."""
    return from_ms(value).date() if value else None


def parse_day(value):
    """A day as clients send it: ISO day, ISO datetime or ``/Date(ms)/``.

    A datetime with an offset is converted to UTC first, so that it can slip a day,
    as the real one does.

    :raise ValueError: if it is no date
    """
    if not isinstance(value, str):
        raise ValueError(f"not a date: {value!r}")
    if MS_DATE.match(value):
        return from_ms(value).date()
    text = value.strip().replace("Z", "+00:00")
    try:
        return date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1))
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _number(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"not JSON: {value!r}")


def dumps(payload):
    """JSON text of a payload that may hold Decimals."""
    return json.dumps(payload, default=_number, separators=(",", ":"))


def loads(text):
    """JSON with exact decimals."""
    return json.loads(text, parse_float=Decimal)


def envelope(key, elements, now, **extra):
    """The frame of each answer of the Accounting API.

    :param str key: the collection's key, e.g. ``Contacts``
    :param elements: list of wire payloads
    :param now: aware datetime
    :param extra: further top level keys (``pagination``, ``SummarizeErrors``)
    """
    return {
        "Id": new_guid(),
        "Status": "OK",
        "ProviderName": "xero_crm",
        "DateTimeUTC": ms_datetime(now, offset=False),
        **extra,
        key: elements,
    }


def xml(payload, tag="Response"):
    """A rough XML form: what a client gets that forgot ``Accept: application/json``."""
    if isinstance(payload, dict):
        inner = "".join(xml(value, key) for key, value in payload.items())
    elif isinstance(payload, list):
        inner = "".join(xml(value, tag.rstrip("s") or tag) for value in payload)
    else:
        text = "" if payload is None else str(payload)
        inner = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{tag}>{inner}</{tag}>"
