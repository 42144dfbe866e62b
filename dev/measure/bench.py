"""One database and one simulated Xero, and what every measurement does with them."""

import contextlib
import json
import multiprocessing
import os
import pathlib
import threading
import time
import urllib.request
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, sql_db
from odoo.modules.registry import Registry

CLIENT = {"client_id": "bench", "client_secret": "bench"}
COLUMNS = ["name", "email", "is_company", "street", "city", "zip", "country_id"]


class Bench:
    """One database and one simulated Xero."""

    def __init__(self, database, xero_url):
        self.registry = Registry(database)
        self.xero_url = xero_url
        self.control("app", **CLIENT)
        with self.env() as env:
            parameters = env["ir.config_parameter"]
            for name in ("login_url", "identity_url", "api_url"):
                parameters.set_param(f"xero_crm.{name}", xero_url)

    @contextlib.contextmanager
    def env(self, **context):
        """A transaction of its own, committed at the end of the block."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, context)

    def apart(self, work):
        """Do work in a process of its own, so that its memory is its own.

        :return: what `work` returns
        """

        def report():
            # The parent's main thread may hold it.
            Registry._lock = threading.RLock()
            try:
                sender.send((True, work()))
            except BaseException as error:
                sender.send((False, repr(error)))
                raise

        sql_db.close_all()  # a child must not share connections with us
        receiver, sender = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=report)
        child.start()
        sender.close()
        done, result = receiver.recv()
        child.join()
        if not done:
            raise SystemExit(f"A measurement failed: {result}")
        return result

    # === IN XERO === #

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

    def make_organisation(self, contacts, invoices=0):
        """Return the tenant id of a new organisation with contacts (and invoices)."""
        tenant = self.control("organisation", name="Bench", seed="empty")["tenant_id"]
        self.control("contacts", tenant_id=tenant, count=contacts)
        for number in range(invoices):
            self.control(
                "invoice",
                tenant_id=tenant,
                contact=f"Customer {number % contacts + 1:05d}",
                fields={"Status": "AUTHORISED"},
            )
        return tenant

    # === IN ODOO === #

    def connect(self, tenant):
        """Return the id of a live connection with tokens, without a consent's way."""
        with self.env() as env:
            connection = env["xero.connection"].create(
                {
                    **CLIENT,
                    "tenant_id": tenant,
                    "state": "connected",
                    "sync_mode": "live",
                }
            )
            self._write_token(connection)
            return connection.id

    def renew(self, connection_id):
        """Give a connection new tokens, for a night has passed in Xero."""
        with self.env() as env:
            self._write_token(env["xero.connection"].browse(connection_id))

    def _write_token(self, connection):
        answer = self.control(
            "token", client_id="bench", tenant_ids=[connection.tenant_id]
        )
        token = connection._get_token()
        token._write_secrets(
            access_token=answer["access_token"], refresh_token=answer["refresh_token"]
        )
        token.expires_at = fields.Datetime.now() + timedelta(minutes=30)

    @contextlib.contextmanager
    def timed(self, env):
        """Time the block, its commit included: yields a dict that gets seconds, and how
        long processors were at work for it, in Odoo and in PostgreSQL."""
        result = {}
        backend = env.cr._cnx.info.backend_pid
        began, worked = time.perf_counter(), work_of(backend)
        yield result
        env.cr.commit()
        result["seconds"] = time.perf_counter() - began
        result["work"] = work_of(backend) - worked

    @contextlib.contextmanager
    def counted(self, env):
        """As `timed`; the dict gets queries and calls as well."""
        self.control("calls", "DELETE")
        queries = env.cr.sql_log_count
        with self.timed(env) as result:
            yield result
        result["queries"] = env.cr.sql_log_count - queries
        result["calls"] = self.control("calls", "GET")["calls"]

    def pull(self, connection_id, *resources):
        """Fetch as the scheduled action does; returns what `counted` measures."""
        with self.env() as env, self.counted(env) as result:
            connection = env["xero.connection"].browse(connection_id)
            env["xero.pull"]._pull(connection, resources)
        return result

    def load(self, columns, rows):
        """Load rows as an import of a file does; returns what `timed` measures."""
        context = {"import_file": True, "tracking_disable": True}
        with self.env(**context) as env, self.timed(env) as result:
            loaded = env["res.partner"].load(columns, rows)
        assert len(loaded["ids"] or ()) == len(rows), loaded["messages"]
        return result

    def clear(self):
        """Delete what a run made; not measured."""
        with self.env(active_test=False) as env:
            env["xero.invoice"].search([]).unlink()
            connections = env["xero.connection"].search([])
            connections.state = "draft"
            connections.unlink()
            for name in ("Customer", "Client"):
                domain = [("name", "=like", f"{name} _____"), ("is_company", "=", True)]
                env["res.partner"].search(domain).unlink()
        self.settle()

    def settle(self):
        """Have done what PostgreSQL does by itself in a quiet minute: forget deleted
        rows, count the others."""
        with self.registry.cursor() as cr:
            cr.commit()
            cr._cnx.autocommit = True
            try:
                cr.execute("VACUUM ANALYZE")
            finally:
                cr._cnx.autocommit = False


def partner_row(name, number):
    """Return what a numbered contact of the simulated Xero is as a row of `COLUMNS`."""
    return [
        f"{name} {number:05d}",
        f"{name.lower()}{number:05d}@example.com",
        "1",
        f"{number} Queen Street",
        "Auckland",
        "1010",
        "New Zealand",
    ]


def work_of(backend):
    """Return the seconds that processors have worked for this process and for its
    backend of PostgreSQL, where that is on this machine."""
    seconds = time.process_time()
    stat = pathlib.Path(f"/proc/{backend}/stat")
    if stat.exists():
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        seconds += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return seconds


def compare(ours, odoos):
    """Say how long we took beside Odoo, by the clock and by the work of processors,
    which what else runs on the machine changes less."""
    ratio, work = (ours[name] / odoos[name] for name in ("seconds", "work"))
    return f"ratio: {ratio:.2f} (of processor time: {work:.2f})"


def best(results):
    """Return the least of each measure: what else the machine does only adds."""
    return {name: min(r[name] for r in results) for name in ("seconds", "work")}


def memory():
    """Return the megabytes of memory that this process holds now."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc tells no VmRSS")


def told(result):
    """Say what `Bench.counted` counted, but for the time."""
    calls, queries = result["calls"], result["queries"]
    listed = ", ".join(f"{name}: {count}" for name, count in sorted(calls.items()))
    return f"{sum(calls.values())} calls ({listed}), {queries} queries"
