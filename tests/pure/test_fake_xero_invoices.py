"""The simulator's invoices: arithmetic, numbers, the status machine, sub-resources."""

from datetime import date
from decimal import Decimal

import pytest
from fake_xero_api import invoice

from fake_xero.wire import ZERO_GUID


@pytest.fixture
def contact(fake_api):
    return fake_api.org.add_contact(Name="Acme", EmailAddress="a@example.com")


def line(**fields):
    return {"Description": "Goods", "Quantity": 1, "AccountCode": "200", **fields}


def totals(document):
    return document["SubTotal"], document["TotalTax"], document["Total"]


def test_the_whole_answer(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    assert made["InvoiceNumber"] == "INV-0001" and made["Status"] == "AUTHORISED"
    assert made["DateString"] == "2026-03-01T00:00:00"
    assert made["Date"] == "/Date(1772323200000+0000)/"
    assert totals(made) == (100, 15, 115)
    assert (made["AmountDue"], made["AmountPaid"], made["AmountCredited"]) == (
        115,
        0,
        0,
    )
    assert made["LineItems"][0]["TaxType"] == "OUTPUT2"
    assert made["CurrencyCode"] == "NZD" and made["CurrencyRate"] == 1
    assert made["Contact"]["EmailAddress"] == "a@example.com"


@pytest.mark.parametrize(
    "kind, amounts, expected",
    [
        # Xero's own example: tax is rounded per line.
        ("Exclusive", (25.06, 25.61, 25.63), (76.30, 11.44, 87.74)),
        ("Inclusive", (115, 23), (120, 18, 138)),
        ("NoTax", (25.06, 25.61), (50.67, 0, 50.67)),
    ],
)
def test_tax_is_rounded_per_line(fake_api, contact, kind, amounts, expected):
    lines = [line(UnitAmount=amount) for amount in amounts]
    made = fake_api.put(
        "Invoices", invoice(contact, LineAmountTypes=kind, LineItems=lines)
    )[0]
    assert totals(made) == expected


@pytest.mark.parametrize(
    "unitdp, unit, amount", [("2", 1.24, 3.72), ("4", 1.2355, 3.71)]
)
def test_unit_amount_is_rounded_before_the_line(
    fake_api, contact, unitdp, unit, amount
):
    payload = invoice(contact, LineItems=[line(UnitAmount=1.2355, Quantity=3)])
    made = fake_api.put("Invoices", payload, unitdp=unitdp)[0]
    assert made["LineItems"][0]["UnitAmount"] == unit
    assert made["LineItems"][0]["LineAmount"] == amount


def test_half_cents_go_up(fake_api, contact):
    made = fake_api.put(
        "Invoices",
        invoice(contact, LineItems=[line(UnitAmount=14.43333, LineAmount=None)]),
        unitdp="4",
    )[0]
    fake_api.xero.contract_violations.clear()
    assert made["LineItems"][0]["TaxAmount"] == 2.16
    made = fake_api.put(
        "Invoices", invoice(contact, LineItems=[line(UnitAmount=14.43)])
    )[0]
    assert made["TotalTax"] == 2.16
    made = fake_api.put(
        "Invoices", invoice(contact, LineItems=[line(UnitAmount=14.5)])
    )[0]
    assert made["TotalTax"] == 2.18


def test_discounts(fake_api, contact):
    lines = [
        line(UnitAmount=19.95, DiscountRate=10),
        line(UnitAmount=20, DiscountAmount=5),
    ]
    made = fake_api.put("Invoices", invoice(contact, LineItems=lines))[0]
    assert [entry["LineAmount"] for entry in made["LineItems"]] == [17.96, 15]
    assert made["TotalDiscount"] == 7 and made["IsDiscounted"] is True
    bill = invoice(
        contact, Type="ACCPAY", LineItems=[line(UnitAmount=1, DiscountRate=1)]
    )
    assert "Discounts" in fake_api.refused("PUT", "Invoices", bill)[0]


def test_line_amount_must_match(fake_api, contact):
    wrong = invoice(contact, LineItems=[line(UnitAmount=10, Quantity=2, LineAmount=21)])
    assert fake_api.refused("PUT", "Invoices", wrong) == [
        "The line total 21 does not match the expected line total 20.00"
    ]


def test_tax_amount_can_be_overridden(fake_api, contact):
    made = fake_api.put(
        "Invoices", invoice(contact, LineItems=[line(UnitAmount=100, TaxAmount=14.99)])
    )[0]
    assert totals(made) == (100, 14.99, 114.99)


def test_items_supply_what_the_line_lacks(fake_api, contact):
    fake_api.org.add_item("BOOK", "19.95", Name="Book", Description="A book")
    lines = [{"ItemCode": "book", "Quantity": 2}]
    made = fake_api.put("Invoices", invoice(contact, LineItems=lines))[0]
    entry = made["LineItems"][0]
    assert (entry["Description"], entry["UnitAmount"]) == ("A book", 19.95)
    assert entry["AccountCode"] == "200" and entry["Item"]["Code"] == "BOOK"
    lines = [{"ItemCode": "nope", "Quantity": 2, "Description": "x"}]
    messages = fake_api.refused("PUT", "Invoices", invoice(contact, LineItems=lines))
    assert "Item code 'nope' is not valid" in messages


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"Type": "SALE"}, "type is not valid"),
        ({"Contact": {}}, "A Contact must be specified"),
        (
            {"Contact": {"ContactID": "9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01"}},
            "not be found",
        ),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": [{"Quantity": 1, "UnitAmount": 1}]}, "Description is required"),
        (
            {"LineItems": [{"Description": "a", "Quantity": 1, "UnitAmount": 1}]},
            "Account code must be specified",
        ),
        (
            {"LineItems": [line(UnitAmount=1, AccountCode="999")]},
            "'999' is not a valid",
        ),
        (
            {"LineItems": [line(UnitAmount=1, AccountCode="610")]},
            "'610' is not a valid",
        ),
        (
            {"LineItems": [line(UnitAmount=1, AccountCode="090")]},
            "'090' is not a valid",
        ),
        ({"LineItems": [line(UnitAmount=1, AccountCode="299")]}, "has been archived"),
        ({"LineItems": [line(UnitAmount=1, TaxType="MOON")]}, "'MOON' does not exist"),
        ({"LineItems": [line(UnitAmount=1, TaxType="INPUT2")]}, "cannot be used"),
        ({"DueDate": None}, "Due Date cannot be empty"),
        ({"CurrencyCode": "CHF"}, "not subscribed to currency CHF"),
        ({"Url": "https://xero.example.com/1"}, "must not contain"),
        ({"Url": "nonsense"}, "not a valid absolute url"),
        ({"InvoiceNumber": "Nº 1"}, "printable ASCII"),
        ({"InvoiceNumber": "1" * 256}, "255"),
        ({"Status": "PAID"}, "not of valid status"),
        ({"Status": "VOIDED"}, "not of valid status"),
        ({"LineItems": [line(UnitAmount=1, Description="x" * 4001)]}, "4000"),
        ({"LineAmountTypes": "Maybe"}, "Line Amount Type"),
    ],
)
def test_bad_invoices_are_refused(fake_api, contact, changes, text):
    payload = {k: v for k, v in invoice(contact, **changes).items() if v is not None}
    messages = fake_api.refused("PUT", "Invoices", payload)
    assert any(text in message for message in messages), messages
    assert not fake_api.org.invoices
    fake_api.xero.contract_violations.clear()


