"""The simulator's gate: idempotency, limits, faults, counters, wrong paths."""

import threading
import time
from datetime import timedelta

import pytest
import requests
from fake_xero_api import invoice


def put_contact(api, name, key=None):
    headers = {"Idempotency-Key": key} if key else None
    return api.call("PUT", "Contacts", {"Contacts": [{"Name": name}]}, headers=headers)


def test_the_same_key_answers_the_same(fake_api):
    first = put_contact(fake_api, "Acme", "key-1")
    second = put_contact(fake_api, "Acme", "key-1")
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() and len(fake_api.org.contacts) == 1
    assert fake_api.xero.calls["PUT Contacts"] == 2


def test_errors_are_kept_as_well(fake_api):
    contact = fake_api.org.add_contact(Name="Acme")
    assert put_contact(fake_api, "Acme", "key-1").status_code == 400
    fake_api.org.archive(contact)
    assert put_contact(fake_api, "Acme", "key-1").status_code == 400
    assert put_contact(fake_api, "Acme", "key-2").status_code == 200


def test_another_request_with_the_key_is_refused(fake_api):
    put_contact(fake_api, "Acme", "key-1")
    answer = put_contact(fake_api, "Better", "key-1")
    assert answer.status_code == 400
    assert "is used with a different request" in answer.json()["Message"]


def test_keys_are_kept_six_minutes(fake_api):
    put_contact(fake_api, "Acme", "key-1")
    fake_api.xero.advance(timedelta(minutes=6))
    assert put_contact(fake_api, "Better", "key-1").status_code == 200


def test_long_keys_are_refused(fake_api):
    assert put_contact(fake_api, "Acme", "k" * 129).status_code == 400
    fake_api.xero.contract_violations.clear()


def test_parallel_calls_with_one_key_do_the_work_once(fake_api):
    contact = fake_api.org.add_contact(Name="Acme")
    body = {"Invoices": [invoice(contact)]}
    answers = []

    def send():
        headers = {"Idempotency-Key": "one"}
        answers.append(fake_api.call("PUT", "Invoices", body, headers=headers).json())

    threads = [threading.Thread(target=send) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake_api.org.invoices) == 1
    assert len({a["Invoices"][0]["InvoiceID"] for a in answers}) == 1


def test_headers_tell_what_is_left(fake_api):
    first = fake_api.call("GET", "Organisation").headers
    second = fake_api.call("GET", "Organisation").headers
    for name in (
        "X-DayLimit-Remaining",
        "X-MinLimit-Remaining",
        "X-AppMinLimit-Remaining",
    ):
        assert int(second[name]) == int(first[name]) - 1
    assert first["X-DayLimit-Remaining"] == "999" and first["Xero-Correlation-Id"]


def test_limits_are_off_until_switched_on(fake_api):
    for _number in range(65):
        assert fake_api.call("GET", "Organisation").status_code == 200
    assert fake_api.call("GET", "Organisation").headers["X-MinLimit-Remaining"] == "0"


@pytest.mark.parametrize(
    "limit, problem, least", [("per_minute", "minute", 1), ("per_day", "day", 86000)]
)
def test_limits(fake_api, limit, problem, least):
    limits = fake_api.xero.limits
    before = getattr(limits, limit)
    limits.enforce = True
    setattr(limits, limit, 2)
    try:
        statuses = [fake_api.call("GET", "Organisation") for _number in range(3)]
    finally:
        setattr(limits, limit, before)
    assert [answer.status_code for answer in statuses] == [200, 200, 429]
    last = statuses[-1]
    assert last.content == b"" and "Content-Type" not in last.headers
    assert last.headers["X-Rate-Limit-Problem"] == problem
    assert int(last.headers["Retry-After"]) >= least
    fake_api.xero.advance(timedelta(days=1))
    fake_api.xero.oauth.access[fake_api.token["access_token"]].expires += timedelta(
        days=2
    )
    assert fake_api.call("GET", "Organisation").status_code == 200


