"""The simulator's payments, credit notes, quotes and repeating invoices."""

from datetime import date

import pytest
from fake_xero_api import invoice


@pytest.fixture
def contact(fake_api):
    return fake_api.org.add_contact(Name="Acme", EmailAddress="a@example.com")


@pytest.fixture
def due(fake_api, contact):
    return fake_api.put("Invoices", invoice(contact))[0]


def payment(document, amount, **fields):
    return {
        "Invoice": {"InvoiceID": document["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-03-05",
        "Amount": amount,
        **fields,
    }


def read(fake_api, document):
    return fake_api.get(f"Invoices/{document['InvoiceID']}")[0]


def test_part_payment_and_the_rest(fake_api, due):
    made = fake_api.put("Payments", payment(due, 15, Reference="first"))[0]
    assert made["Status"] == "AUTHORISED" and made["PaymentType"] == "ACCRECPAYMENT"
    assert made["Invoice"]["AmountDue"] == 100
    shown = read(fake_api, due)
    assert (shown["AmountDue"], shown["AmountPaid"]) == (100, 15)
    assert shown["Status"] == "AUTHORISED"
    assert shown["Payments"] == [
        {
            "PaymentID": made["PaymentID"],
            "Date": "/Date(1772668800000+0000)/",
            "Amount": 15,
            "CurrencyRate": 1,
            "HasAccount": False,
            "HasValidationErrors": False,
            "Reference": "first",
        }
    ]
    fake_api.put("Payments", payment(due, 100, Date="2026-03-09"))
    shown = read(fake_api, due)
    assert shown["Status"] == "PAID" and shown["AmountDue"] == 0
    assert shown["FullyPaidOnDate"] == "/Date(1773014400000+0000)/"
    assert shown["UpdatedDateUTC"] >= due["UpdatedDateUTC"]


def test_deleting_a_payment_opens_the_invoice_again(fake_api, due):
    made = fake_api.put("Payments", payment(due, 115))[0]
    assert read(fake_api, due)["Status"] == "PAID"
    path = f"Payments/{made['PaymentID']}"
    answer = fake_api.call("POST", path, {"Status": "DELETED"})
    assert answer.json()["Payments"][0]["Status"] == "DELETED"
    shown = read(fake_api, due)
    assert shown["Status"] == "AUTHORISED" and shown["AmountDue"] == 115
    assert shown["Payments"] == [] and "FullyPaidOnDate" not in shown
    assert fake_api.call("POST", path, {"Status": "DELETED"}).status_code == 400


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"Amount": 115.01}, "Payment amount exceeds the amount outstanding"),
        ({"Amount": 0}, "greater than zero"),
        ({"Account": {"Code": "200"}}, "does not accept payments"),
        ({"Account": {"Code": "nope"}}, "account of this payment"),
        ({"Invoice": {}}, "needs an invoice"),
    ],
)
def test_bad_payments_are_refused(fake_api, due, changes, text):
    messages = fake_api.refused("PUT", "Payments", payment(due, 10, **changes))
    assert text in messages[0]
    assert read(fake_api, due)["AmountDue"] == 115


def test_accounts_that_take_no_payment(fake_api, due):
    euro = {"Name": "Euro", "Type": "BANK", "CurrencyCode": "EUR"}
    made = fake_api.org.update("Accounts", **euro)
    paid = payment(due, 10, Account={"AccountID": made["AccountID"]})
    assert "currency EUR" in fake_api.refused("PUT", "Payments", paid)[0]
    fake_api.org.update(
        "Accounts", AccountID=made["AccountID"], Name="Euro", Status="ARCHIVED"
    )
    paid = payment(due, 10, Account={"AccountID": made["AccountID"]})
    assert "archived" in fake_api.refused("PUT", "Payments", paid)[0]
    assert read(fake_api, due)["AmountDue"] == 115


def test_a_foreign_invoice_is_paid_in_its_own_currency(fake_api, contact):
    euro = {"Name": "Euro", "Type": "BANK", "CurrencyCode": "EUR"}
    account = {"AccountID": fake_api.org.update("Accounts", **euro)["AccountID"]}
    foreign = fake_api.put("Invoices", invoice(contact, CurrencyCode="EUR"))[0]
    made = fake_api.put("Payments", payment(foreign, 10, Account=account))[0]
    assert made["Invoice"]["AmountDue"] == foreign["AmountDue"] - 10
    made = fake_api.put("Payments", payment(foreign, 5, CurrencyRate=0.61))[0]
    assert float(made["CurrencyRate"]) == 0.61


def test_locked_periods_take_no_payment(fake_api, due):
    fake_api.org.details["PeriodLockDate"] = "/Date(1772668800000+0000)/"
    messages = fake_api.refused("PUT", "Payments", payment(due, 10))
    assert "period lock date" in messages[0]


