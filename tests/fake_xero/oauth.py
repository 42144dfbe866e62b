"""OAuth 2.0: apps, consent, codes, tokens, connections (facts file section 1)."""

import pickle
import secrets
import threading
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import scopes as scope_rules
from . import wire
from .oauth_grants import App, Code, Connection, ConsentError, Grant, check_redirect_uri
from .oauth_tokens import CODE_LIFE, Tokens


class OAuth(Tokens):
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
