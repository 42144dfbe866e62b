"""Xero's webhooks: their signature, and the events in their body.

Source: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime

# Fractions of a second come with three digits, or with seven.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z?")


@dataclass(frozen=True)
class WebhookEvent:
    """That something changed in Xero; what it is now has to be asked for.

    :param str tenant_id: the organisation
    :param str category: e.g. 'INVOICE', in capitals; Xero adds new ones
    :param str kind: 'CREATE' or 'UPDATE', in capitals
    :param str resource_id: Xero's id of the record
    :param datetime | None moment: when it changed, UTC, without time zone
    """

    tenant_id: str
    category: str
    kind: str
    resource_id: str
    moment: datetime | None


def sign(body, key):
    """Sign a webhook as Xero does.

    :param bytes body: the raw body, before any parsing
    :param str key: the app's webhook signing key
    :return: base64 of HMAC-SHA256
    :rtype: str
    """
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def verify_signature(body, signature, key):
    """Check the ``x-xero-signature`` header in constant time.

    :param bytes body: the raw body, before any parsing
    :param str | None signature: the header as received
    :param str | None key: the app's webhook signing key; without one nothing is true
    :rtype: bool
    """
    if not key or not signature:
        return False
    # Bytes, because compare_digest refuses texts with other than ASCII letters.
    claimed = signature.strip().encode(errors="replace")
    return hmac.compare_digest(sign(body, key).encode(), claimed)


def read_events(body):
    """Read the events of a body whose signature was verified.

    :param bytes body: the raw body
    :return: the events; what one of a form that is not known yet does not say is empty
    :rtype: list[WebhookEvent]
    :raise ValueError: if the body is no list of events at all
    """
    payload = json.loads(body)
    rows = payload.get("events") if isinstance(payload, dict) else None
    if not isinstance(rows, list):
        raise ValueError("A webhook without a list of events.")
    return [_read_event(row if isinstance(row, dict) else {}) for row in rows]


def _read_event(row):
    def text(name):
        value = row.get(name)
        return value.strip() if isinstance(value, str) else ""

    return WebhookEvent(
        tenant_id=text("tenantId").lower(),
        category=text("eventCategory").upper()[:40],
        kind=text("eventType").upper()[:40],
        resource_id=text("resourceId").lower()[:40],
        moment=_read_moment(text("eventDateUtc")),
    )


def _read_moment(text):
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return moment.replace(microsecond=int((found[2] or "0").ljust(6, "0")))
