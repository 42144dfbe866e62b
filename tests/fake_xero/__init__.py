"""A simulated Xero: OAuth, the Accounting API, webhooks, faults."""

from .server import FakeXeroServer
from .state import FakeXero

__all__ = ["FakeXero", "FakeXeroServer"]
