"""dev/demo: Odoo, a simulated Xero, and the two connected and in step."""

import argparse
import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from kit import demo_story, odoo
from kit.cli import main
from kit.console import SetupError, say, step
from kit.databases import own_database
from kit.paths import CHECKOUT, OWN, free_port

_ODOO_PORT = 8069
_XERO_PORT = 8899
_START_LIMIT = 120  # seconds
_STOP_LIMIT = 10  # seconds


def run(arguments):
    """Set everything up, tell the story, serve until Ctrl-C."""
    options = _parse(arguments)
    with odoo.ready() as setup, contextlib.ExitStack() as servers:
        database = own_database("demo")
        setup.create(database, installed=True)
        odoo_url = f"http://localhost:{free_port(_ODOO_PORT)}"
        xero_url = f"http://localhost:{free_port(_XERO_PORT)}"
        with step("Starting the simulated Xero and Odoo"):
            processes = [
                servers.enter_context(_simulated_xero(setup, xero_url, odoo_url)),
                servers.enter_context(_odoo(setup, odoo_url, database)),
            ]
            _wait_for(f"{xero_url}/", processes)
            _wait_for(f"{odoo_url}/web/health", processes)
        demo_story.tell(odoo_url, xero_url, database)
        if not options.once:
            _serve(odoo_url, xero_url, processes)
    return 0


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="dev/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop after the summary")
    return parser.parse_args(arguments)


def _serve(odoo_url, xero_url, processes):
    print(demo_story.invitation(odoo_url, xero_url), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while all(process.poll() is None for process in processes):
            time.sleep(1)
        raise SetupError(f"A server stopped by itself: see {OWN}/demo-*.log.")
    say("Stopping.")


def _odoo(setup, url, database):
    command = setup.command(
        *("-d", database, f"--db-filter=^{database}$", "--no-database-list"),
        *("--max-cron-threads=1", f"--http-port={url.rpartition(':')[2]}"),
    )
    return _server(setup, "odoo", command)


def _simulated_xero(setup, url, odoo_url):
    command = [
        *(setup.python, "-m", "fake_xero", "--port", url.rpartition(":")[2]),
        *("--client-id", demo_story.CLIENT_ID),
        *("--client-secret", demo_story.CLIENT_SECRET),
        *("--redirect-uri", f"{odoo_url}/xero_crm/oauth/callback"),
        *("--organisation", "Demo Company (US)", "--country", "US"),
        *("--currency", "USD", "--seed", "demo"),
    ]
    path = os.pathsep.join([str(CHECKOUT / "tests"), str(setup.home)])
    return _server(setup, "xero", command, env={"PYTHONPATH": path})


@contextlib.contextmanager
def _server(setup, name, command, **options):
    """Run a server for the time of the block; its log lies beside the database's."""
    with open(OWN / f"demo-{name}.log", "w") as log:
        process = setup.start(command, stdout=log, stderr=subprocess.STDOUT, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(url, processes):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            break
        with contextlib.suppress(urllib.error.URLError, OSError):
            opener.open(url, timeout=10).close()
            return
        time.sleep(0.2)
    raise SetupError(f"{url} did not come up: see {OWN}/demo-*.log.")


if __name__ == "__main__":
    main(run)
