"""Faults that can be switched on per route."""

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

KINDS = (
    "timeout_before",
    "timeout_after",
    "401",
    "403",
    "429",
    "500",
    "500_after",
    "503",
    "truncated",
    "bad_element",
    "unreadable",
    "slow",
)


@dataclass
class Fault:
    """One fault.

    :param route: 'PUT Invoices', with * as wildcard ('* Invoices', 'GET *')
    :param kind: see KINDS
    :param times: how many calls it strikes; None = until it is switched off
    :param retry_after: seconds, for 429; None leaves the header out
    :param problem: X-Rate-Limit-Problem, for 429
    :param seconds: how long a slow answer or a time-out takes. A time-out without
        seconds drops the connection at once, which is as final for the client and
        spares the test its waiting time
    :param index: which element is the bad one
    :param text: for ``unreadable``: a body with this text is refused as a whole, by a
        400 without Elements, as the real one refuses a value that it cannot deserialise
    :param skip: how many matching calls pass unharmed before it strikes
    :param over: set to end a slow answer's wait before its time
    """

    route: str
    kind: str
    times: int | None = 1
    retry_after: int | None = None
    problem: str | None = None
    seconds: float = 0
    index: int = 0
    text: str = ""
    skip: int = 0
    struck: int = field(default=0)
    over: bool = field(default=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}: one of {', '.join(KINDS)}")


class Faults:
    """The faults switched on at the moment, oldest first."""

    def __init__(self):
        self._faults = []
        self._lock = threading.Lock()

    def add(self, fault):
        """Switch a fault on."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, route=None):
        """Switch off the faults of a route, or all of them."""
        with self._lock:
            self._faults = [f for f in self._faults if route and f.route != route]

    def active(self):
        """:return: list of the faults switched on."""
        return list(self._faults)

    def take(self, route):
        """The fault that strikes this call, or None; counts it."""
        with self._lock:
            for fault in self._faults:
                if not fnmatchcase(route, fault.route):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.struck += 1
                if fault.times is not None and fault.struck >= fault.times:
                    self._faults.remove(fault)
                return fault
        return None