def test_only_approved_documents_are_paid(fake_api, contact):
    draft = fake_api.put("Invoices", invoice(contact, Status="DRAFT"))[0]
    messages = fake_api.refused("PUT", "Payments", payment(draft, 1))
    assert messages == ["Payments can only be made against Authorised documents"]


def test_reconciled_payments_stay(fake_api, due):
    made = fake_api.put("Payments", payment(due, 5, IsReconciled=True))[0]
    answer = fake_api.call(
        "POST", f"Payments/{made['PaymentID']}", {"Status": "DELETED"}
    )
    assert "reconciled" in answer.text and answer.status_code == 400


def test_paid_invoices_let_only_few_fields_change(fake_api, due):
    fake_api.org.pay(due, "15.00", date(2026, 3, 5))
    changed = fake_api.post(
        "Invoices",
        {"InvoiceID": due["InvoiceID"], "Reference": "R", "DueDate": "2026-04-01"},
    )[0]
    assert changed["Reference"] == "R" and changed["Payments"]
    assert changed["AmountDue"] == 100
    messages = fake_api.refused(
        "POST", "Invoices", {"InvoiceID": due["InvoiceID"], "Date": "2026-02-01"}
    )
    assert "cannot be edited as it has a payment" in messages[0]
    change = {"InvoiceID": due["InvoiceID"], "Status": "VOIDED"}
    assert "cannot be voided" in fake_api.refused("POST", "Invoices", change)[0]


def test_payment_lists_have_short_invoices(fake_api, due):
    fake_api.put("Payments", payment(due, 5))
    listed = fake_api.get("Payments", page=1)[0]
    assert "Total" not in listed["Invoice"]
    assert listed["Invoice"]["InvoiceNumber"] == due["InvoiceNumber"]
    where = f'Invoice.InvoiceID==guid("{due["InvoiceID"]}")'
    assert len(fake_api.get("Payments", where=where)) == 1
    single = fake_api.get(f"Payments/{listed['PaymentID']}")[0]
    assert single["Invoice"]["Total"] == 115


def credit(contact, amount=50, **fields):
    note = invoice(contact, Type="ACCRECCREDIT", **fields)
    del note["DueDate"]
    note["LineItems"][0]["UnitAmount"] = amount
    return note


def test_credit_note_is_allocated_and_released(fake_api, contact, due):
    note = fake_api.put("CreditNotes", credit(contact))[0]
    assert note["CreditNoteNumber"] == "CN-0001" and note["RemainingCredit"] == 57.5
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    body = {
        "Allocations": [
            {
                "Invoice": {"InvoiceID": due["InvoiceID"]},
                "Amount": 57.5,
                "Date": "2026-03-06",
            }
        ]
    }
    answer = fake_api.call("PUT", path, body)
    assert answer.status_code == 200, answer.text
    shown = read(fake_api, due)
    assert (shown["AmountCredited"], shown["AmountDue"]) == (57.5, 57.5)
    assert shown["CreditNotes"][0]["AppliedAmount"] == 57.5
    rows = fake_api.call("GET", f"Invoices/{due['InvoiceID']}/History").json()
    assert rows["HistoryRecords"][0]["Changes"] == "Credited"
    noted = fake_api.get(f"CreditNotes/{note['CreditNoteID']}")[0]
    assert noted["Status"] == "PAID" and noted["RemainingCredit"] == 0
    one = f"{path}/{noted['Allocations'][0]['AllocationID']}"
    assert fake_api.call("DELETE", one).json()["IsDeleted"] is True
    assert read(fake_api, due)["AmountDue"] == 115
    assert fake_api.call("PUT", path, body).status_code == 200


def test_too_much_credit_is_refused(fake_api, contact, due):
    note = fake_api.put("CreditNotes", credit(contact))[0]
    body = {
        "Allocations": [
            {
                "Invoice": {"InvoiceID": due["InvoiceID"]},
                "Amount": 58,
                "Date": "2026-03-06",
            }
        ]
    }
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    assert fake_api.call("PUT", path, body).status_code == 400
    assert read(fake_api, due)["AmountCredited"] == 0


def quote(contact, **fields):
    return {
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-03-01",
        "LineItems": [
            {
                "Description": "Goods",
                "Quantity": 2,
                "UnitAmount": 10.1234,
                "TaxType": "OUTPUT2",
            }
        ],
        "Terms": "30 days",
        **fields,
    }


def test_quote(fake_api, contact):
    answer = fake_api.call("PUT", "Quotes", {"Quotes": [quote(contact)]})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["SummarizeErrors"] is True
    made = answer.json()["Quotes"][0]
    assert made["QuoteNumber"] == "QU-0001" and made["Date"] == "/Date(1772323200000)/"
    assert made["LineAmountTypes"] == "EXCLUSIVE"
    assert made["LineItems"][0]["UnitAmount"] == 10.1234
    assert (made["SubTotal"], made["TotalTax"]) == (20.25, 3.04)


