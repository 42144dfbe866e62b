"""The whole simulated Xero: apps, tokens, organisations, faults, limits, records."""

import threading
from collections import Counter, deque
from dataclasses import dataclass

from .clock import Clock
from .faults import Fault, Faults
from .idempotency import Idempotency
from .limits import Limits
from .oauth import OAuth
from .organisation import Organisation
from .seed import seed_demo, seed_empty
from .webhooks import Webhooks

KEPT_REQUESTS = 2000


@dataclass
class Recorded:
    """A request that came in; secrets are left out."""

    route: str
    method: str
    path: str
    query: dict
    headers: dict
    body: object
    status: int | None = None
    tenant_id: str | None = None
    faulted: bool = False


class FakeXero:
    """State shared by all routes; see the package docstring for its use."""

    def __init__(self, base_url="http://localhost"):
        self.base_url = base_url
        self.clock = Clock()
        self.organisations = {}
        self.calls = Counter()
        self.requests = deque(maxlen=KEPT_REQUESTS)
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.idempotency = Idempotency(self.clock)
        self.oauth = OAuth(self)
        self.webhooks = Webhooks(self)
        self.contract = None
        self.stopping = threading.Event()
        self._lock = threading.Lock()

    # --- time -------------------------------------------------------------

    @property
    def now(self):
        """The simulated time, aware UTC; assign a datetime to move it."""
        return self.clock.now()

    @now.setter
    def now(self, moment):
        self.clock.set(moment)

    def advance(self, delta):
        """Let time pass: ``advance(timedelta(minutes=31))``."""
        self.clock.offset += delta

    # --- organisations and apps -------------------------------------------

    def add_organisation(
        self, name="Demo Company (NZ)", country="NZ", currency="NZD", seed="empty"
    ):
        """Add an organisation with its chart of accounts, tax rates, themes.

        :param seed: 'empty' (reference data only) or 'demo' (contacts, items,
            invoices in every status as well)
        :return: Organisation
        """
        org = Organisation(self, name, country, currency)
        {"empty": seed_empty, "demo": seed_demo}[seed](org)
        self.organisations[org.tenant_id] = org
        return org

    def add_app(self, client_id, client_secret, redirect_uris=(), **options):
        """Register an app.

        :param redirect_uris: exact addresses; https, or http://localhost
        :param options: ``scopes`` ('granular', 'broad', 'both'), ``tier`` ('starter',
            'core'), ``webhook_url``, ``webhook_key``
        """
        return self.oauth.add_app(client_id, client_secret, redirect_uris, **options)

    def issue_token(self, client_id, tenant_ids, expired=False, scopes=None):
        """A token without the browser, like the token endpoint's answer.

        :param tenant_ids: organisations that the consent covers
        :param expired: the access token is past its 30 minutes already
        :param scopes: defaults to all that the app may have
        :return: dict with access_token, refresh_token, expires_in, scope, ...
        """
        return self.oauth.issue_token(client_id, tenant_ids, expired, scopes)

    def consent(self, authorize_url, tenant_ids=None, allow=True):
        """What a person's click on Allow (or Cancel) does.

        :param tenant_ids: organisations chosen; None = all
        :return: the redirect address with code and state, or with error
        :raise ConsentError: when Xero would show an error page instead
        """
        return self.oauth.consent(authorize_url, tenant_ids, allow)

    def disconnect(self, tenant_id):
        """A user removes the app in Xero's settings: later calls give 403."""
        self.oauth.disconnect(tenant_id)

    # --- faults and counters ------------------------------------------------

    def fail(self, route, kind, times=1, **options):
        """Switch a fault on; see faults.Fault for the options."""
        return self.faults.add(Fault(route, kind, times, **options))

    def clear_faults(self, route=None):
        """Switch all faults (of a route) off."""
        self.faults.remove(route)

    def record(self, recorded):
        """Count and keep a request."""
        with self._lock:
            self.calls[recorded.route] += 1
            self.requests.append(recorded)

    def reset_calls(self):
        """Forget counters and request records."""
        with self._lock:
            self.calls.clear()
            self.requests.clear()

    def reset(self):
        """Forget organisations, tokens, counters, faults; apps stay registered."""
        self.organisations.clear()
        self.clock.offset -= self.clock.offset
        self.oauth.reset()
        self.faults.remove()
        self.limits.reset()
        self.limits.enforce = False
        self.idempotency.reset()
        self.webhooks.reset()
        self.reset_calls()
        self.contract_violations.clear()

    @property
    def contract_violations(self):
        """Departures from the OpenAPI file seen so far: a list of texts."""
        return self.contract.violations if self.contract else []

    def online_url(self, invoice):
        """The address of the online invoice's page."""
        return f"{self.base_url}/online/{invoice['InvoiceID']}"
