"""Which pairs are looked at, and how alike they are."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.contact import ContactData
from mapping.matching import Candidate, Matcher
from mapping.name_likeness import name_likeness
from mapping.similarity import compare
from mapping.traits import (
    Traits,
    address_key,
    blocking_keys,
    mail_domain,
    phone_key,
    rule_keys,
)
from mapping.words import core_words

NAMES = st.text(max_size=40)
# One name, spelled in two ways, piece by piece.
SPELLINGS = (
    "aA",
    "éÉ",
    ("é", "e\u0301"),
    ("ß", "ss"),
    (" ", "  "),
    ".",
    ("", "\u200b"),
)
NAMESAKES = st.lists(
    st.sampled_from(SPELLINGS)
    .map(list)
    .flatmap(
        lambda pieces: st.tuples(st.sampled_from(pieces), st.sampled_from(pieces))
    ),
    max_size=8,
).map(lambda pairs: tuple(map("".join, zip(*pairs, strict=True))) or ("", ""))
TRAITS = st.builds(
    Traits,
    id=st.integers(0, 9),
    name=NAMES,
    email=st.sampled_from(["", "a@kauri.nz", "b@kauri.nz", "a@gmail.com", "nonsense"]),
    phones=st.tuples(st.sampled_from(["", "+64 9 555 0101", "(09) 5550101", "911"])),
    tax_number=st.sampled_from(["", "49-091-850", "49091850", "12", "DE123456789"]),
    account_number=st.sampled_from(["", "C-1", "c-1"]),
    street=st.sampled_from(["", "1 Queen St", "1 Queen Street", "PO Box 7"]),
    postal_code=st.sampled_from(["", "1010", "10 10"]),
)


def score(**pairs):
    """Score two records; each trait is given as (contact's, customer's)."""
    sides = [{name: pair[side] for name, pair in pairs.items()} for side in (0, 1)]
    return compare(*(Traits(**side) for side in sides))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kauri Builders Ltd", "Kauri Builders Limited"),
        ("KAURI BUILDERS", "kauri  builders (NZ) Ltd".replace("(NZ) ", "")),
        ("Koch & Söhne GmbH", "Koch und Sohne"),
        ("A.C.M.E. Inc.", "Acme"),
        ("Open Wood S.à r.l.", "OpenWood SA"),
        ("Sydney Traders Pty Ltd", "Sydney Traders Pty. Limited"),
        ("Société Générale S.A.R.L.", "Societe Generale"),
        ("O'Brien & Co", "OBrien"),
        ("Smith, John", "John Smith"),
        ("Sun Flower", "Sunflower"),
        ("Straße 7 GmbH", "STRASSE 7"),
    ],
)
def test_names_that_are_one(one, other):
    assert score(name=(one, other)).hints == (("same_name", 0),)
    assert score(name=(one, other)).score >= 80
    assert blocking_keys(Traits(name=one)) & blocking_keys(Traits(name=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kauri Bilders", "Kauri Builders Ltd"),
        ("Jon Smith", "John Smith"),
        ("Tui Tour", "Tui Tours Ltd"),
        ("Petrie McLoud Watson", "Petrie MacLoud Watson"),
        ("J Smith", "John Smith"),
    ],
)
def test_slips_of_the_pen_are_asked_about(one, other):
    assert 60 <= score(name=(one, other)).score < 80
    assert blocking_keys(Traits(name=one)) & blocking_keys(Traits(name=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Shore Plumbing", "South Shore Plumbing"),
        ("Branch 1", "Branch 2"),
        ("Customer 00001", "Customer 00002"),
        ("Kauri Builders", "Kauri Plumbers"),
        ("Limited", "Ltd Services"),
        ("", "Kauri"),
        ("Ana", "Ann"),
    ],
)
def test_names_that_are_others(one, other):
    assert score(name=(one, other)).score < 60


def test_each_piece_of_evidence_has_its_reason():
    found = score(
        name=("Kauri", "Totara"),
        email=("a@kauri.nz", "b@kauri.nz"),
        phones=(("", "+64 9 555 0101"), ("09 555-0101",)),
        street=("Level 2, 1 Queen St", "1 Queen Street"),
        postal_code=("1010", "1010"),
    )
    assert [reason for reason, _percent in found.hints] == [
        "domain",
        "phone",
        "address",
    ]
    assert 60 <= found.score < 100


def test_what_many_share_is_no_evidence():
    traits = [Traits(email=f"{name}@kauri.nz", phones=("5550101",)) for name in "ab"]
    assert compare(*traits).score > 60
    assert compare(*traits, shared=["d:kauri.nz"]).hints == (("domain", 0),)
    assert compare(*traits, shared=[]).score == 0


def test_host_of_private_mail_says_nothing():
    assert score(email=("a@gmail.com", "b@gmail.com")).score == 0
    assert mail_domain("a@gmail.com") == ""
    assert mail_domain("A@Kauri.NZ") == "kauri.nz"
    assert mail_domain("no address") == mail_domain("a@localhost") == ""


def test_other_tax_number_makes_it_unlikely():
    alike = {"name": ("Kauri", "Kauri Ltd"), "email": ("a@k.nz", "b@k.nz")}
    other = score(tax_number=("49-091-850", "49-091-851"), **alike)
    assert other.score < 60 < score(**alike).score
    assert ("other_tax_number", 0) in other.hints
    assert score(tax_number=("49-091-850", "49091850")).score == 95


def test_phone_numbers_with_and_without_country():
    keys = {phone_key(n) for n in ("+64 9 555 0101", "0064 9 5550101", "(09) 555-0101")}
    assert len(keys) == 1
    assert phone_key("911") == phone_key("") == ""


def test_addresses():
    assert address_key("Level 12, 44 Nelson St", "1010") == "1010 44 nelson"
    assert address_key("44 Nelson Street", "10 10") == "1010 44 nelson"
    assert address_key("Hafenstraße 12", "20457") == "20457 12 hafenstrasse"
    assert address_key("44 Nelson Street", "") == ""
    assert address_key("Nelson Street", "1010") == ""


def test_name_of_legal_forms_alone_keeps_its_words():
    assert core_words("The Company Ltd") == ("the", "company", "ltd")
    assert core_words("") == core_words("---") == ()


def test_contact_brings_all_its_phones():
    data = ContactData(name="Kauri", phone="1", mobile="+64 21 555 0101")
    assert "p:15550101" in blocking_keys(Traits.of(data))


@given(TRAITS, TRAITS)
def test_score_is_symmetric_and_bounded(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.score == back.score
    assert 0 <= there.score <= 100
    assert there.id == other.id


@given(TRAITS)
def test_everybody_is_like_himself(one):
    likeness = compare(one, one)
    assert (likeness.score > 0) == bool(likeness.hints)
    assert not likeness.hints or blocking_keys(one)


@given(TRAITS, TRAITS, NAMESAKES)
def test_whom_a_rule_matches_is_found_by_a_rule_key(one, other, names):
    """By its name alone, and by all that it has."""
    for contact, customer in (
        (Traits(name=names[0]), Traits(7, names[1])),
        (one, dataclasses.replace(other, id=7)),
    ):
        fields = ("name", "email", "tax_number", "account_number")
        data = ContactData(xero_id="1", **{n: getattr(contact, n) for n in fields})
        candidate = Candidate(7, **{n: getattr(customer, n) for n in fields})
        if Matcher([candidate], "odoo-").match(data).id:
            assert rule_keys(Traits.of(data)) & rule_keys(customer)


@given(NAMES, NAMES)
def test_likeness_of_names(one, other):
    here, there = core_words(one), core_words(other)
    assert 0 <= name_likeness(here, there) <= 100


@given(TRAITS)
def test_keys_fit_an_index_and_do_not_depend_on_the_run(one):
    keys = blocking_keys(one)
    assert keys == blocking_keys(one)
    assert all(2 < len(key) <= 120 and "\x00" not in key for key in keys)