def test_a_draft_needs_less(fake_api, contact):
    made = fake_api.put(
        "Invoices",
        {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact["ContactID"]},
            "LineItems": [{"Description": "Only a text"}],
        },
    )[0]
    assert made["Status"] == "DRAFT" and made["Total"] == 0
    today = fake_api.org.today().isoformat()
    assert made["DateString"] == f"{today}T00:00:00" and "DueDate" not in made


def test_sales_numbers_are_unique_and_bills_are_not(fake_api, contact):
    fake_api.put("Invoices", invoice(contact, InvoiceNumber="S-1"))
    messages = fake_api.refused(
        "PUT", "Invoices", invoice(contact, InvoiceNumber="s-1")
    )
    assert messages == ["Invoice # must be unique."]
    bill = invoice(contact, Type="ACCPAY", InvoiceNumber="S-1")
    bill["LineItems"] = [line(UnitAmount=1, AccountCode="300")]
    one, two = fake_api.put("Invoices", bill, bill)
    assert one["InvoiceID"] != two["InvoiceID"]
    assert "Reference" in one and one["LineItems"][0]["TaxType"] == "INPUT2"


def test_post_without_id_updates_by_number(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact, InvoiceNumber="S-1"))[0]
    again = fake_api.post(
        "Invoices", invoice(contact, InvoiceNumber="S-1", Reference="New")
    )[0]
    assert again["InvoiceID"] == made["InvoiceID"] and again["Reference"] == "New"
    assert len(fake_api.org.invoices) == 1


def test_automatic_numbers_skip_taken_ones(fake_api, contact):
    fake_api.put("Invoices", invoice(contact, InvoiceNumber="INV-0001"))
    assert fake_api.put("Invoices", invoice(contact))[0]["InvoiceNumber"] == "INV-0002"


