"""One test for each trap of the SDK xero-python 15.2.0 (facts, section 12)."""

import http.client
import json
import logging
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from scripted_server import Answer, ScriptedServer
from xero_api import (
    OAuthClient,
    XeroClient,
    XeroError,
    XeroRateLimitError,
    XeroTransientError,
)

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "token-of-the-first-organisation"
ID = "11111111-2222-3333-4444-555555555555"


def client(server, token=TOKEN, tenant="tenant", **options):
    return XeroClient(token, tenant, api_url=server.url, **options)


def page_of(*contacts, key="Contacts", **extra):
    return Answer(body={key: list(contacts), **extra})


# 1. Configuration is a singleton


def test_two_organisations_in_parallel_never_mix_their_tokens():
    def echo(seen):
        time.sleep(0.002)
        return page_of(
            {
                "token": seen.headers["authorization"],
                "tenant": seen.headers["xero-tenant-id"],
            }
        )

    with ScriptedServer(echo) as server:
        clients = {name: client(server, f"token-{name}", name) for name in "ab"}

        def call(name):
            return name, clients[name].get_page("Contacts").items[0]

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(call, "ab" * 40))
    assert len(answers) == 80
    for name, told in answers:
        assert told == {"token": f"Bearer token-{name}", "tenant": name}


def test_the_sdk_configuration_is_never_built():
    from xero_python.api_client.configuration import Configuration

    Configuration.set_default(None)
    with ScriptedServer(page_of()) as server:
        client(server).get_page("Contacts")
    assert Configuration._default is None


# 2. Hidden retries and sleeping


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("method", ["get", "put", "post"])
def test_retry_after_is_told_and_not_slept(status, method):
    refused = Answer(status, headers={"Retry-After": "30"})
    with ScriptedServer(refused, page_of({"ContactID": ID})) as server:
        started = time.monotonic()
        with pytest.raises(XeroError) as caught:
            {
                "get": lambda c: c.get_page("Contacts"),
                "put": lambda c: c.create("Contacts", [{}], idempotency_key="k"),
                "post": lambda c: c.update(
                    "Contacts", [{"ContactID": ID}], idempotency_key="k"
                ),
            }[method](client(server))
        assert time.monotonic() - started < 2
        assert len(server.seen) == 1
    if status == 429:
        assert isinstance(caught.value, XeroRateLimitError)
        assert caught.value.retry_after == 30


@pytest.mark.parametrize("fault", ["drop", "cut"])
@pytest.mark.parametrize("method", ["create", "update"])
def test_a_write_whose_connection_drops_is_sent_exactly_once(fault, method):
    lost = Answer(body={"Contacts": [{"ContactID": ID}]}, fault=fault)
    with ScriptedServer(lost, page_of({"ContactID": ID})) as server:
        with pytest.raises(XeroTransientError) as caught:
            write = getattr(client(server), method)
            write("Contacts", [{"ContactID": ID}], idempotency_key="k")
        assert len(server.seen) == 1
    assert caught.value.outcome_unknown


def test_a_write_on_a_connection_closed_while_idle_is_sent_exactly_once():
    answer = {"Contacts": [{"ContactID": ID}]}
    with ScriptedServer(page_of(), Answer(body=answer, fault="drop")) as server:
        xero = client(server)
        xero.get_page("Contacts")
        with pytest.raises(XeroTransientError):
            xero.create("Contacts", [{"Name": "A"}], idempotency_key="k")
        assert [seen.method for seen in server.seen] == ["GET", "PUT"]


@pytest.mark.parametrize("fault", ["drop", "cut"])
def test_a_read_whose_connection_drops_is_tried_once_more(fault):
    lost = Answer(body={"Contacts": []}, fault=fault)
    with ScriptedServer(lost, page_of({"ContactID": ID})) as server:
        assert client(server).get_page("Contacts").items == ({"ContactID": ID},)
    with ScriptedServer(lost, lost, page_of()) as server:
        with pytest.raises(XeroTransientError) as caught:
            client(server).get_page("Contacts")
        assert len(server.seen) == 2
    assert not caught.value.outcome_unknown


# 3. No time-out


