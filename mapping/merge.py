"""The three-way merge of one record's values, field by field."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

POLICIES = ("newest", "xero", "odoo", "ask")
_OURS, _THEIRS, _ASK = "odoo", "xero", "ask"

# Why a field's value stands: the side is put into it, 'odoo' or 'xero'.
ONLY = "only_{}"  # the other side had not changed
FILLED = "filled_{}"  # the other side was empty when they met first
ONE_WAY = "one_way_{}"  # the field flows to Xero only
POLICY = "policy_{}"
NEWEST = "newest_{}"  # ":" and the seconds between the changes follow, if known
CHOICE = "choice_{}"  # a person's


@dataclasses.dataclass(frozen=True, slots=True)
class Merge:
    """What to write where, and what to remember.

    :ivar agreed: the base of the next merge; a conflict keeps its old base
    :ivar to_ours: {field: value} to write in Odoo
    :ivar to_theirs: {field: value} to write in Xero
    :ivar conflicts: {field: (base, ours, theirs)} for a person to settle
    :ivar reasons: {field: why one side's value stands}; see `get_winner`
    """

    agreed: dict[str, Any]
    to_ours: dict[str, Any]
    to_theirs: dict[str, Any]
    conflicts: dict[str, tuple[Any, Any, Any]]
    reasons: dict[str, str] = dataclasses.field(default_factory=dict, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a field in conflict.

    :ivar side: 'odoo' or 'xero'
    :ivar ours: Odoo's value that the person saw
    :ivar theirs: Xero's value that the person saw
    """

    side: str
    ours: Any
    theirs: Any

    def fits(self, ours, theirs) -> bool:
        """Return whether both sides still hold what the person saw."""
        return same(self.ours, ours) and same(self.theirs, theirs)


def three_way(
    base: dict | None,
    ours: dict,
    theirs: dict,
    *,
    policy: str,
    ours_changed_at: dt.datetime | Mapping[str, dt.datetime] | None = None,
    theirs_changed_at: dt.datetime | None = None,
    read_only_ours: Collection[str] = (),
    read_only_theirs: Collection[str] = (),
    choices: Mapping[str, Choice] | None = None,
    mergers: Mapping[str, Callable] | None = None,
) -> Merge:
    """Merge the fields that both sides have; values as from `Document.values()`.

    With a base, a change of one side goes to the other; without (a first match, or a
    field that the base does not hold) an empty value never overwrites a filled one.
    What is left, both sides filled or changed differently, the policy settles.

    A field that one side does not hold, because a read did not carry it, is left alone
    and keeps its base.

    A field that Odoo can't take (``read_only_ours``) flows to Xero only, whatever the
    policy. A change of a field that Xero can't take stays in Odoo, unsent.

    :param policy: 'newest', 'xero', 'odoo' or 'ask'; 'newest' needs the two times and
        gives Xero the benefit of a tie
    :param ours_changed_at: when Odoo's values were changed, the record's or by field
    :param choices: {field: what a person chose}, stronger than the policy; where a side
        has moved since the person looked, the person is asked again
    :param mergers: {field: function} for lists that are merged element by element; it
        takes base, ours, theirs and who settles a conflict ('odoo', 'xero' or 'ask'),
        and returns the merged list and whether a person has to be asked
    """
    if policy not in POLICIES:
        raise ValueError(f"Unknown conflict policy {policy!r}.")
    unseen = set(base or ()) - (ours.keys() & theirs.keys())
    merge = Merge({field: base[field] for field in unseen}, {}, {}, {})
    for field, our in ours.items():
        if field not in theirs:
            continue
        known = base is not None and field in base
        sides = (our, theirs[field])
        if mergers and field in mergers:
            times = _at(ours_changed_at, field), theirs_changed_at
            referee = _referee(policy, *times)[0]
            if choices and field in choices:
                referee = choices[field].side if choices[field].fits(*sides) else _ASK
            outcome = mergers[field](base[field] if known else None, *sides, referee)
            one_way = field in read_only_ours, field in read_only_theirs
            _settle_list(merge, field, outcome, sides, one_way)
            if field in merge.conflicts:
                _keep_base(merge, field, base, sides)
            continue
        winner, why = _winner(known, base[field] if known else None, *sides)
        if winner is None and field in read_only_ours:
            winner, why = _OURS, ONE_WAY
        elif winner is None and choices and field in choices:
            fits = choices[field].fits(*sides)
            winner, why = choices[field].side if fits else _ASK, CHOICE
        elif winner is None:
            times = _at(ours_changed_at, field), theirs_changed_at
            winner, why = _referee(policy, *times)
        _settle(merge, field, winner, sides, read_only_ours, read_only_theirs)
        if winner in (_OURS, _THEIRS):
            merge.reasons[field] = why.format(winner)
        if field in merge.conflicts:
            _keep_base(merge, field, base, sides)
    return merge


def same(one, other) -> bool:
    """Return whether two values mean the same: None is '', texts are stripped."""
    return _plain(one) == _plain(other)


def get_winner(reason: str) -> str:
    """Return whose value stands by a reason: 'odoo' or 'xero'; '' without a reason."""
    return reason.partition(":")[0].rpartition("_")[2]


def _winner(known: bool, base, our, their) -> tuple[str | None, str]:
    """The side whose value stands, 'same', or None where someone must settle; why."""
    our, their, base = _plain(our), _plain(their), _plain(base)
    if our == their:
        return "same", ""
    if known:
        if our == base:
            return _THEIRS, ONLY
        return (_OURS, ONLY) if their == base else (None, "")
    if our == "":
        return _THEIRS, FILLED
    return (_OURS, FILLED) if their == "" else (None, "")


def _referee(policy, ours_at, theirs_at) -> tuple[str, str]:
    """Settle a conflict by the policy."""
    if policy != "newest":
        return policy, POLICY
    if ours_at is None:
        return _THEIRS, NEWEST
    if theirs_at is None:
        return _OURS, NEWEST
    seconds = int((_utc(ours_at) - _utc(theirs_at)).total_seconds())
    # Odoo's clock has whole seconds: less is a tie.
    return (_OURS if seconds > 0 else _THEIRS), f"{NEWEST}:{abs(seconds)}"


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


def _settle_list(merge, field, outcome, sides, one_way):
    (merged, clash), (our, their) = outcome, sides
    to_xero_only, to_odoo_only = one_way
    if to_xero_only:
        merged, clash = our, False
    if clash:
        merge.conflicts[field] = ()
        return
    # See `_settle` for what is agreed on where one side is not told.
    merge.agreed[field] = their if to_odoo_only else merged
    if merged != our:
        merge.to_ours[field] = merged
    if merged != their and not to_odoo_only:
        merge.to_theirs[field] = merged
    if (merged == our) != (merged == their):
        why = ONE_WAY if to_xero_only else ONLY
        merge.reasons[field] = why.format(_OURS if merged == our else _THEIRS)


def _keep_base(merge, field, base, sides):
    known = base is not None and field in base
    merge.conflicts[field] = (base[field] if known else None, *sides)
    if known:
        merge.agreed[field] = base[field]


def _at(changed_at, field) -> dt.datetime | None:
    if isinstance(changed_at, Mapping):
        return changed_at.get(field)
    return changed_at


def _utc(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        return instant.replace(tzinfo=dt.timezone.utc)
    return instant


def _plain(value):
    """The form to compare by: None is '', texts are stripped."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value
