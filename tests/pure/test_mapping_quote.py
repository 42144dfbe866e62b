"""QuoteData: what a quote of Xero's means, and what it is sent as."""

import datetime as dt
from decimal import Decimal

import pytest

from mapping.line import LineData
from mapping.quote import QuoteData
from mapping.quote_lines import keep_line_ids
from mapping.quote_status import (
    ACCEPTED,
    DECLINED,
    DELETED,
    DRAFT,
    INVOICED,
    SENT,
    STATUSES,
    first_status,
    next_status,
)

CONTACT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
QUOTE = "16fd2706-8baf-433b-82eb-8c7fada847da"
LINE_A = "2c7a1e1e-0000-4000-8000-000000000001"
LINE_B = "2c7a1e1e-0000-4000-8000-000000000002"

WIRE = {
    "QuoteID": QUOTE,
    "QuoteNumber": "QU-0007",
    "Reference": "S00012",
    "Terms": "Half now,\nhalf later.",
    "Contact": {"ContactID": CONTACT, "Name": "Kauri Builders", "EmailAddress": "x@y"},
    "LineItems": [
        {
            "LineItemID": LINE_A,
            "Description": "Rimu Table",
            "UnitAmount": Decimal("250.0000"),
            "Quantity": Decimal("2.0000"),
            "TaxType": "OUTPUT2",
            "TaxAmount": Decimal("75.00"),
            "LineAmount": Decimal("500.00"),
            "Tracking": [],
        }
    ],
    "Date": "/Date(1763942400000)/",
    "DateString": "2025-11-24T00:00:00",
    "ExpiryDate": "/Date(1766534400000)/",
    "ExpiryDateString": "2025-12-24T00:00:00",
    "Status": "SENT",
    "CurrencyRate": Decimal("1.0"),
    "CurrencyCode": "NZD",
    "SubTotal": Decimal("500.00"),
    "TotalTax": Decimal("75.00"),
    "Total": Decimal("575.00"),
    "Title": "Tables",
    "Summary": "",
    "UpdatedDateUTC": "/Date(1763942400000)/",
    "LineAmountTypes": "EXCLUSIVE",
}


@pytest.fixture
def quote():
    return QuoteData.from_xero(WIRE)


def line(**values):
    return LineData(
        **{
            "description": "Rimu Table",
            "quantity": 2,
            "unit_amount": "250",
            "tax_type": "OUTPUT2",
            "tax_rate": 15,
            **values,
        }
    )


def test_what_xero_answers_is_read(quote):
    assert quote.xero_id == QUOTE
    assert quote.contact_id == CONTACT
    assert quote.contact_name == "Kauri Builders"
    assert quote.date == dt.date(2025, 11, 24)
    assert quote.expiry_date == dt.date(2025, 12, 24)
    assert quote.line_amount_types == "Exclusive"
    assert quote.terms == "Half now,\nhalf later."
    assert quote.computed_totals().total == quote.total == Decimal("575.00")


def test_a_quote_is_sent_whole_for_it_replaces(quote):
    payload = quote.to_xero()
    assert payload["QuoteID"] == QUOTE
    assert payload["QuoteNumber"] == "QU-0007"
    assert payload["Terms"] == "Half now,\nhalf later."
    assert payload["Title"] == "Tables"
    assert payload["Contact"] == {"ContactID": CONTACT}
    assert payload["LineAmountTypes"] == "EXCLUSIVE"
    assert payload["Date"] == "2025-11-24"
    assert payload["ExpiryDate"] == "2025-12-24"
    [sent] = payload["LineItems"]
    assert sent["LineItemID"] == LINE_A
    assert sent["TaxType"] == "OUTPUT2"
    assert not {"Total", "SubTotal", "TotalTax", "UpdatedDateUTC"} & set(payload)


def test_content_is_what_people_write(quote):
    content = quote.content()
    assert content["title"] == "Tables"
    assert "line_item_id" not in content["lines"][0]
    assert "status" not in content and "number" not in content
    again = QuoteData.from_values(quote.values())
    assert again.content() == content


def test_changes_keep_what_xero_has_of_the_rest(quote):
    ours = QuoteData(title="Chairs", lines=(line(quantity=3),), terms="None")
    merged = quote.with_changes(ours, ["lines"])
    assert merged.title == "Tables"
    assert merged.terms == "Half now,\nhalf later."
    assert merged.lines[0].quantity == 3
    assert merged.lines[0].line_item_id == LINE_A
    assert merged.number == "QU-0007"


