"""Xero's sign-in, against scripted answers."""

import base64
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripted_server import Answer, ScriptedServer
from xero_api import (
    OAuthClient,
    Tenant,
    Token,
    XeroAuthError,
    XeroError,
    XeroNotFoundError,
    XeroOAuthError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
)

SECRET = "s3cret/with+odd=chars"
REFRESH = "refresh-token-old"
NOW = datetime.now(timezone.utc)


def jwt(**claims):
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{part}.signature"


def oauth(server, secret=SECRET):
    return OAuthClient(
        "the-app",
        secret,
        login_url=server.url,
        identity_url=server.url,
        api_url=server.url,
    )


def granted(**body):
    return {
        "access_token": jwt(authentication_event_id="event", scope=["a", "b"]),
        "refresh_token": "refresh-token-new",
        "expires_in": 1800,
        "token_type": "Bearer",
        "scope": "offline_access accounting.contacts",
        "unknown": {"new": "field"},
        **body,
    }


def test_the_consent_page_gets_what_was_asked():
    client = OAuthClient("the app&x", SECRET)
    url = client.authorize_url("http://localhost:8069/cb", ["openid", "a.b"], "st=&?")
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://login.xero.com/identity/connect/authorize"
    )
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "client_id": ["the app&x"],
        "redirect_uri": ["http://localhost:8069/cb"],
        "scope": ["openid a.b"],
        "state": ["st=&?"],
    }
    assert "+" not in parts.query
    assert SECRET not in url


def test_a_code_becomes_tokens():
    with ScriptedServer(Answer(body=granted())) as server:
        token = oauth(server).exchange_code("the-code", "http://localhost:8069/cb")
        seen = server.last
    assert (seen.method, seen.path) == ("POST", "/connect/token")
    assert parse_qs(seen.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": ["http://localhost:8069/cb"],
    }
    # RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
    basic = base64.b64decode(seen.headers["authorization"].removeprefix("Basic "))
    assert basic == b"the-app:s3cret%2Fwith%2Bodd%3Dchars"
    assert token.refresh_token == "refresh-token-new"
    assert token.scopes == ("offline_access", "accounting.contacts")
    assert token.auth_event_id == "event"
    assert timedelta(0) <= token.expires_at - NOW - timedelta(seconds=1799)
    assert token.expires_at <= datetime.now(timezone.utc) + timedelta(seconds=1800)


def test_a_refresh_rotates_the_refresh_token():
    with ScriptedServer(Answer(body=granted())) as server:
        token = oauth(server).refresh(REFRESH)
        form = parse_qs(server.last.body.decode())
    assert form == {"grant_type": ["refresh_token"], "refresh_token": [REFRESH]}
    assert token.refresh_token == "refresh-token-new"


def test_a_refresh_token_that_is_not_rotated_is_kept():
    with ScriptedServer(Answer(body=granted(refresh_token=None))) as server:
        assert oauth(server).refresh(REFRESH).refresh_token == REFRESH


def test_a_consent_without_lasting_access_is_refused():
    with ScriptedServer(Answer(body=granted(refresh_token=None))) as server:
        with pytest.raises(XeroOAuthError, match="offline_access"):
            oauth(server).exchange_code("the-code", "http://localhost/cb")


def test_scopes_and_lifetime_have_fallbacks():
    body = granted(scope=None, expires_in=None)
    with ScriptedServer(Answer(body=body)) as server:
        token = oauth(server).refresh(REFRESH)
    assert token.scopes == ("a", "b")
    assert token.expires_at > NOW + timedelta(minutes=29)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"error": "invalid_grant"}, XeroReconnectError, None),
        (401, {"error": "invalid_grant"}, XeroReconnectError, None),
        (400, {"error": "invalid_client"}, XeroOAuthError, "invalid_client"),
        (401, {"error": "invalid_client"}, XeroOAuthError, "invalid_client"),
        (400, {"error": "invalid_scope"}, XeroOAuthError, "invalid_scope"),
        (400, {"error": "unauthorized_client"}, XeroOAuthError, "unauthorized_client"),
        (400, {"error": "something_new"}, XeroOAuthError, "something_new"),
        (400, {"error": ["odd"]}, XeroOAuthError, ""),
        (400, "<html>Bad Request</html>", XeroOAuthError, ""),
        (404, "Not Found", XeroOAuthError, ""),
        (403, "Access Denied", XeroOAuthError, ""),
        (429, "", XeroRateLimitError, None),
        (500, {"error": "invalid_grant"}, XeroTransientError, None),
        (503, "maintenance", XeroTransientError, None),
        (302, "", XeroError, None),
        (200, "not json", XeroTransientError, None),
        (200, {"error": "x"}, XeroTransientError, None),
        (200, {"access_token": 7}, XeroTransientError, None),
        (200, [], XeroTransientError, None),
    ],
)
def test_refusals_of_the_token_end_point(status, body, kind, code):
    with ScriptedServer(Answer(status, body)) as server:
        with pytest.raises(kind) as caught:
            oauth(server).refresh(REFRESH)
        assert len(server.seen) == 1
    assert type(caught.value) is kind
    assert code is None or caught.value.code == code


