"""The wire to Xero, without Odoo: client, sign-in, errors, retry rules, webhooks."""

from .answers import Page, Usage
from .client import XeroClient
from .elements import Element
from .errors import (
    XeroAuthError,
    XeroError,
    XeroNotFoundError,
    XeroOAuthError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
    XeroValidationError,
)
from .oauth import OAuthClient
from .query import where_equals
from .resource import Resource
from .resources import RESOURCES
from .retry import is_retryable, retry_delay
from .tokens import Tenant, Token
from .webhook import sign, verify_signature

__all__ = [
    "RESOURCES",
    "Element",
    "OAuthClient",
    "Page",
    "Resource",
    "Tenant",
    "Token",
    "Usage",
    "XeroAuthError",
    "XeroClient",
    "XeroError",
    "XeroNotFoundError",
    "XeroOAuthError",
    "XeroPermissionError",
    "XeroRateLimitError",
    "XeroReconnectError",
    "XeroTransientError",
    "XeroValidationError",
    "is_retryable",
    "retry_delay",
    "sign",
    "verify_signature",
    "where_equals",
]
