"""The simulator's lists: paging, filters, If-Modified-Since, order."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from fake_xero_api import invoice


@pytest.fixture
def contacts(fake_api):
    return fake_api.org.add_contacts(25)


@pytest.fixture
def invoices(fake_api):
    """Three invoices: draft, approved and overdue, paid."""
    org = fake_api.org
    one = org.add_contact(Name="Alpha & Sons", ContactNumber="odoo-1")
    two = org.add_contact(Name="Beta", EmailAddress="b@example.com")
    made = [
        org.add_invoice(one, "10", Status="DRAFT", Date="2026-01-31", Reference="R-1"),
        org.add_invoice(two, "20", Date="2026-02-10", DueDate="2026-02-20"),
        org.add_invoice(two, "30", Date="2026-02-28", InvoiceNumber="S-99"),
    ]
    org.pay(made[2])
    return made


def page(fake_api, **query):
    payload = fake_api.call("GET", "Contacts", **query).json()
    return payload["Contacts"], payload["pagination"]


def test_pages(fake_api, contacts):
    rows, block = page(fake_api, page=1, pageSize=10)
    assert block == {"page": 1, "pageSize": 10, "pageCount": 3, "itemCount": 25}
    assert len(rows) == 10
    rows, block = page(fake_api, page=3, pageSize=10)
    assert len(rows) == 5 and block["page"] == 3
    rows, block = page(fake_api, page=4, pageSize=10)
    assert rows == [] and block["pageCount"] == 3


@pytest.mark.parametrize(
    "query, size",
    [
        ({"page": 1}, 100),
        ({"page": 1, "pageSize": 5000}, 1000),
        ({"page": 1, "pageSize": 0}, 100),
        ({"pageSize": 7}, 7),
        ({"summaryOnly": "true"}, 100),
        ({"summaryOnly": "True"}, 100),
    ],
)
def test_page_sizes_are_snapped(fake_api, contacts, query, size):
    assert page(fake_api, **query)[1]["pageSize"] == size


def test_no_page_no_pagination(fake_api, contacts):
    payload = fake_api.call("GET", "Contacts").json()
    assert "pagination" not in payload and len(payload["Contacts"]) == 25


def test_order_is_by_change_and_id(fake_api, contacts):
    rows = fake_api.get("Contacts", page=1)
    keys = [(row["UpdatedDateUTC"], row["ContactID"]) for row in rows]
    assert keys == sorted(keys)
    rows = fake_api.get("Contacts", page=1, order="Name DESC")
    assert rows[0]["Name"] == "Customer 00025"
    rows = fake_api.get("Contacts", page=1, order="ContactID ASC")
    ids = [row["ContactID"] for row in rows]
    assert ids == sorted(ids)
    assert fake_api.call("GET", "Contacts", order="Nonsense").status_code == 400


def test_offset_paging_by_change_loses_a_record_that_moves(fake_api, contacts):
    """The real one's trap: what changes between two pages moves to the end."""
    fake_api.xero.advance(timedelta(seconds=2))
    first, _block = page(fake_api, page=1, pageSize=10)
    fake_api.org.touch(contacts[0] if contacts[0] in first else first[0])
    second, _block = page(fake_api, page=2, pageSize=10)
    third, _block = page(fake_api, page=3, pageSize=10)
    seen = {row["ContactID"] for row in [*first, *second, *third]}
    assert len(seen) == 24


@pytest.mark.parametrize(
    "form",
    [
        lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S"),
        lambda moment: moment.isoformat(),
        lambda moment: format_datetime(moment, usegmt=True),
    ],
)
def test_if_modified_since(fake_api, contacts, form):
    fake_api.xero.advance(timedelta(seconds=10))
    moment = fake_api.xero.now.replace(microsecond=0)
    fake_api.xero.advance(timedelta(seconds=10))
    fake_api.org.touch(contacts[3], FirstName="Changed")
    headers = {"If-Modified-Since": form(moment)}
    found = fake_api.call("GET", "Contacts", headers=headers, page=1).json()
    assert [row["FirstName"] for row in found["Contacts"]] == ["Changed"]
    assert found["pagination"]["itemCount"] == 1
    headers = {"If-Modified-Since": form(moment + timedelta(minutes=1))}
    found = fake_api.call("GET", "Contacts", headers=headers, page=1)
    assert found.status_code == 200 and found.json()["Contacts"] == []


def test_unreadable_if_modified_since(fake_api):
    headers = {"If-Modified-Since": "yesterday"}
    assert fake_api.call("GET", "Contacts", headers=headers).status_code == 400


def test_if_modified_since_is_ignored_where_it_does_not_exist(fake_api):
    headers = {"If-Modified-Since": "2100-01-01T00:00:00"}
    found = fake_api.call("GET", "TaxRates", headers=headers).json()
    assert found["TaxRates"]


