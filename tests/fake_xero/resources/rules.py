"""Validation rules that several resources share."""

import re
from datetime import date

from .. import wire
from ..errors import BadRequest, Refused

EMAIL = re.compile(
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
)


def check_lengths(payload, limits, messages, prefix=""):
    """Refuse texts that are too long or no texts.

    :param limits: {field: most characters}
    :param messages: list to add to
    """
    for name, most in limits.items():
        value = payload.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            messages.append(f"{prefix}{name} is not a valid text")
        elif len(value) > most:
            messages.append(f"{prefix}{name} must not be longer than {most} characters")


def is_email(value):
    """Whether Xero takes this e-mail address (no umlauts)."""
    return bool(EMAIL.match(value))


def parse_day(payload, field):
    """The day in ``payload[field]``, or None.

    :raise BadRequest: PostDataInvalidException, as for broken JSON
    """
    value = payload.get(field)
    if value in (None, ""):
        return None
    try:
        return wire.parse_day(value)
    except ValueError:
        raise BadRequest(
            f"JSON for post data was invalid, {field}: '{value}' is not a valid date"
        ) from None


def check_lock_dates(org, day, messages):
    """Refuse documents in a locked period."""
    for field, name in (
        ("PeriodLockDate", "period lock date"),
        ("EndOfYearLockDate", "end of year lock date"),
    ):
        locked = wire.day_of(org.details.get(field))
        if locked and day and day <= locked:
            messages.append(
                f"The document date cannot be before the {name}, "
                f"currently set at {locked.day} {locked.strftime('%B %Y')}"
            )


def check_currency(org, code):
    """Refuse currencies that the organisation has not subscribed.

    :raise Refused: if so
    """
    if code not in org.currencies:
        raise Refused(f"Organisation is not subscribed to currency {code}")


def known_guid(payload, field):
    """The id in ``payload[field]`` in lower case, or None.

    :raise BadRequest: if it is no GUID
    """
    value = payload.get(field)
    if value in (None, "", wire.ZERO_GUID):
        return None
    if not wire.is_guid(value):
        raise BadRequest(f"JSON for post data was invalid, {field}: not a valid GUID")
    return value.lower()


def set_day(record, field, day: date | None, text=True):
    """Write a day into a record in both of Xero's forms (None leaves it)."""
    if day is None:
        return
    record[field] = wire.ms_date(day)
    if text:
        record[f"{field}String"] = wire.date_string(day)
