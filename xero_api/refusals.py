"""Turn a refused call into the typed error that says what to do next.

A body may be JSON of two kinds, plain text, HTML or empty (section 9 of the facts;
REC: a 404 is HTML, a 429 empty, a 503 plain text), so nothing is taken for granted.
"""

import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from .elements import collect_messages
from .errors import (
    XeroAuthError,
    XeroError,
    XeroNotFoundError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroTransientError,
    XeroValidationError,
)
from .exact_json import loads
from .redact import plain_text, scrub

RATE_PROBLEMS = ("minute", "day", "concurrent", "appminute")
RATE_MESSAGES = {
    "minute": "Xero's limit of calls per minute is used up.",
    "day": "Xero's limit of calls per day is used up.",
    "concurrent": "Too many calls to Xero at the same time.",
    "appminute": "Xero's limit of calls per minute for this app is used up.",
}
# Longer waits than this can only come from the limit of the day.
LONGEST_MINUTE_WAIT = 60
SECONDS = re.compile(r"-?\d{1,9}(\.\d*)?", re.ASCII)
# Answers that say "not now" without being 5xx.
TRANSIENT_STATUSES = (408, 425)


def read_body(response):
    """Read a body as far as it can be read.

    :param requests.Response response: any answer
    :return: parsed JSON, or None where it is anything else
    """
    try:
        return loads(response.content)
    except ValueError:
        return None


def error_from(response, *, secrets=()):
    """Build the error for any answer but 2xx and 304.

    :param requests.Response response: the refusal
    :param secrets: values to keep out of its texts
    :rtype: XeroError
    """
    body = read_body(response)
    info = {
        "status": response.status_code,
        "correlation_id": response.headers.get("Xero-Correlation-Id"),
        "detail": scrub(_describe(body, response), secrets),
    }
    build = BUILDERS.get(response.status_code)
    if build:
        return build(response, body, info, secrets)
    if response.status_code >= 500 and response.status_code != 501:
        return _server_error(response, info)
    if response.status_code in TRANSIENT_STATUSES:
        return _server_error(response, info)
    return XeroError(_unexpected(response), **info)


def _validation(response, body, info, secrets):
    elements = [
        [scrub(message, secrets) for message in collect_messages(element)]
        for element in (_field(body, "Elements") or ())
        if isinstance(element, dict)
    ]
    flat = dict.fromkeys(message for messages in elements for message in messages)
    reason = " ".join(flat) or info["detail"] or "it gave no reason"
    return XeroValidationError(
        f"Xero refused this: {reason}", elements=elements, **info
    )


def _unauthorised(response, body, info, secrets):
    hints = f"{info['detail']} {response.headers.get('WWW-Authenticate', '')}".lower()
    # Not verified against Xero which of the two it uses; "scope" is in both.
    if "scope" in hints:
        message = "Xero did not grant the permission (scope) for this call."
        return XeroAuthError(message, scope_missing=True, **info)
    return XeroAuthError("Xero no longer accepts the access token.", **info)


def _forbidden(response, body, info, secrets):
    message = (
        "Xero does not let this app into the organisation: it was disconnected there, "
        "or the person who connected it has lost the right."
    )
    return XeroPermissionError(message, **info)


def _missing(response, body, info, secrets):
    return XeroNotFoundError("Xero has no such document in this organisation.", **info)


def _rate_limit(response, body, info, secrets):
    retry_after = parse_retry_after(response.headers.get("Retry-After"))
    problem = _rate_problem(response.headers.get("X-Rate-Limit-Problem"), retry_after)
    return XeroRateLimitError(
        RATE_MESSAGES[problem], retry_after=retry_after, problem=problem, **info
    )


BUILDERS = {
    400: _validation,
    401: _unauthorised,
    403: _forbidden,
    404: _missing,
    429: _rate_limit,
}


def _server_error(response, info):
    message = "Xero is not available at the moment."
    if response.status_code == 500:
        message = "Xero failed on this call."
    is_write = response.request.method != "GET"
    return XeroTransientError(message, outcome_unknown=is_write, **info)


def _unexpected(response):
    if 300 <= response.status_code < 400:
        return "Xero's address leads elsewhere; check the address in the settings."
    if response.status_code == 413:
        return "Xero refused this because it is too large."
    return f"Xero refused this call with status {response.status_code}."


def _rate_problem(header, retry_after):
    """Recordings show "minute" and "day", reports also "daily" and "DayLimit"."""
    told = (header or "").strip().lower()
    for problem in (*RATE_PROBLEMS, "dai"):
        if told.startswith(problem):
            return "day" if problem == "dai" else problem
    if retry_after is None:
        return "concurrent"
    return "day" if retry_after > LONGEST_MINUTE_WAIT else "minute"


def parse_retry_after(header):
    """Read ``Retry-After``: seconds, or a date as HTTP also allows.

    :param str | None header: the header's value
    :return: seconds, None when absent or unreadable
    :rtype: int | None
    """
    if not header:
        return None
    if SECONDS.fullmatch(header.strip()):
        return max(0, int(float(header)))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0, int((until - datetime.now(timezone.utc)).total_seconds()))


def _describe(body, response):
    """What Xero said, in one line."""
    if body is None:
        return plain_text(response.text)
    for name in ("Detail", "Message", "Title", "error_description", "error"):
        said = _field(body, name)
        if isinstance(said, str) and said.strip():
            return plain_text(said)
    return ""


def _field(body, name):
    """A field of a problem document; its keys come as Title and as title."""
    if not isinstance(body, dict):
        return None
    return next((body[key] for key in body if key.lower() == name.lower()), None)
