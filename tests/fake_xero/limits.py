"""Rate limits per app and organisation, with their headers (facts file section 2).

Counting is always on, so that the headers are true; refusing is off until a test or
the demo switches it on with ``xero.limits.enforce = True``.
"""

import threading
from dataclasses import dataclass
from datetime import timedelta

from .errors import RateLimited

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TIERS = {"starter": 1000, "core": 5000, "plus": 5000}


@dataclass
class Window:
    """A fixed window: when it began and how many calls it has seen."""

    began: object = None
    count: int = 0

    def add(self, now, length):
        """Count a call; a window that has passed starts anew."""
        if self.began is None or now - self.began >= length or now < self.began:
            self.began, self.count = now, 0
        self.count += 1

    def seconds_left(self, now, length):
        """Whole seconds until the window ends, at least 1."""
        return max(1, int((self.began + length - now).total_seconds()) + 1)


class Limits:
    """Counters of all apps and organisations."""

    def __init__(self, clock):
        self.enforce = False
        self.per_minute = 60
        self.app_per_minute = 10000
        self.per_day = None
        self.concurrent = 5
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        """Forget all calls."""
        self._windows = {}
        self._running = {}

    def day_limit(self, app):
        """Calls a day of an app: the fixed value of the simulator or the app's tier."""
        return self.per_day or TIERS[app.tier]

    def enter(self, app, tenant_id):
        """Count a call that starts.

        :return: the headers that tell what is left
        :raise RateLimited: when enforcing and a limit is passed
        """
        now = self._clock.now()
        with self._lock:
            minute, day, whole = (
                self._windows.setdefault(key, Window())
                for key in (
                    ("minute", app.client_id, tenant_id),
                    ("day", app.client_id, tenant_id),
                    ("app", app.client_id),
                )
            )
            minute.add(now, MINUTE)
            day.add(now, DAY)
            whole.add(now, MINUTE)
            running = self._running.get((app.client_id, tenant_id), 0) + 1
            headers = self._headers(app, minute, day, whole)
            if self.enforce:
                self._refuse(app, now, minute, day, whole, running, headers)
            self._running[(app.client_id, tenant_id)] = running
        return headers

    def leave(self, app, tenant_id):
        """The call that entered has been answered."""
        with self._lock:
            key = (app.client_id, tenant_id)
            self._running[key] = max(0, self._running.get(key, 1) - 1)

    def _headers(self, app, minute, day, whole):
        left = {
            "X-DayLimit-Remaining": self.day_limit(app) - day.count,
            "X-MinLimit-Remaining": self.per_minute - minute.count,
            "X-AppMinLimit-Remaining": self.app_per_minute - whole.count,
        }
        return {name: str(max(0, count)) for name, count in left.items()}

    def _refuse(self, app, now, minute, day, whole, running, headers):
        error = None
        if running > self.concurrent:
            error = RateLimited("concurrent")
        elif day.count > self.day_limit(app):
            error = RateLimited("day", day.seconds_left(now, DAY))
        elif minute.count > self.per_minute:
            error = RateLimited("minute", minute.seconds_left(now, MINUTE))
        elif whole.count > self.app_per_minute:
            error = RateLimited("appminute", whole.seconds_left(now, MINUTE))
        if error:
            error.headers.update(headers)
            raise error