def test_ids_and_search(fake_api, contacts):
    wanted = [contacts[1]["ContactID"], contacts[4]["ContactID"]]
    rows = fake_api.get("Contacts", IDs=",".join(wanted), page=1)
    assert {row["ContactID"] for row in rows} == set(wanted)
    rows = fake_api.get("Contacts", searchTerm="00007", page=1)
    assert [row["Name"] for row in rows] == ["Customer 00007"]


def numbers(rows):
    return [row["InvoiceNumber"] for row in rows]


@pytest.mark.parametrize(
    "query, expected",
    [
        ({"Statuses": "DRAFT,PAID"}, ["INV-0001", "S-99"]),
        ({"InvoiceNumbers": "s-99,nope"}, ["S-99"]),
        ({"searchTerm": "r-1"}, ["INV-0001"]),
        ({"where": 'Status=="AUTHORISED"'}, ["INV-0002"]),
        ({"where": 'Status=="authorised"'}, ["INV-0002"]),
        ({"where": "AmountDue>0 AND AmountDue<=11.5"}, ["INV-0001"]),
        ({"where": "Date>=DateTime(2026,02,10)"}, ["INV-0002", "S-99"]),
        (
            {"where": "Date >= DateTime(2026, 2, 10) && Date < DateTime(2026,2,28)"},
            ["INV-0002"],
        ),
        ({"where": 'Contact.Name=="alpha & sons"'}, ["INV-0001"]),
        ({"where": 'Contact.Name.StartsWith("Be")'}, ["INV-0002", "S-99"]),
        (
            {"where": 'InvoiceNumber.Contains("-99") OR Reference=="R-1"'},
            ["INV-0001", "S-99"],
        ),
        ({"where": 'Reference!=null AND Reference!=""'}, ["INV-0001"]),
        (
            {"where": "SentToContact==false && !(AmountPaid>0)"},
            ["INV-0001", "INV-0002"],
        ),
        ({"where": 'Type=="ACCPAY"'}, []),
        ({"order": "Total DESC"}, ["S-99", "INV-0002", "INV-0001"]),
    ],
)
def test_invoice_filters(fake_api, invoices, query, expected):
    found = numbers(fake_api.get("Invoices", page=1, **query))
    assert (found if "order" in query else sorted(found)) == expected


def test_where_with_ids(fake_api, invoices):
    contact = invoices[0]["Contact"]["ContactID"]
    where = f'Contact.ContactID==Guid("{contact}")'
    assert numbers(fake_api.get("Invoices", page=1, where=where)) == ["INV-0001"]
    rows = fake_api.get("Invoices", page=1, ContactIDs=contact.upper())
    assert numbers(rows) == ["INV-0001"]


@pytest.mark.parametrize(
    "where",
    [
        "Status==",
        "Nonsense==1",
        'Status="x',
        "(Total>1",
        "Total>DateTime(2026,13,1)",
        "#",
    ],
)
def test_bad_conditions(fake_api, invoices, where):
    answer = fake_api.call("GET", "Invoices", where=where)
    assert answer.status_code == 400
    assert answer.json()["Type"] == "QueryParseException"


def test_lines_and_contacts_in_lists(fake_api, invoices):
    plain = fake_api.get("Invoices")[0]
    assert plain["LineItems"] == [] and "EmailAddress" not in plain["Contact"]
    paged = fake_api.get("Invoices", page=1)[0]
    assert paged["LineItems"]
    assert set(paged["Contact"]) >= {"ContactID", "Name", "Addresses", "Phones"}
    assert paged["Contact"]["Addresses"] == []
    summary = fake_api.get("Invoices", page=1, summaryOnly="true")[0]
    assert "LineItems" not in summary and "Payments" not in summary


def test_created_by_my_app(fake_api, invoices):
    contact = invoices[0]["Contact"]
    made = fake_api.put("Invoices", invoice(contact))[0]
    rows = fake_api.get("Invoices", createdByMyApp="true", page=1)
    assert [row["InvoiceID"] for row in rows] == [made["InvoiceID"]]


def test_without_accept_the_answer_is_xml(fake_api, contacts):
    answer = fake_api.call("GET", "Contacts", headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.startswith("<Response>")
    fake_api.xero.contract_violations.clear()


def test_time_moves_on_demand(fake_api):
    fake_api.xero.now = datetime(2026, 9, 1, tzinfo=timezone.utc)
    contact = fake_api.org.add_contact(Name="A")
    assert contact["UpdatedDateUTC"].startswith("/Date(17882208")


def test_today_is_the_organisations_own(fake_api):
    fake_api.xero.now = datetime(2026, 9, 1, 20, tzinfo=timezone.utc)
    assert fake_api.org.today().isoformat() == "2026-09-02"
