"""OAuth 2.0: apps, consent, codes, tokens, connections (facts file section 1)."""

import base64
import json
import pickle
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import scopes as scope_rules
from . import wire

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
GRACE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)


class ConsentError(Exception):
    """The authorize page shows an error instead of a form; ``code`` is OAuth's."""

    def __init__(self, code, description=""):
        super().__init__(f"{code}: {description}" if description else code)
        self.code, self.description = code, description


class TokenError(Exception):
    """A refusal of the token endpoint: 400 with {"error": code}."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class App:
    """A registered app."""

    client_id: str
    client_secret: str
    redirect_uris: list
    scopes: str = "granular"
    tier: str = "starter"
    webhook_url: str = ""
    webhook_key: str = ""


@dataclass
class Connection:
    """That an app may see an organisation on behalf of a user."""

    id: str
    client_id: str
    user_id: str
    tenant_id: str
    auth_event_id: str
    created: object
    updated: object


@dataclass
class Grant:
    """One consent: what its codes and tokens stand for."""

    client_id: str
    user_id: str
    scopes: tuple
    auth_event_id: str


@dataclass
class Code:
    """An authorization code."""

    grant: Grant
    redirect_uri: str
    expires: object


@dataclass
class Access:
    """An access token."""

    grant: Grant
    expires: object


@dataclass
class Refresh:
    """A refresh token; ``rotated`` is when it was first used."""

    grant: Grant
    expires: object
    rotated: object = None


def check_redirect_uri(uri):
    """Refuse addresses that Xero's app form refuses.

    :raise ValueError: unless it is https or http://localhost
    """
    parts = urlsplit(uri)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname == "localhost":
        return
    raise ValueError(f"redirect address {uri!r}: https or http://localhost only")


class OAuth:
    """The authorization server."""

    def __init__(self, xero):
        self.xero = xero
        self.apps = {}
        self.user_id = wire.new_guid()
        self._lock = threading.RLock()
        self.reset()

    def reset(self):
        """Forget all tokens and connections."""
        self.codes, self.access, self.refreshes = {}, {}, {}
        self.connections = {}

    def add_app(self, client_id, client_secret, redirect_uris=(), **options):
        """Register an app; see FakeXero.add_app."""
        for uri in redirect_uris:
            check_redirect_uri(uri)
        if options.get("scopes", "granular") not in scope_rules.KINDS:
            raise ValueError(f"scopes: one of {', '.join(scope_rules.KINDS)}")
        app = App(client_id, client_secret, list(redirect_uris), **options)
        self.apps[client_id] = app
        return app

    # --- authorize ----------------------------------------------------------

    def check_authorize(self, query):
        """The app of an authorize request.

        :param dict query: parameters of the address
        :raise ConsentError: what Xero shows as a page of its own
        """
        app = self.apps.get(query.get("client_id"))
        if not app:
            raise ConsentError(
                "unauthorized_client", "Unknown client or client not enabled"
            )
        if query.get("redirect_uri") not in app.redirect_uris:
            raise ConsentError("unauthorized_client", "Invalid redirect_uri")
        if query.get("response_type") != "code":
            raise ConsentError("unsupported_response_type")
        asked = query.get("scope", "").split()
        if not asked or scope_rules.refused(asked, app.scopes):
            raise ConsentError("invalid_scope", " ".join(asked))
        return app

    def consent(self, authorize_url, tenant_ids=None, allow=True):
        """See FakeXero.consent."""
        query = dict(parse_qsl(urlsplit(authorize_url).query))
        self.check_authorize(query)
        return self.decide(query, tenant_ids, allow)

    def decide(self, query, tenant_ids, allow):
        """Finish the consent page.

        :return: the address that the browser is sent to
        """
        result = {"state": query["state"]} if "state" in query else {}
        if not allow:
            result = {"error": "access_denied", **result}
            return f"{query['redirect_uri']}?{urlencode(result)}"
        if tenant_ids is None:
            tenant_ids = list(self.xero.organisations)
        granted = tuple(query["scope"].split())
        with self._lock:
            grant = self._grant(query["client_id"], granted)
            self._connect(grant, tenant_ids)
            code = secrets.token_urlsafe(32)
            expires = self.xero.now + CODE_LIFE
            self.codes[code] = Code(grant, query["redirect_uri"], expires)
        result = {
            "code": code,
            "scope": query["scope"],
            **result,
            "session_state": secrets.token_urlsafe(16),
        }
        return f"{query['redirect_uri']}?{urlencode(result)}"

    def _grant(self, client_id, granted):
        return Grant(client_id, self.user_id, granted, wire.new_guid())

    def _connect(self, grant, tenant_ids):
        now = self.xero.now
        for tenant_id in tenant_ids:
            if tenant_id not in self.xero.organisations:
                raise ValueError(f"unknown organisation {tenant_id}")
            known = self.connection(grant, tenant_id)
            if known:
                known.auth_event_id, known.updated = grant.auth_event_id, now
                continue
            created = Connection(
                wire.new_guid(),
                grant.client_id,
                grant.user_id,
                tenant_id,
                grant.auth_event_id,
                now,
                now,
            )
            self.connections[created.id] = created

    def connection(self, grant, tenant_id):
        """The connection that lets this consent see the organisation, or None."""
        for connection in self.granted_connections(grant):
            if connection.tenant_id == tenant_id:
                return connection
        return None

    def granted_connections(self, grant):
        """All connections of the grant's user to its app."""
        owner = (grant.client_id, grant.user_id)
        return [
            c
            for c in list(self.connections.values())
            if (c.client_id, c.user_id) == owner
        ]

    def disconnect(self, tenant_id):
        """Remove every connection to an organisation."""
        with self._lock:
            for connection in list(self.connections.values()):
                if connection.tenant_id == tenant_id:
                    del self.connections[connection.id]

    def delete_connection(self, grant, connection_id):
        """Remove one of the grant's connections.

        :return: whether there was one
        """
        with self._lock:
            own = {c.id for c in self.granted_connections(grant)}
            if connection_id not in own:
                return False
            del self.connections[connection_id]
            return True

    def snapshot(self, names):
        """The named attributes, pickled while nothing else changes them."""
        with self._lock:
            return pickle.dumps({name: getattr(self, name) for name in names})

    # --- tokens ---------------------------------------------------------------

    def client(self, client_id, client_secret):
        """The app with these credentials.

        :raise TokenError: invalid_client
        """
        app = self.apps.get(client_id)
        secret = client_secret or ""
        if not app or not secrets.compare_digest(app.client_secret, secret):
            raise TokenError("invalid_client")
        return app

    def exchange(self, app, form):
        """Trade a code for tokens; a code serves once, for five minutes."""
        with self._lock:
            code = self.codes.pop(form.get("code", ""), None)
            if (
                not code
                or code.grant.client_id != app.client_id
                or code.redirect_uri != form.get("redirect_uri")
                or self.xero.now >= code.expires
            ):
                raise TokenError("invalid_grant")
            return self._tokens(code.grant)

    def refresh(self, app, token):
        """New tokens for a refresh token; the old one lives on for 30 minutes."""
        now = self.xero.now
        with self._lock:
            known = self.refreshes.get(token)
            if (
                not known
                or known.grant.client_id != app.client_id
                or now >= known.expires
                or (known.rotated and now >= known.rotated + GRACE)
            ):
                raise TokenError("invalid_grant")
            known.rotated = known.rotated or now
            return self._tokens(known.grant)

    def revoke(self, app, token):
        """Remove all of that user's connections to the app, and its tokens."""
        with self._lock:
            known = self.refreshes.get(token)
            if not known or known.grant.client_id != app.client_id:
                return
            owner = (app.client_id, known.grant.user_id)
            for tokens in (self.access, self.refreshes):
                for key, entry in list(tokens.items()):
                    if (entry.grant.client_id, entry.grant.user_id) == owner:
                        del tokens[key]
            for connection in self.granted_connections(known.grant):
                del self.connections[connection.id]

    def issue_token(self, client_id, tenant_ids, expired=False, scopes=None):
        """See FakeXero.issue_token."""
        app = self.apps[client_id]
        if isinstance(scopes, str):
            scopes = scopes.split()
        granted = tuple(scopes or scope_rules.default_scopes(app.scopes))
        with self._lock:
            grant = self._grant(client_id, granted)
            self._connect(grant, tenant_ids)
            answer = self._tokens(grant)
            if expired:
                past = self.xero.now - timedelta(seconds=1)
                self.access[answer["access_token"]].expires = past
        return answer

    def _tokens(self, grant):
        now = self.xero.now
        expires = now + ACCESS_LIFE
        access = self._jwt(grant, now, expires)
        self.access[access] = Access(grant, expires)
        answer = {
            "access_token": access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(grant.scopes),
        }
        if "openid" in grant.scopes:
            answer["id_token"] = self._jwt(grant, now, now + CODE_LIFE)
        if "offline_access" in grant.scopes:
            refresh = secrets.token_urlsafe(48)
            self.refreshes[refresh] = Refresh(grant, now + REFRESH_LIFE)
            answer["refresh_token"] = refresh
        return answer

    def _jwt(self, grant, now, expires):
        claims = {
            "nbf": int(now.timestamp()),
            "exp": int(expires.timestamp()),
            "iss": "https://identity.xero.com",
            "aud": "https://identity.xero.com/resources",
            "client_id": grant.client_id,
            "sub": grant.user_id.replace("-", ""),
            "auth_time": int(now.timestamp()),
            "xero_userid": grant.user_id,
            "global_session_id": secrets.token_hex(16),
            "jti": secrets.token_hex(16),
            "authentication_event_id": grant.auth_event_id,
            "scope": list(grant.scopes),
        }
        header = {"alg": "RS256", "kid": "simulated", "typ": "JWT"}
        parts = [json.dumps(part).encode() for part in (header, claims)]
        parts.append(secrets.token_bytes(32))
        encoded = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        return b".".join(encoded).decode()
