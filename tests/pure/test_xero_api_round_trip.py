"""The client and the sign-in against the simulated Xero."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from fake_xero import FakeXeroServer
from xero_api import (
    OAuthClient,
    XeroAuthError,
    XeroClient,
    XeroNotFoundError,
    XeroOAuthError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
    XeroValidationError,
    where_equals,
)

APP = "the-app"
SECRET = "the-secret"
CALLBACK = "http://localhost:8069/xero_crm/oauth/callback"
SCOPES = (
    "offline_access",
    "accounting.invoices",
    "accounting.payments",
    "accounting.contacts",
    "accounting.settings",
)


@pytest.fixture(scope="module")
def server():
    with FakeXeroServer() as running:
        running.xero.add_app(APP, SECRET, redirect_uris=[CALLBACK], scopes="granular")
        yield running


@pytest.fixture
def xero(server):
    server.xero.reset()
    yield server.xero
    assert server.xero.contract_violations == []


@pytest.fixture
def org(xero):
    return xero.add_organisation(name="Demo Company (NZ)", seed="empty")


@pytest.fixture
def oauth(server):
    urls = dict.fromkeys(("login_url", "identity_url", "api_url"), server.url)
    return OAuthClient(APP, SECRET, **urls)


@pytest.fixture
def connect(server, xero):
    def make(org, **options):
        token = xero.issue_token(APP, [org.tenant_id])["access_token"]
        return XeroClient(token, org.tenant_id, api_url=server.url, **options)

    return make


@pytest.fixture
def client(connect, org):
    with connect(org) as made:
        yield made


def code_of(url):
    return parse_qs(urlsplit(url).query)["code"][0]


def invoice(contact, **fields):
    line = {
        "Description": "Work",
        "Quantity": Decimal("3"),
        "UnitAmount": Decimal("33.3333"),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    return {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact},
        "Date": "2026-11-01",
        "DueDate": "2026-12-01",
        "LineItems": [line],
        **fields,
    }


# Sign-in


def test_the_whole_sign_in(xero, org, oauth, server):
    other = xero.add_organisation(name="Other Ltd")
    url = oauth.authorize_url(CALLBACK, SCOPES, "state")
    token = oauth.exchange_code(
        code_of(xero.consent(url, tenant_ids=[org.tenant_id])), CALLBACK
    )
    assert set(token.scopes) == set(SCOPES)
    tenants = oauth.connections(token.access_token, token.auth_event_id)
    assert [(t.tenant_id, t.name) for t in tenants] == [(org.tenant_id, org.name)]

    renewed = oauth.refresh(token.refresh_token)
    assert renewed.refresh_token != token.refresh_token
    client = XeroClient(renewed.access_token, org.tenant_id, api_url=server.url)
    assert client.get_page("Organisation").items[0]["Name"] == org.name
    closed = XeroClient(renewed.access_token, other.tenant_id, api_url=server.url)
    with pytest.raises(XeroPermissionError):
        closed.get_page("Contacts")

    oauth.delete_connection(renewed.access_token, tenants[0].connection_id)
    assert oauth.connections(renewed.access_token) == []
    with pytest.raises(XeroPermissionError):
        client.get_page("Contacts")
    oauth.revoke(renewed.refresh_token)
    with pytest.raises(XeroReconnectError):
        oauth.refresh(renewed.refresh_token)


def test_a_code_serves_once(xero, org, oauth):
    code = code_of(xero.consent(oauth.authorize_url(CALLBACK, SCOPES, "s")))
    oauth.exchange_code(code, CALLBACK)
    with pytest.raises(XeroReconnectError):
        oauth.exchange_code(code, CALLBACK)


def test_a_wrong_secret_is_no_lost_consent(xero, org, server):
    token = xero.issue_token(APP, [org.tenant_id])
    wrong = OAuthClient(APP, "wrong-secret", identity_url=server.url)
    with pytest.raises(XeroOAuthError) as caught:
        wrong.refresh(token["refresh_token"])
    assert caught.value.code == "invalid_client"


def test_an_expired_token_asks_for_a_refresh(xero, org, connect):
    client = connect(org)
    client.get_page("Contacts")
    xero.advance(timedelta(minutes=31))
    with pytest.raises(XeroAuthError) as caught:
        client.get_page("Contacts")
    assert not isinstance(caught.value, XeroReconnectError)
    assert not caught.value.scope_missing


def test_a_missing_scope_is_told(xero, org, server):
    token = xero.issue_token(APP, [org.tenant_id], scopes=["accounting.settings"])
    client = XeroClient(token["access_token"], org.tenant_id, api_url=server.url)
    with pytest.raises(XeroAuthError) as caught:
        client.get_page("Contacts")
    assert caught.value.scope_missing


# Reading


def test_all_pages_are_read_and_then_nothing_has_changed(org, client):
    org.add_contacts(25)
    found, number, is_last = [], 0, False
    while not is_last:
        number += 1
        page = client.get_page("Contacts", page=number, page_size=10)
        found += page.items
        is_last = page.is_last
    assert number == page.page_count == 3
    assert page.item_count == 25
    assert len({contact["ContactID"] for contact in found}) == 25
    later = page.server_time + timedelta(seconds=2)
    assert client.get_page("Contacts", modified_since=later).items == ()


def test_filters_find_what_they_name(org, client):
    amy = org.add_contact(Name="A & B (Nelson)", EmailAddress="amy@example.com")
    org.add_contact(Name="Other")
    for options in (
        {"where": where_equals("EmailAddress", "AMY@example.com")},
        {"where": where_equals("Name", "a & b (nelson)")},
        {"ids": [amy["ContactID"]]},
        {"search": "nelson"},
    ):
        found = client.get_page("Contacts", **options).items
        assert [row["ContactID"] for row in found] == [amy["ContactID"]], options


def test_archived_contacts_are_seen_when_asked_for(org, client):
    gone = org.add_contact(Name="Gone")
    org.update("Contacts", ContactID=gone["ContactID"], ContactStatus="ARCHIVED")
    assert client.get_page("Contacts").items == ()
    assert len(client.get_page("Contacts", include_archived=True).items) == 1
    assert len(client.get_by_ids("Contacts", [gone["ContactID"]])) == 1


def test_a_thousand_contacts_are_one_call(xero, org, client):
    org.add_contacts(1000)
    xero.reset_calls()
    assert len(client.get_page("Contacts").items) == 1000
    assert xero.calls["GET Contacts"] == 1


def test_an_unknown_invoice_is_not_found(client):
    with pytest.raises(XeroNotFoundError):
        client.get_one("Invoices", "11111111-2222-3333-4444-555555555555")


# Writing


def test_a_batch_reports_each_element(org, client):
    org.add_contact(Name="Taken")
    good, taken, nameless = client.create(
        "Contacts",
        [{"Name": "New"}, {"Name": "taken"}, {"Name": ""}],
        idempotency_key="k",
    )
    assert good.ok and good.xero_id in org.contacts
    assert "already assigned" in taken.errors[0]
    assert taken.xero_id is nameless.xero_id is None
    changed = client.update(
        "Contacts",
        [{"ContactID": good.xero_id, "EmailAddress": "a@b.nz"}],
        idempotency_key="k2",
    )[0]
    assert changed.xero_id == good.xero_id
    assert org.contacts[good.xero_id]["EmailAddress"] == "a@b.nz"
    assert org.contacts[good.xero_id]["Name"] == "New"


def test_an_invoice_from_create_to_pdf(org, client):
    contact = org.add_contact(Name="Customer", EmailAddress="c@example.com")
    payload = invoice(contact["ContactID"], Status="AUTHORISED", InvoiceNumber="S1")
    made = client.create("Invoices", [payload], idempotency_key="k1")[0]
    assert made.ok, made.errors
    # 3 x 33.3333 with four decimals is 100.00; cut to two it would be 99.99.
    assert made.payload["SubTotal"] == Decimal("100")
    assert made.payload["Total"] == Decimal("115")
    found = client.get_page("Invoices", numbers=["S1", "S2"]).items
    assert [row["InvoiceID"] for row in found] == [made.xero_id]
    assert found[0]["LineItems"]
    assert client.online_invoice_url(made.xero_id).startswith("http")
    assert client.invoice_pdf(made.xero_id).startswith(b"%PDF")
    credit = org.add_credit_note(contact["ContactID"], 50)
    assert client.credit_note_pdf(credit["CreditNoteID"]).startswith(b"%PDF")
    client.add_history_note("Invoices", made.xero_id, "Hello", idempotency_key="k2")
    client.email_invoice(made.xero_id, idempotency_key="k3")
    assert client.get_one("Invoices", made.xero_id)["SentToContact"] is True
    draft = client.create(
        "Invoices", [invoice(contact["ContactID"])], idempotency_key="k4"
    )[0]
    assert client.online_invoice_url(draft.xero_id) is None


def test_the_same_key_makes_one_invoice(org, client):
    contact = org.add_contact(Name="Customer")["ContactID"]
    first, second = (
        client.create("Invoices", [invoice(contact)], idempotency_key="same")[0]
        for _each in range(2)
    )
    assert first.xero_id == second.xero_id
    with pytest.raises(XeroValidationError):
        other = invoice(contact, Reference="other")
        client.create("Invoices", [other], idempotency_key="same")
    assert len(org.invoices) == 1


def test_payments_are_created_and_deleted(org, client):
    due = org.add_invoice(amount="100.00")
    payment = {
        "Invoice": {"InvoiceID": due["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-20",
        "Amount": Decimal("15.10"),
    }
    made = client.create("Payments", [payment], idempotency_key="k")[0]
    assert made.ok, made.errors
    assert client.get_one("Invoices", due["InvoiceID"])["AmountPaid"] == Decimal("15.1")
    client.update(
        "Payments",
        [{"PaymentID": made.xero_id, "Status": "DELETED"}],
        idempotency_key="k2",
    )
    assert client.get_one("Invoices", due["InvoiceID"])["AmountPaid"] == 0


# Faults

FAULTS = [
    ("timeout_before", XeroTransientError),
    ("timeout_after", XeroTransientError),
    ("401", XeroAuthError),
    ("403", XeroPermissionError),
    ("429", XeroRateLimitError),
    ("500", XeroTransientError),
    ("500_after", XeroTransientError),
    ("503", XeroTransientError),
    ("truncated", XeroTransientError),
]


@pytest.mark.parametrize(("kind", "error"), FAULTS)
def test_a_write_meets_a_fault_once_and_tells_if_it_may_be_done(
    xero, org, client, kind, error
):
    contact = org.add_contact(Name="Customer")["ContactID"]
    xero.fail("PUT Invoices", kind)
    with pytest.raises(error) as caught:
        client.create("Invoices", [invoice(contact)], idempotency_key="k")
    assert xero.calls["PUT Invoices"] == 1
    if org.invoices:
        assert caught.value.outcome_unknown
    if error is XeroTransientError:
        assert caught.value.outcome_unknown
    again = client.create("Invoices", [invoice(contact)], idempotency_key="k2")[0]
    assert again.ok


@pytest.mark.parametrize(("kind", "error"), FAULTS)
def test_a_read_never_takes_a_fault_for_the_end_of_data(xero, org, client, kind, error):
    org.add_contacts(3)
    xero.fail("GET Contacts", kind, times=2)
    with pytest.raises(error):
        client.get_page("Contacts")
    xero.clear_faults()
    assert len(client.get_page("Contacts").items) == 3


def test_a_rate_limit_tells_its_wait(xero, client):
    xero.fail("GET Contacts", "429", retry_after=26, problem="minute")
    with pytest.raises(XeroRateLimitError) as caught:
        client.get_page("Contacts")
    assert (caught.value.retry_after, caught.value.problem) == (26, "minute")


def test_the_days_limit_is_seen_coming(xero, org, connect):
    xero.limits.enforce = True
    xero.limits.per_day = 3
    left = []
    client = connect(org, on_usage=lambda usage: left.append(usage.day_remaining))
    with pytest.raises(XeroRateLimitError) as caught:
        for _each in range(5):
            client.get_page("Contacts")
    assert caught.value.problem == "day"
    assert left[:3] == [2, 1, 0]


def test_a_bad_element_fails_alone(xero, org, client):
    xero.fail("PUT Contacts", "bad_element", index=1)
    names = [{"Name": name} for name in "ABC"]
    elements = client.create("Contacts", names, idempotency_key="k")
    assert [element.ok for element in elements] == [True, False, True]


# Threads


def test_two_organisations_write_in_parallel_without_mixing(xero, connect):
    orgs = [xero.add_organisation(name=name) for name in ("North", "South")]

    def work(index):
        org = orgs[index % 2]
        with connect(org) as client:
            return client.create(
                "Contacts",
                [{"Name": f"{org.name} {index}"}],
                idempotency_key=f"k{index}",
            )[0].ok

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40)))
    for org in orgs:
        names = [contact["Name"] for contact in org.contacts.values()]
        assert len(names) == 20
        assert all(name.startswith(org.name) for name in names)