def test_quote_line_without_tax_type_has_no_tax(fake_api, contact):
    payload = quote(contact)
    del payload["LineItems"][0]["TaxType"]
    payload["LineItems"][0]["AccountCode"] = "200"
    assert fake_api.put("Quotes", payload)[0]["TotalTax"] == 0


def test_posting_a_quote_replaces_it(fake_api, contact):
    made = fake_api.put("Quotes", quote(contact, Title="T"))[0]
    again = quote(contact, QuoteID=made["QuoteID"])
    del again["Terms"]
    changed = fake_api.post("Quotes", again)[0]
    assert changed["QuoteID"] == made["QuoteID"]
    assert changed["QuoteNumber"] == "QU-0002"
    assert changed["Terms"] == "" and changed["Title"] == ""
    old_line, new_line = made["LineItems"][0], changed["LineItems"][0]
    assert old_line["LineItemID"] != new_line["LineItemID"]


@pytest.mark.parametrize(
    "path, good",
    [
        (("SENT", "ACCEPTED", "INVOICED"), True),
        (("SENT", "DECLINED"), True),
        (("SENT", "ACCEPTED", "DELETED"), True),
        (("ACCEPTED",), False),
        (("INVOICED",), False),
    ],
)
def test_quote_statuses(fake_api, contact, path, good):
    made = fake_api.put("Quotes", quote(contact))[0]
    base = quote(contact, QuoteID=made["QuoteID"], QuoteNumber=made["QuoteNumber"])
    for status in path[:-1]:
        fake_api.post("Quotes", {**base, "Status": status})
    last = {**base, "Status": path[-1]}
    if good:
        assert fake_api.post("Quotes", last)[0]["Status"] == path[-1]
    else:
        assert "status" in fake_api.refused("POST", "Quotes", last)[0]


def test_quote_filters(fake_api, contact):
    for day in ("2026-03-01", "2026-03-10"):
        fake_api.put("Quotes", quote(contact, Date=day))
    assert len(fake_api.get("Quotes", DateFrom="2026-03-02")) == 1
    assert len(fake_api.get("Quotes", Status="DRAFT")) == 2
    assert len(fake_api.get("Quotes", QuoteNumber="QU-0002")) == 1
    assert fake_api.get("Quotes", ContactID=contact["ContactID"], page=2) == []


def repeating(contact, **fields):
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact["ContactID"]},
        "Schedule": {
            "Period": 1,
            "Unit": "MONTHLY",
            "DueDate": 10,
            "DueDateType": "OFFOLLOWINGMONTH",
            "StartDate": "2026-04-01",
        },
        "LineItems": [
            {"Description": "a", "Quantity": 1, "UnitAmount": 50, "AccountCode": "200"}
        ],
        "Status": "AUTHORISED",
        **fields,
    }


def test_repeating_invoices_are_created_and_deleted_only(fake_api, contact):
    made = fake_api.put("RepeatingInvoices", repeating(contact))[0]
    assert made["Total"] == 57.5 and made["ID"] == made["RepeatingInvoiceID"]
    path = f"RepeatingInvoices/{made['RepeatingInvoiceID']}"
    assert (
        "only be created or deleted"
        in fake_api.refused("POST", path, {"Reference": "x"})[0]
    )
    assert fake_api.post(path, {"Status": "DELETED"})[0]["Status"] == "DELETED"
    assert fake_api.get("RepeatingInvoices") == []


def test_items(fake_api):
    details = {"UnitPrice": 1.23456, "AccountCode": "200"}
    made = fake_api.put("Items", {"Code": "A", "Name": "Ax", "SalesDetails": details})[
        0
    ]
    assert made["SalesDetails"]["UnitPrice"] == 1.23
    made = fake_api.post("Items", {"Code": "a", "SalesDetails": details}, unitdp="4")[0]
    assert made["SalesDetails"]["UnitPrice"] == 1.2346 and made["Name"] == "Ax"
    assert fake_api.get("Items")[0]["SalesDetails"]["UnitPrice"] == 1.23
    assert fake_api.get("Items/A", unitdp="4")[0]["ItemID"] == made["ItemID"]
    fake_api.xero.contract_violations.clear()
    messages = fake_api.refused("PUT", "Items", {"Code": "a"})
    assert messages == ["Price List Item with Code 'a' already exists"]
    sold = fake_api.post(
        "Items", {"ItemID": made["ItemID"], "Code": "A", "IsSold": False}
    )
    assert sold[0]["SalesDetails"] == {}
    path = f"Items/{made['ItemID']}"
    assert fake_api.call("DELETE", path).status_code == 204
    assert fake_api.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    "payload, text",
    [
        ({"Code": "x" * 31}, "Code"),
        ({"Code": "A", "Name": "x" * 51}, "Name"),
        ({"Code": "A", "SalesDetails": {"AccountCode": "nope"}}, "'nope'"),
        ({"Code": "A", "SalesDetails": {"TaxType": "MOON"}}, "'MOON'"),
    ],
)
def test_bad_items(fake_api, payload, text):
    assert text in fake_api.refused("PUT", "Items", payload)[0]
    fake_api.xero.contract_violations.clear()


