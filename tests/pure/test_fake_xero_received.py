"""The simulator's overpayments and prepayments."""

import pytest
from fake_xero_api import invoice


@pytest.fixture
def contact(fake_api):
    return fake_api.org.add_contact(Name="Acme", EmailAddress="a@example.com")


@pytest.fixture
def due(fake_api, contact):
    return fake_api.put("Invoices", invoice(contact))[0]


@pytest.mark.parametrize("name", ["Overpayments", "Prepayments"])
def test_listed_given_to_an_invoice_and_paid_back(fake_api, contact, due, name):
    fake_api.org.receive(name, contact, "80.00", reference="R")
    [listed] = fake_api.get(name, page=1, order="Date DESC")
    id_field = f"{name.removesuffix('s')}ID"
    assert listed["Type"].startswith("RECEIVE-") and listed["RemainingCredit"] == 80
    path = f"{name}/{listed[id_field]}"
    given = {"Invoice": {"InvoiceID": due["InvoiceID"]}, "Amount": 50}
    body = {"Allocations": [{**given, "Date": "2026-03-06"}]}
    answer = fake_api.call("PUT", f"{path}/Allocations", body)
    assert answer.status_code == 200, answer.text
    shown = fake_api.get(f"Invoices/{due['InvoiceID']}")[0]
    assert (shown["AmountCredited"], shown["AmountDue"]) == (50, 65)
    assert shown[name][0]["AppliedAmount"] == 50
    refund = {
        id_field.removesuffix("ID"): {id_field: listed[id_field]},
        "Account": {"Code": "090"},
        "Amount": 30,
    }
    made = fake_api.put("Payments", refund)[0]
    assert made["PaymentType"] == f"AR{name.upper().removesuffix('S')}PAYMENT"
    credit = fake_api.get(path)[0]
    assert (credit["Status"], credit["RemainingCredit"]) == ("PAID", 0)
    allocation = credit["Allocations"][0]["AllocationID"]
    assert (
        fake_api.call("DELETE", f"{path}/Allocations/{allocation}").status_code == 200
    )
    assert fake_api.get(path)[0]["RemainingCredit"] == 50


def test_they_are_only_read(fake_api, contact):
    credit = fake_api.org.receive("Overpayments", contact, "20.00")
    answer = fake_api.call("POST", f"Overpayments/{credit['OverpaymentID']}", {})
    assert answer.status_code == 501
    # The OpenAPI file knows no such call, and the contract check says so.
    fake_api.xero.contract_violations.clear()


def test_no_more_is_given_than_there_is(fake_api, contact, due):
    credit = fake_api.org.receive("Prepayments", contact, "20.00")
    given = {"Invoice": {"InvoiceID": due["InvoiceID"]}, "Amount": 21}
    given["Date"] = "2026-03-06"
    path = f"Prepayments/{credit['PrepaymentID']}/Allocations"
    answer = fake_api.call("PUT", path, {"Allocations": [given]})
    assert answer.status_code == 400 and "exceeds" in answer.text
