"""What the code itself says of each field of a document: the ground of the data map."""

import dataclasses
from collections.abc import Collection, Mapping

from . import fields
from .base import Document, specs

BOTH, TO_XERO, FROM_XERO, OFF = "both", "to_xero", "from_xero", "off"
# What a person can map a field of their own to.
_MAPPABLE = (fields.TEXT, fields.NUMBER, fields.WHOLE, fields.FLAG, fields.DAY)


@dataclasses.dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a document, and what may be done with it.

    :ivar field: its name in the dataclass
    :ivar held_by: Odoo's fields that hold it by default; () where it is free
    :ivar directions: which ways it may go, the default first
    :ivar required: whether Xero refuses the document without it
    :ivar kind: what it holds, as `mapping.fields` names it
    :ivar limit: longest text that Xero takes, or None
    :ivar element: Xero's name of it in the API, or '' for a part of a nested element
    """

    field: str
    held_by: tuple[str, ...]
    directions: tuple[str, ...]
    required: bool
    kind: str
    limit: int | None
    element: str

    @property
    def is_free(self) -> bool:
        """Whether an Odoo field of the user's choice can be mapped to it."""
        return not self.held_by and bool(self.directions)

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return len(self.directions) < 2


def two_way_rules(
    document: type[Document],
    held: Mapping[str, tuple[str, ...]],
    *,
    read_only: Collection[str] = (),
    derived: Collection[str] = (),
) -> dict[str, FieldRule]:
    """Return {field: rule} of a document that both sides may change.

    :param held: {field: Odoo's fields that hold it}
    :param read_only: fields that Xero's API cannot write
    :param derived: fields that the code fills by itself and nobody maps
    """
    required = required_fields(document)
    rules = {}
    for name, spec, _default in specs(document):
        if spec.role != fields.VALUE or name in derived:
            continue
        if name not in held and spec.kind not in _MAPPABLE:
            continue
        fixed = name in read_only or bool(spec.keys and not spec.sent)
        directions = (FROM_XERO, OFF) if fixed else (BOTH, TO_XERO, FROM_XERO, OFF)
        if name in required:
            directions = directions[:-1]
        rules[name] = _rule(name, spec, held.get(name, ()), directions, required)
    return rules


def mirror_rules(
    document: type[Document],
    held: Mapping[str, tuple[str, ...]],
    *,
    sent_once: Collection[str],
) -> dict[str, FieldRule]:
    """Return {field: rule} of a document that Odoo asks for, and Xero then owns.

    :param held: {field: Odoo's fields that hold it}
    :param sent_once: what Odoo says when it asks for the document
    """
    required = required_fields(document)
    return {
        name: _rule(
            name,
            spec,
            held[name],
            (TO_XERO if name in sent_once else FROM_XERO,),
            required & set(sent_once),
        )
        for name, spec, _default in specs(document)
        if name in held
    }


def required_fields(document: type[Document]) -> frozenset[str]:
    """Return what an empty document lacks: Xero's demands are written down once."""
    return frozenset(field for field, _sentence in document().problems())


def _rule(name, spec, held_by, directions, required):
    element = spec.keys[0] if spec.keys else ""
    return FieldRule(
        name, held_by, directions, name in required, spec.kind, spec.limit, element
    )
