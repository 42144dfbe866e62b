"""JSON endpoints that let a script play a person."""

from .errors import NotFound


def respond(xero, request):
    """The response to a request under /_control/."""
    raise NotFound()
