"""The simulator's clock: real time plus an offset that tests may set."""

import threading
from datetime import UTC, datetime, timedelta

UTC = UTC


class Clock:
    """UTC time that can be moved, and never decreasing change stamps."""

    def __init__(self):
        self.offset = timedelta(0)
        self._last = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def now(self):
        """:return: the simulated time, an aware UTC datetime."""
        return datetime.now(UTC) + self.offset

    def set(self, moment):
        """Make it ``moment`` (a datetime; naive is taken as UTC) from now on."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        self.offset = moment - datetime.now(UTC)

    def tick(self):
        """A change stamp in whole milliseconds, never before the one before.

        Several changes may share a stamp, as in Xero. When a test moves the clock
        back, stamps go back as well.
        """
        with self._lock:
            now = self.now()
            now = now.replace(microsecond=now.microsecond // 1000 * 1000)
            if now < self._last < now + timedelta(seconds=1):
                now = self._last
            self._last = now
            return now
