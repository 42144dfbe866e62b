"""The measurements of dev/bench; runs in Odoo's Python.

measure DATABASE XERO_URL WHAT RUNS
"""

import importlib
import sys

from odoo import modules
from odoo.tools import config

from bench import Bench


def main(database, xero_url, what, runs):
    """Measure one thing and print it."""
    config.parse_config(["-d", database, "--no-http", "--log-level=warn"])
    modules.module.current_test = None
    importlib.import_module(what).measure(Bench(database, xero_url), int(runs))


if __name__ == "__main__":
    main(*sys.argv[1:])