@pytest.mark.parametrize("timeout", [(5, 0.3), (5, 1)])
def test_a_silent_server_ends_in_a_time_out(timeout):
    stalled = Answer(fault="stall")
    with ScriptedServer(stalled, stalled) as server:
        xero = client(server, timeout=timeout)
        started = time.monotonic()
        with pytest.raises(XeroTransientError) as caught:
            xero.get_page("Contacts")
        assert time.monotonic() - started < timeout[1] + 1
        assert len(server.seen) == 1
        assert "in time" in caught.value.message
        assert not caught.value.outcome_unknown
        with pytest.raises(XeroTransientError) as caught:
            xero.create("Contacts", [{"Name": "A"}], idempotency_key="k")
        assert caught.value.outcome_unknown


def test_sign_in_calls_time_out_too():
    with ScriptedServer(*[Answer(fault="stall")] * 4) as server:
        oauth = OAuthClient(
            "app",
            "secret",
            identity_url=server.url,
            api_url=server.url,
            timeout=(5, 0.2),
        )
        for call in (
            lambda: oauth.refresh("refresh"),
            lambda: oauth.exchange_code("code", "http://localhost/cb"),
            lambda: oauth.revoke("refresh"),
            lambda: oauth.connections("access"),
        ):
            with pytest.raises(XeroTransientError):
                call()


@pytest.mark.parametrize("timeout", [(5, None), (0, 5), (None, None), (5, -1)])
def test_a_client_without_time_out_cannot_be_made(timeout):
    with pytest.raises(ValueError, match="time-outs"):
        XeroClient(TOKEN, "tenant", timeout=timeout)


# 4 and 5. Unknown enum values and nulls

STRANGE = {
    "InvoiceID": ID,
    "Status": "NEW_STATUS_OF_2027",
    "CurrencyCode": "",
    "Type": None,
    "Contact": None,
    "LineItems": None,
    "Date": None,
    "DueDate": "2026-03-01T00:00:00",
    "UpdatedDateUTC": "/Date(-1000+0000)/",
}


def test_one_strange_document_does_not_lose_the_page():
    good = {"InvoiceID": "a", "Total": 1.10}
    page = page_of(good, STRANGE, None, "text", good, key="Invoices")
    with ScriptedServer(page) as server:
        read = client(server).get_page("Invoices")
    assert [item["InvoiceID"] for item in read.items] == ["a", ID, "a"]
    assert read.items[1] == STRANGE
    assert read.items[1]["Type"] is None
    assert read.unreadable == 2


@pytest.mark.parametrize(
    ("resource", "key", "document"),
    [
        ("Accounts", "Accounts", {"Type": "NEW", "SystemAccount": "X", "Class": None}),
        ("Organisation", "Organisations", {"Class": "ULTRA_2", "Version": ""}),
        ("TaxRates", "TaxRates", {"ReportTaxType": "NEW", "EffectiveRate": None}),
        ("Quotes", "Quotes", {"Status": "EXPIRED", "CurrencyCode": None}),
    ],
)
def test_unknown_values_pass_through(resource, key, document):
    with ScriptedServer(page_of(document, key=key)) as server:
        assert client(server).get_page(resource).items == (document,)


# 6. Dates


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 9, 5, 7, 999_999),
        datetime(2026, 11, 23, 9, 5, 7, tzinfo=timezone.utc),
        datetime(2026, 11, 23, 22, 5, 7, tzinfo=timezone(timedelta(hours=13))),
    ],
)
def test_modified_since_is_utc_in_whole_seconds(moment):
    with ScriptedServer(page_of()) as server:
        client(server).get_page("Contacts", modified_since=moment)
        assert server.last.headers["if-modified-since"] == "2026-11-23T09:05:07"


# 7, 8 and 9. Dict bodies with exact decimals


def test_bodies_are_sent_as_given_with_exact_decimals():
    payload = {
        "Type": "ACCREC",
        "CurrencyCode": "EUR",
        "Reference": "",
        "Date": "2026-03-01",
        "Total": Decimal("12345678901234567.89"),
        "LineItems": [{"UnitAmount": Decimal("0.1000"), "Quantity": Decimal("1E+2")}],
    }
    answer = Answer(body='{"Invoices":[{"InvoiceID":"%s","Total":0.30}]}' % ID)
    with ScriptedServer(answer) as server:
        element = client(server).create("Invoices", [payload], idempotency_key="k")[0]
        body = server.last.body.decode()
    assert '"Total":12345678901234567.89' in body
    assert '"UnitAmount":0.1000' in body
    assert '"Quantity":100' in body
    assert json.loads(body, parse_float=Decimal) == {"Invoices": [payload]}
    assert isinstance(element.payload["Total"], Decimal)
    assert str(element.payload["Total"]) == "0.30"


