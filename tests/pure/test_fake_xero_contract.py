"""The contract check itself: what it sees, what it lets pass, when it is skipped."""

import os

import pytest
import requests
from fake_xero_api import CALLBACK, CLIENT, Api, invoice

from fake_xero import FakeXeroServer, contract

needs_files = pytest.mark.skipif(
    not os.environ.get(contract.VARIABLE), reason=contract.WHY_SKIPPED
)


def seen(api):
    """The violations so far; forgotten afterwards."""
    found = list(api.xero.contract_violations)
    api.xero.contract_violations.clear()
    return found


def test_without_the_files_it_is_skipped_with_a_message(monkeypatch, caplog):
    monkeypatch.delenv(contract.VARIABLE, raising=False)
    with caplog.at_level("INFO"):
        assert contract.contract_from_environment() is None
    assert "contract checks are skipped: set XERO_OPENAPI" in caplog.text
    with FakeXeroServer() as server:
        assert server.xero.contract_violations == []


def test_a_wrong_folder_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv(contract.VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError, match="xero_accounting.yaml"):
        contract.contract_from_environment()


@needs_files
@pytest.mark.parametrize(
    "query, text",
    [
        ({"foo": 1}, "unknown query parameter foo"),
        ({"page": "one"}, "page does not fit"),
        ({"summaryOnly": "yes"}, "summaryOnly does not fit"),
        ({"IDs": "1,2"}, "IDs does not fit"),
    ],
)
def test_query_parameters(fake_api, query, text):
    fake_api.call("GET", "Contacts", **query)
    assert text in seen(fake_api)[0]


@needs_files
@pytest.mark.parametrize(
    "changes, text",
    [
        ({"Nonsense": 1}, "'Nonsense' was unexpected"),
        ({"Total": 4}, "read-only property"),
        ({"Date": "01/02/2026"}, "does not match"),
        ({"Reference": 5}, "not of type 'string'"),
        ({"Reference": None}, "not of type 'string'"),
        ({"Status": "OPEN"}, "is not one of"),
        ({"InvoiceNumber": "1" * 256}, "is too long"),
        ({"Contact": {"ContactID": "1"}}, "does not match"),
        ({"LineItems": [{"Description": "a", "Foo": 1}]}, "'Foo' was unexpected"),
    ],
)
def test_requests(fake_api, changes, text):
    contact = fake_api.org.add_contact(Name="Acme")
    fake_api.call("PUT", "Invoices", {"Invoices": [invoice(contact, **changes)]})
    assert any(text in violation for violation in seen(fake_api))


@needs_files
def test_unknown_paths_that_are_answered(fake_api):
    fake_api.call("DELETE", "Contacts")
    assert "no such operation" in seen(fake_api)[0]
    fake_api.call("GET", "Nonsense")
    assert seen(fake_api) == []


@needs_files
@pytest.mark.parametrize(
    "changes, text",
    [
        ({"Nonsense": 1}, "'Nonsense' was unexpected"),
        ({"ContactStatus": "MARTIAN"}, "is not one of"),
        ({"UpdatedDateUTC": "2026-01-01"}, "does not match"),
        ({"Name": None}, "not of type 'string'"),
    ],
)
def test_answers(fake_api, changes, text):
    contact = fake_api.org.add_contact(Name="Acme")
    contact.update(changes)
    fake_api.call("GET", f"Contacts/{contact['ContactID']}")
    assert any(text in violation for violation in seen(fake_api))


@needs_files
def test_records_made_odd_on_purpose_and_faults_are_left_out(fake_api):
    contact = fake_api.org.add_contact(Name="Acme")
    fake_api.org.touch(contact, CompanyNumber=None)
    fake_api.get("Contacts", page=1)
    fake_api.xero.fail("GET Contacts", "bad_element")
    fake_api.call("GET", "Contacts", page=1)
    fake_api.xero.fail("GET Contacts", "truncated")
    fake_api.call("GET", "Contacts", page=1)
    assert seen(fake_api) == []


@needs_files
def test_identity_is_checked_too(fake_api):
    before = fake_api.xero.contract.checked
    url = f"{fake_api.server.url}/connections"
    requests.get(url, headers=fake_api.headers, timeout=10)
    assert fake_api.xero.contract.checked == before + 1


@needs_files
def test_every_demo_record_in_every_view():
    """All that the demo organisation holds, in lists, pages and single gets."""
    with FakeXeroServer() as server:
        server.xero.add_app(*CLIENT, [CALLBACK], scopes="both")
        api = Api(server, server.xero.add_organisation(seed="demo"))
        org = api.org
        for name in ("Contacts", "Invoices", "Payments", "CreditNotes"):
            api.get(name)
            api.get(name, page=1, pageSize=1000)
        for name in ("Accounts", "TaxRates", "Items", "Quotes", "TrackingCategories"):
            api.get(name)
        for name, store in (
            ("Contacts", org.contacts),
            ("Invoices", org.invoices),
            ("Payments", org.payments),
            ("Items", org.items),
            ("Accounts", org.accounts),
        ):
            for xero_id in store:
                api.get(f"{name}/{xero_id}")
        assert server.xero.contract.checked > 120
        assert server.xero.contract_violations == []
