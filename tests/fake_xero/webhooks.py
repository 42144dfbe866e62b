"""Webhooks: events are queued, signed and delivered when a test or the process asks."""

import base64
import hashlib
import hmac
import json
import random
import string
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

TIMEOUT = 5
MAX_EVENTS = 100


@dataclass
class Delivery:
    """One POST that was tried: the status, None when nothing answered in time."""

    url: str
    body: bytes
    status: int | None
    seconds: float


def sign(body, key):
    """The signature header's value: base64 of HMAC-SHA256 over the raw body."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class Webhooks:
    """The queue of each app, its sequence numbers and past deliveries."""

    def __init__(self, xero):
        self.xero = xero
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self.reset()

    def reset(self):
        """Forget queues and deliveries."""
        with self._lock:
            self.queues = {}
            self.deliveries = []
            self._sequence = {}

    def publish(self, org, events):
        """Queue the events of a committed transaction for every connected app."""
        moment = self.xero.now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        seen = set()
        for connection in list(self.xero.oauth.connections.values()):
            app = self.xero.oauth.apps.get(connection.client_id)
            if connection.tenant_id != org.tenant_id or not app or not app.webhook_url:
                continue
            if app.client_id in seen:
                continue
            seen.add(app.client_id)
            with self._lock:
                queue = self.queues.setdefault(app.client_id, [])
                queue.extend(
                    self._event(org, moment, *key, *rest)
                    for key, rest in events.items()
                )
        if seen and events:
            self._wake.set()

    def _event(self, org, moment, category, xero_id, kind, data=None):
        paths = {
            "CONTACT": "Contacts",
            "INVOICE": "Invoices",
            "CREDITNOTE": "CreditNotes",
        }
        base = f"{self.xero.base_url}/api.xro/2.0"
        event = {
            "resourceUrl": f"{base}/{paths[category]}/{xero_id}",
            "resourceId": xero_id,
            "tenantId": org.tenant_id,
            "tenantType": "ORGANISATION",
            "eventCategory": category,
            "eventType": kind,
            "eventDateUtc": moment,
        }
        if data:
            event["data"] = data
        return event

    def pending(self, client_id):
        """:return: list of the events that wait for delivery."""
        return list(self.queues.get(client_id, ()))

    def body(self, client_id, events):
        """The body for these events, with the app's next sequence numbers."""
        first = self._sequence.get(client_id, 0) + 1
        last = first + len(events) - 1
        self._sequence[client_id] = last
        return self._encode(events, first, last)

    def _encode(self, events, first, last):
        entropy = "".join(random.choices(string.ascii_uppercase, k=20))
        payload = {
            "events": events,
            "firstEventSequence": first,
            "lastEventSequence": last,
            "entropy": entropy,
        }
        return json.dumps(payload, separators=(",", ":")).encode()

    def deliver(self, client_id=None):
        """Send what is queued, now and in this thread; undelivered events stay queued.

        :return: list of Delivery
        """
        done = []
        for app in list(self.xero.oauth.apps.values()):
            if client_id in (None, app.client_id):
                done += self._deliver_app(app)
        return done

    def _deliver_app(self, app):
        done = []
        while True:
            with self._lock:
                queue = self.queues.get(app.client_id, [])
                events = queue[:MAX_EVENTS]
            if not events:
                return done
            body = self.body(app.client_id, events)
            delivery = self.post(app.webhook_url, body, sign(body, app.webhook_key))
            done.append(delivery)
            if delivery.status is None or not 200 <= delivery.status < 300:
                return done
            with self._lock:
                del queue[: len(events)]

    def intent_to_receive(self, client_id):
        """The check when a subscription is made: some well signed, some not.

        :return: whether each well signed POST got 200 and each other 401
        """
        app = self.xero.oauth.apps[client_id]
        good = True
        for key, expected in (
            (app.webhook_key, 200),
            (app.webhook_key + "x", 401),
            (app.webhook_key, 200),
            ("", 401),
        ):
            body = self._encode([], 0, 0)
            good &= self.post(app.webhook_url, body, sign(body, key)).status == expected
        return good

    def post(self, url, body, signature):
        """One signed POST; used by tests for forged ones as well."""
        headers = {"Content-Type": "application/json", "x-xero-signature": signature}
        request = urllib.request.Request(url, body, headers, method="POST")
        if self.xero.contract:
            self.xero.contract.check_webhook(body)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        except OSError:
            status = None
        delivery = Delivery(url, body, status, time.monotonic() - began)
        self.deliveries.append(delivery)
        return delivery

    def run(self):
        """Deliver in the background until the simulator stops (process mode)."""
        while not self.xero.stopping.is_set():
            if self._wake.wait(1):
                self._wake.clear()
                self.deliver()
