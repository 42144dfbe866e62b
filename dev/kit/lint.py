"""Ruff and pylint-odoo, each a test of its own."""

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
        command = [setup.python, "-m", module, *arguments]
        status, output = setup.read(command, cwd=CHECKOUT)
        if status:
            print(output, flush=True)
        say(f"{name}: {'failed' if status else 'passed'}")
        total += Result(failed=1) if status else Result(passed=1)
    return total