def test_reports(fake_api, contact, due):
    fake_api.org.pay(due, "15.00", date(2026, 3, 5))
    aged = fake_api.call(
        "GET", "Reports/AgedReceivablesByContact", contactId=contact["ContactID"]
    ).json()["Reports"][0]
    summary = aged["Rows"][1]["Rows"][-1]
    assert [cell["Value"] for cell in summary["Cells"]][4:] == [
        "115.00",
        "15.00",
        "0.00",
        "100.00",
    ]
    period = {"fromDate": "2026-03-01", "toDate": "2026-03-31"}
    profit = fake_api.call("GET", "Reports/ProfitAndLoss", **period).json()
    assert profit["Reports"][0]["Rows"][-1]["Rows"][0]["Cells"][1]["Value"] == "100.00"
    bank = fake_api.call("GET", "Reports/BankSummary", **period).json()
    first = bank["Reports"][0]["Rows"][1]["Rows"][0]["Cells"]
    assert [cell["Value"] for cell in first][1:] == ["0.00", "15.00", "0.00", "15.00"]
    assert fake_api.call("GET", "Reports/AgedReceivablesByContact").status_code == 400
    fake_api.xero.contract_violations.clear()


def test_reference_data(fake_api):
    details = fake_api.get("Organisation")[0]
    assert details["ShortCode"].startswith("!") and details["BaseCurrency"] == "NZD"
    assert fake_api.get("TaxRates/OUTPUT2")[0]["EffectiveRate"] == 15
    assert {c["Code"] for c in fake_api.get("Currencies")} >= {"NZD", "AUD", "EUR"}
    themes = fake_api.get("BrandingThemes")
    assert [theme["SortOrder"] for theme in themes] == [0, 1, 2]
    codes = {account.get("Code"): account for account in fake_api.get("Accounts")}
    assert codes["860"]["SystemAccount"] == "ROUNDING"
    actions = fake_api.call("GET", "Organisation/Actions").json()["Actions"]
    assert {"Name": "CreateApprovedInvoice", "Status": "ALLOWED"} in actions
    answer = fake_api.call("PUT", "BrandingThemes", {})
    assert answer.status_code == 501
    fake_api.xero.contract_violations.clear()


def test_reference_data_can_be_made(fake_api):
    account = {"Code": "205", "Name": "Web Sales", "Type": "REVENUE"}
    made = fake_api.call("PUT", "Accounts", account).json()["Accounts"][0]
    assert made["Class"] == "REVENUE"
    path = f"Accounts/{made['AccountID']}"
    assert fake_api.post(path, {"Status": "ARCHIVED"})[0]["Status"] == "ARCHIVED"
    assert fake_api.call("PUT", "Accounts", account).status_code == 400
    rate = {"Name": "12% VAT", "TaxComponents": [{"Name": "VAT", "Rate": 12}]}
    made = fake_api.put("TaxRates", rate)[0]
    assert made["TaxType"].startswith("TAX") and made["EffectiveRate"] == 12
    answer = fake_api.call("PUT", "Currencies", {"Code": "CHF"})
    assert answer.status_code == 200 and "CHF" in fake_api.org.currencies
    answer = fake_api.call("PUT", "TrackingCategories", {"Name": "Third"})
    assert "two active" in answer.text
    category = fake_api.get("TrackingCategories")[0]
    path = f"TrackingCategories/{category['TrackingCategoryID']}/Options"
    answer = fake_api.call("PUT", path, {"Name": "Centre"})
    assert answer.json()["Options"][0]["Name"] == "Centre"


def test_a_credit_note_can_be_refunded(fake_api, contact):
    note = fake_api.put("CreditNotes", credit(contact))[0]
    refund = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-03-07",
        "Amount": 57.5,
    }
    made = fake_api.put("Payments", refund)[0]
    assert made["PaymentType"] == "ARCREDITPAYMENT"
    path = f"CreditNotes/{note['CreditNoteID']}"
    assert fake_api.get(path)[0]["Status"] == "PAID"
    body = {"Status": "DELETED"}
    assert (
        fake_api.call("POST", f"Payments/{made['PaymentID']}", body).status_code == 200
    )
    noted = fake_api.get(path)[0]
    assert noted["Status"] == "AUTHORISED" and noted["RemainingCredit"] == 57.5
