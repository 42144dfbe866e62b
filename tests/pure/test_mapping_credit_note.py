"""CreditNoteData: credit notes, overpayments and prepayments read alike."""

from datetime import date
from decimal import Decimal

import pytest

from mapping import CreditNoteData, MappingError

NOTE = {
    "CreditNoteID": "249f15fa-f2a7-4acc-8769-0984103f2225",
    "CreditNoteNumber": "CN-0005",
    "Type": "ACCRECCREDIT",
    "Status": "AUTHORISED",
    "Reference": "US Tour",
    "Contact": {
        "ContactID": "430fa14a-f945-44d3-9f97-5df5e28441b8",
        "Name": "Liam Gallagher",
    },
    "Date": "/Date(1551744000000+0000)/",
    "Total": Decimal("34.50"),
    "RemainingCredit": Decimal("22.50"),
    "Payments": [{"PaymentID": "6b037c9b-2e5d-4905-84d3-eabfb3438242", "Amount": 2}],
    "Allocations": [
        {
            "Amount": 10,
            "Date": "/Date(1551744000000+0000)/",
            "Invoice": {
                "InvoiceID": "be392c72-c121-4f83-9512-03ac71e54c20",
                "InvoiceNumber": "INV-1",
            },
        }
    ],
}


def read(**changes):
    return CreditNoteData.from_xero({**NOTE, **changes})


def test_credit_note():
    note = read()
    assert (note.kind, note.number, note.is_sale) == ("credit_note", "CN-0005", True)
    assert note.date == date(2019, 3, 5)
    assert note.contact_name == "Liam Gallagher"
    assert note.remaining_credit == Decimal("22.50")
    [allocation] = note.allocations
    assert allocation.invoice_number == "INV-1" and allocation.amount == 10
    assert note.payments[0].amount == 2


@pytest.mark.parametrize(
    "id_field, type_, kind, is_sale",
    [
        ("OverpaymentID", "RECEIVE-OVERPAYMENT", "overpayment", True),
        ("OverpaymentID", "AROVERPAYMENT", "overpayment", True),
        ("OverpaymentID", "SPEND-OVERPAYMENT", "overpayment", False),
        ("PrepaymentID", "RECEIVE-PREPAYMENT", "prepayment", True),
        ("PrepaymentID", "ARPREPAYMENT", "prepayment", True),
        ("PrepaymentID", "APPREPAYMENT", "prepayment", False),
        ("CreditNoteID", "ACCPAYCREDIT", "credit_note", False),
        ("CreditNoteID", "MARTIAN", "credit_note", False),
    ],
)
def test_kinds(id_field, type_, kind, is_sale):
    xero_id = NOTE["CreditNoteID"]
    credit = read(**{"CreditNoteID": None, id_field: xero_id, "Type": type_})
    assert (credit.xero_id, credit.kind, credit.is_sale) == (xero_id, kind, is_sale)


def test_remaining_credit_that_is_left_out_is_not_nothing():
    assert read(RemainingCredit=None).remaining_credit == Decimal("22.50")
    assert read(RemainingCredit=0).remaining_credit == 0


def test_allocation_changes_the_fingerprint():
    assert read().fingerprint() == read().fingerprint()
    assert read(Allocations=[]).fingerprint() != read().fingerprint()


@pytest.mark.parametrize("field", ["Allocations", "Payments", "LineItems", "Contact"])
def test_wrong_type_is_an_error_of_its_own(field):
    with pytest.raises(MappingError):
        read(**{field: "what?"})
