"""Persons of a contact: read, written, and merged one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import ContactData, MappingError, PersonData, merge_persons, three_way
from mapping.person import is_same_name, split_name


def person(name, email="", include=False):
    return {"name": name, "email": email, "include_in_emails": include}


ANN = person("Ann Lee", "ann@example.com")
BOB = person("Bob Ray", "bob@example.com")
CAT = person("Cat Moe")


@pytest.mark.parametrize(
    ("payload", "name", "email"),
    [
        ({"FirstName": "Ann", "LastName": "Lee"}, "Ann Lee", ""),
        ({"FirstName": " Ann  Maria ", "LastName": None}, "Ann Maria", ""),
        ({"LastName": "نور"}, "نور", ""),
        ({"EmailAddress": "a@example.com"}, "a@example.com", "a@example.com"),
        ({"FirstName": "Zoë 🥝", "LastName": "\x00Lee"}, "Zoë 🥝 Lee", ""),
        ({}, "", ""),
    ],
)
def test_person_is_read(payload, name, email):
    found = PersonData.from_xero(payload)
    assert (found.name, found.email) == (name, email)


@pytest.mark.parametrize(
    ("name", "hint", "parts"),
    [
        ("Ann Lee", "", ("Ann", "Lee")),
        ("Ann Maria Lee", "", ("Ann", "Maria Lee")),
        ("Ann Maria Lee", "Ann Maria", ("Ann Maria", "Lee")),
        ("Anna Lee", "Ann", ("Anna", "Lee")),
        ("Cher", "", ("Cher", "")),
        ("", "", ("", "")),
    ],
)
def test_name_is_divided_as_xero_had_it(name, hint, parts):
    assert split_name(name, hint) == parts


@pytest.mark.parametrize(
    ("name", "first", "last", "same"),
    [
        ("Ann Lee", "ann", "LEE", True),
        ("Lee, Ann", "Ann", "Lee", True),
        ("Lee Ann", "Ann", "Lee", True),
        ("Cher", "Cher", "", True),
        ("Acme Ltd", "Ann", "Lee", False),
        ("Acme Ltd", "", "", False),
        ("أحمد علي", "أحمد", "علي", True),
    ],
)
def test_contact_is_a_person_when_the_names_make_up_its_name(name, first, last, same):
    assert is_same_name(name, first, last) is same
    assert ContactData(name=name, first_name=first, last_name=last).is_person is same


def test_unreadable_person_names_its_place():
    payload = {"Name": "A", "ContactPersons": [{}, {"LastName": ["x"]}]}
    with pytest.raises(MappingError) as caught:
        ContactData.from_xero(payload)
    assert caught.value.field == "persons.1.LastName"


def test_nameless_person_goes_back_without_a_name():
    sent = PersonData.from_xero({"EmailAddress": "a@example.com"}).to_xero()
    assert sent["FirstName"] == sent["LastName"] == ""


def test_division_of_names_that_odoo_cannot_guess_is_remembered():
    payload = {
        "Name": "Acme",
        "ContactPersons": [
            {"FirstName": "Ann Maria", "LastName": "Lee"},
            {"FirstName": "Bob", "LastName": "Ray"},
        ],
    }
    aside = ContactData.from_xero(payload).aside()
    assert aside == {"first_names": {"Ann Maria Lee": "Ann Maria"}}
    ours = ContactData(name="Acme", persons=[person("Ann Maria Lee")])
    [sent] = ours.to_xero({"persons"}, aside)["ContactPersons"]
    assert (sent["FirstName"], sent["LastName"]) == ("Ann Maria", "Lee")


def test_six_persons_are_no_failure():
    data = ContactData(name="A", persons=[person(f"P {n}") for n in range(7)])
    assert len(data.to_xero()["ContactPersons"]) == 5
    assert data.problems() == []


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        # added on both sides: both survive
        ([], [ANN], [BOB], [ANN, BOB]),
        ([CAT], [CAT, ANN], [CAT, BOB], [ANN, BOB, CAT]),
        # nobody is removed that was not agreed
        (None, [ANN], [BOB], [ANN, BOB]),
        (None, [], [BOB], [BOB]),
        # removed on one side
        ([ANN, BOB], [ANN, BOB], [ANN], [ANN]),
        ([ANN, BOB], [BOB], [ANN, BOB], [BOB]),
        # removed there, changed here: stays
        ([ANN], [person("Ann Lee-Ray", "ann@example.com")], [], None),
        # the same person with a new address
        ([ANN], [ANN], [person("Ann Lee", "a.lee@example.com")], None),
        # an address here, a name there: both arrive
        (
            [CAT],
            [person("Cat Moe", "cat@example.com")],
            [person("Cat Moe", "", True)],
            [person("Cat Moe", "cat@example.com", True)],
        ),
        # found by e-mail without regard to case, on a first match
        (None, [person("Ann", "ANN@example.com")], [ANN], None),
        # two that share an address are two
        (
            [person("A", "i@x.com"), person("B", "i@x.com")],
            [person("A", "i@x.com"), person("B", "i@x.com")],
            [person("A", "i@x.com")],
            [person("A", "i@x.com")],
        ),
        # the same name with two addresses, both new: two persons
        (
            [],
            [person("Ann Lee", "a@x.com")],
            [person("Ann Lee", "b@x.com")],
            [person("Ann Lee", "a@x.com"), person("Ann Lee", "b@x.com")],
        ),
        # one of them without an address: one person
        ([], [person("Ann Lee")], [ANN], [ANN]),
    ],
)
def test_persons_are_merged_one_by_one(base, ours, theirs, merged):
    found, clash = merge_persons(base, ours, theirs, "xero")
    assert not clash
    if merged is None:
        assert len(found) == 1
        merged = found
    assert found == merged
    # Settled: a second merge changes nothing.
    assert merge_persons(found, found, found, "xero") == (found, False)


def test_both_changed_one_field_of_a_person():
    base = [ANN]
    ours = [person("Ann Lee", "1@example.com")]
    theirs = [person("Ann Lee", "2@example.com")]
    assert merge_persons(base, ours, theirs, "odoo") == (ours, False)
    assert merge_persons(base, ours, theirs, "xero") == (theirs, False)
    assert merge_persons(base, ours, theirs, "ask")[1] is True


def test_three_way_asks_about_persons_and_keeps_the_base():
    ours = {"persons": [person("Ann Lee", "1@example.com")]}
    theirs = {"persons": [person("Ann Lee", "2@example.com")]}
    merge = three_way(
        {"persons": [ANN]},
        ours,
        theirs,
        policy="ask",
        mergers={"persons": merge_persons},
    )
    assert set(merge.conflicts) == {"persons"}
    assert merge.agreed == {"persons": [ANN]}
    assert not merge.to_ours and not merge.to_theirs


@pytest.mark.parametrize(
    ("one_way", "to_ours", "to_theirs"),
    [
        ({}, [ANN, BOB], [ANN, BOB]),
        ({"read_only_theirs": ["persons"]}, [ANN, BOB], None),
        ({"read_only_ours": ["persons"]}, None, [ANN]),
    ],
)
def test_persons_that_go_one_way_only(one_way, to_ours, to_theirs):
    sides = {"persons": [ANN]}, {"persons": [BOB]}
    kwargs = {"policy": "ask", "mergers": {"persons": merge_persons}, **one_way}
    merge = three_way(None, *sides, **kwargs)
    assert merge.to_ours.get("persons") == to_ours
    assert merge.to_theirs.get("persons") == to_theirs
    # With what was agreed on, a second merge sends nothing that it has not sent.
    ours = {"persons": to_ours or [ANN]}
    theirs = {"persons": to_theirs or [BOB]}
    again = three_way(merge.agreed, ours, theirs, **kwargs)
    assert not again.to_ours and not again.to_theirs


names = st.sampled_from(["Ann", "Bob", "Cat", "نور", "Zoë 🥝"])
emails = st.sampled_from(["", "a@x.com", "b@x.com", "info@x.com"])
lists = st.lists(st.builds(person, names, emails, st.booleans()), max_size=4).map(
    lambda people: sorted(people, key=lambda p: (p["name"].casefold(), p["email"]))
)


@given(lists, lists, lists)
def test_after_a_merge_both_sides_agree_and_nobody_new_is_lost(base, ours, theirs):
    merged, _clash = merge_persons(base, ours, theirs, "xero")
    assert merge_persons(merged, merged, merged, "ask") == (merged, False)
    known = {p["name"] for p in base} | {p["email"] for p in base}
    kept = {p["name"] for p in merged} | {p["email"] for p in merged}
    for one in ours + theirs:
        if not {one["name"], one["email"] or one["name"]} & known:
            assert {one["name"], one["email"]} & kept


@given(lists, lists)
def test_what_one_side_changed_arrives_whole(base, ours):
    merged, clash = merge_persons(base, ours, base, "ask")
    assert not clash
    assert sorted(map(str, merged)) == sorted(map(str, ours))
