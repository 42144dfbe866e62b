"""What Xero's sign-in hands out: tokens and the organisations they open."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

# What Xero documents, should an answer not say: https://developer.xero.com/faq/oauth2
DEFAULT_LIFETIME = 1800


@dataclass(frozen=True)
class Token:
    """The tokens of one consent. Only these fields are secret; repr hides them.

    :param datetime expires_at: when the access token ends (aware, UTC)
    :param tuple[str] scopes: what was granted
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple = ()

    @property
    def auth_event_id(self):
        """Which consent this is, to find the organisations granted by it.

        Read from the access token without checking its signature: it came straight
        from Xero, and serves as a filter only.

        :rtype: str | None
        """
        claim = _claims(self.access_token).get("authentication_event_id")
        return claim if isinstance(claim, str) and claim else None


@dataclass(frozen=True)
class Tenant:
    """An organisation that a consent opened to this app."""

    connection_id: str
    tenant_id: str
    name: str
    type: str


def read_token(body, refresh_token, elapsed):
    """Read an answer of the token end point.

    :param dict body: with ``access_token``, ``expires_in`` and ``scope``
    :param str refresh_token: the one to use next
    :param timedelta elapsed: how long the answer took
    :rtype: Token
    """
    claims = _claims(body["access_token"])
    scopes = body.get("scope") or claims.get("scope") or ()
    if isinstance(scopes, str):
        scopes = scopes.split()
    # Counted from before the call, so that it never seems to live too long.
    expires_at = (
        datetime.now(timezone.utc) - elapsed + timedelta(seconds=_lifetime(body))
    )
    return Token(body["access_token"], refresh_token, expires_at, tuple(scopes))


def _lifetime(body):
    """Seconds until the access token ends."""
    try:
        return int(body.get("expires_in"))
    except (TypeError, ValueError):
        return DEFAULT_LIFETIME


def _claims(access_token):
    """The claims in a JWT, unverified; empty if it is none."""
    try:
        part = access_token.split(".")[1]
        padded = part + "=" * (-len(part) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}


def read_tenant(row):
    """Read a row of the list of connections.

    :param dict row: with ``tenantId`` and ``tenantType``; a name may be null
    :rtype: Tenant
    """
    return Tenant(
        connection_id=row.get("id") or "",
        tenant_id=row["tenantId"],
        name=row.get("tenantName") or "",
        type=row["tenantType"],
    )
