"""The three-way merge: each case of (base, ours, theirs), and what holds for all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import Choice, Merge, get_winner, three_way

EARLY, LATE = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)
POLICIES = ("newest", "xero", "odoo", "ask")


def merge(base, ours, theirs, policy="ask", **options):
    """Merge one field; None as base: the record was never merged."""
    base = None if base is None else {"f": base}
    return three_way(base, {"f": ours}, {"f": theirs}, policy=policy, **options)


def agreed(value):
    return Merge({"f": value}, {}, {}, {})


def taken(value):
    return Merge({"f": value}, {"f": value}, {}, {})


def sent(value):
    return Merge({"f": value}, {}, {"f": value}, {})


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a", "a", "a", agreed("a")),
        ("a", "b", "a", sent("b")),
        ("a", "a", "b", taken("b")),
        ("a", "b", "b", agreed("b")),
        ("a", "", "a", sent("")),
        ("a", "a", "", taken("")),
        ("a", "", "", agreed("")),
        ("", "b", "", sent("b")),
        ("", "", "b", taken("b")),
        (None, "a", "a", agreed("a")),
        (None, "a", "", sent("a")),
        (None, "", "b", taken("b")),
        (None, "", "", agreed("")),
        (None, None, "", agreed(None)),
        ("a", " a ", "a", agreed(" a ")),
        ("a", "a", "b ", taken("b ")),
        (None, "  ", "b", taken("b")),
        (True, True, False, taken(False)),
        ("10.5", "10.5", "11", taken("11")),
        ([1], [1, 2], [1], sent([1, 2])),
    ],
)
def test_without_conflict_the_policy_does_not_matter(
    base, ours, theirs, expected, policy
):
    assert merge(base, ours, theirs, policy) == expected


@pytest.mark.parametrize("base", ["a", "", None])
@pytest.mark.parametrize(
    ("policy", "times", "expected"),
    [
        ("xero", (), taken("c")),
        ("odoo", (), sent("b")),
        ("newest", (LATE, EARLY), sent("b")),
        ("newest", (EARLY, LATE), taken("c")),
        ("newest", (LATE, LATE), taken("c")),
        ("newest", (LATE, None), sent("b")),
        ("newest", (None, EARLY), taken("c")),
        ("newest", (None, None), taken("c")),
        ("newest", (LATE.replace(tzinfo=dt.timezone.utc), EARLY), sent("b")),
    ],
)
def test_conflict_is_settled_by_the_policy(base, policy, times, expected):
    options = dict(zip(("ours_changed_at", "theirs_changed_at"), times, strict=False))
    assert merge(base, "b", "c", policy, **options) == expected


def test_asked_conflict_writes_nothing_and_keeps_its_base():
    assert merge("a", "b", "c") == Merge({"f": "a"}, {}, {}, {"f": ("a", "b", "c")})
    assert merge(None, "b", "c") == Merge({}, {}, {}, {"f": (None, "b", "c")})


def test_cleared_here_and_changed_there_is_a_conflict():
    assert merge("a", "", "c").conflicts == {"f": ("a", "", "c")}
    assert merge("a", "", "c", "odoo") == sent("")


def test_switch_is_never_empty():
    assert merge(None, False, True).conflicts == {"f": (None, False, True)}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        # Xero can't take it: what we changed stays here, and quiet.
        ("a", "b", "a", Merge({"f": "a"}, {}, {}, {})),
        (None, "b", "", Merge({"f": ""}, {}, {}, {})),
        ("a", "a", "c", taken("c")),
        (None, "", "c", taken("c")),
    ],
)
def test_field_that_xero_cannot_take(base, ours, theirs, expected, policy):
    found = merge(base, ours, theirs, policy, read_only_theirs=("f",))
    assert found == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("xero", taken("c")),
        ("odoo", Merge({"f": "c"}, {}, {}, {})),
        ("ask", Merge({"f": "a"}, {}, {}, {"f": ("a", "b", "c")})),
    ],
)
def test_conflict_about_a_field_that_xero_cannot_take(policy, expected):
    assert merge("a", "b", "c", policy, read_only_theirs=("f",)) == expected


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a", "a", "c", Merge({"f": "a"}, {}, {}, {})),
        ("a", "b", "a", sent("b")),
        ("a", "b", "c", sent("b")),
        (None, "b", "c", sent("b")),
        (None, "", "c", Merge({"f": ""}, {}, {}, {})),
    ],
)
def test_field_that_flows_to_xero_only(base, ours, theirs, expected, policy):
    assert merge(base, ours, theirs, policy, read_only_ours=("f",)) == expected


def test_field_that_nobody_can_take_stays():
    found = merge("a", "b", "c", "xero", read_only_ours="f", read_only_theirs="f")
    assert not (found.to_ours or found.to_theirs or found.conflicts)


def test_field_that_the_base_does_not_hold_is_matched_anew():
    found = three_way(
        {"name": "A"}, {"name": "A", "f": ""}, {"name": "A", "f": "c"}, policy="ask"
    )
    assert found.to_ours == {"f": "c"}


def test_field_that_one_side_does_not_have_is_left_alone():
    base = {"f": "a", "g": "a"}
    found = three_way(base, {"f": "b"}, {"g": "b", "h": "c"}, policy="xero")
    assert found == Merge(base, {}, {}, {})
    later = three_way(found.agreed, {"f": "b"}, {"f": "a"}, policy="ask")
    assert later.to_theirs == {"f": "b"}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("base", ["a", "", None])
@pytest.mark.parametrize(
    ("side", "expected"), [("odoo", sent("b")), ("xero", taken("c"))]
)
def test_choice_of_a_person_is_stronger_than_the_policy(base, side, expected, policy):
    choices = {"f": Choice(side, "b", "c")}
    assert merge(base, "b", "c", policy, choices=choices) == expected


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("side", ["odoo", "xero"])
@pytest.mark.parametrize("seen", [("old", "c"), ("b", "old"), ("c", "b")])
def test_choice_that_either_side_has_left_behind_is_asked_again(side, seen, policy):
    found = merge("a", "b", "c", policy, choices={"f": Choice(side, *seen)})
    assert found == Merge({"f": "a"}, {}, {}, {"f": ("a", "b", "c")})


def test_choice_settles_its_own_field_only():
    found = three_way(
        {"f": "a", "g": "a"},
        {"f": "b", "g": "b"},
        {"f": "c", "g": "c"},
        policy="ask",
        choices={"f": Choice("xero", "b", "c")},
    )
    assert found.to_ours == {"f": "c"}
    assert set(found.conflicts) == {"g"}
    assert found.agreed == {"f": "c", "g": "a"}


def test_choice_of_a_conflict_that_is_gone_changes_nothing():
    choices = {"f": Choice("odoo", "b", "c")}
    assert merge("a", "c", "c", choices=choices) == agreed("c")
    # Odoo took its change back: only Xero has changed.
    assert merge("a", "a", "c", choices=choices) == taken("c")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "options", "reason"),
    [
        ("a", "b", "a", {}, "only_odoo"),
        ("a", "a", "", {}, "only_xero"),
        (None, "b", "", {}, "filled_odoo"),
        (None, "", "b", {}, "filled_xero"),
        ("a", "b", "c", {"policy": "odoo"}, "policy_odoo"),
        ("a", "b", "c", {"policy": "xero"}, "policy_xero"),
        ("a", "b", "c", {"policy": "newest", "at": (LATE, EARLY)}, "newest_odoo:86400"),
        ("a", "b", "c", {"policy": "newest", "at": (EARLY, LATE)}, "newest_xero:86400"),
        ("a", "b", "c", {"policy": "newest", "at": (LATE, LATE)}, "newest_xero:0"),
        ("a", "b", "c", {"policy": "newest", "at": (None, LATE)}, "newest_xero"),
        ("a", "b", "c", {"policy": "newest", "at": (LATE, None)}, "newest_odoo"),
        ("a", "b", "c", {"read_only_ours": "f"}, "one_way_odoo"),
        ("a", "b", "c", {"choices": {"f": Choice("xero", "b", "c")}}, "choice_xero"),
        ("a", "b", "c", {}, ""),
        ("a", "b", "b", {}, ""),
    ],
)
def test_reason_why_a_value_stands(base, ours, theirs, options, reason):
    times = options.pop("at", (None, None))
    options.update(ours_changed_at=times[0], theirs_changed_at=times[1])
    found = merge(base, ours, theirs, **options)
    assert found.reasons.get("f", "") == reason
    assert get_winner(reason) == ("" if not reason else reason.split(":")[0][-4:])


def test_newest_compares_the_times_of_the_field_where_they_are_known():
    fields = {"old": "a", "new": "a", "unknown": "a"}
    found = three_way(
        fields,
        dict.fromkeys(fields, "b"),
        dict.fromkeys(fields, "c"),
        policy="newest",
        ours_changed_at={"old": EARLY, "new": LATE + dt.timedelta(hours=1)},
        theirs_changed_at=LATE,
    )
    assert found.to_theirs == {"new": "b"}
    assert found.to_ours == {"old": "c", "unknown": "c"}


def test_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="loudest"):
        merge("a", "b", "c", "loudest")


FIELDS = ("name", "email", "phone", "archived")
texts = st.sampled_from(["", "a", "b", "c", " a"])
sides = st.fixed_dictionaries(
    {**dict.fromkeys(FIELDS[:3], texts), "archived": st.booleans()}
)
bases = st.none() | sides | st.dictionaries(st.sampled_from(FIELDS[:3]), texts)
policies = st.sampled_from(POLICIES)


def plain(values):
    return {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}


def both(ours, theirs, found):
    return plain({**ours, **found.to_ours}), plain({**theirs, **found.to_theirs})


@given(bases, sides, sides, policies)
def test_after_applying_both_sides_agree(base, ours, theirs, policy):
    found = three_way(base, ours, theirs, policy=policy)
    ours, theirs = both(ours, theirs, found)
    for field in FIELDS:
        if field in found.conflicts:
            assert policy == "ask"
        else:
            assert ours[field] == theirs[field] == plain(found.agreed)[field]


@given(bases, sides, sides, policies)
def test_merging_again_changes_nothing(base, ours, theirs, policy):
    found = three_way(base, ours, theirs, policy=policy)
    ours, theirs = {**ours, **found.to_ours}, {**theirs, **found.to_theirs}
    again = three_way(found.agreed, ours, theirs, policy=policy)
    assert (again.to_ours, again.to_theirs) == ({}, {})
    assert set(again.conflicts) == set(found.conflicts)


@given(sides, sides, sides, policies)
def test_what_only_one_side_changed_is_never_lost(base, ours, theirs, policy):
    found = three_way(base, ours, theirs, policy=policy)
    merged, _theirs = both(ours, theirs, found)
    b, o, t = plain(base), plain(ours), plain(theirs)
    for field in FIELDS:
        if o[field] != b[field] and t[field] == b[field]:
            assert merged[field] == o[field] and field in found.to_theirs
        if t[field] != b[field] and o[field] == b[field]:
            assert merged[field] == t[field] and field in found.to_ours


@given(sides, sides, policies)
def test_first_match_loses_no_filled_value_to_an_empty_one(ours, theirs, policy):
    found = three_way(None, ours, theirs, policy=policy)
    merged, _theirs = both(ours, theirs, found)
    for field in FIELDS[:3]:
        if plain(ours)[field] or plain(theirs)[field]:
            assert merged[field] or field in found.conflicts


@given(bases, sides, sides, policies, st.sets(st.sampled_from(FIELDS)))
def test_read_only_sides_are_never_written(base, ours, theirs, policy, names):
    found = three_way(base, ours, theirs, policy=policy, read_only_theirs=names)
    assert not names & set(found.to_theirs)
    mirrored = three_way(base, ours, theirs, policy=policy, read_only_ours=names)
    assert not names & set(mirrored.to_ours)


@given(bases, sides, sides, policies, st.sets(st.sampled_from(FIELDS)))
def test_undelivered_changes_do_not_come_up_again(base, ours, theirs, policy, names):
    found = three_way(base, ours, theirs, policy=policy, read_only_theirs=names)
    ours, theirs = {**ours, **found.to_ours}, {**theirs, **found.to_theirs}
    again = three_way(found.agreed, ours, theirs, policy=policy, read_only_theirs=names)
    assert (again.to_ours, again.to_theirs) == ({}, {})


@given(bases, sides, sides, policies, st.sets(st.sampled_from(FIELDS)))
def test_what_a_read_did_not_carry_is_neither_written_nor_forgotten(
    base, ours, theirs, policy, absent
):
    carried = {name: theirs[name] for name in theirs if name not in absent}
    found = three_way(base, ours, carried, policy=policy)
    for moved in (found.to_ours, found.to_theirs, found.conflicts):
        assert not absent & set(moved)
    for name in absent:
        assert found.agreed.get(name) == (base or {}).get(name)
    # The next whole read sees all that has happened.
    whole = three_way(base, ours, theirs, policy=policy)
    both_ours = {**ours, **found.to_ours}
    later = three_way(found.agreed, both_ours, theirs, policy=policy)
    for name in absent:
        for moved in ("to_ours", "to_theirs", "conflicts"):
            assert getattr(later, moved).get(name) == getattr(whole, moved).get(name)


@given(bases, sides, sides, policies, st.sampled_from(["odoo", "xero"]))
def test_choices_settle_every_conflict(base, ours, theirs, policy, side):
    asked = three_way(base, ours, theirs, policy="ask")
    choices = {
        name: Choice(side, our, their)
        for name, (_base, our, their) in asked.conflicts.items()
    }
    found = three_way(base, ours, theirs, policy=policy, choices=choices)
    assert not found.conflicts
    kept = found.to_theirs if side == "odoo" else found.to_ours
    assert set(choices) <= set(kept)


@given(bases, sides, sides, policies)
def test_every_move_has_a_reason(base, ours, theirs, policy):
    found = three_way(base, ours, theirs, policy=policy)
    assert {n for n, r in found.reasons.items() if get_winner(r) == "xero"} == set(
        found.to_ours
    )
    assert {n for n, r in found.reasons.items() if get_winner(r) == "odoo"} == set(
        found.to_theirs
    )


@given(bases, sides, sides, policies)
def test_inputs_are_not_changed(base, ours, theirs, policy):
    before = (dict(base) if base is not None else None, dict(ours), dict(theirs))
    three_way(base, ours, theirs, policy=policy)
    assert (base, ours, theirs) == before
