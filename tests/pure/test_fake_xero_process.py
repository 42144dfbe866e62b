"""The simulator as a process: control endpoints, page, seed, kept state."""

import os
import pickle
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from fake_xero_api import CALLBACK, CLIENT
from test_fake_xero_oauth import authorize_url

from fake_xero import FakeXero, snapshot

TESTS = Path(__file__).resolve().parents[1]


def control(server, name, method="POST", **body):
    answer = requests.request(
        method,
        f"{server.url}/_control/{name}",
        json=body if method == "POST" else None,
        params=body if method != "POST" else None,
        timeout=20,
    )
    return answer.status_code, answer.json()


@pytest.fixture
def demo(fake_api):
    """The server with a seeded organisation."""
    fake_api.xero.organisations.clear()
    fake_api.xero.add_organisation(seed="demo")
    return fake_api.server


def test_the_demo_organisation(demo):
    org = next(iter(demo.organisations.values()))
    assert 28 <= len(org.contacts) <= 35 and len(org.items) == 12
    sales = [i for i in org.invoices.values() if i["Type"] == "ACCREC"]
    # Some years of them, so that the history is worth looking at.
    assert 200 <= len(sales) <= 280
    statuses = {invoice["Status"] for invoice in sales}
    assert statuses == {"DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED"}
    part_paid = [i for i in sales if i["AmountPaid"] and i["AmountDue"]]
    assert len(part_paid) >= 3
    emails = {contact["EmailAddress"].lower() for contact in org.contacts.values()}
    assert {"deco.addict82@example.com", "ready.mat28@example.com"} <= emails
    assert org.details["IsDemoCompany"] is True
    # As in the real demo company: an incremental first pull sees none of it.
    stamps = {contact["UpdatedDateUTC"][:10] for contact in org.contacts.values()}
    assert stamps == {"/Date(1267"}


def test_control_plays_a_person(demo):
    status, answer = control(demo, "payment", invoice="INV-0001", amount=10)
    assert status == 200 and answer["invoice"]["AmountPaid"] == 10
    status, answer = control(
        demo, "contact", contact="Deco Addict", fields={"EmailAddress": "n@example.com"}
    )
    assert answer["contact"]["EmailAddress"] == "n@example.com"
    status, answer = control(demo, "contact", fields={"Name": "New One"})
    assert answer["contact"]["ContactID"]
    status, answer = control(demo, "invoice", contact="New One", amount="50.00")
    assert answer["invoice"]["Total"] == 57.5
    number = answer["invoice"]["InvoiceNumber"]
    status, answer = control(
        demo, "invoice/update", invoice=number, fields={"Status": "VOIDED"}
    )
    assert answer["invoice"]["Status"] == "VOIDED"
    assert control(demo, "contacts", count=5)[1] == {"count": 5}
    assert control(demo, "invoices", count=6)[1] == {"count": 6}
    assert control(demo, "payments", count=2)[1] == {"count": 2}
    state = control(demo, "state", "GET")[1]
    names = {c["Name"] for c in state["organisations"][0]["contacts"]}
    assert "New One" in names


def test_control_refuses_in_plain_words(demo):
    status, answer = control(demo, "payment", invoice="nope", amount=10)
    assert status == 400 and "unknown record 'nope'" in answer["error"]
    status, answer = control(demo, "payment", invoice="INV-0001", amount=99999)
    assert status == 400 and "exceeds" in answer["error"]
    assert control(demo, "nonsense")[0] == 404
    assert control(demo, "fault", route="x", kind="y")[0] == 400


def test_control_of_faults_time_limits_tokens(demo):
    assert control(demo, "fault", route="GET Items", kind="503", times=3)[0] == 200
    assert len(demo.xero.faults.active()) == 1
    assert control(demo, "fault", "DELETE")[0] == 200
    assert not demo.xero.faults.active()
    before = demo.xero.now
    control(demo, "time", advance=3600)
    assert (demo.xero.now - before).total_seconds() >= 3600
    control(demo, "limits", enforce=True)
    assert demo.xero.limits.enforce is True
    tenant = next(iter(demo.organisations))
    token = control(demo, "token", client_id=CLIENT[0], tenant_ids=[tenant])[1]
    assert token["access_token"]
    status, answer = control(demo, "consent", url=authorize_url(demo))
    assert answer["redirect"].startswith(CALLBACK)
    status, answer = control(demo, "consent", url=authorize_url(demo, scope="x"))
    assert status == 400 and "invalid_scope" in answer["error"]
    control(demo, "disconnect", tenant_id=tenant)
    left = demo.xero.oauth.connections.values()
    assert tenant not in {connection.tenant_id for connection in left}


