"""Invoices, lines and payments: payload to dataclass and back."""

import copy
import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from mapping import (
    InvoiceData,
    LineData,
    LineTrackingData,
    MappingError,
    PaymentData,
    Totals,
)

ID = "046d8a6d-1ae1-4b4d-9340-5601bdf41b87"


CONTACT_ID = "a3675fc4-f8dd-4f03-ba5b-f1870566bcd7"


PAYMENT_ID = "99ea7f6b-c513-4066-bc27-b7c65dcd76c2"


LINE_ID = "5f7a612b-fdcc-4d33-90fa-a9f6bc6db32f"


OPTION_ID = "dc54c220-0140-495a-b925-3246adc0075f"


PAYLOAD = {
    "Type": "ACCREC",
    "InvoiceID": ID,
    "InvoiceNumber": "INV-0002",
    "Reference": "SO042",
    "Payments": [
        {
            "PaymentID": PAYMENT_ID,
            "Date": "/Date(1543449600000+0000)/",
            "Amount": Decimal("46.00"),
            "CurrencyRate": Decimal("1.0"),
            "HasAccount": False,
        }
    ],
    "CreditNotes": [],
    "AmountDue": Decimal("41.74"),
    "AmountPaid": Decimal("46.00"),
    "AmountCredited": 0,
    "CurrencyRate": Decimal("0.7512345"),
    "SentToContact": True,
    "Contact": {"ContactID": CONTACT_ID, "Name": "Barney Rubble", "Addresses": []},
    "DateString": "2018-10-20T00:00:00",
    "Date": "/Date(1539993600000+0000)/",
    "DueDateString": "2018-12-30T00:00:00",
    "DueDate": "/Date(1546128000000+0000)/",
    "FullyPaidOnDate": "/Date(1543449600000+0000)/",
    "Status": "AUTHORISED",
    "LineAmountTypes": "Exclusive",
    "LineItems": [
        {
            "LineItemID": LINE_ID,
            "ItemCode": "",
            "Item": {"ItemID": "x", "Code": "GTR-1"},
            "Description": "Guitar lessons\nin May",
            "UnitAmount": Decimal("38.1500"),
            "TaxType": "OUTPUT2",
            "TaxAmount": Decimal("11.44"),
            "LineAmount": Decimal("76.30"),
            "AccountCode": "200",
            "AccountID": "not ours",
            "Quantity": Decimal("2.0000"),
            "DiscountRate": None,
            "Tracking": [
                {
                    "TrackingCategoryID": "e2f2f732-e92a-4f3a-9c4d-ee4da0182a13",
                    "TrackingOptionID": OPTION_ID,
                    "Name": "Region",
                    "Option": "East",
                }
            ],
        },
        {"Description": "Thank you"},
    ],
    "SubTotal": Decimal("76.30"),
    "TotalTax": Decimal("11.44"),
    "Total": Decimal("87.74"),
    "CurrencyCode": "USD",
    "Url": "https://odoo.example.com/odoo/sales/42",
    "BrandingThemeID": "dabc7637-62c1-4941-8a6e-ee44fa5090e7",
    "UpdatedDateUTC": "/Date(1541176592690+0000)/",
    "RepeatingInvoiceID": "not ours",
}


INVOICE = InvoiceData(
    xero_id=ID,
    type="ACCREC",
    number="INV-0002",
    contact_id=CONTACT_ID,
    contact_name="Barney Rubble",
    reference="SO042",
    status="AUTHORISED",
    date=dt.date(2018, 10, 20),
    due_date=dt.date(2018, 12, 30),
    currency="USD",
    currency_rate=Decimal("0.751235"),
    lines=(
        LineData(
            description="Guitar lessons\nin May",
            quantity=Decimal(2),
            unit_amount=Decimal("38.15"),
            account_code="200",
            tax_type="OUTPUT2",
            item_code="GTR-1",
            line_amount=Decimal("76.30"),
            tax_amount=Decimal("11.44"),
            line_item_id=LINE_ID,
            tracking=(
                LineTrackingData(
                    "e2f2f732-e92a-4f3a-9c4d-ee4da0182a13", OPTION_ID, "Region", "East"
                ),
            ),
        ),
        LineData(description="Thank you"),
    ),
    subtotal=Decimal("76.30"),
    total_tax=Decimal("11.44"),
    total=Decimal("87.74"),
    amount_due=Decimal("41.74"),
    amount_paid=Decimal(46),
    is_sent=True,
    url="https://odoo.example.com/odoo/sales/42",
    branding_theme_id="dabc7637-62c1-4941-8a6e-ee44fa5090e7",
    fully_paid_on=dt.date(2018, 11, 29),
    payments=(
        PaymentData(
            xero_id=PAYMENT_ID,
            invoice_id=ID,
            date=dt.date(2018, 11, 29),
            amount=Decimal(46),
            currency_rate=Decimal(1),
        ),
    ),
    updated=dt.datetime(2018, 11, 2, 16, 36, 32, 690000),
)


def test_payload_is_read():
    assert InvoiceData.from_xero(PAYLOAD) == INVOICE


def test_totals_of_a_read_invoice_are_xeros():
    assert INVOICE.computed_totals() == Totals(
        INVOICE.subtotal, INVOICE.total_tax, INVOICE.total
    )


