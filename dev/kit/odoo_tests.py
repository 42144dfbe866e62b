"""The tests that need Odoo: on new databases with demo data and the addon.

All of them are shared out to several Odoos, each with a database of its own.
"""

import contextlib
import functools
import os
import pathlib
import subprocess
import threading

from . import chromium, durations, selection
from .console import say
from .databases import ADDON, own_database
from .odoo_log import Log
from .paths import OWN, free_port
from .results import Result

_HEARTBEAT = 30  # seconds
# Odoo, which without an update would look for the tests of all that is installed.
_ONLY_OURS = f"""
from odoo.cli.command import main
from odoo.service import server

preload_registries = server.preload_registries

def preload(names):
    from odoo.tests import loader  # refused before Odoo knows that it tests

    make_suite = loader.make_suite
    loader.make_suite = lambda _modules, when: make_suite(["{ADDON}"], when)
    return preload_registries(names)

server.preload_registries = preload
main()
"""


def check(setup, name=None, browser=True):
    """Run the addon's tests on new databases that have it installed.

    :param Odoo setup: the Odoo to run them in
    :param str name: a tag, or a part of a test file's, class's or method's name
    :param bool browser: whether tests that drive a browser run as well
    :rtype: Result
    """
    shares = selection.shares(name, browser)
    if not shares:
        return Result()
    if browser:
        chromium.ensure()
    _drop_leftovers(setup)
    template = setup.installed_template()
    runs = [_Run(setup, number, specs) for number, specs in enumerate(shares, 1)]
    say(f"Running the tests of {ADDON} in Odoo; whole logs:")
    for run in runs:
        say(f"  {run.path}")
    with _signs_of_life(runs):
        results = setup.side_by_side(
            [functools.partial(run.check, template) for run in runs]
        )
    if len(runs) > 1:  # a part of the tests says little of what a class takes
        durations.remember(*(run.log.seconds for run in runs))
    return sum(results, _check_installation(setup, template))


def _check_installation(setup, template):
    """Return a failure where Odoo complained when the addon was installed."""
    log = Log(show=lambda text: print(text, end="", flush=True))
    for line in setup.install_log(template).read_text().splitlines(keepends=True):
        log.feed(line)
    log.end()
    if not log.complaints:
        return Result()
    say(f"Odoo logged {log.complaints} warnings or errors at the installation (above).")
    return Result(failed=1)


def _drop_leftovers(setup):
    """Drop the databases of runs that were broken off."""
    prefix = own_database("test_")
    for old in setup.names(prefix):
        owner = old.removeprefix(prefix).partition("_")[0]
        if not pathlib.Path("/proc", owner).exists():
            setup.drop(old)


@contextlib.contextmanager
def _signs_of_life(runs):
    finished = threading.Event()

    def tell():
        while not finished.wait(_HEARTBEAT):
            for run in runs:
                if run.log.running:
                    say(f"  still: {run.log.running} ({run.log.started} tests started)")

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        finished.set()


class _Run:
    """One Odoo, and its share of the tests."""

    def __init__(self, setup, number, specs):
        self.setup = setup
        self.specs = specs
        self.path = OWN / f"test-{number}.log"
        # A name that no other run uses, and that tells whose it is.
        self.database = own_database(f"test_{os.getpid()}_{number}")
        self.log = Log(show=lambda text: print(text, end="", flush=True))

    def check(self, template):
        """Run the tests on a new database.

        :param str template: the name of what it is a copy of
        :rtype: Result
        """
        self.setup.create(self.database, template)
        try:
            status = self._run()
        finally:
            self.setup.drop(self.database)
        if self.log.complaints:
            say(f"Odoo logged {self.log.complaints} warnings or errors (shown above).")
        return self.log.result(status)

    def _run(self):
        options = ["-d", self.database, "--stop-after-init"]
        options += [f"--test-tags={self.specs}", f"--http-port={free_port()}"]
        process = self.setup.start(
            [self.setup.python, "-c", _ONLY_OURS, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with open(self.path, "w") as copy:
            for line in process.stdout:
                copy.write(line)
                self.log.feed(line)
            self.log.end()
        return process.wait()