def test_what_xero_fills_in_is_no_difference(quote):
    ours = QuoteData(
        contact_id=CONTACT,
        reference="S00012",
        date="2025-11-24",
        expiry_date="2025-12-24",
        currency="NZD",
        title="Tables",
        terms="Half now,\nhalf later.",
        lines=(line(),),
    )
    assert ours.differences(quote) == []
    assert ours.content()["lines"] != quote.content()["lines"]
    other = QuoteData.from_values({**ours.values(), "title": "Chairs"})
    assert other.differences(quote) == ["title"]


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": 3},
        {"unit_amount": "250.0001"},
        {"discount_rate": 5},
        {"tax_type": "NONE"},
        {"account_code": "260"},
        {"tax_amount": "75.01"},
        {"description": "Kauri Table"},
        {"tracking": ({"option_id": LINE_A},)},
    ],
)
def test_what_a_line_says_is_a_difference(quote, values):
    ours = QuoteData(lines=(line(**values),))
    assert "lines" in ours.differences(quote)


def test_another_currency_takes_another_rate(quote):
    merged = quote.with_changes(QuoteData(currency="AUD"), ["currency"])
    assert merged.currency_rate is None
    assert "CurrencyRate" not in merged.to_xero()


def test_lines_keep_their_ids_when_they_change_places():
    known = (
        line(description="A", line_item_id=LINE_A),
        line(description="B", line_item_id=LINE_B),
    )
    ids = [one.line_item_id for one in keep_line_ids([line(description="B")], known)]
    assert ids == [LINE_B]
    changed = keep_line_ids([line(description="C"), line(description="B")], known)
    assert [one.line_item_id for one in changed] == [LINE_A, LINE_B]
    longer = keep_line_ids([line(description=d) for d in "ABC"], known)
    assert [one.line_item_id for one in longer] == [LINE_A, LINE_B, ""]


def test_same_lines_twice_share_no_id():
    known = (line(line_item_id=LINE_A), line(line_item_id=LINE_B))
    kept = keep_line_ids([line(), line(), line()], known)
    assert [one.line_item_id for one in kept] == [LINE_A, LINE_B, ""]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("contact_id", {"contact_id": ""}),
        ("date", {"date": None}),
        ("lines", {"lines": ()}),
        ("lines", {"lines": (line(tax_type=""),)}),
        ("lines", {"lines": (line(description=""),)}),
        ("lines", {"lines": (line(discount_rate=101),)}),
        ("line_amount_types", {"line_amount_types": "Half"}),
    ],
)
def test_what_xero_would_refuse_is_told(field, values):
    good = {"contact_id": CONTACT, "date": "2025-11-24", "lines": (line(),)}
    assert not QuoteData(**good).problems()
    assert field in dict(QuoteData(**{**good, **values}).problems())


def test_a_note_needs_no_tax():
    note = LineData(description="Delivery by boat")
    data = QuoteData(contact_id=CONTACT, date="2025-11-24", lines=(line(), note))
    assert not data.problems()
    assert data.to_xero()["LineItems"][1] == {"Description": "Delivery by boat"}


def test_long_texts_are_cut_to_what_xero_takes():
    data = QuoteData(title="t" * 200, summary="s" * 5000, terms="x" * 5000)
    assert [len(data.title), len(data.summary), len(data.terms)] == [100, 3000, 4000]


@pytest.mark.parametrize(
    ("current", "agreed", "wanted", "step"),
    [
        (DRAFT, DRAFT, DRAFT, ""),
        (DRAFT, DRAFT, SENT, SENT),
        (DRAFT, DRAFT, ACCEPTED, SENT),
        (SENT, SENT, ACCEPTED, ACCEPTED),
        (SENT, SENT, DECLINED, DECLINED),
        (SENT, SENT, INVOICED, ACCEPTED),
        (ACCEPTED, ACCEPTED, INVOICED, INVOICED),
        (ACCEPTED, ACCEPTED, DECLINED, DECLINED),
        (DECLINED, DECLINED, SENT, SENT),
        (DECLINED, DECLINED, DRAFT, DRAFT),
        # Xero is further, or somebody there has answered
        (ACCEPTED, DRAFT, SENT, ""),
        (DECLINED, SENT, SENT, ""),
        (DECLINED, SENT, ACCEPTED, SENT),
        (INVOICED, ACCEPTED, DECLINED, ""),
        (INVOICED, INVOICED, DECLINED, ""),
        (DELETED, SENT, ACCEPTED, ""),
        # the accountant took it back: no news from Odoo
        (DRAFT, SENT, SENT, ""),
    ],
)
def test_next_step(current, agreed, wanted, step):
    assert next_status(current, agreed, wanted) == step


def test_every_way_ends():
    for current in STATUSES:
        for wanted in STATUSES:
            status, seen = current, []
            while step := next_status(status, status, wanted):
                assert step not in seen
                seen.append(step)
                status = step
            assert not seen or status == wanted


def test_nothing_is_born_accepted():
    assert first_status(DRAFT) == DRAFT
    assert {first_status(s) for s in (SENT, ACCEPTED, INVOICED)} == {SENT}
