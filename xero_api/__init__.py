"""The wire to Xero, without Odoo: client, sign-in, errors, retry rules, webhooks."""

from .answers import Page, Usage
from .bound import FailureBound
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
from .follow_up import MAX_FILE_SIZE, MAX_FILES, clean_file_name
from .oauth import OAuthClient
from .query import where_equals, where_one_of
from .resource import Resource
from .resources import RESOURCES
from .retry import is_retryable, retry_delay
from .tokens import Tenant, Token
from .webhook import WebhookEvent, read_events, sign, verify_signature

__all__ = [
    "MAX_FILES",
    "MAX_FILE_SIZE",
    "RESOURCES",
    "Element",
    "FailureBound",
    "OAuthClient",
    "Page",
    "Resource",
    "Tenant",
    "Token",
    "Usage",
    "WebhookEvent",
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
    "clean_file_name",
    "is_retryable",
    "read_events",
    "retry_delay",
    "sign",
    "verify_signature",
    "where_equals",
    "where_one_of",
]
