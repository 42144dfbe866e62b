"""When to try again: pure rules, so that only the outbox and the crons wait."""

from .errors import XeroRateLimitError, XeroTransientError

FIRST_DELAY = 15
LONGEST_DELAY = 3600


def retry_delay(attempt, retry_after=None):
    """How long to wait before the next attempt.

    :param int attempt: how many attempts have failed so far, from 1
    :param int | None retry_after: what Xero asked for, in seconds; it wins
    :return: seconds, doubling from 15 s up to an hour
    :rtype: int
    """
    if retry_after is not None:
        return max(1, int(retry_after))
    # The exponent is bounded before it is used: attempts may count in thousands.
    doublings = min(max(attempt, 1) - 1, 16)
    return min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)


def is_retryable(error):
    """Whether the same call may succeed later without anybody's help.

    A write with ``outcome_unknown`` is retryable too, but only after the document
    has been looked for in Xero.

    :param Exception error: what a call raised
    :rtype: bool
    """
    return isinstance(error, XeroRateLimitError | XeroTransientError)
