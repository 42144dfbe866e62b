"""Items: payload to dataclass and back."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import ItemData, MappingError, three_way
from mapping.item import item_name
from mapping.values import clean_block, clean_text, text_length

ID = "c8c54d65-f3f2-452d-926e-bf450b12fb07"
PAYLOAD = {
    "ItemID": ID,
    "Code": "GTR-1",
    "Name": "Guitars",
    "Description": "Fender Strat\r\nwith case",
    "PurchaseDescription": "From the maker",
    "IsSold": True,
    "IsPurchased": True,
    "IsTrackedAsInventory": False,
    "QuantityOnHand": Decimal("10.0000"),
    "SalesDetails": {
        "UnitPrice": Decimal("5000.12345"),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    },
    "PurchaseDetails": {
        "UnitPrice": 3000,
        "AccountCode": "310",
        "TaxType": "INPUT2",
    },
    "UpdatedDateUTC": "/Date(1551981476267+0000)/",
}
ITEM = ItemData(
    xero_id=ID,
    code="GTR-1",
    name="Guitars",
    description="Fender Strat\nwith case",
    purchase_description="From the maker",
    sale_price=Decimal("5000.1235"),
    sale_account="200",
    sale_tax_type="OUTPUT2",
    purchase_price=Decimal(3000),
    purchase_account="310",
    purchase_tax_type="INPUT2",
    is_sold=True,
    is_purchased=True,
    quantity_on_hand=Decimal(10),
    updated=dt.datetime(2019, 3, 7, 17, 57, 56, 267000),
)
PURCHASE_DETAILS = {
    "UnitPrice": Decimal(3000),
    "AccountCode": "310",
    "TaxType": "INPUT2",
}


def test_payload_is_read():
    assert ItemData.from_xero(PAYLOAD) == ITEM


def test_item_is_written_whole_for_a_create():
    assert dataclasses.replace(ITEM, xero_id="").to_xero() == {
        "Code": "GTR-1",
        "Name": "Guitars",
        "Description": "Fender Strat\nwith case",
        "IsSold": True,
        "IsPurchased": True,
        "SalesDetails": {
            "UnitPrice": Decimal("5000.1235"),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
        "PurchaseDescription": "From the maker",
        "PurchaseDetails": PURCHASE_DETAILS,
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (set(), {}),
        ({"name"}, {"Name": "Guitars"}),
        (
            {"sale_price"},
            {
                "SalesDetails": {
                    "UnitPrice": Decimal("5000.1235"),
                    "AccountCode": "200",
                    "TaxType": "OUTPUT2",
                }
            },
        ),
        (["purchase_price"], {"PurchaseDetails": PURCHASE_DETAILS}),
        ({"purchase_description"}, {"PurchaseDescription": "From the maker"}),
        ({"quantity_on_hand", "is_tracked", "updated"}, {}),
    ],
)
def test_update_sends_what_changed_and_always_the_code(changed, expected):
    assert ITEM.to_xero(changed) == {"ItemID": ID, "Code": "GTR-1", **expected}


def test_tracked_item_keeps_what_xero_alone_may_change():
    item = dataclasses.replace(ITEM, is_tracked=True)
    for payload in (item.to_xero(), item.to_xero(item.values())):
        assert not {"PurchaseDetails", "IsSold", "IsPurchased"} & set(payload)
        assert payload["PurchaseDescription"] and payload["SalesDetails"]


@pytest.mark.parametrize(
    ("name", "variant", "expected"),
    [
        ("Desk", "", "Desk"),
        ("Desk", "Steel, White", "Desk (Steel, White)"),
        ("D" * 80, "", "D" * 50),
        ("D" * 80, "Steel", "D" * 42 + " (Steel)"),
        ("Desk", "x" * 80, "Desk (" + "x" * 27 + ")"),
        ("D" * 80, "x" * 80, "D" * 20 + " (" + "x" * 27 + ")"),
        ("\U0001fa91" * 40, "Red", "\U0001fa91" * 22 + " (Red)"),
    ],
)
def test_name_of_a_variant_keeps_the_values_that_tell_it_apart(name, variant, expected):
    assert item_name(name, variant) == expected
    assert ItemData(code="A", name=expected).name == expected


@given(name=st.text(max_size=90), variant=st.text(max_size=90))
def test_item_name_always_fits(name, variant):
    cut = item_name(name, variant)
    assert text_length(cut) <= 50
    assert ItemData(code="A", name=cut).problems() == []


def test_cleared_account_is_sent_unknown_one_is_not():
    item = ItemData(code="A", sale_price=1)
    assert item.to_xero({"sale_price"})["SalesDetails"] == {"UnitPrice": Decimal(1)}
    assert item.to_xero({"sale_account"})["SalesDetails"] == {
        "UnitPrice": Decimal(1),
        "AccountCode": "",
    }


def test_long_name_is_cut_on_both_sides_and_so_no_difference():
    name = "Chair, office, " * 10
    ours = ItemData(code="A", name=name)
    theirs = ItemData.from_xero(ours.to_xero())
    assert len(ours.name) <= 50
    assert ours.problems() == []
    assert ours.diff(theirs) == {}


def test_what_is_not_sold_has_no_sales_side_as_in_xero():
    before = ItemData(code="A", description="Old", sale_price=10, is_sold=True)
    ours = ItemData(code="A", description="Old", sale_price=10, is_sold=False)
    assert ours.to_xero() == {"Code": "A", "IsSold": False, "IsPurchased": False}
    answer = ItemData.from_xero({"Code": "A", "IsSold": False, "IsPurchased": False})
    merge = three_way(before.values(), ours.values(), answer.values(), policy="xero")
    assert not (merge.to_ours or merge.to_theirs or merge.conflicts)


@pytest.mark.parametrize("absent", [None, ...])
@pytest.mark.parametrize("key", sorted(PAYLOAD))
def test_null_or_absent_element_is_empty(key, absent):
    payload = {k: v for k, v in PAYLOAD.items() if k != key}
    if absent is None:
        payload[key] = None
    assert ItemData.from_xero(payload).values()


def test_empty_details_mean_no_price_not_zero():
    payload = {"Code": "A", "SalesDetails": {}, "PurchaseDetails": None}
    item = ItemData.from_xero(payload)
    assert (item.sale_price, item.purchase_price) == (None, None)
    assert ItemData.from_xero({"Code": "A", "SalesDetails": {"UnitPrice": 0}}) == (
        ItemData(code="A", sale_price=0)
    )


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"SalesDetails": []}, "SalesDetails"),
        ({"SalesDetails": {"UnitPrice": "dear"}}, "sale_price"),
        ({"IsSold": "maybe"}, "is_sold"),
        ({"QuantityOnHand": True}, "quantity_on_hand"),
        ({"Code": {}}, "code"),
    ],
)
def test_bad_element_raises_mapping_error_with_its_field(bad, field):
    with pytest.raises(MappingError) as caught:
        ItemData.from_xero({**PAYLOAD, **bad})
    assert caught.value.field == field


def test_stock_and_inventory_are_no_values():
    assert not {"quantity_on_hand", "is_tracked", "updated"} & set(ITEM.values())
    more = dataclasses.replace(ITEM, quantity_on_hand=Decimal(7))
    assert more.fingerprint() == ITEM.fingerprint()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"code": "A" * 30}, None),
        ({"code": ""}, "code"),
        ({"code": "A" * 31}, "code"),
        ({"code": "A", "description": "x" * 5000}, None),
    ],
)
def test_problems(fields, problem):
    found = [field for field, _sentence in ItemData(**fields).problems()]
    assert found == ([problem] if problem else [])


prices = st.none() | st.decimals(0, 10**9, places=4)
lines = st.text(max_size=60)


@given(
    code=lines.map(clean_text).filter(bool),
    name=lines,
    description=lines.map(clean_block),
    sale_price=prices,
    purchase_price=prices,
    purchase_description=lines.map(clean_block),
    purchase_account=lines,
    purchase_tax_type=lines,
    sale_account=lines,
    is_sold=st.booleans(),
    is_purchased=st.booleans(),
)
def test_item_goes_there_and_back(**fields):
    item = ItemData(xero_id=ID, **fields)
    assert ItemData.from_xero(item.to_xero()) == item
    known = ItemData.from_values(item.values())
    assert known == dataclasses.replace(item, xero_id="")