def test_refused_create_has_a_zero_id(fake_api, contact):
    result = fake_api.put(
        "Invoices", invoice(contact, LineItems=[]), summarizeErrors="false"
    )[0]
    assert result["InvoiceID"] == ZERO_GUID and result["HasErrors"] is True
    assert result["StatusAttributeString"] == "ERROR"


ALLOWED = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "VOIDED": set(),
    "DELETED": set(),
}


def in_status(fake_api, contact, status):
    first = {"VOIDED": "AUTHORISED", "DELETED": "DRAFT"}.get(status, status)
    made = fake_api.put("Invoices", invoice(contact, Status=first))[0]
    if first != status:
        fake_api.post("Invoices", {"InvoiceID": made["InvoiceID"], "Status": status})
    return made["InvoiceID"]


@pytest.mark.parametrize("before", list(ALLOWED))
@pytest.mark.parametrize(
    "after", ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"]
)
def test_status_changes(fake_api, contact, before, after):
    xero_id = in_status(fake_api, contact, before)
    change = {"InvoiceID": xero_id, "Status": after}
    if after in ALLOWED[before]:
        assert fake_api.post("Invoices", change)[0]["Status"] == after
    else:
        assert fake_api.refused("POST", "Invoices", change) == [
            "Invoice not of valid status for modification"
        ]
        assert fake_api.org.invoices[xero_id]["Status"] == before


def test_voided_amounts_due_keep_showing(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    voided = fake_api.post(f"Invoices/{made['InvoiceID']}", {"Status": "VOIDED"})[0]
    assert voided["AmountDue"] == 115 and voided["LineItems"]


def test_line_ids_update_lines_and_missing_ones_are_deleted(fake_api, contact):
    lines = [line(UnitAmount=10), line(UnitAmount=20)]
    made = fake_api.put("Invoices", invoice(contact, LineItems=lines))[0]
    kept = made["LineItems"][1]["LineItemID"]
    changed = fake_api.post(
        "Invoices",
        {
            "InvoiceID": made["InvoiceID"],
            "LineItems": [{"LineItemID": kept, "Quantity": 3}, line(UnitAmount=5)],
        },
    )[0]
    assert changed["LineItems"][0]["LineItemID"] == kept
    assert changed["LineItems"][0]["LineAmount"] == 60
    assert changed["SubTotal"] == 65


def test_approving_checks_the_stored_lines(fake_api, contact):
    draft = invoice(contact, Status="DRAFT")
    draft["LineItems"] = [{"Description": "a", "Quantity": 1, "UnitAmount": 1}]
    made = fake_api.put("Invoices", draft)[0]
    change = {"InvoiceID": made["InvoiceID"], "Status": "AUTHORISED"}
    messages = fake_api.refused("POST", "Invoices", change)
    assert "Account code must be specified" in messages


def test_archived_contact_is_refused(fake_api, contact):
    fake_api.org.archive(contact)
    messages = fake_api.refused("PUT", "Invoices", invoice(contact))
    assert messages == ["Unable to assign an Archived contact"]


def test_contact_id_alone_leaves_the_contact_and_more_changes_it(fake_api, contact):
    fake_api.org.update(
        "Contacts",
        ContactID=contact["ContactID"],
        ContactPersons=[{"FirstName": "P", "EmailAddress": "p@example.com"}],
    )
    stamp = contact["UpdatedDateUTC"]
    fake_api.put("Invoices", invoice(contact))
    assert contact["UpdatedDateUTC"] == stamp and contact["ContactPersons"]
    more = {"ContactID": contact["ContactID"], "FirstName": "New"}
    fake_api.put("Invoices", invoice(contact, Contact=more))
    assert contact["FirstName"] == "New" and contact["ContactPersons"] == []


def test_an_unknown_contact_name_makes_a_contact(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact, Contact={"Name": "Newcomer"}))[0]
    assert len(fake_api.org.contacts) == 2
    again = fake_api.put("Invoices", invoice(contact, Contact={"Name": "newcomer"}))[0]
    assert again["Contact"]["ContactID"] == made["Contact"]["ContactID"]


def test_lock_dates(fake_api, contact):
    fake_api.org.set_lock_date(date(2026, 3, 31))
    messages = fake_api.refused("PUT", "Invoices", invoice(contact))
    assert messages == [
        "The document date cannot be before the period lock date, "
        "currently set at 31 March 2026"
    ]
    assert fake_api.put("Invoices", invoice(contact, Date="2026-04-01"))


def test_foreign_currency_takes_the_days_rate(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact, CurrencyCode="USD"))[0]
    assert made["CurrencyRate"] == 0.609
    made = fake_api.put(
        "Invoices", invoice(contact, CurrencyCode="USD", CurrencyRate=0.7)
    )[0]
    assert made["CurrencyRate"] == 0.7


