"""10,000 webhook events in bursts, beside Odoo's own /web/health in the same run.

Each burst is about invoices of its own, as when somebody works through a list: each is
told of several times, 5% of the events come twice, all are shuffled, and 2% of the
bodies are forged. Two workers answer, a scheduled action fetches what changed.
"""

import http.client
import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from math import ceil

from server import serving

from odoo.addons.xero_crm.xero_api import sign

EVENTS = 10000
BURSTS = 5
INVOICES = 2000
CUSTOMERS = 100
DOUBLED = 0.05
FORGED = 0.02
BODY = 10  # events at most
SENDERS = 4
KEY = "bench-webhook-key"
LIMIT = 300  # seconds until a burst must be worked
WORKERS = 2


def measure(bench, runs):
    """Send the bursts once; print the latencies, the calls, and whether both agree."""
    tenant = bench.make_organisation(CUSTOMERS, INVOICES)
    connection = bench.connect(tenant)
    bench.pull(connection, "Accounts", "TaxRates", "Contacts", "Invoices")
    with bench.env() as env:
        record = env["xero.connection"].browse(connection)
        record.webhook_key = KEY
        # Nothing but the webhooks may bring the changes.
        env.ref("xero_crm.ir_cron_xero_pull").active = False
    rng = random.Random(19)
    ids = sorted(row["InvoiceID"] for row in _invoices(bench, tenant))
    with serving(bench, f"--workers={WORKERS}") as port:
        senders = _Senders(port)
        senders.warm_up()
        bench.control("calls", "DELETE")
        bound = 0
        for burst in range(BURSTS):
            mine = ids[burst::BURSTS]
            bound += ceil(len(mine) / 40)
            bodies = _burst(bench, rng, tenant, mine, EVENTS // BURSTS)
            senders.send(bodies)
            _wait_until_worked(bench)
        calls = bench.control("calls", "GET")["calls"]
    _tell(senders, calls, bound)
    _check(bench, tenant, connection, senders, calls, bound)


def _burst(bench, rng, tenant, ids, count):
    """Change invoices in Xero; return bodies (content, signature, is forged)."""
    events = []
    for number in range(count):
        xero_id = ids[number % len(ids)]
        if number < len(ids):
            bench.control("payment", tenant_id=tenant, invoice=xero_id, amount=1)
        events.append(_event(tenant, xero_id, number))
    events += rng.sample(events, int(count * DOUBLED))
    rng.shuffle(events)
    bodies = []
    while events:
        size = rng.randint(1, BODY)
        some, events = events[:size], events[size:]
        content = _encode(some)
        bodies.append((content, sign(content, KEY), False))
    for _number in range(ceil(len(bodies) * FORGED)):
        content = _encode([_event(tenant, f"forged-{rng.random()}", 1)])
        bodies.append((content, sign(content, "another key"), True))
    rng.shuffle(bodies)
    return bodies


def _event(tenant, xero_id, number):
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{xero_id}",
        "resourceId": xero_id,
        "tenantId": tenant,
        "tenantType": "ORGANISATION",
        "eventCategory": "INVOICE",
        "eventType": "UPDATE",
        "eventDateUtc": f"2026-05-01T14:{number // 60000:02d}:{number // 1000 % 60:02d}"
        f".{number % 1000:03d}",
    }


def _encode(events):
    payload = {"events": events, "firstEventSequence": 1, "lastEventSequence": 1}
    return json.dumps({**payload, "entropy": "BENCH"}).encode()


class _Senders:
    """Threads with a connection each; every other call asks for Odoo's health."""

    def __init__(self, port):
        self.port = port
        self.webhooks, self.health, self.wrong = [], [], 0
        self.sent = self.forged = 0

    def warm_up(self):
        """Let each worker load the database, which it does at its first call."""
        for _call in range(10 * WORKERS):
            self._call("GET", "/web/health", None, {})
            self._call("POST", "/xero_crm/webhook", b"", {})

    def send(self, bodies):
        self.sent += len(bodies)
        self.forged += sum(forged for *_content, forged in bodies)
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(self._send_one, bodies))

    def _send_one(self, body):
        content, signature, forged = body
        status, seconds = self._call("GET", "/web/health", None, {})
        self.health.append(seconds)
        headers = {"Content-Type": "application/json", "x-xero-signature": signature}
        status, seconds = self._call("POST", "/xero_crm/webhook", content, headers)
        self.webhooks.append(seconds)
        self.wrong += status != (401 if forged else 200)

    def _call(self, method, path, content, headers):
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, time.perf_counter() - began


def _wait_until_worked(bench):
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        with bench.env() as env:
            if not env["xero.webhook.event"].search_count([("state", "=", "waiting")]):
                return
        time.sleep(0.2)
    raise SystemExit("The worker did not come to an end.")


def _invoices(bench, tenant):
    state = bench.control("state", "GET")
    [org] = [org for org in state["organisations"] if org["tenant_id"] == tenant]
    return org["invoices"]


def _tell(senders, calls, bound):
    def percentiles(times):
        cuts = statistics.quantiles(times, n=100)
        return f"median {cuts[49] * 1000:.1f} ms, 99% under {cuts[98] * 1000:.1f} ms"

    print(f"{senders.sent} webhooks, {senders.forged} of them forged:")
    print(f"  /xero_crm/webhook  {percentiles(senders.webhooks)}")
    print(f"  /web/health        {percentiles(senders.health)}")
    print(f"  calls to Xero: {calls} (at most {bound} for 40 invoices each)")


def _check(bench, tenant, connection, senders, calls, bound):
    """End with a sentence where something is not as it must be."""
    problems = []
    if senders.wrong:
        problems.append(f"{senders.wrong} webhooks got another answer than they must.")
    with bench.env() as env:
        inbox = env["xero.webhook.event"]
        if inbox.search_count([("xero_id", "like", "forged")]):
            problems.append("A forged webhook is in the inbox.")
        ours = {
            invoice.xero_id: (invoice.status, round(invoice.amount_due, 2))
            for invoice in env["xero.invoice"].search(
                [("connection_id", "=", connection)]
            )
        }
        print(f"  {inbox.search_count([])} rows in the inbox")
    theirs = {
        row["InvoiceID"]: (row["Status"].lower(), round(float(row["AmountDue"]), 2))
        for row in _invoices(bench, tenant)
    }
    if ours != theirs:
        different = sum(ours.get(key) != value for key, value in theirs.items())
        problems.append(f"{different} invoices are not as they are in Xero.")
    if calls.get("GET Invoices", 0) > bound:
        problems.append("More calls than one for 40 invoices.")
    if problems:
        raise SystemExit("\n".join(problems))
    print("  both sides agree; every forged one was refused and left no row")
