"""The tests that need Odoo: on a new database with demo data, the addon installed."""

import os
import pathlib
import signal
import subprocess
import threading

from . import chromium, selection
from .console import say
from .databases import ADDON, own_database
from .odoo_log import Log
from .paths import OWN, free_port
from .results import Result

_HEARTBEAT = 30  # seconds


def check(setup, name=None, browser=True):
    """Install the addon on a new database and run its tests.

    :param Odoo setup: the Odoo to run them in
    :param str name: a tag, or a part of a test file's, class's or method's name
    :param bool browser: whether tests that drive a browser run as well
    :rtype: Result
    """
    specs = selection.specs(name, browser)
    if not specs:
        return Result()
    if browser:
        chromium.ensure()
    database = _own_database(setup)
    setup.create(database, setup.base_template())
    try:
        return _run(setup, database, specs)
    finally:
        setup.drop(database)


def _own_database(setup):
    """Return a name that no other run uses; what broken off runs left is dropped."""
    prefix = own_database("test_")
    for old in setup.names(prefix):
        if not pathlib.Path("/proc", old.removeprefix(prefix)).exists():
            setup.drop(old)
    return f"{prefix}{os.getpid()}"


def _run(setup, database, specs):
    path = OWN / "test.log"
    log = Log(show=lambda line: print(line, end="", flush=True))
    say(f"Installing {ADDON} and running its tests in Odoo (whole log: {path}) ...")
    command = setup.command(
        *("-d", database, "-i", ADDON, f"--test-tags={specs}", "--stop-after-init"),
        f"--http-port={free_port()}",
    )
    process = setup.start(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    finished = threading.Event()
    threading.Thread(target=_tell, args=(finished, log), daemon=True).start()
    try:
        with open(path, "w") as copy:
            for line in process.stdout:
                copy.write(line)
                log.feed(line)
        status = process.wait()
    finally:
        finished.set()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if log.complaints:
        say(f"Odoo logged {log.complaints} warnings or errors (shown above).")
    return log.result(status)


def _tell(finished, log):
    while not finished.wait(_HEARTBEAT):
        say(f"  still: {log.running or 'installing the addon'}")
