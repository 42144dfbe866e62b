"""Invoices as Odoo makes them: payloads, and what Xero would refuse."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import InvoiceData, LineData
from mapping.values import clean_block

ID = "046d8a6d-1ae1-4b4d-9340-5601bdf41b87"


CONTACT_ID = "a3675fc4-f8dd-4f03-ba5b-f1870566bcd7"


def draft(**fields):
    """An invoice that has all that Xero wants to approve it."""
    return InvoiceData(
        **{
            "contact_id": CONTACT_ID,
            "status": "AUTHORISED",
            "date": "2026-01-31",
            "due_date": "2026-02-28",
            "lines": (
                LineData("Work", 1, "25.06", account_code="200", tax_type="OUTPUT2"),
            ),
            **fields,
        }
    )


def test_odoo_record_is_written_whole_for_a_create():
    assert draft(number="INV/2026/00001", reference="S00042").to_xero() == {
        "Type": "ACCREC",
        "InvoiceNumber": "INV/2026/00001",
        "Reference": "S00042",
        "Status": "AUTHORISED",
        "Date": "2026-01-31",
        "DueDate": "2026-02-28",
        "LineAmountTypes": "Exclusive",
        "Contact": {"ContactID": CONTACT_ID},
        "LineItems": [
            {
                "Description": "Work",
                "Quantity": Decimal(1),
                "UnitAmount": Decimal("25.06"),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
            }
        ],
    }


@pytest.mark.parametrize(
    ("fields", "absent"),
    [
        ({"status": "PAID"}, "Status"),
        ({"status": ""}, "Status"),
        ({"type": "ACCPAY", "reference": "R"}, "Reference"),
        ({"status": "DRAFT", "is_sent": True}, "SentToContact"),
        ({"is_sent": False}, "SentToContact"),
        ({"url": "https://myXERO.example.com/1"}, "Url"),
        ({"contact_id": ""}, "Contact"),
        ({"currency_rate": None}, "CurrencyRate"),
        ({"lines": ()}, "LineItems"),
        ({"xero_id": "00000000-0000-0000-0000-000000000000"}, "InvoiceID"),
        ({"total": 5, "amount_due": 5, "amount_paid": 5, "subtotal": 4}, "Total"),
    ],
)
def test_left_out_of_the_payload(fields, absent):
    assert absent not in draft(**fields).to_xero()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LineData("Note"), {"Description": "Note"}),
        (
            LineData("A", 1, -5, discount_rate=0, account_code="200"),
            {
                "Description": "A",
                "Quantity": 1,
                "UnitAmount": -5,
                "AccountCode": "200",
            },
        ),
        (
            LineData("A", 1, 5, discount_rate="12.5", discount_amount=1),
            {
                "Description": "A",
                "Quantity": 1,
                "UnitAmount": 5,
                "DiscountRate": Decimal("12.5"),
            },
        ),
        (
            LineData("A", 1, 5, discount_amount=1, line_amount=4, tax_rate=15),
            {"Description": "A", "Quantity": 1, "UnitAmount": 5, "DiscountAmount": 1},
        ),
        (
            LineData("Free", 1, 0, account_code="200", tax_amount=0),
            {
                "Description": "Free",
                "Quantity": 1,
                "UnitAmount": 0,
                "AccountCode": "200",
                "TaxAmount": 0,
            },
        ),
        (
            LineData(quantity="1.00005", unit_amount="0.00005", item_code="X"),
            {
                "Quantity": Decimal("1.0001"),
                "UnitAmount": Decimal("0.0001"),
                "ItemCode": "X",
            },
        ),
    ],
)
def test_line_payload(line, expected):
    assert line.to_xero() == expected


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, None),
        ({"status": "DRAFT", "date": None, "due_date": None}, None),
        ({"contact_id": ""}, "contact_id"),
        ({"lines": ()}, "lines"),
        ({"date": None}, "date"),
        ({"due_date": None}, "due_date"),
        ({"type": "ACCRECCREDIT"}, "type"),
        ({"number": "RÉF-1"}, "number"),
        ({"number": "I" * 256}, "number"),
        ({"line_amount_types": "EXCLUSIVE"}, "line_amount_types"),
        ({"lines": (LineData("", 1, 5, account_code="200"),)}, "lines"),
        ({"lines": (LineData("", 1, 5, item_code="X"),)}, None),
        ({"lines": (LineData("A", 1, 5),)}, "lines"),
        ({"status": "DRAFT", "lines": (LineData("A", 1, 5),)}, None),
        ({"lines": (LineData("A", 1, -5, account_code="200"),)}, "lines"),
        ({"status": "DRAFT", "lines": (LineData("A", 1, 5, 101, "200"),)}, "lines"),
        ({"lines": (LineData("A", 1, 5, 100, "200"),)}, None),
        ({"type": "ACCPAY", "lines": (LineData("A", 1, 5, 5, "200"),)}, "lines"),
        ({"lines": (LineData("A", 1, 5, account_code="x" * 11),)}, "lines"),
        ({"lines": (LineData("🥝" * 3000, 1, 5, account_code="200"),)}, None),
        (
            {"lines": (LineData("Note"), LineData("A", 1, 5, account_code="1"))},
            None,
        ),
    ],
)
def test_problems_name_the_field_that_xero_refuses(fields, problem):
    problems = draft(**fields).problems()
    assert [field for field, _sentence in problems] == ([problem] if problem else [])


amounts = st.decimals(-(10**9), 10**9, places=4)


words = st.text(max_size=30)


@st.composite
def invoice_lines(draw):
    line = LineData(
        description=clean_block(draw(words)),
        quantity=draw(amounts),
        unit_amount=draw(amounts),
        discount_rate=draw(st.decimals(0, 100, places=4)),
        account_code=draw(words),
        tax_type=draw(words),
        item_code=draw(words),
        tax_amount=draw(st.none() | st.decimals(0, 10**9, places=2)),
        line_item_id=draw(words),
    )
    # A line that is nothing but a description is sent as such.
    return LineData(line.description) if line.is_note else line


@given(
    type=st.sampled_from(["ACCREC", "ACCPAY"]),
    number=words,
    contact_id=words,
    status=st.sampled_from(["", "DRAFT", "SUBMITTED", "AUTHORISED", "VOIDED"]),
    date=st.none() | st.dates(dt.date(1900, 1, 1)),
    due_date=st.none() | st.dates(dt.date(1900, 1, 1)),
    currency=st.sampled_from(["", "NZD", "EUR"]),
    currency_rate=st.none() | st.decimals("0.000001", 10**6, places=6),
    line_amount_types=st.sampled_from(["Exclusive", "Inclusive", "NoTax"]),
    lines=st.lists(invoice_lines(), max_size=4),
    branding_theme_id=st.uuids().map(str),
)
def test_invoice_goes_there_and_back(**fields):
    invoice = InvoiceData(xero_id=ID, **fields)
    assert InvoiceData.from_xero(invoice.to_xero()) == invoice


@given(st.lists(invoice_lines(), min_size=2, max_size=6), st.randoms())
def test_order_of_documents_does_not_change_their_payloads(lines, random):
    invoices = [draft(number=str(n), lines=(line,)) for n, line in enumerate(lines)]
    before = {invoice.number: invoice.to_xero() for invoice in invoices}
    random.shuffle(invoices)
    assert {invoice.number: invoice.to_xero() for invoice in invoices} == before