def test_only_a_spent_consent_asks_for_a_person():
    assert issubclass(XeroReconnectError, XeroAuthError)
    assert not issubclass(XeroOAuthError, XeroAuthError)
    assert not issubclass(XeroTransientError, XeroAuthError)


@pytest.mark.parametrize(("app", "secret"), [("", SECRET), ("app", ""), ("app", False)])
def test_missing_credentials_are_told_without_a_call(app, secret):
    with ScriptedServer() as server:
        client = OAuthClient(app, secret, identity_url=server.url)
        with pytest.raises(XeroOAuthError) as caught:
            client.refresh(REFRESH)
        assert server.seen == []
    assert caught.value.code == "invalid_client"


def test_no_secret_is_in_any_text_of_an_error():
    encoded = "s3cret%2Fwith%2Bodd%3Dchars"
    echo = f"{SECRET} {encoded} {REFRESH} {jwt(a=1)}"
    body = {"error": "invalid_grant", "error_description": f"bad: {echo}"}
    for answer in (Answer(400, body), Answer(500, echo), Answer(403, echo)):
        with ScriptedServer(answer) as server:
            client = oauth(server)
            with pytest.raises(XeroError) as caught:
                client.refresh(REFRESH)
        error = caught.value
        text = f"{error} {error!r} {vars(error)} {client!r} {error.__context__}"
        for secret in (SECRET, encoded, REFRESH, "eyJ"):
            assert secret not in text


def test_tokens_hide_in_repr():
    token = Token("access-value", "refresh-value", NOW, ("a",))
    assert "value" not in repr(token)
    assert "value" not in f"{token}"


@given(st.one_of(st.text(), st.binary().map(lambda b: f"a.{b.hex()}.c")))
def test_an_odd_access_token_has_no_event(text):
    assert Token(text, "r", NOW).auth_event_id is None


@pytest.mark.parametrize("claim", [None, 7, "", ["x"]])
def test_an_odd_claim_is_no_event(claim):
    assert Token(jwt(authentication_event_id=claim), "r", NOW).auth_event_id is None


def test_connections_are_the_organisations_of_the_consent():
    rows = [
        {"id": "c1", "tenantId": "t1", "tenantType": "ORGANISATION", "tenantName": "A"},
        {"id": "c2", "tenantId": "t2", "tenantType": "PRACTICE", "tenantName": None},
        {
            "id": "c3",
            "tenantId": "t3",
            "tenantType": "ORGANISATION",
            "tenantName": None,
        },
        {"id": "c4", "tenantId": None, "tenantType": "ORGANISATION"},
        None,
    ]
    with ScriptedServer(Answer(body=rows), Answer(body=[])) as server:
        found = oauth(server).connections("access", "event id")
        assert server.last.path == "/connections"
        assert server.last.query == {"authEventId": "event id"}
        assert server.last.headers["authorization"] == "Bearer access"
        assert oauth(server).connections("access") == []
        assert server.last.query == {}
    assert found == [
        Tenant("c1", "t1", "A", "ORGANISATION"),
        Tenant("c3", "t3", "", "ORGANISATION"),
    ]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(401), XeroAuthError),
        (Answer(500), XeroTransientError),
        (Answer(200, "{}"), XeroTransientError),
        (Answer(200, ""), XeroTransientError),
    ],
)
def test_connections_that_cannot_be_read_are_not_none(answer, kind):
    with ScriptedServer(answer) as server:
        with pytest.raises(kind):
            oauth(server).connections("access")


def test_a_connection_is_deleted_by_its_own_id():
    with ScriptedServer(Answer(204), Answer(404)) as server:
        oauth(server).delete_connection("access", "c/1")
        assert (server.last.method, server.last.path) == (
            "DELETE",
            "/connections/c%2F1",
        )
        with pytest.raises(XeroNotFoundError):
            oauth(server).delete_connection("access", "c1")
        with pytest.raises(ValueError, match="connection id"):
            oauth(server).delete_connection("access", "")
        assert len(server.seen) == 2


def test_revocation_sends_the_refresh_token_once():
    with ScriptedServer(Answer(200), Answer(fault="drop")) as server:
        oauth(server).revoke(REFRESH)
        assert server.last.path == "/connect/revocation"
        assert parse_qs(server.last.body.decode()) == {"token": [REFRESH]}
        with pytest.raises(XeroTransientError):
            oauth(server).revoke(REFRESH)
        assert len(server.seen) == 2
