"""The signature of Xero's webhooks.

Source: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server
"""

import base64
import hashlib
import hmac


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
