"""Serve the simulated Xero as a process: ``python -m fake_xero --port N``."""

import argparse
import signal
import sys
import threading

from . import snapshot
from .server import FakeXeroServer

SAVE_SECONDS = 3


def _arguments():
    parser = argparse.ArgumentParser(prog="fake_xero", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", choices=("demo", "empty"), default="demo")
    parser.add_argument("--name", default="Demo Company (NZ)", help="organisation")
    parser.add_argument("--client-id", help="register an app with this id")
    parser.add_argument("--client-secret", default="")
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--scopes", default="granular")
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-key", default="")
    parser.add_argument("--state", help="file that keeps all records between starts")
    parser.add_argument("--limits", action="store_true", help="enforce rate limits")
    return parser.parse_args()


def _prepare(xero, options):
    if not (options.state and snapshot.load(xero, options.state)):
        xero.add_organisation(options.name, seed=options.seed)
    xero.limits.enforce = options.limits
    if options.client_id:
        xero.add_app(
            options.client_id,
            options.client_secret,
            options.redirect_uri,
            scopes=options.scopes,
            webhook_url=options.webhook_url,
            webhook_key=options.webhook_key,
        )


def _wait(xero, state):
    """Until a signal comes; what has changed is saved every few seconds."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_arguments: stop.set())
    saved = None
    while not stop.wait(SAVE_SECONDS):
        if state:
            saved = snapshot.save_if_changed(xero, state, saved)
    if state:
        snapshot.save_if_changed(xero, state, saved)


def main():
    """Start, print the address, serve until SIGINT or SIGTERM."""
    options = _arguments()
    server = FakeXeroServer(options.port)
    _prepare(server.xero, options)
    server.start()
    background = threading.Thread(target=server.xero.webhooks.run, daemon=True)
    background.start()
    print(f"Simulated Xero at {server.url}", flush=True)
    _wait(server.xero, options.state)
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
