"""dev/demo: Odoo, a simulated Xero, and the two connected and in step."""

import argparse
import contextlib
import fcntl
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from kit import demo_setup, odoo
from kit.cli import main
from kit.console import SetupError, say, step
from kit.databases import own_database
from kit.demo_story import Story
from kit.paths import CHECKOUT, OWN, folder, free_port

_ODOO_PORT = 8069
_XERO_PORT = 8899
_STATE = OWN / "demo"
_SUMMARY = _STATE / "summary.txt"
_START_LIMIT = 120  # seconds
_STOP_LIMIT = 10  # seconds


def run(arguments):
    """Set everything up, tell the story, serve until Ctrl-C."""
    options = _parse(arguments)
    with (
        _alone() as place,
        odoo.ready() as setup,
        contextlib.ExitStack() as servers,
    ):
        database = own_database("demo")
        is_new = _prepare(setup, database, anew=options.once or options.fresh)
        odoo_url = f"http://localhost:{free_port(_ODOO_PORT)}"
        xero_url = f"http://localhost:{free_port(_XERO_PORT)}"
        place.write(odoo_url)
        place.flush()
        with step("Starting the simulated Xero and Odoo"):
            processes = [
                servers.enter_context(_simulated_xero(setup, xero_url, odoo_url)),
                servers.enter_context(_odoo(setup, odoo_url, database)),
            ]
            _wait_for(f"{xero_url}/_control/ready", processes)
            _wait_for(f"{odoo_url}/web/health", processes)
        story = Story(odoo_url, xero_url, database)
        if is_new:
            with step("Connecting, syncing, invoicing, taking a payment"):
                _SUMMARY.write_text(story.tell())
        else:
            print("\nThe demo goes on where it was stopped. At first it did this:")
        print(f"\n{_SUMMARY.read_text()}", flush=True)
        if not options.once:
            _serve(odoo_url, xero_url, processes)
    return 0


@contextlib.contextmanager
def _alone():
    """Let one demo of this checkout run at a time: two would share a database.

    :return: the file that tells others where it is found
    :raise SetupError: where the other one is
    """
    with open(folder(OWN) / "demo-running", "a+") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            place.seek(0)
            where = place.read() or "it is just starting"
            raise SetupError(
                f"The demo of this checkout runs already ({where}): use that one, or "
                "stop it with Ctrl-C in its terminal."
            ) from None
        place.truncate(0)
        try:
            yield place
        finally:
            place.truncate(0)


def _prepare(setup, database, anew):
    """Have the demo's database, and tell whether it is a new one.

    What a person did in the demo is kept until the addon changes.
    """
    template = setup.installed_template()
    built_from = _STATE / "built-from"
    if (
        not anew
        and _SUMMARY.exists()
        and built_from.read_text() == template
        and database in setup.names(database)
    ):
        return False
    for path in folder(_STATE).iterdir():
        path.unlink()
    setup.create(database, template)
    built_from.write_text(template)
    return True


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="dev/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop after the summary")
    parser.add_argument("--fresh", action="store_true", help="forget an earlier demo")
    return parser.parse_args(arguments)


def _serve(odoo_url, xero_url, processes):
    print(demo_setup.invitation(odoo_url, xero_url), flush=True)
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
        *("--client-id", demo_setup.CLIENT_ID),
        *("--client-secret", demo_setup.CLIENT_SECRET),
        *("--redirect-uri", f"{odoo_url}/xero_crm/oauth/callback"),
        *("--webhook-url", f"{odoo_url}/xero_crm/webhook"),
        *("--webhook-key", demo_setup.WEBHOOK_KEY),
        *("--seed", "empty", "--state", _STATE / "xero.pickle"),
    ]
    path = os.pathsep.join([str(CHECKOUT / "tests"), str(setup.home)])
    return _server(setup, "xero", command, env={"PYTHONPATH": path})


@contextlib.contextmanager
def _server(setup, name, command, **options):
    """Run a server for the time of the block."""
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
