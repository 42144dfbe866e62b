"""The simulator's OAuth: consent, codes, rotation, revocation, connections."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from fake_xero_api import CALLBACK, CLIENT, Api

from fake_xero.oauth_grants import ConsentError

SCOPES = "openid offline_access accounting.contacts accounting.invoices"


def authorize_url(server, **changes):
    query = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": CALLBACK,
        "scope": SCOPES,
        "state": "a state",
        **changes,
    }
    return f"{server.url}/identity/connect/authorize?{urlencode(query)}"


def token(server, auth=CLIENT, **form):
    return requests.post(
        f"{server.url}/connect/token", auth=auth, data=form, timeout=10
    )


def code_of(api, **changes):
    url = authorize_url(api.server, **changes)
    back = api.xero.consent(url, [api.org.tenant_id])
    return dict(parse_qsl(urlsplit(back).query))


def exchange(api, **changes):
    code = code_of(api)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return token(api.server, **{**form, **changes})


def refresh(api, refresh_token):
    return token(api.server, grant_type="refresh_token", refresh_token=refresh_token)


def claims(jwt):
    part = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_consent_page_names_the_organisations_and_allows(fake_api):
    other = fake_api.xero.add_organisation("Second Ltd")
    url = authorize_url(fake_api.server)
    page = requests.get(url, timeout=10)
    assert page.status_code == 200
    assert "Demo Company (NZ)" in page.text and "Second Ltd" in page.text
    form = [*parse_qsl(urlsplit(url).query), ("tenant_id", other.tenant_id)]
    answer = requests.post(
        url.split("?")[0], [*form, ("allow", "1")], allow_redirects=False, timeout=10
    )
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["a state"] and query["code"] and query["scope"]


def test_consent_without_a_choice_asks_again(fake_api):
    url = authorize_url(fake_api.server)
    form = [*parse_qsl(urlsplit(url).query), ("allow", "1")]
    answer = requests.post(url.split("?")[0], form, timeout=10)
    assert answer.status_code == 200 and "Choose an organisation" in answer.text


def test_cancel_comes_back_with_access_denied(fake_api):
    back = fake_api.xero.consent(authorize_url(fake_api.server), allow=False)
    assert dict(parse_qsl(urlsplit(back).query)) == {
        "error": "access_denied",
        "state": "a state",
    }


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": CALLBACK + "/"}, "unauthorized_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid nonsense"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_errors_of_the_authorize_page_stay_there(fake_api, changes, code):
    url = authorize_url(fake_api.server, **changes)
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert answer.status_code == 400 and code in answer.text
    with pytest.raises(ConsentError, match=code):
        fake_api.xero.consent(url)


@pytest.mark.parametrize(
    "kind, scope, good",
    [
        ("granular", "accounting.invoices", True),
        ("granular", "accounting.transactions", False),
        ("broad", "accounting.transactions", True),
        ("broad", "accounting.invoices", False),
        ("both", "accounting.invoices accounting.transactions", True),
    ],
)
def test_scopes_depend_on_the_kind_of_app(fake_api, kind, scope, good):
    fake_api.xero.add_app("other", "x", [CALLBACK], scopes=kind)
    url = authorize_url(fake_api.server, client_id="other", scope=scope)
    assert requests.get(url, timeout=10).status_code == (200 if good else 400)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8069/x", "http://a.example.com/x"])
def test_redirect_addresses_are_https_or_localhost(fake_api, uri):
    with pytest.raises(ValueError, match="localhost"):
        fake_api.xero.add_app("other", "x", [uri])


def test_code_becomes_tokens(fake_api):
    answer = exchange(fake_api)
    assert answer.status_code == 200
    tokens = answer.json()
    assert tokens["expires_in"] == 1800 and tokens["token_type"] == "Bearer"
    assert tokens["scope"] == SCOPES and tokens["refresh_token"] and tokens["id_token"]
    found = claims(tokens["access_token"])
    assert found["scope"] == SCOPES.split()
    connections = requests.get(
        f"{fake_api.server.url}/connections",
        params={"authEventId": found["authentication_event_id"]},
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=10,
    ).json()
    assert [c["tenantId"] for c in connections] == [fake_api.org.tenant_id]
    assert connections[0]["tenantType"] == "ORGANISATION"
    assert connections[0]["createdDateUtc"] != connections[0]["updatedDateUtc"]


def test_credentials_in_the_form_work_as_well(fake_api):
    answer = exchange(fake_api, auth=None, client_id=CLIENT[0], client_secret=CLIENT[1])
    assert answer.status_code == 200


def test_code_serves_once_and_five_minutes(fake_api):
    code = code_of(fake_api)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert token(fake_api.server, **form).status_code == 200
    assert token(fake_api.server, **form).json() == {"error": "invalid_grant"}
    form["code"] = code_of(fake_api)["code"]
    fake_api.xero.advance(timedelta(minutes=5))
    assert token(fake_api.server, **form).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"auth": ("nobody", "x")}, "invalid_client"),
        ({"auth": (CLIENT[0], "wrong")}, "invalid_client"),
        ({"redirect_uri": CALLBACK + "?x"}, "invalid_grant"),
        ({"code": "forged"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_token_endpoint_refuses(fake_api, changes, error):
    answer = exchange(fake_api, **changes)
    assert answer.status_code == 400 and answer.json() == {"error": error}


def test_without_offline_access_no_refresh_token(fake_api):
    code = code_of(fake_api, scope="accounting.contacts")["code"]
    tokens = token(
        fake_api.server,
        grant_type="authorization_code",
        code=code,
        redirect_uri=CALLBACK,
    ).json()
    assert "refresh_token" not in tokens and "id_token" not in tokens


def test_refresh_rotates_and_the_old_one_lives_half_an_hour(fake_api):
    first = fake_api.token["refresh_token"]
    second = refresh(fake_api, first).json()["refresh_token"]
    assert second != first
    fake_api.xero.advance(timedelta(minutes=29))
    assert refresh(fake_api, first).status_code == 200
    fake_api.xero.advance(timedelta(minutes=1))
    assert refresh(fake_api, first).json() == {"error": "invalid_grant"}
    assert refresh(fake_api, second).status_code == 200


def test_refresh_token_dies_after_sixty_days_unused(fake_api):
    fake_api.xero.advance(timedelta(days=60))
    answer = refresh(fake_api, fake_api.token["refresh_token"])
    assert answer.status_code == 400 and answer.json() == {"error": "invalid_grant"}


def test_access_token_lives_half_an_hour(fake_api):
    fake_api.xero.advance(timedelta(minutes=30))
    answer = fake_api.call("GET", "Organisation")
    assert answer.status_code == 401
    payload = answer.json()
    assert payload["Title"] == "Unauthorized" and payload["Status"] == 401
    assert payload["Detail"].startswith("TokenExpired: token expired at ")


def test_issued_token_may_be_expired_already(fake_api):
    api = Api(fake_api.server, fake_api.org, expired=True)
    assert api.call("GET", "Organisation").status_code == 401
    assert refresh(api, api.token["refresh_token"]).status_code == 200


def test_revocation_removes_all_connections(fake_api):
    answer = requests.post(
        f"{fake_api.server.url}/connect/revocation",
        auth=CLIENT,
        data={"token": fake_api.token["refresh_token"]},
        timeout=10,
    )
    assert answer.status_code == 200 and answer.content == b""
    assert not fake_api.xero.oauth.connections
    assert refresh(fake_api, fake_api.token["refresh_token"]).status_code == 400
    assert fake_api.call("GET", "Organisation").status_code == 401


def test_deleting_a_connection_gives_403_afterwards(fake_api):
    url = f"{fake_api.server.url}/connections"
    connection = requests.get(url, headers=fake_api.headers, timeout=10).json()[0]
    gone = f"{url}/{connection['id']}"
    assert (
        requests.delete(gone, headers=fake_api.headers, timeout=10).status_code == 204
    )
    assert (
        requests.delete(gone, headers=fake_api.headers, timeout=10).status_code == 404
    )
    answer = fake_api.call("GET", "Organisation")
    assert answer.status_code == 403
    assert answer.json()["Detail"] == "AuthenticationUnsuccessful"


def test_a_tenant_that_was_not_granted_gives_403(fake_api):
    other = fake_api.xero.add_organisation("Second Ltd")
    answer = fake_api.call(
        "GET", "Organisation", headers={"xero-tenant-id": other.tenant_id}
    )
    assert answer.status_code == 403 and answer.json()["Title"] == "Forbidden"


def test_reconnecting_keeps_the_connection_and_moves_its_event(fake_api):
    before = next(iter(fake_api.xero.oauth.connections.values()))
    event = before.auth_event_id
    code_of(fake_api)
    assert len(fake_api.xero.oauth.connections) == 1
    assert before.auth_event_id != event and before.updated > before.created


@pytest.mark.parametrize(
    "scopes, method, path, status",
    [
        ("accounting.contacts.read", "GET", "Contacts", 200),
        ("accounting.contacts.read", "PUT", "Contacts", 401),
        ("accounting.contacts", "GET", "Invoices", 401),
        ("accounting.invoices", "GET", "Invoices", 200),
        ("accounting.invoices", "GET", "Items", 200),
        ("accounting.invoices", "GET", "Payments", 401),
        ("accounting.transactions", "GET", "Payments", 200),
        ("accounting.settings", "GET", "Accounts", 200),
        ("accounting.contacts", "GET", "Organisation", 401),
        ("accounting.reports.profitandloss.read", "GET", "Reports/ProfitAndLoss", 200),
        ("accounting.reports.aged.read", "GET", "Reports/ProfitAndLoss", 401),
        ("accounting.reports.read", "GET", "Reports/BankSummary", 200),
    ],
)
def test_scopes_are_checked_per_endpoint(fake_api, scopes, method, path, status):
    api = Api(fake_api.server, fake_api.org, scopes=scopes)
    body = {"Contacts": [{"Name": "A"}]} if method == "PUT" else None
    answer = api.call(method, path, body)
    assert answer.status_code == status
    if status == 401:
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_two_apps_see_only_their_own(fake_api):
    fake_api.xero.add_app("other", "x", [CALLBACK])
    tokens = fake_api.xero.issue_token("other", [])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    url = f"{fake_api.server.url}/connections"
    assert requests.get(url, headers=headers, timeout=10).json() == []
    answer = fake_api.call("GET", "Organisation", headers=headers)
    assert answer.status_code == 403
