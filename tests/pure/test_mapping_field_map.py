"""The data map: rules from the code, and what flows by a person's choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import ContactData, FieldMap, InvoiceData, ItemData, three_way
from mapping.field_map import RESUMED, SEEN, widens
from mapping.field_rule import mirror_rules, required_fields, two_way_rules

HELD = {"name": ("name",), "email": ("email",), "website": ("website",)}


def rules():
    return two_way_rules(
        ContactData, HELD, read_only=("website",), derived=("first_name",)
    )


def test_what_xero_needs_is_read_from_the_documents_own_check():
    assert required_fields(ContactData) == {"name"}
    assert required_fields(ItemData) == {"code"}
    assert required_fields(InvoiceData) == {"contact_id", "lines"}


def test_rules_of_a_contact():
    found = rules()
    assert found["email"].directions == ("both", "to_xero", "from_xero", "off")
    assert found["name"].directions == ("both", "to_xero", "from_xero")
    assert found["website"].directions == ("from_xero", "off")
    assert (found["email"].limit, found["email"].element) == (255, "EmailAddress")
    assert found["mobile"].is_free
    assert not found["email"].is_free
    # Worked out, naming the record only, or a list that no single field can hold.
    assert not {"first_name", "xero_id", "updated", "persons"} & found.keys()


def test_rules_of_an_invoice_leave_nothing_to_choose():
    held = {"reference": ("reference",), "total": ("amount_total",)}
    found = mirror_rules(InvoiceData, held, sent_once=("reference",))
    assert {n: rule.directions for n, rule in found.items()} == {
        "reference": ("to_xero",),
        "total": ("from_xero",),
    }
    assert all(rule.is_fixed for rule in found.values())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("off", "both", True),
        ("off", "to_xero", True),
        ("to_xero", "both", True),
        ("to_xero", "from_xero", True),
        ("both", "to_xero", False),
        ("both", "off", False),
        ("from_xero", "off", False),
    ],
)
def test_what_lets_values_flow_anew(old, new, expected):
    assert widens(old, new) is expected


def test_a_new_contact_in_xero_is_told_what_may_go_and_what_it_needs():
    field_map = FieldMap(
        {"name": "from_xero", "email": "off", "city": "to_xero"},
        required=frozenset({"name"}),
    )
    told = field_map.for_xero(ContactData(name="A", email="a@b.example", city="C"))
    assert (told.name, told.email, told.city) == ("A", "", "C")


def test_what_is_kept_back_goes_as_xero_has_it():
    field_map = FieldMap({"street": "off", "city": "from_xero", "email": "both"})
    base = {"street": "agreed", "city": "theirs", SEEN: {"street": "seen"}}
    told = field_map.for_xero(ContactData(name="A", street="x", city="y"), base)
    assert (told.street, told.city) == ("seen", "theirs")


def test_what_was_switched_on_is_compared_before_it_is_sent():
    field_map = FieldMap({"email": "both", "city": "both", "phone": "from_xero"})
    ours = {"email": "new", "city": "new", "phone": "new"}
    base = {"email": "old", "city": "old", "phone": "old", RESUMED: ["email"]}
    assert field_map.changed(ours, base) == {"city"}
    assert field_map.changed(ours, base, unwritable=("city",)) == set()


values = st.sampled_from(["", "a", "b", "c"])


@given(values, values, values, st.sampled_from(["newest", "xero", "odoo"]))
def test_switched_on_again_nothing_filled_is_emptied(base, ours, theirs, policy):
    field_map = FieldMap({"email": "both"})
    remembered = {"email": base, RESUMED: ["email"]}
    mine, yours = {"email": ours}, {"email": theirs}
    merge = three_way(
        field_map.merge_base(remembered, mine, yours), mine, yours, policy=policy
    )
    odoo = merge.to_ours.get("email", ours)
    xero = merge.to_theirs.get("email", theirs)
    assert odoo == xero
    assert bool(odoo) == bool(ours or theirs)
    if base == ours and theirs:
        assert odoo == theirs
    if base == theirs and ours:
        assert odoo == ours
    agreed = field_map.next_base(merge.agreed, remembered, yours)
    assert agreed == {"email": odoo}


@given(st.lists(st.tuples(values, values), min_size=1, max_size=5), values)
def test_off_keeps_the_old_agreement_and_what_xero_was_seen_to_have(edits, base):
    field_map = FieldMap({"email": "off"})
    remembered = {"email": base}
    for ours, theirs in edits:
        mine = field_map.without_off({"email": ours})
        yours = field_map.without_off({"email": theirs})
        merge = three_way(
            field_map.merge_base(remembered, mine, yours), mine, yours, policy="xero"
        )
        assert not (merge.to_ours or merge.to_theirs or merge.conflicts)
        remembered = field_map.next_base(merge.agreed, remembered, {"email": theirs})
        assert remembered == {"email": base, SEEN: {"email": theirs}}
