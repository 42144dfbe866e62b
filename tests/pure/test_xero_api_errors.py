"""Every documented refusal becomes the error that says what to do next."""

import pickle
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from scripted_server import Answer, ScriptedServer
from xero_api import (
    XeroAuthError,
    XeroClient,
    XeroError,
    XeroNotFoundError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroTransientError,
    XeroValidationError,
    is_retryable,
)

ID = "11111111-2222-3333-4444-555555555555"


def refused(*answers, write=False):
    with ScriptedServer(*answers) as server:
        with pytest.raises(XeroError) as caught:
            client = XeroClient("access-token", "tenant", api_url=server.url)
            if write:
                client.create("Contacts", [{"Name": "A"}], idempotency_key="k")
            else:
                client.get_page("Contacts")
    return caught.value


def problem(status, detail, **headers):
    body = {"Type": None, "Title": "Unauthorized", "Status": status, "Detail": detail}
    return Answer(status, {**body, "Instance": "x", "Extensions": {}}, headers)


def test_a_refused_write_names_the_messages_of_each_element():
    elements = [
        {
            "Contact": {"ValidationErrors": [{"Message": "No such contact"}]},
            "LineItems": [
                {"ValidationErrors": [{"Message": "No such account"}]},
                {"ValidationErrors": [{"Description": "Bad quantity"}]},
            ],
            "ValidationErrors": [{"Message": "Bad date"}, {"Message": "Bad date"}],
        },
        {"ValidationErrors": []},
        {"ValidationErrors": None},
    ]
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": elements,
    }
    error = refused(Answer(400, body), write=True)
    assert isinstance(error, XeroValidationError)
    all_of_first = ["Bad date", "No such contact", "No such account", "Bad quantity"]
    assert error.elements == [all_of_first, [], []]
    assert error.messages == all_of_first
    assert "Bad date" in error.message
    assert not is_retryable(error)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"ErrorNumber": 14, "Message": "JSON is bad"}, "JSON is bad"),
        ({"ErrorNumber": 16, "Type": "QueryParseException", "Message": "No x"}, "No x"),
        ({"title": "Bad", "detail": "Key is used again", "status": 400}, "Key is used"),
        ("<html><head><title>T</title></head><p>No &amp; no</p></html>", "No & no"),
        ("", "no reason"),
        ({"Elements": [None, "text", 3], "Message": "Odd"}, "Odd"),
        ({"Elements": None, "Message": None}, "no reason"),
    ],
)
def test_other_bad_requests_keep_what_xero_said(body, told):
    error = refused(Answer(400, body), write=True)
    assert isinstance(error, XeroValidationError)
    assert told in error.message
    assert error.messages and all(error.messages)


def test_an_expired_token_is_not_a_missing_scope():
    error = refused(problem(401, "TokenExpired: token expired at 01/01/2001 00:00:00"))
    assert type(error) is XeroAuthError
    assert not error.scope_missing
    assert "TokenExpired" in error.detail