def test_page_shows_and_changes(demo):
    page = requests.get(demo.url, timeout=10)
    assert "Azure Interior" in page.text and "INV-0001" in page.text
    assert "http://" not in re.sub(r"value='[^']*'", "", page.text)
    org = next(iter(demo.organisations.values()))
    made = org.invoices.find("number", "inv-0001")[0]
    form = {
        "action": "pay",
        "tenant_id": org.tenant_id,
        "invoice": made["InvoiceID"],
        "amount": "10",
    }
    page = requests.post(demo.url, form, timeout=10)
    assert "Recorded a payment of 10.00" in page.text and made["AmountPaid"] == 10
    contact = org.active_contacts("Deco Addict")[0]
    form = {
        "action": "contact",
        "tenant_id": org.tenant_id,
        "contact": contact["ContactID"],
        "name": "Deco <b>",
        "email": "d@example.com",
        "phone": "123",
    }
    assert "Not done" in requests.post(demo.url, form, timeout=10).text
    form["name"] = "Deco & Co"
    assert "Changed Deco &amp; Co" in requests.post(demo.url, form, timeout=10).text
    form = {"action": "fault", "route": "GET Items", "kind": "503", "times": "2"}
    assert "Switched on" in requests.post(demo.url, form, timeout=10).text
    assert "2 times left" in requests.get(demo.url, timeout=10).text
    page = requests.post(demo.url, {"action": "clear"}, timeout=10)
    assert "none is switched on" in page.text
    assert requests.get(f"{demo.url}/nonsense", timeout=10).status_code == 404


def test_online_invoice_has_a_page(demo):
    org = next(iter(demo.organisations.values()))
    made = org.invoices.find("number", "inv-0001")[0]
    page = requests.get(demo.xero.online_url(made), timeout=10)
    assert page.status_code == 200 and "INV-0001" in page.text


def test_state_survives_a_restart(demo, tmp_path):
    path = tmp_path / "state"
    mark = snapshot.save_if_changed(demo.xero, path)
    again = FakeXero()
    assert snapshot.load(again, path) is True
    org, copy = (next(iter(x.organisations.values())) for x in (demo.xero, again))
    assert dict(copy.invoices) == dict(org.invoices)
    assert copy.details == org.details and copy.rates == org.rates
    assert copy.next_number("INV", lambda text: False) == org.next_number(
        "INV", lambda text: False
    )
    assert again.oauth.access.keys() == demo.xero.oauth.access.keys()
    assert snapshot.save_if_changed(demo.xero, path, mark) != mark
    assert snapshot.load(again, tmp_path / "none") is False


def test_as_a_process(tmp_path):
    state = tmp_path / "state"
    ids = [_run_process(state) for _number in range(2)]
    assert ids[0] == ids[1]


def _run_process(state):
    """Start, ask for the organisation's id, stop by SIGTERM."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fake_xero", "--port", "0", "--state", str(state)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().split()[-1]
        began = time.monotonic()
        answer = requests.get(f"{url}/_control/state", timeout=20).json()
        assert time.monotonic() - began < 5
        return answer["organisations"][0]["tenant_id"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()


@pytest.mark.parametrize(
    "country, currency, tax_type, rate",
    [
        ("NZ", "NZD", "OUTPUT2", 15),
        ("AU", "AUD", "OUTPUT", 10),
        ("GB", "GBP", "OUTPUT2", 20),
        ("US", "USD", "OUTPUT", 8.25),
        ("DE", "EUR", "OUTPUT2", 20),
    ],
)
def test_demo_organisations_of_other_countries(
    fake_api, country, currency, tax_type, rate
):
    org = fake_api.xero.add_organisation("Demo", country, currency, seed="demo")
    assert org.account_by_code("200")["TaxType"] == tax_type
    assert float(org.tax_rates[tax_type]["EffectiveRate"]) == rate
    assert next(iter(org.currencies)) == currency and org.rates[currency] == 1
    assert len(org.invoices) > 40


def test_a_state_of_another_form_is_not_taken_up(tmp_path):
    path = tmp_path / "state"
    path.write_bytes(pickle.dumps(({}, [])))
    assert snapshot.load(FakeXero(), path) is False
