"""dev/bench: how long the addon takes, beside what Odoo itself takes."""

import argparse
import os
import subprocess

from kit import odoo
from kit.cli import main
from kit.console import SetupError, step
from kit.databases import own_database
from kit.paths import CHECKOUT, DEV

_BENCHES = {
    "contacts": "1,000 new contacts from Xero, beside Odoo's load() of the same rows",
    "invoices": "1,000 new invoices from Xero, with lines and customers",
    "unchanged": "a sync of 1,000 contacts and 1,000 invoices, none of them changed",
    "first_sync": "20,000 contacts meet 20,000 partners, beside load() of 20,000 rows",
    "refresh": "500 of 20,000 open invoices were paid, beside 500 of 2,000",
    "screens": "a customer with 10,000 invoices and the list of 50,000 customers, "
    "beside the same screens without the addon's fields",
    "webhook": "10,000 webhook events in bursts, beside /web/health",
    "live": "from a payment in Xero to the badge on an open order, in a browser",
    "push": "5,000 changed customers to Xero, beside load() of the same change",
    "orders": "200 orders of 10 lines to Xero, beside Odoo's own invoices of them",
}


def run(arguments):
    """Measure what the command line asks for, or list what there is."""
    options = _parse(arguments)
    if not options.what:
        for name, text in _BENCHES.items():
            print(f"dev/bench {name:<11} {text}")
        return 0
    with odoo.ready() as setup:
        database = own_database(f"bench_{os.getpid()}")
        setup.create(database, setup.installed_template())
        try:
            with step(f"Measuring: {_BENCHES[options.what]}"):
                return _measure(setup, database, options)
        finally:
            setup.drop(database)


def _measure(setup, database, options):
    """Run the measurement in an Odoo of its own, with a Xero of its own."""
    path = os.pathsep.join([str(CHECKOUT / "tests"), str(setup.home)])
    xero = setup.start(
        [setup.python, "-m", "fake_xero", "--seed", "empty"],
        # What is measured is the addon, not the checking of the simulator's answers.
        env={"PYTHONPATH": path, "XERO_OPENAPI": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = xero.stdout.readline().rpartition(" ")[2].strip()
        if not url:
            raise SetupError("The simulated Xero did not start.")
        command = [setup.python, DEV / "measure", database, url, options.what]
        command.append(str(options.runs))
        return subprocess.run(command, env=setup.environment, check=False).returncode
    finally:
        xero.terminate()
        xero.wait()


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="dev/bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=_BENCHES)
    parser.add_argument(
        "--runs", type=int, default=3, help="how often to measure what is quick"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(run)
