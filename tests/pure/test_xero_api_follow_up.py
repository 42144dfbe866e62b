"""Calls on one document: files, history, what may be done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_xero import FakeXeroServer
from fake_xero.resources.attachments import FORBIDDEN
from xero_api import MAX_FILES, XeroClient, XeroValidationError, clean_file_name

APP = "the-app"


@pytest.fixture(scope="module")
def server():
    with FakeXeroServer() as running:
        running.xero.add_app(APP, "secret", ["http://localhost/x"], scopes="granular")
        yield running


@pytest.fixture
def org(server):
    server.xero.reset()
    yield server.xero.add_organisation()
    assert server.xero.contract_violations == []


@pytest.fixture
def client(server, org):
    token = server.xero.issue_token(APP, [org.tenant_id])
    with XeroClient(
        token["access_token"], org.tenant_id, api_url=server.url, timeout=(2, 10)
    ) as made:
        yield made


@pytest.fixture
def invoice(org):
    contact = org.add_contact(Name="Kauri")
    return org.add_invoice(contact, "10.00")["InvoiceID"]


def test_file_goes_as_it_is(client, org, invoice):
    content = bytes(range(256)) * 50
    for key in ("k1", "k2"):
        client.attach_file(
            invoice, "Plan A (1) é#&.bin", content, online=True, idempotency_key=key
        )
    [row] = client.attachments(invoice)
    assert row["FileName"] == "Plan A (1) é#&.bin"
    assert row["IncludeOnline"] is True
    [(_meta, kept)] = org.attachments[("Invoices", invoice)].values()
    assert kept == content


def test_names_that_xero_refuses_never_leave(client, invoice):
    with pytest.raises(ValueError):
        client.attach_file(invoice, "a/b", b"x", online=False, idempotency_key="k")


def test_eleventh_file_is_refused(client, invoice):
    for number in range(MAX_FILES):
        client.attach_file(
            invoice, f"{number}.txt", b"x", online=False, idempotency_key=f"k{number}"
        )
    with pytest.raises(XeroValidationError, match="10 attachments"):
        client.attach_file(invoice, "x.txt", b"x", online=False, idempotency_key="k")


def test_history(client, invoice):
    client.add_history_note("Invoices", invoice, "From S00001.", idempotency_key="k")
    assert client.history(invoice)[0]["Details"] == "From S00001."


def test_actions_that_are_allowed(client, org):
    assert client.organisation_actions()["CreateApprovedInvoice"] is True


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_xero_takes(name):
    clean = clean_file_name(name)
    assert clean and not FORBIDDEN.search(clean)
    assert len(clean) <= 100
    assert clean_file_name(clean) == clean


def test_endings_are_kept():
    assert clean_file_name("x" * 300 + ".pdf").endswith("x.pdf")
    assert clean_file_name('Plan: "A/B"+?.bin') == "Plan- -A-B-.bin"
    assert clean_file_name("") == "file"
