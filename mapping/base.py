"""The base of all documents: one frozen dataclass per Xero document.

A document is plain from birth: whichever side builds it (a record's values with
Odoo's False and floats, or a JSON payload with nulls), its fields are converted once,
so that equality, fingerprint, difference and merge mean the same on both sides.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from . import values as plain
from .errors import MappingError
from .fields import IDENTITY, META, STAMPS, VALUE, Spec, absent


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """What every document can do; subclasses declare fields with `mapping.fields`."""

    resource: ClassVar[str] = ""
    id_field: ClassVar[str] = ""
    # Field -> elements of Xero, of which a payload holds one if it carries the field.
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {}

    absent: tuple[str, ...] = absent()

    def __post_init__(self):
        for name, spec, default in specs(type(self)):
            value = getattr(self, name)
            try:
                # Most fields of most documents are empty: what is plain stays so.
                empty = value is None or value is default
                clean = default if empty else spec.convert(value)
            except MappingError as error:
                raise MappingError(str(error), f"{name}.{error.field}") from error
            except ValueError as error:
                raise MappingError(f"{_label(name)}: {error}", name) from error
            if clean is not value:
                object.__setattr__(self, name, clean)

    @classmethod
    def from_xero(cls, payload: dict):
        """Read one element of Xero's answer; raises MappingError."""
        return cls(**cls._read(payload))

    @classmethod
    def from_values(cls, values: dict):
        """Build the document from `values()`; unknown keys are left out, for a
        snapshot may come from an older or newer version of the addon."""
        expect_object(values, cls.__name__)
        return cls(**{n: values[n] for n, _spec, _d in specs(cls) if n in values})

    def values(self) -> dict[str, Any]:
        """Return what the two sides agree about, ready for JSON.

        Decimals and days are text in one spelling, nested documents dicts. The
        document's own id, merge target and time stamps are not values.
        """
        return self._encode((VALUE,))

    def fingerprint(self) -> str:
        """Return the SHA-256 of the values, in hex: equal if and only if they are."""
        canonical = json.dumps(
            self.values(), sort_keys=True, separators=(",", ":"), ensure_ascii=True
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def diff(self, other) -> dict[str, tuple[Any, Any]]:
        """Return {field: (this one's, the other's)} for the values that differ."""
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} can't be compared with {other!r}.")
        pairs = {
            name: (getattr(self, name), getattr(other, name))
            for name, spec, _default in specs(type(self))
            if spec.role == VALUE
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @classmethod
    def _read(cls, payload) -> dict[str, Any]:
        """Return {field: raw value} of the flat fields of a payload."""
        source = expect_object(payload, cls.resource or cls.__name__)
        found = {
            name: _first(source, spec.keys)
            for name, spec, _default in specs(cls)
            if spec.keys
        }
        found["absent"] = cls._find_absent(source)
        return found

    @classmethod
    def _find_absent(cls, payload: dict) -> tuple[str, ...]:
        """Return the fields of which a payload says nothing.

        Xero leaves out what is empty, so that a missing element is an empty one. But
        short forms leave out what is filled as well: a stub in another document, which
        has no time stamp, all but a few texts; a summary or a list without pages, what
        `CARRIED_BY` tells.
        """
        signs, carried = cls.CARRIED_BY, payload.keys()
        if cls.id_field and carried.isdisjoint(STAMPS):
            signs = {n: spec.keys for n, spec, _d in specs(cls) if spec.keys} | signs
            # What a stub has of lists is empty, whatever they hold.
            carried = {key for key, value in payload.items() if value}
        return tuple(n for n, keys in signs.items() if carried.isdisjoint(keys))

    def _write(self, changed: Collection[str] | None = None) -> dict[str, Any]:
        """Return the flat part of a payload: all filled fields, or those ``changed``
        (an empty text clears; what is None can't be cleared and is left out)."""
        payload = {}
        for name, spec, _default in specs(type(self)):
            value = getattr(self, name)
            if not spec.sent or not spec.keys or value is None:
                continue
            if spec.role == IDENTITY or changed is None:
                wanted = value != ""
            else:
                wanted = name in changed
            if wanted:
                payload[spec.keys[0]] = to_wire(value)
        return payload

    def _too_long(self) -> list[tuple[str, str]]:
        """Return (field, sentence) of the texts that are longer than Xero takes."""
        return [
            (name, f"{_label(name)} is longer than {spec.limit} characters.")
            for name, spec, _default in specs(type(self))
            if spec.limit and plain.text_length(getattr(self, name)) > spec.limit
        ]

    def _encode(self, roles) -> dict[str, Any]:
        return {n: _to_json(getattr(self, n)) for n in _names(type(self), roles)}


@cache
def specs(document: type) -> tuple[tuple[str, Spec, Any], ...]:
    """Return (name, spec, default) of a document's fields."""
    return tuple(
        (field.name, field.metadata[META], field.default)
        for field in dataclasses.fields(document)
    )


@cache
def _names(document: type, roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, spec, _d in specs(document) if spec.role in roles)


def text_of(payload: dict, key: str) -> str:
    """Return a nested text, cleaned; '' when null or absent. Raises MappingError."""
    value = payload.get(key)
    if value is None or value == "":
        return ""
    try:
        return plain.clean_text(value)
    except ValueError as error:
        raise MappingError(f"{key}: {error}", key) from error


def expect_object(payload, label: str) -> dict:
    """Return ``payload`` if it is a JSON object; raises MappingError."""
    if isinstance(payload, dict):
        return payload
    found = type(payload).__name__
    raise MappingError(f"{label}: {found} found where an object was expected.", label)


def child(payload: dict, key: str) -> dict:
    """Return a nested object; {} when it is null or absent."""
    return expect_object({} if payload.get(key) is None else payload[key], key)


def children(payload: dict, key: str) -> list[dict]:
    """Return a nested list of objects, without nulls; [] when null or absent."""
    items = payload.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        found = type(items).__name__
        raise MappingError(f"{key}: {found} found where a list was expected.", key)
    return [expect_object(item, key) for item in items if item is not None]


def read_children(payload: dict, key: str, document: type[Document], field: str):
    """Return the nested documents; an error names ``field`` and the place in it."""
    found = []
    for position, item in enumerate(children(payload, key)):
        try:
            found.append(document.from_xero(item))
        except MappingError as error:
            raise MappingError(
                f"{_label(field)} {position + 1}: {error}",
                f"{field}.{position}.{error.field}",
            ) from error
    return tuple(found)


def to_wire(value):
    """Return a value as it is sent: days as YYYY-MM-DD, Decimals as they are."""
    return plain.iso_date(value) if isinstance(value, dt.date) else value


def _first(source: dict, keys: tuple[str, ...]):
    for key in keys:
        if source.get(key) not in (None, ""):
            return source[key]
    return None


def _to_json(value):
    if type(value) is str:
        return value
    if isinstance(value, Decimal):
        return plain.decimal_text(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Document):
        return value._encode((VALUE, IDENTITY))
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    return value


def _label(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()
