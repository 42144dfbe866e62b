"""The three-way merge of one record's values, field by field."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

POLICIES = ("newest", "xero", "odoo", "ask")
_OURS, _THEIRS, _ASK = "ours", "theirs", "ask"


@dataclasses.dataclass(frozen=True, slots=True)
class Merge:
    """What to write where, and what to remember.

    :ivar agreed: the base of the next merge; a conflict keeps its old base
    :ivar to_ours: {field: value} to write in Odoo
    :ivar to_theirs: {field: value} to write in Xero
    :ivar conflicts: {field: (base, ours, theirs)} for a person to settle
    """

    agreed: dict[str, Any]
    to_ours: dict[str, Any]
    to_theirs: dict[str, Any]
    conflicts: dict[str, tuple[Any, Any, Any]]


def three_way(
    base: dict | None,
    ours: dict,
    theirs: dict,
    *,
    policy: str,
    ours_changed_at: dt.datetime | None = None,
    theirs_changed_at: dt.datetime | None = None,
    read_only_ours: Collection[str] = (),
    read_only_theirs: Collection[str] = (),
) -> Merge:
    """Merge the fields that both sides have; values as from `Document.values()`.

    With a base, a change of one side goes to the other; without (a first match, or a
    field that the base does not hold) an empty value never overwrites a filled one.
    What is left, both sides filled or changed differently, the policy settles.

    A field that Odoo can't take (``read_only_ours``) flows to Xero only, whatever the
    policy. A change of a field that Xero can't take stays in Odoo, unsent.

    :param policy: 'newest', 'xero', 'odoo' or 'ask'; 'newest' needs the two times and
        gives Xero the benefit of a tie
    """
    if policy not in POLICIES:
        raise ValueError(f"Unknown conflict policy {policy!r}.")
    if policy == "newest":
        policy = _newest(ours_changed_at, theirs_changed_at)
    referee = {"xero": _THEIRS, "odoo": _OURS, "ask": _ASK}[policy]
    merge = Merge({}, {}, {}, {})
    for field, our in ours.items():
        if field not in theirs:
            continue
        sides = (our, theirs[field])
        known = base is not None and field in base
        winner = _winner(known, base[field] if known else None, *sides)
        if winner is None:
            winner = _OURS if field in read_only_ours else referee
        _settle(merge, field, winner, sides, read_only_ours, read_only_theirs)
        if field in merge.conflicts:
            _keep_base(merge, field, base, sides)
    return merge


def _winner(known: bool, base, our, their) -> str | None:
    """The side whose value stands, 'same', or None where the policy must settle."""
    our, their, base = _plain(our), _plain(their), _plain(base)
    if our == their:
        return "same"
    if known:
        if our == base:
            return _THEIRS
        return _OURS if their == base else None
    if our == "":
        return _THEIRS
    return _OURS if their == "" else None


def _settle(merge, field, winner, sides, read_only_ours, read_only_theirs):
    our, their = sides
    if winner == _ASK:
        merge.conflicts[field] = ()
    elif winner == "same":
        merge.agreed[field] = our
    elif winner == _OURS:
        # Undelivered, the other's value is what was last seen there: as the base it
        # keeps this field quiet until the other side moves.
        merge.agreed[field] = their if field in read_only_theirs else our
        if field not in read_only_theirs:
            merge.to_theirs[field] = our
    else:
        merge.agreed[field] = our if field in read_only_ours else their
        if field not in read_only_ours:
            merge.to_ours[field] = their


def _keep_base(merge, field, base, sides):
    known = base is not None and field in base
    merge.conflicts[field] = (base[field] if known else None, *sides)
    if known:
        merge.agreed[field] = base[field]


def _newest(ours_at, theirs_at) -> str:
    if ours_at is None:
        return "xero"
    if theirs_at is None:
        return "odoo"
    return "odoo" if _utc(ours_at) > _utc(theirs_at) else "xero"


def _utc(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        return instant.replace(tzinfo=dt.timezone.utc)
    return instant


def _plain(value):
    """The form to compare by: None is '', texts are stripped."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value
