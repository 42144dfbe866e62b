"""Ruff and pylint-odoo, each a test of its own."""

import subprocess

from .console import say
from .paths import CHECKOUT
from .results import Result


def check(setup):
    """Run the linters, show what they complain of, and count them as tests.

    :param Odoo setup: where they are installed
    :rtype: Result
    """
    linters = {
        "ruff check": ("ruff", "check", "--no-cache", "--output-format=concise", "."),
        "ruff format": ("ruff", "format", "--no-cache", "--check", "."),
        "pylint-odoo": ("pylint", "--rcfile=.pylintrc-mandatory", CHECKOUT),
    }
    total = Result()
    for name, (module, *arguments) in linters.items():
        done = subprocess.run(
            [setup.python, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=setup.environment,
            check=False,
            text=True,
            capture_output=True,
        )
        if done.returncode:
            print(done.stdout, done.stderr, sep="", flush=True)
        say(f"{name}: {'failed' if done.returncode else 'passed'}")
        total += Result(failed=1) if done.returncode else Result(passed=1)
    return total
