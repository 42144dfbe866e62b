"""What the authorization server knows: apps, connections, consents and tokens."""

from dataclasses import dataclass
from urllib.parse import urlsplit


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