def test_too_many_at_once(fake_api):
    xero = fake_api.xero
    app = xero.oauth.apps["client-of-tests"]
    xero.limits.enforce = True
    for _number in range(5):
        xero.limits.enter(app, fake_api.org.tenant_id)
    answer = fake_api.call("GET", "Organisation")
    assert answer.status_code == 429 and "Retry-After" not in answer.headers
    assert answer.headers["X-Rate-Limit-Problem"] == "concurrent"
    xero.limits.leave(app, fake_api.org.tenant_id)
    assert fake_api.call("GET", "Organisation").status_code == 200


def test_time_out_before_the_work(fake_api):
    fake_api.xero.fail("PUT Contacts", "timeout_before")
    with pytest.raises(requests.ConnectionError):
        put_contact(fake_api, "Acme")
    assert not fake_api.org.contacts
    assert put_contact(fake_api, "Acme").status_code == 200


def test_time_out_after_the_work(fake_api):
    fake_api.xero.fail("PUT Contacts", "timeout_after")
    with pytest.raises(requests.ConnectionError):
        put_contact(fake_api, "Acme", "key-1")
    assert len(fake_api.org.contacts) == 1
    assert put_contact(fake_api, "Acme", "key-1").status_code == 200
    assert len(fake_api.org.contacts) == 1


def test_a_time_out_can_take_its_time(fake_api):
    fake_api.xero.fail("GET Contacts", "timeout_before", seconds=3)
    with pytest.raises(requests.ReadTimeout):
        requests.get(
            f"{fake_api.server.url}/api.xro/2.0/Contacts",
            headers=fake_api.headers,
            timeout=0.2,
        )


@pytest.mark.parametrize(
    "kind, status, body",
    [
        ("401", 401, "TokenExpired"),
        ("403", 403, "AuthenticationUnsuccessful"),
        ("500", 500, "InternalServerError"),
        ("503", 503, "offline"),
    ],
)
def test_status_faults(fake_api, kind, status, body):
    fake_api.xero.fail("PUT Contacts", kind)
    answer = put_contact(fake_api, "Acme")
    assert answer.status_code == status and body in answer.text
    assert not fake_api.org.contacts


def test_500_after_the_work(fake_api):
    fake_api.xero.fail("PUT Contacts", "500_after")
    assert put_contact(fake_api, "Acme").status_code == 500
    assert len(fake_api.org.contacts) == 1


def test_429_with_and_without_a_wait(fake_api):
    fake_api.xero.fail("GET *", "429", retry_after=26)
    answer = fake_api.call("GET", "Contacts")
    assert answer.status_code == 429 and answer.content == b""
    assert answer.headers["Retry-After"] == "26"
    assert answer.headers["X-Rate-Limit-Problem"] == "minute"
    fake_api.xero.fail("GET *", "429")
    answer = fake_api.call("GET", "Contacts")
    assert "Retry-After" not in answer.headers
    assert answer.headers["X-Rate-Limit-Problem"] == "concurrent"


def test_gateway_errors_are_not_kept_under_a_key(fake_api):
    fake_api.xero.fail("PUT Contacts", "503")
    assert put_contact(fake_api, "Acme", "key-1").status_code == 503
    assert put_contact(fake_api, "Acme", "key-1").status_code == 200
    fake_api.xero.fail("PUT Contacts", "500")
    assert put_contact(fake_api, "Better", "key-2").status_code == 500
    assert put_contact(fake_api, "Better", "key-2").status_code == 500


def test_truncated_json(fake_api):
    fake_api.xero.fail("GET Organisation", "truncated")
    answer = fake_api.call("GET", "Organisation")
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()


def test_one_bad_element_in_a_batch(fake_api):
    fake_api.xero.fail("PUT Contacts", "bad_element", index=1)
    names = [{"Name": "A"}, {"Name": "B"}, {"Name": "C"}]
    results = fake_api.put("Contacts", *names, summarizeErrors="false")
    assert [r["StatusAttributeString"] for r in results] == ["OK", "ERROR", "OK"]


def test_one_bad_element_on_a_page(fake_api):
    fake_api.org.add_contacts(3)
    fake_api.xero.fail("GET Contacts", "bad_element", index=1)
    rows = fake_api.get("Contacts", page=1)
    assert rows[1]["Name"] is None and rows[1]["ContactStatus"] == "MARTIAN"
    assert rows[1]["ContactID"] and rows[0]["Name"]


