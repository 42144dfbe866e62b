"""The token endpoint: codes become tokens, tokens are refreshed and revoked."""

import base64
import json
import secrets
from datetime import timedelta

from . import scopes as scope_rules
from .oauth_grants import Access, Refresh, TokenError

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
GRACE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)


class Tokens:
    """Issues, renews and revokes; the tables are those of `OAuth`."""

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
