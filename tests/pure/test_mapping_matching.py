"""Which partner a contact is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import Candidate, ContactData, Match, Matcher

CANDIDATES = [
    Candidate(1, "", "C-1", "NZ 49-091-850", "info@acme.example", "Acme Ltd"),
    Candidate(2, "", "C-2", "", "info@acme.example", "Acme Holdings"),
    Candidate(3, "", "", "", "kat@clampett.example", "Katherine Warren"),
    Candidate(4, "", "", "", "", "John Smith"),
    Candidate(5, "", "", "N/A", "", "John Smith"),
    Candidate(6, "ext-77", "", "", "", "Café Ōtautahi"),
    Candidate(7, "", "", "DE123456789", "", "Other"),
]
PREFIX = "odoo-1f-"


def contact(name="Nobody", **fields):
    return ContactData(name=name, **fields)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (contact(), Match()),
        (contact(contact_number="odoo-1f-3"), Match(3, "contact_number")),
        (contact(contact_number="ODOO-1F-3"), Match(3, "contact_number")),
        (contact(contact_number="ext-77"), Match(6, "contact_number")),
        (contact(contact_number="odoo-2a-3"), Match()),
        (contact(contact_number="odoo-1f-99"), Match()),
        (contact(contact_number="3"), Match()),
        (contact(account_number="c-2"), Match(2, "account_number")),
        (contact(tax_number="nz49091850"), Match(1, "tax_number")),
        (contact(tax_number="N.A."), Match()),
        (contact(tax_number="0"), Match()),
        (contact(email="KAT@clampett.example "), Match(3, "email")),
        (contact("katherine  WARREN"), Match(3, "name")),
        (contact("Cafe\u0301 ōtautahi"), Match(6, "name")),
        (contact("Cafe Otautahi"), Match()),
        # Two have this address: the name decides between them.
        (
            contact("Acme Holdings", email="info@acme.example"),
            Match(2, "name"),
        ),
        (
            contact("Acme Group", email="info@acme.example"),
            Match(None, "email", (1, 2)),
        ),
        # The name of a third one does not undo the narrowing.
        (
            contact("Katherine Warren", email="info@acme.example"),
            Match(None, "email", (1, 2)),
        ),
        (contact("John Smith"), Match(None, "name", (4, 5))),
        # The stronger rule wins over the weaker.
        (
            contact("John Smith", email="kat@clampett.example", account_number="C-1"),
            Match(1, "account_number"),
        ),
        (
            contact("Acme Ltd", contact_number="odoo-1f-2", tax_number="49091850"),
            Match(2, "contact_number"),
        ),
    ],
)
def test_match_by_rule(found, expected):
    assert Matcher(CANDIDATES, PREFIX).match(found) == expected


def test_taken_candidate_is_free_for_nobody():
    matcher = Matcher(CANDIDATES, PREFIX)
    kat = contact("Katherine Warren")
    assert matcher.match(kat).id == 3
    assert matcher.match(kat) == Match()


def test_candidate_taken_by_a_link_makes_the_other_unambiguous():
    matcher = Matcher(CANDIDATES, PREFIX)
    matcher.take(4)
    assert matcher.match(contact("John Smith")) == Match(5, "name")


def test_ambiguous_candidate_is_not_taken():
    matcher = Matcher(CANDIDATES, PREFIX)
    assert matcher.match(contact("John Smith")).ambiguous
    assert matcher.match(contact("John Smith", tax_number="1")).ambiguous
    assert matcher.match(contact("John Smith", contact_number="odoo-1f-4")).id == 4


def test_without_prefix_a_bare_number_is_no_partner():
    matcher = Matcher(CANDIDATES, "")
    assert matcher.match(contact(contact_number="3")) == Match()


def test_page_gives_the_candidate_to_the_better_claim():
    matcher = Matcher([CANDIDATES[1]], PREFIX)
    page = [
        contact("Acme Ltd", email="info@acme.example"),
        contact("Acme Holdings", email="info@acme.example"),
    ]
    assert matcher.match_all(page) == [Match(), Match(2, "email")]


def test_page_leaves_equal_claims_to_a_person():
    matcher = Matcher([CANDIDATES[1]], PREFIX)
    page = [contact(f"Acme {n}", email="info@acme.example") for n in "AB"]
    assert matcher.match_all(page) == [Match(None, "email", (2,))] * 2
    assert matcher.match(contact("Acme Holdings")) == Match()


def test_loser_of_a_claim_is_looked_up_again():
    matcher = Matcher(
        [
            Candidate(1, email="a@x.example", name="A"),
            Candidate(2, name="B"),
        ],
        PREFIX,
    )
    page = [contact("B", email="a@x.example"), contact("A", email="a@x.example")]
    assert matcher.match_all(page) == [Match(2, "name"), Match(1, "email")]


words = st.sampled_from(["", "a", "b", "c"])
taxes = st.sampled_from(["", "12345", "67890"])
some_candidates = st.lists(st.tuples(words, words, taxes, words, words), max_size=6)
some_contacts = st.lists(st.tuples(words, words, taxes, words, words), max_size=6)


def build(candidates, contacts):
    names = ("contact_number", "account_number", "tax_number", "email", "name")
    rows = [dict(zip(names, row, strict=True)) for row in contacts]
    return Matcher(
        [Candidate(n, *row) for n, row in enumerate(candidates, 1)], PREFIX
    ), [ContactData(**row) for row in rows]


@given(some_candidates, some_contacts)
def test_no_candidate_is_given_twice(candidates, contacts):
    matcher, page = build(candidates, contacts)
    given_ids = [m.id for m in map(matcher.match, page) if m.id is not None]
    assert len(given_ids) == len(set(given_ids))
    matcher, page = build(candidates, contacts)
    given_ids = [m.id for m in matcher.match_all(page) if m.id is not None]
    assert len(given_ids) == len(set(given_ids))


@given(some_candidates, some_contacts, st.integers())
def test_page_does_not_depend_on_its_order(candidates, contacts, seed):
    matcher, page = build(candidates, contacts)
    matches = matcher.match_all(page)
    order = list(range(len(page)))
    random.Random(seed).shuffle(order)
    matcher, _page = build(candidates, contacts)
    shuffled = matcher.match_all([page[place] for place in order])
    assert [m.id for m in shuffled] == [matches[place].id for place in order]


@given(some_candidates, some_contacts)
def test_match_agrees_in_its_rule(candidates, contacts):
    matcher, page = build(candidates, contacts)
    for found, data in zip(matcher.match_all(page), page, strict=True):
        if found.id is not None:
            row = Candidate(found.id, *candidates[found.id - 1])
            assert getattr(row, found.rule) == getattr(data, found.rule)
        assert not (found.id and found.ambiguous)


def test_page_of_a_thousand_against_ten_thousand():
    matcher = Matcher(
        (Candidate(n, name=f"Company {n}") for n in range(10_000)), PREFIX
    )
    page = [contact(f"company {n}") for n in range(0, 10_000, 10)]
    matches = matcher.match_all(page)
    assert [match.id for match in matches] == list(range(0, 10_000, 10))
