"""What goes back to a client."""

from dataclasses import dataclass, field

JSON = "application/json; charset=utf-8"


class Dropped(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Answer:
    """One answer; ``payload`` is turned into the body at the very end.

    :param content_type: '' sends none
    :param simulated_fault: whether a fault made it what it is
    """

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict = field(default_factory=dict)
    payload: object = None
    simulated_fault: bool = False


def error_answer(error):
    """The answer that an ApiError stands for."""
    headers = dict(error.headers)
    return Answer(error.status, error.body().encode(), error.content_type, headers)