@pytest.mark.parametrize(
    "answer",
    [
        problem(401, "insufficient_scope"),
        problem(401, "The token lacks a scope"),
        Answer(401, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'}),
    ],
)
def test_a_missing_scope_is_told_apart(answer):
    error = refused(answer)
    assert type(error) is XeroAuthError
    assert error.scope_missing


@pytest.mark.parametrize(
    "answer",
    [
        problem(403, "AuthenticationUnsuccessful"),
        Answer(403, "<html><body>Access Denied</body></html>"),
        Answer(403, {"title": "Forbidden", "status": 403, "detail": "No"}),
    ],
)
def test_a_closed_organisation_is_a_permission_error(answer):
    error = refused(answer)
    assert isinstance(error, XeroPermissionError)
    assert error.detail


def test_not_found_is_html_and_not_an_end_of_data():
    page = "<h1>The resource you're looking for cannot be found</h1>"
    error = refused(Answer(404, page, {"Content-Type": "text/html"}))
    assert isinstance(error, XeroNotFoundError)
    assert error.detail == "The resource you're looking for cannot be found"


@pytest.mark.parametrize(
    ("told", "wait", "problem", "seconds"),
    [
        ("minute", "26", "minute", 26),
        ("day", "40000", "day", 40000),
        ("Daily", "40000", "day", 40000),
        ("DayLimit", "40000", "day", 40000),
        ("concurrent", None, "concurrent", None),
        ("AppMinute", "12", "appminute", 12),
        (None, None, "concurrent", None),
        (None, "26", "minute", 26),
        (None, "26.7", "minute", 26),
        (None, "7200", "day", 7200),
        ("minute", "soon", "minute", None),
        ("minute", "-5", "minute", 0),
        ("minute", "inf", "minute", None),
    ],
)
def test_rate_limits_tell_which_and_how_long(told, wait, problem, seconds):
    headers = {"X-Rate-Limit-Problem": told, "Retry-After": wait}
    present = {name: value for name, value in headers.items() if value}
    error = refused(Answer(429, b"", present), write=True)
    assert isinstance(error, XeroRateLimitError)
    assert (error.problem, error.retry_after) == (problem, seconds)
    assert is_retryable(error)


def test_retry_after_may_be_a_date():
    until = datetime.now(timezone.utc) + timedelta(seconds=100)
    error = refused(
        Answer(429, b"", {"Retry-After": format_datetime(until, usegmt=True)})
    )
    assert 90 <= error.retry_after <= 100


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
@pytest.mark.parametrize(
    "body", ["The Organisation is offline", "<html>bad gateway</html>", "", {"a": 1}]
)
def test_server_errors_leave_a_write_unknown_and_a_read_not(status, body, write):
    error = refused(Answer(status, body), write=write)
    assert isinstance(error, XeroTransientError)
    assert error.outcome_unknown is write
    assert is_retryable(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(status):
    with ScriptedServer(Answer(body={"Contacts": []})) as elsewhere:
        error = refused(Answer(status, headers={"Location": elsewhere.url + "/x"}))
        assert elsewhere.seen == []
    assert type(error) is XeroError
    assert not is_retryable(error)


@pytest.mark.parametrize("status", [402, 405, 406, 409, 412, 413, 501])
def test_other_refusals_are_not_retried(status):
    error = refused(Answer(status, "no"))
    assert type(error) is XeroError
    assert error.status == status
    assert not is_retryable(error)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"Contacts": [{"ContactID": "a"}, {"Conta',
        b"[]",
        b"null",
        b"<html>maintenance</html>",
        b'{"Contacts": null}',
        b'{"Contacts": {}}',
        b'{"Other": []}',
        b'{"Contacts": [NaN]}',
        b"\xff\xfe\xfd",
        b"[" * 200_000,
    ],
)
@pytest.mark.parametrize("write", [False, True])
def test_a_malformed_answer_is_transient(body, write):
    error = refused(
        Answer(200, body, {"Content-Type": "application/json"}), write=write
    )
    assert isinstance(error, XeroTransientError)
    assert error.outcome_unknown is write


def test_a_wrongly_compressed_answer_is_transient():
    answer = Answer(200, b"not gzip", {"Content-Encoding": "gzip"})
    error = refused(answer, write=True)
    assert isinstance(error, XeroTransientError)
    assert error.outcome_unknown


def test_the_correlation_id_is_kept():
    error = refused(Answer(500, b"", {"Xero-Correlation-Id": "abc"}))
    assert error.correlation_id == "abc"


def test_a_refused_connection_is_known_to_be_unsent():
    with ScriptedServer() as server:
        url = server.url
    client = XeroClient("access-token", "tenant", api_url=url)
    with pytest.raises(XeroTransientError) as caught:
        client.create("Contacts", [{"Name": "A"}], idempotency_key="k")
    assert not caught.value.outcome_unknown
    assert caught.value.status is None


@pytest.mark.parametrize(
    "error",
    [
        XeroTransientError("m", outcome_unknown=True, status=500, detail="d"),
        XeroRateLimitError("m", retry_after=3, problem="day"),
        XeroValidationError("m", elements=[["a"], []]),
        XeroAuthError("m", scope_missing=True, correlation_id="c"),
    ],
)
def test_errors_survive_pickling(error):
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == "m"