def test_slow_answers_do_not_hold_others_up(fake_api):
    fake_api.xero.fail("GET Items", "slow", seconds=1)
    slow = threading.Thread(target=fake_api.call, args=("GET", "Items"))
    slow.start()
    time.sleep(0.1)
    began = time.monotonic()
    assert fake_api.call("GET", "Organisation").status_code == 200
    assert time.monotonic() - began < 0.5
    slow.join()


def test_faults_strike_as_often_as_said(fake_api):
    fake_api.xero.fail("GET Contacts", "503", times=2, skip=1)
    statuses = [fake_api.call("GET", "Contacts").status_code for _number in range(4)]
    assert statuses == [200, 503, 503, 200]
    fake_api.xero.fail("* *", "503", times=None)
    assert fake_api.call("GET", "Items").status_code == 503
    fake_api.xero.clear_faults()
    assert fake_api.call("GET", "Items").status_code == 200
    with pytest.raises(ValueError, match="unknown fault"):
        fake_api.xero.fail("GET Items", "nonsense")


def test_faults_of_the_token_endpoint(fake_api):
    url = f"{fake_api.server.url}/connect/token"
    form = {
        "grant_type": "refresh_token",
        "refresh_token": fake_api.token["refresh_token"],
    }
    auth = ("client-of-tests", "secret-of-tests")
    fake_api.xero.fail("POST token", "timeout_after")
    with pytest.raises(requests.ConnectionError):
        requests.post(url, form, auth=auth, timeout=10)
    fake_api.xero.fail("POST token", "503")
    assert requests.post(url, form, auth=auth, timeout=10).status_code == 503
    assert requests.post(url, form, auth=auth, timeout=10).status_code == 200


def test_an_organisation_can_be_offline(fake_api):
    fake_api.org.is_offline = True
    answer = fake_api.call("GET", "Contacts")
    assert answer.status_code == 503 and answer.text == "The Organisation is offline"


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "Nonsense", 404),
        ("GET", "Contacts/9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01", 404),
        ("GET", "Reports/Nonsense", 404),
        ("DELETE", "Contacts", 501),
    ],
)
def test_wrong_paths(fake_api, method, path, status):
    answer = fake_api.call(method, path)
    assert answer.status_code == status
    if status == 404:
        assert "cannot be found" in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")
    fake_api.xero.contract_violations.clear()


@pytest.mark.parametrize("data", [b"{", b"[1]", b'{"Contacts": 5}', b"\xff"])
def test_broken_bodies(fake_api, data):
    headers = {**fake_api.headers, "Content-Type": "application/json"}
    url = f"{fake_api.server.url}/api.xro/2.0/Contacts"
    answer = requests.put(url, data=data, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["Type"] == "PostDataInvalidException"
    fake_api.xero.contract_violations.clear()


def test_one_object_without_its_collection(fake_api):
    answer = fake_api.call("PUT", "Contacts", {"Name": "Acme"})
    assert answer.status_code == 200 and answer.json()["Contacts"][0]["Name"] == "Acme"


def test_records_and_counters(fake_api):
    put_contact(fake_api, "Acme", "key-1")
    fake_api.get("Contacts", page=1)
    assert fake_api.xero.calls == {"PUT Contacts": 1, "GET Contacts": 1}
    first, second = fake_api.xero.requests
    assert first.body == {"Contacts": [{"Name": "Acme"}]} and first.status == 200
    assert first.headers["Idempotency-Key"] == "key-1"
    assert "Authorization" not in first.headers
    assert second.query == {"page": "1"} and second.tenant_id == fake_api.org.tenant_id
    fake_api.xero.reset_calls()
    assert not fake_api.xero.calls and not fake_api.xero.requests


def test_two_organisations_do_not_mix(fake_api):
    other = fake_api.xero.add_organisation("Second Ltd")
    assert put_contact(fake_api, "Acme").status_code == 200
    assert not other.contacts
