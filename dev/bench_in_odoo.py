"""The measurements of dev/bench; runs in Odoo's Python.

bench_in_odoo.py DATABASE XERO_URL WHAT RUNS
"""

import json
import statistics
import sys
import time
import urllib.request
from datetime import timedelta

import odoo
from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

COUNT = 1000
CLIENT = {"client_id": "bench", "client_secret": "bench"}


class Bench:
    """One database and one simulated Xero."""

    def __init__(self, database, xero_url):
        self.registry = Registry(database)
        self.xero_url = xero_url
        self.control("app", **CLIENT)
        with self.registry.cursor() as cr:
            parameters = api.Environment(cr, SUPERUSER_ID, {})["ir.config_parameter"]
            for name in ("login_url", "identity_url", "api_url"):
                parameters.set_param(f"xero_crm.{name}", xero_url)

    def control(self, action, method="POST", **body):
        """Play a person in Xero; see `fake_xero.control`."""
        request = urllib.request.Request(
            f"{self.xero_url}/_control/{action}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            return json.load(answer)

    # === IN XERO === #

    def make_organisation(self, invoices=False):
        """Return the tenant id of a new organisation with contacts (and invoices)."""
        tenant = self.control("organisation", name="Bench", seed="empty")["tenant_id"]
        self.control("contacts", tenant_id=tenant, count=COUNT)
        for number in range(COUNT if invoices else 0):
            self.control(
                "invoice",
                tenant_id=tenant,
                contact=f"Customer {number + 1:05d}",
                fields={"Status": "AUTHORISED"},
            )
        return tenant

    # === IN ODOO === #

    def connect(self, tenant):
        """Return the id of a connection with tokens, without a consent's way."""
        answer = self.control("token", client_id="bench", tenant_ids=[tenant])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            connection = env["xero.connection"].create(
                {**CLIENT, "tenant_id": tenant, "state": "connected"}
            )
            token = connection._get_token()
            token._write_secrets(
                access_token=answer["access_token"],
                refresh_token=answer["refresh_token"],
            )
            token.expires_at = fields.Datetime.now() + timedelta(minutes=30)
            return connection.id

    def pull(self, connection_id, *resources):
        """Fetch as the scheduled action does; returns seconds, calls and queries."""
        self.control("calls", "DELETE")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            connection = env["xero.connection"].browse(connection_id)
            queries, began = cr.sql_log_count, time.perf_counter()
            env["xero.pull"]._pull(connection, resources)
            cr.commit()
            seconds = time.perf_counter() - began
            queries = cr.sql_log_count - queries
        calls = self.control("calls", "GET")["calls"]
        return seconds, calls, queries

    def load(self):
        """Load the same contacts as an import of a file does; returns seconds."""
        columns = ["name", "email", "is_company", "street", "city", "zip", "country_id"]
        rows = [
            [
                f"Customer {number:05d}",
                f"customer{number:05d}@example.com",
                "1",
                f"{number} Queen Street",
                "Auckland",
                "1010",
                "New Zealand",
            ]
            for number in range(1, COUNT + 1)
        ]
        context = {"import_file": True, "tracking_disable": True}
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, context)
            began = time.perf_counter()
            result = env["res.partner"].load(columns, rows)
            cr.commit()
            seconds = time.perf_counter() - began
        assert len(result["ids"] or ()) == COUNT, result["messages"]
        return seconds

    def clear(self):
        """Delete what a run made; not measured."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            env["xero.invoice"].search([]).unlink()
            connections = env["xero.connection"].search([])
            connections.state = "draft"
            connections.unlink()
            emails = [("email", "=like", "customer%@example.com")]
            env["res.partner"].search(emails).unlink()


def contacts(bench, runs):
    """Pull and load by turns, so that both meet the machine in the same mood."""
    ours, odoos, calls, queries = [], [], {}, 0
    for run in range(runs + 1):
        seconds, calls, queries = bench.pull(
            bench.connect(bench.make_organisation()), "Contacts"
        )
        bench.clear()
        reference = bench.load()
        bench.clear()
        if run:  # the first is to warm up
            ours.append(seconds)
            odoos.append(reference)
    pull, load = statistics.median(ours), statistics.median(odoos)
    print(f"{COUNT} new contacts from Xero: {pull:.2f} s, {_told(calls, queries)}")
    print(f"{COUNT} rows by Odoo's load():  {load:.2f} s")
    print(f"ratio: {pull / load:.2f}")


def invoices(bench, runs):
    """Pull the contacts, then measure the invoices."""
    times, calls, queries = [], {}, 0
    tenant = bench.make_organisation(invoices=True)
    for run in range(runs + 1):
        connection = bench.connect(tenant)
        bench.pull(connection, "Accounts", "TaxRates", "Contacts")
        seconds, calls, queries = bench.pull(connection, "Invoices")
        bench.clear()
        if run:
            times.append(seconds)
    seconds = statistics.median(times)
    print(f"{COUNT} new invoices from Xero: {seconds:.2f} s, {_told(calls, queries)}")


def unchanged(bench, runs):
    """Sync once, then again and again."""
    connection = bench.connect(bench.make_organisation(invoices=True))
    everything = ("Accounts", "TaxRates", "Currencies", "BrandingThemes")
    everything += ("Contacts", "Items", "Invoices")
    bench.pull(connection, *everything)
    results = [bench.pull(connection, *everything) for _run in range(runs + 1)]
    seconds = statistics.median(result[0] for result in results[1:])
    _seconds, calls, queries = results[-1]
    print(f"a sync with nothing changed: {seconds:.2f} s, {_told(calls, queries)}")


def _told(calls, queries):
    listed = ", ".join(f"{name}: {count}" for name, count in sorted(calls.items()))
    return f"{sum(calls.values())} calls ({listed}), {queries} queries"


def main(database, xero_url, what, runs):
    """Measure one thing and print it."""
    config.parse_config(["-d", database, "--no-http", "--log-level=warn"])
    odoo.modules.module.current_test = None
    bench = Bench(database, xero_url)
    {"contacts": contacts, "invoices": invoices, "unchanged": unchanged}[what](
        bench, int(runs)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
