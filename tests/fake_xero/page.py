"""The simulator's own page."""

from .errors import NotFound


def respond(xero, request):
    """The response to a page request."""
    raise NotFound()
