"""Plain values as Xero writes them: text, decimals, dates, and forms to compare by.

Every function here is total over what a JSON answer can hold: it returns the value or
raises ValueError with a sentence; nothing is guessed and nothing is lost.
"""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

ZERO_GUID = "00000000-0000-0000-0000-000000000000"

# Wide enough that a product of two amounts is exact before it is rounded once.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_MAX_MAGNITUDE = 30

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_MS_DATE = re.compile(r"/Date\((-?\d{1,17})([+-]\d{4})?\)/", re.ASCII)
_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?P<fraction>\d+))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_EPOCH = dt.datetime(1970, 1, 1)
# What PostgreSQL (NUL), XML (other controls) or UTF-8 (lone surrogates) can't hold.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def to_decimal(value) -> Decimal:
    """Return ``value`` (str, int, Decimal or float) as an exact Decimal.

    A float is read through its shortest text, so that 25.06 is 25.06.
    Raises ValueError for anything else, for NaN, infinity and absurd exponents.
    """
    if type(value) is Decimal and value.is_finite():
        number = value
    else:
        number = _read_decimal(value)
    if number and abs(number.adjusted()) > _MAX_MAGNITUDE:
        raise ValueError(f"{value!r} is too large or too small a number.")
    return number


def decimal_text(number: Decimal) -> str:
    """Return the one plain spelling of a number: no exponent, no trailing zeros."""
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def round_half_up(number: Decimal, digits: int) -> Decimal:
    """Round to ``digits`` decimals, halves away from zero, as Xero does (2.165: 2.17).

    Source: Xero's rounding guide (developer.xero.com, guides/rounding-in-xero).
    """
    step = Decimal(1).scaleb(-digits)
    return number.quantize(step, rounding=ROUND_HALF_UP, context=EXACT)


def divide_rounded(number: int, by: int) -> int:
    """Return a quotient, rounded; whole numbers are the same on every machine."""
    return (2 * number + by) // (2 * by)


def parse_datetime(value) -> dt.datetime | None:
    """Return the instant as naive UTC: ``/Date(ms+0000)/``, ISO text or a datetime.

    The offset after the milliseconds only informs: they count from the epoch in UTC.
    Text without a zone is UTC. None, '' and .NET's "never" (year 1) give None.
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, dt.datetime):
        return _naive_utc(value)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a date.")
    written = value.strip()
    if match := _MS_DATE.fullmatch(written):
        instant = _from_epoch(int(match[1]), value)
    else:
        instant = _from_iso(written)
    return None if instant.year == 1 else instant


def parse_date(value) -> dt.date | None:
    """Return the calendar day that Xero means.

    ``/Date(ms)/`` holds midnight UTC of the day, so it is read in UTC, never in the
    server's zone; of ISO text the day is taken as written, whatever its offset.
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    instant = parse_datetime(value)
    if instant and (match := _ISO.fullmatch(value.strip())):
        return dt.date.fromisoformat(match["day"])
    return instant and instant.date()


def iso_date(day: dt.date) -> str:
    """Return YYYY-MM-DD, the only form sent: with a zone a day could slip."""
    return (day.date() if isinstance(day, dt.datetime) else day).isoformat()


def clean_text(value, limit: int | None = None, *, drop: str = "") -> str:
    """Return one line of text: trimmed, inner white space collapsed to one space.

    :param limit: longest text allowed, in UTF-16 units as Xero counts; the rest is cut
    :param drop: characters to leave out, such as ``'<>'``
    Raises ValueError for a list, an object or True.
    """
    written = value if type(value) is str else _storable(value)
    for character in drop:
        written = written.replace(character, "")
    # Nearly all texts are clean already, and a page holds some ten thousand of them.
    if not written.isprintable():
        written = _storable(written)
    return cut_text(" ".join(written.split()), limit)


def clean_block(value, limit: int | None = None) -> str:
    """Return text of several lines: breaks kept as ``\\n``, trailing space dropped."""
    written = _BREAKS.sub("\n", value) if isinstance(value, str) else value
    lines = _storable(written).split("\n")
    return cut_text("\n".join(line.rstrip() for line in lines).strip(), limit)


def text_length(text: str) -> int:
    """Return the length in UTF-16 units, in which an emoji counts two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut_text(text: str, limit: int | None) -> str:
    """Cut ``text`` to ``limit`` UTF-16 units without splitting a character."""
    if limit is None or text_length(text) <= limit:
        return text
    kept = text[:limit]
    while text_length(kept) > limit:
        kept = kept[:-1]
    return kept.rstrip()


def clean_guid(value) -> str:
    """Return a Xero id in lower case; '' for the zero GUID, which is never a link."""
    guid = clean_text(value).lower()
    return "" if guid == ZERO_GUID else guid


def clean_country(value) -> str:
    """Return a country name in the letters that Xero takes: A to Z and spaces.

    Accents, dots and apostrophes go, other signs become spaces ("Côte d'Ivoire":
    "Cote dIvoire"). A name in other letters ("日本") stays as it is.
    """
    return _to_latin(clean_text(value))


@lru_cache(maxsize=1000)
def _to_latin(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if any(c.isalpha() and not c.isascii() for c in plain):
        return name
    plain = re.sub(r"[.'’`]", "", plain)
    return clean_text(re.sub(r"[^A-Za-z]+", " ", plain)) or name


def normalise_name(value) -> str:
    """Return the form to compare names by: one case, single spaces, accents kept,
    invisible marks (of writing direction, of zero width) left out."""
    name = clean_text(value)
    if name.isascii():
        return name.lower()
    visible = _INVISIBLE.sub("", name)
    return unicodedata.normalize("NFC", clean_text(visible).casefold())


def normalise_email(value) -> str:
    """Return the form to compare e-mail addresses by."""
    return clean_text(value).casefold()


def normalise_tax_number(value) -> str:
    """Return letters and digits in upper case: 'nz 49-091-850' gives 'NZ49091850'."""
    return "".join(c for c in clean_text(value) if c.isalnum()).upper()


def _read_decimal(value) -> Decimal:
    known = isinstance(value, (str, int, float, Decimal))
    if not known or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number.")
    written = repr(value) if isinstance(value, float) else str(value).strip()
    if not _NUMBER.fullmatch(written):
        raise ValueError(f"{value!r} is not a number.")
    return Decimal(written)


def _storable(value) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError(f"{type(value).__name__} found where text was expected.")
    return _UNSTORABLE.sub(_replace_unstorable, str(value))


def _replace_unstorable(match: re.Match) -> str:
    return "\ufffd" if match[0] >= "\ud800" else " "


def _naive_utc(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        return instant
    return instant.astimezone(dt.timezone.utc).replace(tzinfo=None)


def _from_epoch(milliseconds: int, value) -> dt.datetime:
    try:
        return _EPOCH + dt.timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError(f"{value!r} is not a date.") from error


def _from_iso(written: str) -> dt.datetime:
    match = _ISO.fullmatch(written)
    if not match:
        raise ValueError(f"{written!r} is not a date.")
    try:
        # Python 3.10 reads neither Z nor seven decimals: put the parts together here.
        clock = match["time"] or "00:00"
        instant = dt.datetime.fromisoformat(f"{match['day']} {clock}")
        micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
        return instant.replace(microsecond=micro) - _offset(match["zone"])
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{written!r} is not a date.") from error


def _offset(zone: str | None) -> dt.timedelta:
    if not zone or zone == "Z":
        return dt.timedelta()
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes)
