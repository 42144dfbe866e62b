"""Xero's sign-in: consent, tokens, the organisations granted, revocation.

Sources: https://developer.xero.com/documentation/guides/oauth2/auth-flow and the
identity part of Xero's OpenAPI files. ``requests`` and not the SDK: the SDK refreshes
without a lock, without a time-out, and puts the secret in the body.
"""

from urllib.parse import quote, urlencode

import requests

from .answers import malformed
from .errors import (
    XeroOAuthError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
)
from .refusals import error_from, read_body
from .tokens import read_tenant, read_token
from .transport import API_URL, BearerAuth, Transport, clean_base

LOGIN_URL = "https://login.xero.com"
IDENTITY_URL = "https://identity.xero.com"
ORGANISATION = "ORGANISATION"
# Xero's own words for "this grant is spent"; the others mean the app is misconfigured.
RECONNECT_CODES = ("invalid_grant", "interaction_required", "login_required")
TRY_LATER = (XeroRateLimitError, XeroTransientError)
OAUTH_MESSAGES = {
    "invalid_client": "Xero does not know this client id with this client secret.",
    "unauthorized_client": "Xero does not allow this app what it asked for.",
    "invalid_scope": "Xero does not offer this app one of the permissions (scopes).",
    "access_denied": "The connection was declined in Xero.",
}


class OAuthClient:
    """Talks to Xero's sign-in for one app.

    :param str client_id: of the app, from Xero's developer portal
    :param str client_secret: of the app
    :param str login_url: base of the consent page
    :param str identity_url: base of the token end point
    :param str api_url: base of the list of connections
    :param tuple timeout: seconds to connect and to wait for the answer
    """

    def __init__(
        self,
        client_id,
        client_secret,
        *,
        login_url=LOGIN_URL,
        identity_url=IDENTITY_URL,
        api_url=API_URL,
        timeout=(5, 30),
    ):
        self._client_id = client_id
        self._client_secret = client_secret
        self._login_url = clean_base(login_url)
        self._identity_url = clean_base(identity_url)
        self._api_url = clean_base(api_url)
        self._timeout = timeout

    def authorize_url(self, redirect_uri, scopes, state):
        """Build the address of Xero's consent page.

        :param str redirect_uri: exactly as registered with the app
        :param scopes: the permissions to ask for
        :param str state: unguessable, bound to the user's session by the caller
        :rtype: str
        """
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
        }
        encoded = urlencode(query, quote_via=quote)
        return f"{self._login_url}/identity/connect/authorize?{encoded}"

    def exchange_code(self, code, redirect_uri):
        """Turn the code of a consent into tokens; it lives 5 minutes, once.

        :param str code: from the redirect
        :param str redirect_uri: the same as in ``authorize_url``
        :rtype: Token
        :raise XeroReconnectError: if the code is spent
        :raise XeroOAuthError: if the app is misconfigured
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
        }
        return self._token(form, secret=code)

    def check_app(self):
        """Ask whether Xero knows this client id with this client secret.

        A refresh token that cannot exist is refused as ``invalid_grant``, which is the
        good answer: a wrong app is refused before that.

        :raise XeroOAuthError: if Xero does not know the app
        :raise XeroTransientError: if Xero does not answer
        """
        try:
            self.refresh("no-such-refresh-token")
        except XeroReconnectError:
            return

    def refresh(self, refresh_token):
        """Get new tokens. The old refresh token is spent by this: save the new one.

        :param str refresh_token: the last one received
        :rtype: Token
        :raise XeroReconnectError: if the consent is gone
        :raise XeroTransientError: if the answer is lost; the same refresh token can
            be used again for 30 minutes (https://developer.xero.com/faq/oauth2)
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._token(form, secret=refresh_token)

    def revoke(self, refresh_token):
        """Give the consent back, with all organisations of this user.

        :param str refresh_token: the last one received
        """
        self._post("/connect/revocation", {"token": refresh_token}, refresh_token)

    def connections(self, access_token, auth_event_id=None):
        """List the organisations that are open to this app.

        :param str access_token: a valid one
        :param str | None auth_event_id: only those of this consent
        :return: organisations only, not practices
        :rtype: list[Tenant]
        """
        query = {"authEventId": auth_event_id} if auth_event_id else None
        response = self._call_api("GET", "/connections", access_token, query)
        rows = read_body(response)
        if not isinstance(rows, list):
            raise malformed(response)
        return [
            read_tenant(row)
            for row in rows
            if isinstance(row, dict)
            and row.get("tenantType") == ORGANISATION
            and row.get("tenantId")
        ]

    def delete_connection(self, access_token, connection_id):
        """Disconnect one organisation from this app.

        :param str access_token: a valid one
        :param str connection_id: of the connection, not of the organisation
        :raise XeroNotFoundError: if it was disconnected already
        """
        if not connection_id:
            raise ValueError("A connection id is needed")
        path = f"/connections/{quote(connection_id, safe='')}"
        self._call_api("DELETE", path, access_token)

    def _token(self, form, secret):
        response = self._post("/connect/token", form, secret)
        body = read_body(response)
        access_token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(access_token, str) or not access_token:
            raise malformed(response)
        # Xero rotates refresh tokens; OAuth allows to keep one by not sending it.
        refresh_token = body.get("refresh_token") or form.get("refresh_token")
        if not refresh_token:
            message = "Xero gave no lasting access: offline_access is missing."
            raise XeroOAuthError(message, code="invalid_scope")
        return read_token(body, refresh_token, response.elapsed)

    def _post(self, path, form, secret):
        """Post a form with the app's credentials; return a 2xx answer."""
        if not self._client_id or not self._client_secret:
            message = "The client id or the client secret of the Xero app is missing."
            raise XeroOAuthError(message, code="invalid_client")
        secrets = (self._client_secret, secret)
        auth = requests.auth.HTTPBasicAuth(
            quote(self._client_id, safe=""), quote(self._client_secret, safe="")
        )
        transport = Transport(auth, self._timeout, secrets)
        try:
            response = transport.request("POST", self._identity_url + path, data=form)
        except XeroTransientError as error:
            raise _nothing_written(error) from error
        finally:
            transport.close()
        if 200 <= response.status_code < 300:
            return response
        raise _nothing_written(_oauth_error(response, secrets))

    def _call_api(self, method, path, access_token, params=None):
        transport = Transport(BearerAuth(access_token), self._timeout, (access_token,))
        headers = {"Accept": "application/json"}
        try:
            response = transport.request(
                method, self._api_url + path, params=params, headers=headers
            )
        except XeroTransientError as error:
            raise _nothing_written(error) from error
        finally:
            transport.close()
        if 200 <= response.status_code < 300:
            return response
        raise _nothing_written(error_from(response, secrets=(access_token,)))


def _nothing_written(error):
    """Signing in and out makes no document: none has to be looked for afterwards."""
    if isinstance(error, XeroTransientError):
        error.outcome_unknown = False
    return error


def _oauth_error(response, secrets):
    """The error for a refusal by the token end point (RFC 6749, section 5.2)."""
    error = error_from(response, secrets=secrets)
    body = read_body(response)
    code = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, TRY_LATER) or not 400 <= response.status_code < 500:
        return error
    code = code if isinstance(code, str) else ""
    info = {
        "status": error.status,
        "correlation_id": error.correlation_id,
        "detail": error.detail,
    }
    if code in RECONNECT_CODES:
        message = "The consent in Xero has ended: connect to Xero again."
        return XeroReconnectError(message, **info)
    message = OAUTH_MESSAGES.get(code, "Xero's sign-in refused the app's request.")
    return XeroOAuthError(message, code=code, **info)
