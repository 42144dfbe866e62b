"""Keep secrets and markup out of the texts that people and logs get to see."""

import html
import re
from urllib.parse import quote, quote_plus

MASK = "[secret]"
MAX_DETAIL = 500
MIN_SECRET = 4

JWT = re.compile(r"\beyJ[\w-]+(?:\.[\w-]*){1,4}")
CREDENTIALS = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{20,}", re.IGNORECASE)
# "code" only as a query parameter: "account code: 200" must stay readable.
NAMED_SECRET = re.compile(
    r"((?:\b(?:access_token|refresh_token|id_token|client_secret)\b"
    r"[\"']?\s*[=:]\s*[\"']?)|[?&]code=)[^\s\"'&,}]+",
    re.IGNORECASE,
)
MARKUP = re.compile(
    r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
)


def scrub(text, secrets=()):
    """Replace every secret in a text by a mask.

    :param str text: any text from the wire
    :param secrets: the values known to be secret in this call
    :rtype: str
    """
    # Longest first, so that a secret inside another leaves no remainder.
    for secret in sorted({s for s in secrets if s}, key=len, reverse=True):
        # A very short value would mask harmless letters everywhere.
        if len(secret) >= MIN_SECRET:
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                text = text.replace(form, MASK)
    text = JWT.sub(MASK, text)
    text = CREDENTIALS.sub(rf"\1 {MASK}", text)
    return NAMED_SECRET.sub(rf"\1{MASK}", text)


def plain_text(text, limit=MAX_DETAIL):
    """Turn HTML or text into one short line.

    :param str text: a body or a part of it
    :param int limit: the longest result, in characters
    :rtype: str
    """
    # Error pages are cut before the regular expressions see megabytes.
    line = " ".join(html.unescape(MARKUP.sub(" ", text[:20_000])).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
