"""FieldMap: which fields of a document flow between the sides, and which way."""

import dataclasses
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from .field_rule import BOTH, FROM_XERO, OFF, TO_XERO

# Kept among a record's last agreed values. No field has such a name.
# Fields that were switched on since the last merge: what is empty of them does not win
# the next one, and before it nothing of them is sent.
RESUMED = "*resumed"
# What Xero was last seen to hold of the fields that are off.
SEEN = "*seen"
_EMPTY = ("", None, [])


@dataclasses.dataclass(frozen=True)
class FieldMap:
    """The accountant's choices for one document of one connection.

    :ivar directions: {field: direction} of all fields that have a counterpart in Odoo
    :ivar required: fields without which Xero refuses a new document
    :ivar unwritable: fields that Xero's API cannot write
    :ivar further: {field: the Odoo field that a person mapped to it}
    """

    directions: Mapping[str, str]
    required: frozenset[str] = frozenset()
    unwritable: frozenset[str] = frozenset()
    further: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def off(self) -> frozenset[str]:
        """Fields that neither side hears of."""
        return self._going(OFF)

    @cached_property
    def read_only_ours(self) -> frozenset[str]:
        """Fields that Odoo does not take from Xero: pass them to `three_way`."""
        return self._going(TO_XERO)

    @cached_property
    def read_only_theirs(self) -> frozenset[str]:
        """Fields that Xero is not sent: pass them to `three_way`."""
        return self._going(FROM_XERO) | self.unwritable

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Fields of which a new document in Xero is told nothing."""
        held_back = self._going(FROM_XERO, OFF) - self.unwritable
        return held_back - self.required

    @cached_property
    def not_taken(self) -> frozenset[str]:
        """Fields of which a new record in Odoo is told nothing."""
        return self._going(TO_XERO, OFF) - self.required

    def without_off(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values that take part in the sync."""
        if not self.off:
            return values
        return {name: v for name, v in values.items() if name not in self.off}

    # --- to Xero ------------------------------------------------------------

    def for_xero(self, data, base: Mapping | None = None):
        """Return the document without what Xero is not to be told.

        Some fields go together (the lines of an address): what is kept back of them
        then goes as Xero has it, by the last agreed values.

        :param base: the agreed values; None for a document that is new in Xero
        """
        theirs = dict.fromkeys(self.withheld)
        if base:
            known = {**base, **base.get(SEEN, {})}
            kept_back = self._going(FROM_XERO, OFF) - self.unwritable
            theirs.update((n, known[n]) for n in kept_back if n in known)
        return dataclasses.replace(data, **theirs) if theirs else data

    def changed(
        self, ours: Mapping, base: Mapping, unwritable: Collection[str] = ()
    ) -> set[str]:
        """Return the fields that Xero is to be sent of a document it has.

        What was not compared since it was switched on is compared first: the other side
        may have moved as well.

        :param unwritable: fields that Xero does not take of this very document
        """
        waiting = base.get(RESUMED, ())
        return {
            name
            for name, value in ours.items()
            if name not in self.read_only_theirs
            and name not in unwritable
            and (value or "") != (base.get(name) or "")
            and name not in waiting
        }

    # --- from Xero ----------------------------------------------------------

    def for_odoo(self, data):
        """Return the document without what a new record here is not to be told."""
        if not self.not_taken:
            return data
        return dataclasses.replace(data, **dict.fromkeys(self.not_taken))

    def merge_base(self, base: dict | None, ours: Mapping, theirs: Mapping):
        """Return the base to merge with: where a field has been off for a while, an
        empty value must not overwrite a filled one, whoever emptied it."""
        if not base:
            return base
        forgotten = {RESUMED, SEEN} | {
            name
            for name in base.get(RESUMED, ())
            if ours.get(name) in _EMPTY or theirs.get(name) in _EMPTY
        }
        return {name: v for name, v in base.items() if name not in forgotten}

    def next_base(self, agreed: dict, base: dict | None, theirs: Mapping) -> dict:
        """Return what to remember after a merge.

        :param agreed: what `three_way` says; of fields that took no part, the old base
        :param theirs: all of Xero's values, as far as the read carried them
        """
        seen = (base or {}).get(SEEN, {}) if self.off else {}
        seen = {**seen, **theirs}
        seen = {name: seen[name] for name in sorted(self.off) if name in seen}
        waiting = [
            name
            for name in (base or {}).get(RESUMED, ())
            if name in self.off or name not in theirs
        ]
        marks = {SEEN: seen, RESUMED: waiting}
        return {**agreed, **{name: mark for name, mark in marks.items() if mark}}

    def _going(self, *ways: str) -> frozenset[str]:
        return frozenset(n for n, way in self.directions.items() if way in ways)


def widens(old: str, new: str) -> bool:
    """Whether a change of direction lets values flow where none did."""
    ways = {BOTH: {TO_XERO, FROM_XERO}, OFF: set()}
    return bool(ways.get(new, {new}) - ways.get(old, {old}))