def test_client_sends_nothing_that_is_xeros():
    assert INVOICE.to_xero() == {
        "InvoiceID": ID,
        "Type": "ACCREC",
        "InvoiceNumber": "INV-0002",
        "Reference": "SO042",
        "Status": "AUTHORISED",
        "Date": "2018-10-20",
        "DueDate": "2018-12-30",
        "CurrencyCode": "USD",
        "CurrencyRate": Decimal("0.751235"),
        "LineAmountTypes": "Exclusive",
        "SentToContact": True,
        "Url": "https://odoo.example.com/odoo/sales/42",
        "BrandingThemeID": "dabc7637-62c1-4941-8a6e-ee44fa5090e7",
        "Contact": {"ContactID": CONTACT_ID},
        "LineItems": [
            {
                "LineItemID": LINE_ID,
                "Description": "Guitar lessons\nin May",
                "Quantity": Decimal(2),
                "UnitAmount": Decimal("38.15"),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
                "TaxAmount": Decimal("11.44"),
                "ItemCode": "GTR-1",
                "Tracking": [
                    {
                        "TrackingCategoryID": "e2f2f732-e92a-4f3a-9c4d-ee4da0182a13",
                        "TrackingOptionID": OPTION_ID,
                        "Name": "Region",
                        "Option": "East",
                    }
                ],
            },
            {"Description": "Thank you"},
        ],
    }


def test_status_change_leaves_the_lines_alone():
    payload = dataclasses.replace(INVOICE, status="VOIDED").to_xero({"status"})
    assert payload == {"InvoiceID": ID, "Status": "VOIDED"}


@pytest.mark.parametrize("absent", [None, ...])
@pytest.mark.parametrize("key", sorted(PAYLOAD))
def test_null_or_absent_element_is_empty(key, absent):
    payload = {k: v for k, v in PAYLOAD.items() if k != key}
    if absent is None:
        payload[key] = None
    invoice = InvoiceData.from_xero(payload)
    assert isinstance(invoice.total, Decimal)
    assert invoice.date == INVOICE.date


@pytest.mark.parametrize("absent", [None, ...])
@pytest.mark.parametrize("key", sorted(PAYLOAD["LineItems"][0]))
def test_null_or_absent_element_of_a_line_is_empty(key, absent):
    payload = copy.deepcopy(PAYLOAD)
    payload["LineItems"][0].pop(key)
    if absent is None:
        payload["LineItems"][0][key] = None
    assert len(InvoiceData.from_xero(payload).lines) == 2


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"AmountDue": 0}, "0"),
        ({"AmountDue": None}, "41.74"),
        ({"AmountDue": None, "AmountPaid": None}, "87.74"),
        ({"AmountDue": None, "AmountCredited": Decimal("41.74")}, "0"),
        ({"AmountDue": None, "Total": None}, "0"),
    ],
)
def test_absent_amount_due_is_not_read_as_paid(fields, due):
    assert InvoiceData.from_xero({**PAYLOAD, **fields}).amount_due == Decimal(due)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"Date": "soon"}, "date"),
        ({"Total": "much"}, "total"),
        ({"Total": float("nan")}, "total"),
        ({"Contact": "Barney"}, "Contact"),
        ({"Contact": {"ContactID": []}}, "contact_id"),
        ({"LineItems": {}}, "LineItems"),
        ({"LineItems": [{"Quantity": "two"}]}, "lines.0.quantity"),
        (
            {"LineItems": [{}, {"Tracking": [{"Name": {}}]}]},
            "lines.1.tracking.0.name",
        ),
        ({"Payments": [{"Amount": []}]}, "payments.0.amount"),
        ({"SentToContact": "perhaps"}, "is_sent"),
    ],
)
def test_bad_element_raises_mapping_error_with_its_path(bad, field):
    with pytest.raises(MappingError) as caught:
        InvoiceData.from_xero({**PAYLOAD, **bad})
    assert caught.value.field == field


def test_one_bad_element_does_not_spoil_the_page():
    page = [PAYLOAD, {**PAYLOAD, "Total": "x"}, None, PAYLOAD]
    read, failed = [], 0
    for payload in page:
        try:
            read.append(InvoiceData.from_xero(payload))
        except MappingError:
            failed += 1
    assert (len(read), failed) == (2, 2)


def test_unknown_enum_values_pass():
    payload = {**PAYLOAD, "Status": "FROZEN", "CurrencyCode": "ZZZ", "Type": "NEW"}
    invoice = InvoiceData.from_xero(payload)
    assert (invoice.status, invoice.currency) == ("FROZEN", "ZZZ")


def test_payment_of_its_own_names_its_invoice():
    payment = PaymentData.from_xero(
        {
            "PaymentID": PAYMENT_ID,
            "Invoice": {"InvoiceID": ID.upper(), "Type": "ACCREC"},
            "Date": "/Date(1543449600000+0000)/",
            "Amount": Decimal("46.00"),
            "Reference": None,
            "Status": "DELETED",
            "UpdatedDateUTCString": "2018-11-02 16:36:32+00:00",
        }
    )
    assert payment == PaymentData(
        xero_id=PAYMENT_ID,
        invoice_id=ID,
        date=dt.date(2018, 11, 29),
        amount=46,
        status="DELETED",
        updated=dt.datetime(2018, 11, 2, 16, 36, 32),
    )


def test_payment_of_a_credit_note_has_no_invoice():
    payload = {"PaymentID": PAYMENT_ID, "CreditNote": {"CreditNoteID": ID}}
    assert PaymentData.from_xero(payload).invoice_id == ""


def test_values_keep_lines_and_payments():
    known = InvoiceData.from_values(INVOICE.values())
    assert known == dataclasses.replace(INVOICE, xero_id="", updated=None)
    assert known.fingerprint() == INVOICE.fingerprint()
    assert known.diff(dataclasses.replace(INVOICE, total=1)) == {
        "total": (Decimal("87.74"), Decimal(1))
    }