def test_sent_to_contact_only_when_approved(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact, SentToContact=True))[0]
    assert made["SentToContact"] is True
    draft = invoice(contact, SentToContact=True, Status="DRAFT")
    assert fake_api.put("Invoices", draft)[0]["SentToContact"] is False


@pytest.mark.parametrize("value", ["tomorrow", "2026-13-01", 5])
def test_broken_dates_are_broken_json(fake_api, contact, value):
    answer = fake_api.call(
        "PUT", "Invoices", {"Invoices": [invoice(contact, Date=value)]}
    )
    assert answer.status_code == 400
    assert answer.json()["ErrorNumber"] == 14 and "Elements" not in answer.json()
    fake_api.xero.contract_violations.clear()


def test_tracking(fake_api, contact):
    tracked = line(UnitAmount=1, Tracking=[{"Name": "Region", "Option": "North"}])
    made = fake_api.put("Invoices", invoice(contact, LineItems=[tracked]))[0]
    entry = made["LineItems"][0]["Tracking"][0]
    assert entry["TrackingCategoryID"] and entry["TrackingOptionID"]
    tracked["Tracking"][0]["Option"] = "Nowhere"
    assert fake_api.refused("PUT", "Invoices", invoice(contact, LineItems=[tracked]))


def test_email(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    path = f"Invoices/{made['InvoiceID']}"
    assert fake_api.call("POST", f"{path}/Email").status_code == 204
    assert fake_api.get(path)[0]["SentToContact"] is True
    rows = fake_api.call("GET", f"{path}/History").json()["HistoryRecords"]
    assert rows[0]["Changes"] == "Invoice sent"
    draft = fake_api.put("Invoices", invoice(contact, Status="DRAFT"))[0]
    path = f"Invoices/{draft['InvoiceID']}"
    assert fake_api.call("POST", f"{path}/Email").status_code == 400


def test_email_needs_an_address_and_a_quota(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    path = f"Invoices/{made['InvoiceID']}/Email"
    fake_api.org.email_limit = 0
    assert "Daily Email Rate Limit" in fake_api.call("POST", path).text
    fake_api.org.email_limit = 5
    fake_api.post("Contacts", {"ContactID": contact["ContactID"], "EmailAddress": ""})
    assert "no email address" in fake_api.call("POST", path).text


def test_online_invoice_only_when_approved(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    path = f"Invoices/{made['InvoiceID']}/OnlineInvoice"
    url = fake_api.call("GET", path).json()["OnlineInvoices"][0]["OnlineInvoiceUrl"]
    assert url.startswith(fake_api.server.url)
    draft = fake_api.put("Invoices", invoice(contact, Status="DRAFT"))[0]
    path = f"Invoices/{draft['InvoiceID']}/OnlineInvoice"
    assert fake_api.call("GET", path).status_code == 404


def test_pdf(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    answer = fake_api.call(
        "GET", f"Invoices/{made['InvoiceID']}", headers={"Accept": "application/pdf"}
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF") and answer.content.endswith(b"%%EOF\n")
    assert fake_api.xero.calls["GET Invoices/pdf"] == 1


def test_attachments(fake_api, contact):
    made = fake_api.put("Invoices", invoice(contact))[0]
    path = f"Invoices/{made['InvoiceID']}/Attachments"
    kind = {"Content-Type": "application/octet-stream"}
    import requests

    url = f"{fake_api.server.url}/api.xro/2.0/{path}/a%20b.pdf?IncludeOnline=true"
    headers = {**fake_api.headers, **kind}
    answer = requests.put(url, data=b"content", headers=headers, timeout=10)
    meta = answer.json()["Attachments"][0]
    assert meta["FileName"] == "a b.pdf" and meta["ContentLength"] == 7
    assert meta["MimeType"] == "application/pdf" and meta["IncludeOnline"] is True
    assert len(fake_api.call("GET", path).json()["Attachments"]) == 1
    found = fake_api.call("GET", f"{path}/a%20b.pdf")
    assert found.content == b"content"
    assert fake_api.get(f"Invoices/{made['InvoiceID']}")[0]["HasAttachments"] is True
    bad = url.replace("a%20b", "a%3Cb")
    answer = requests.put(bad, data=b"x", headers=headers, timeout=10)
    assert answer.status_code == 400


def test_amounts_in_state_are_exact(fake_api, contact):
    made = fake_api.put(
        "Invoices", invoice(contact, LineItems=[line(UnitAmount=0.1, Quantity=3)])
    )[0]
    stored = fake_api.org.invoices[made["InvoiceID"]]
    assert stored["SubTotal"] == Decimal("0.30")
