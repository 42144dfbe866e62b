"""Refusals of the simulated Xero, as exceptions that know their wire form.

Bodies: the facts file section 9. Each has ``status``, ``headers`` and ``body()``.
"""

from . import wire

JSON = "application/json; charset=utf-8"


class Refused(Exception):
    """One element breaks rules; caught by the batch that it came in.

    :param messages: Xero's sentences, one or several
    """

    def __init__(self, *messages):
        super().__init__("; ".join(messages))
        self.messages = list(messages)


class ApiError(Exception):
    """A whole call that is answered with something else than 200."""

    status = 500
    content_type = JSON

    def __init__(self, message="", headers=()):
        super().__init__(message)
        self.message = message
        self.headers = dict(headers)

    def body(self):
        """:return: the body as text."""
        return ""


class NotFound(ApiError):
    """404 as Xero gives it: HTML, no JSON."""

    status = 404
    content_type = "text/html; charset=utf-8"

    def body(self):
        return "The resource you're looking for cannot be found"


class NotImplementedByXero(ApiError):
    """The resource exists, the method does not."""

    status = 501

    def body(self):
        return wire.dumps(
            {
                "ErrorNumber": 20,
                "Type": "ApiMethodNotImplementedException",
                "Message": "The Api Method called is not implemented",
            }
        )


class Problem(ApiError):
    """401 and 403: the gateway's problem JSON."""

    titles = {401: "Unauthorized", 403: "Forbidden"}

    def __init__(self, status, detail, headers=()):
        super().__init__(detail, headers)
        self.status = status
        self.content_type = "application/json"

    def body(self):
        return wire.dumps(
            {
                "Type": None,
                "Title": self.titles[self.status],
                "Status": self.status,
                "Detail": self.message,
                "Instance": wire.new_guid(),
                "Extensions": {},
            }
        )


class BadRequest(ApiError):
    """400 with a number, a type and a message; Elements only for validation."""

    status = 400

    def __init__(
        self, message, number=14, kind="PostDataInvalidException", elements=None
    ):
        super().__init__(message)
        self.number, self.kind, self.elements = number, kind, elements

    def body(self):
        payload = {
            "ErrorNumber": self.number,
            "Type": self.kind,
            "Message": self.message,
        }
        if self.elements is not None:
            payload["Elements"] = self.elements
        return wire.dumps(payload)


def validation_exception(elements):
    """The 400 for a call in which an element was refused."""
    return BadRequest(
        "A validation exception occurred", 10, "ValidationException", elements
    )


def query_parse_exception(message):
    """The 400 for a ``where`` or ``order`` that cannot be read."""
    return BadRequest(message, 16, "QueryParseException")


class RateLimited(ApiError):
    """429: an empty body, only headers."""

    status = 429
    content_type = ""

    def __init__(self, problem, retry_after=None):
        headers = {"X-Rate-Limit-Problem": problem}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        super().__init__(problem, headers)


class Unavailable(ApiError):
    """503: plain text."""

    status = 503
    content_type = "text/plain; charset=utf-8"

    def body(self):
        return self.message or "The Xero API is currently offline for maintenance"


class Internal(ApiError):
    """500: the outcome of a write is unknown."""

    status = 500

    def body(self):
        return wire.dumps(
            {
                "ErrorNumber": 500,
                "Type": "InternalServerErrorException",
                "Message": "An error occurred in Xero. Check the API Status page",
            }
        )