# 10 and 11. Headers of an answer


def test_limits_left_are_told_after_each_answer_also_a_refusal():
    headers = {
        "X-DayLimit-Remaining": "987",
        "X-MinLimit-Remaining": "0",
        "X-AppMinLimit-Remaining": "9999",
    }
    seen = []
    answers = Answer(body={"Contacts": []}, headers=headers), Answer(404)
    with ScriptedServer(*answers) as server:
        xero = client(server, on_usage=seen.append)
        xero.get_page("Contacts")
        with pytest.raises(XeroError):
            xero.get_one("Contacts", ID)
    first, second = seen
    assert (first.day_remaining, first.minute_remaining) == (987, 0)
    assert first.app_minute_remaining == 9999
    assert second.day_remaining is None


# 12 and 15. Exceptions


@pytest.mark.parametrize(
    "status", [302, 400, 401, 403, 404, 405, 412, 413, 429, 500, 501, 502, 503, 504]
)
@pytest.mark.parametrize("body", ["", "not { json", "<html>no</html>", "[1]", "null"])
def test_no_foreign_exception_leaves_the_client(status, body):
    leak = f"{body} Bearer {TOKEN} {TOKEN}"
    for content in (body, leak):
        with ScriptedServer(Answer(status, content)) as server:
            with pytest.raises(XeroError) as caught:
                client(server).get_page("Contacts")
        error = caught.value
        assert error.status == status
        assert error.__cause__ is None
        assert error.__context__ is None
        assert TOKEN not in f"{error} {error!r} {error.detail} {error.args}"


# 13. Downloads


def test_a_pdf_leaves_no_file_and_its_name_is_not_believed(tmp_path, monkeypatch):
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="../evil.pdf"',
    }
    with ScriptedServer(Answer(body=b"%PDF-1.4 x", headers=headers)) as server:
        assert client(server).invoice_pdf(ID) == b"%PDF-1.4 x"
        assert server.last.headers["accept"] == "application/pdf"
        assert server.last.path == f"/api.xro/2.0/Invoices/{ID}"
    assert [path.name for path in tmp_path.rglob("*")] == ["temp"]


# 16. Headers


def test_each_write_has_its_own_idempotency_key():
    answer = page_of({"ContactID": ID})
    with ScriptedServer(answer, answer) as server:
        xero = client(server)
        for key in ("first", "second"):
            xero.create("Contacts", [{"Name": "A"}], idempotency_key=key)
        keys = [seen.headers["idempotency-key"] for seen in server.seen]
    assert keys == ["first", "second"]
    assert server.last.headers["accept"] == "application/json"
    assert server.last.headers["content-type"] == "application/json"
    assert server.last.headers["user-agent"].startswith("xero-crm")


# 17. Logging


def test_logging_and_debugging_stay_as_they_were(monkeypatch):
    logger = logging.getLogger("xero_python")
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with ScriptedServer(page_of()) as server:
        client(server).get_page("Contacts")
    assert logger.level == logging.DEBUG
    assert http.client.HTTPConnection.debuglevel == 1


def test_nothing_secret_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    answers = page_of(), Answer(401), Answer(fault="drop"), Answer(fault="drop")
    with ScriptedServer(*answers) as server:
        xero = client(server)
        xero.get_page("Contacts", where='EmailAddress=="a@b.nz"')
        for _each in range(2):
            with pytest.raises(XeroError):
                xero.get_page("Contacts")
    ours = [r.getMessage() for r in caplog.records if "xero_api" in r.name]
    assert ours
    assert TOKEN not in caplog.text
    assert not any("a@b.nz" in message for message in ours)


# 19. Cost of the import


def test_the_sdk_is_not_imported_before_the_first_call():
    code = (
        "import sys; import xero_api;"
        "c = xero_api.XeroClient('token', 'tenant');"
        "print(any(m.split('.')[0] == 'xero_python' for m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
