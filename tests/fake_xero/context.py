"""One call to the Accounting API, as the resources see it."""

from . import wire
from .errors import BadRequest
from .query import flag


class Context:
    """The organisation, who asks, and the parsed request.

    :param xero: FakeXero
    :param org: Organisation
    :param app: the calling app, None for calls from within the simulator
    :param args: dict of query parameters
    :param headers: mapping of request headers
    :param bytes body: the raw body
    :param bad_index: index of the element that a fault makes bad, or None
    :param unreadable: a text that a fault makes the body's undoing, or None
    """

    def __init__(self, xero, org, app=None, args=None, headers=None, body=b""):
        self.xero, self.org, self.app = xero, org, app
        self.args = args or {}
        self.headers = headers or {}
        self.body = body
        self.bad_index = None
        self.unreadable = None

    @property
    def unit_places(self):
        """Decimal places of unit amounts: 4 with ``unitdp=4``, else 2."""
        return 4 if self.args.get("unitdp") == "4" else 2

    @property
    def summarize(self):
        """Whether one bad element refuses the call: the server's default."""
        return self.args.get("summarizeErrors", "true").lower() != "false"

    def flag(self, name):
        """A boolean query parameter."""
        return flag(self.args, name)

    def json(self):
        """The parsed body.

        :raise BadRequest: PostDataInvalidException
        """
        kind = self.headers.get("Content-Type", "application/json")
        if "json" not in kind.lower():
            raise BadRequest("JSON for post data was invalid: no JSON content type")
        try:
            text = self.body.decode("utf-8")
            if self.unreadable and self.unreadable in text:
                raise ValueError("Error converting value")
            return wire.loads(text)
        except ValueError as error:
            raise BadRequest(
                f"JSON for post data was invalid, Could not deserialize: {error}"
            ) from None

    def elements(self, key):
        """The elements of a write: ``{key: [...]}``, a list, or one object."""
        payload = self.json()
        if isinstance(payload, dict):
            by_name = {name.lower(): value for name, value in payload.items()}
            payload = by_name.get(key.lower(), [payload])
        if isinstance(payload, dict):
            payload = [payload]
        if not isinstance(payload, list) or not all(
            isinstance(element, dict) for element in payload
        ):
            raise BadRequest(f"JSON for post data was invalid: {key} expected")
        if not payload:
            raise BadRequest(f"No {key} were found in the post data", 10)
        return payload
