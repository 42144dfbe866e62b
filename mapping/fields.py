"""The kinds of field of a document: where it lies in Xero and how it is made plain.

Each function returns a dataclass field whose metadata holds one `Spec`.
"""

import dataclasses
import operator
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from . import values
from .errors import MappingError
from .payment_terms import TermRule

# A field may be part of the values that both sides compare, or name the record only,
# or be neither (a time stamp, a figure that moves by itself).
VALUE, IDENTITY, ASIDE = "value", "identity", "aside"
META = "xero"
# Xero's time stamp: every document that is read as such has one.
STAMPS = ("UpdatedDateUTC", "UpdatedDateUTCString")
# What a field holds, as a person would say it.
TEXT, GUID, NUMBER, WHOLE, FLAG, DAY = "text", "guid", "number", "whole", "flag", "day"
INSTANT, MANY = "instant", "many"


@dataclasses.dataclass(frozen=True, slots=True)
class Spec:
    """What a document knows of one of its fields.

    :param convert: makes the plain value, or raises ValueError with a sentence
    :param keys: Xero's names, the first is also the one written; () if not flat
    :param limit: longest text that Xero takes
    :param role: VALUE, IDENTITY or ASIDE
    :param sent: whether a client may send it
    :param kind: TEXT, GUID, NUMBER, WHOLE, FLAG, DAY, INSTANT or MANY
    """

    convert: Callable
    keys: tuple[str, ...] = ()
    limit: int | None = None
    role: str = VALUE
    sent: bool = False
    kind: str = TEXT


def text(*keys, limit=None, cut=False, lines=False, default="", **spec):
    """Text; ``cut`` shortens it to ``limit`` at once, on both sides alike."""
    clean = values.clean_block if lines else values.clean_text
    convert = partial(clean, limit=limit) if cut else clean
    return _field(default, Spec(convert, keys, limit, **spec))


def guid(*keys, **spec):
    """An id of Xero's; the zero GUID reads as ''."""
    return _field("", Spec(values.clean_guid, keys, kind=GUID, **spec))


def own_id(key):
    """The document's own id: names it, but is no value to compare."""
    return guid(key, role=IDENTITY, sent=True)


def country(*keys, **spec):
    """A country's name in the letters that Xero takes."""
    return _field("", Spec(values.clean_country, keys, **spec))


def terms(**spec):
    """Payment terms, as `TermRule.text`."""
    return _field("", Spec(_to_terms, **spec))


def number(*keys, digits=None, default=Decimal(0), **spec):
    """A Decimal, rounded half up to ``digits``; ``default=None`` makes it optional."""
    convert = partial(_to_number, digits=digits)
    return _field(default, Spec(convert, keys, kind=NUMBER, **spec))


def whole(*keys, default=0, **spec):
    """A whole number."""
    return _field(default, Spec(to_whole, keys, kind=WHOLE, **spec))


def flag(*keys, default=False, **spec):
    """True or false."""
    return _field(default, Spec(_to_flag, keys, kind=FLAG, **spec))


def day(*keys, **spec):
    """A calendar day or None."""
    return _field(None, Spec(values.parse_date, keys, kind=DAY, **spec))


def updated():
    """When Xero last changed the document: naive UTC or None, no value to compare."""
    return _field(None, Spec(values.parse_datetime, STAMPS, role=ASIDE, kind=INSTANT))


def many(document, order=None, **spec):
    """A tuple of nested documents; dicts are read with ``from_values``.

    :param order: attribute by which they are sorted, where their order means nothing
    """
    convert = partial(_to_documents, document=document, order=order)
    return _field((), Spec(convert, kind=MANY, **spec))


def guids(**spec):
    """A sorted tuple of Xero's ids."""
    return _field((), Spec(_to_guids, kind=MANY, **spec))


def pairs(**spec):
    """A tuple of pairs of texts."""
    return _field((), Spec(_to_pairs, kind=MANY, **spec))


def absent():
    """Names of the fields that the payload did not carry, so that '' says nothing."""
    return dataclasses.field(
        default=(),
        kw_only=True,
        compare=False,
        repr=False,
        metadata={META: Spec(_to_names, role=ASIDE, kind=MANY)},
    )


def _field(default, spec):
    return dataclasses.field(default=default, metadata={META: spec})


def _to_terms(value):
    text = values.clean_text(value)
    return TermRule.from_text(text).text if text else ""


def _to_number(value, digits=None):
    exact = values.to_decimal(value)
    if digits is None or exact.as_tuple().exponent >= -digits:
        return exact
    return values.round_half_up(exact, digits)


def to_whole(value):
    """Return a whole number; raises ValueError."""
    exact = values.to_decimal(value)
    if exact != exact.to_integral_value():
        raise ValueError(f"{value!r} is not a whole number.")
    return int(exact)


def _to_flag(value):
    if isinstance(value, bool):
        return value
    # Some of Xero's answers hold "false" as text (BatchPayment.IsReconciled).
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise ValueError(f"{value!r} is neither true nor false.")


def _to_names(value):
    _expect_list(value)
    return tuple(value)


def _to_guids(items):
    _expect_list(items)
    return tuple(sorted(filter(None, map(values.clean_guid, items))))


def _to_pairs(items):
    _expect_list(items)
    return tuple((str(name), str(text)) for name, text in items)


def _to_documents(items, document, order=None):
    _expect_list(items)
    found = []
    for position, item in enumerate(items):
        try:
            plain = isinstance(item, document)
            found.append(item if plain else document.from_values(item))
        except MappingError as error:
            raise MappingError(str(error), f"{position}.{error.field}") from error
    if order:
        found.sort(key=operator.attrgetter(order))
    return tuple(found)


def _expect_list(items):
    if not isinstance(items, (list, tuple)):
        raise ValueError(f"{type(items).__name__} found where a list was expected.")
