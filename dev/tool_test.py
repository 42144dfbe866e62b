"""dev/test: linters, tests without Odoo, tests in Odoo; the last line is the sum."""

import argparse
import functools

from kit import lint, odoo, odoo_tests, pure_tests
from kit.cli import main
from kit.console import say
from kit.results import Result


def run(arguments):
    """Run the tests that the command line asks for and return the exit status."""
    options = _parse(arguments)
    with odoo.ready() as setup:
        setup.base_template()  # made, where it is missing, before others need the time
        works = [
            functools.partial(_check_quickly, setup, options.k),
            functools.partial(_check_in_odoo, setup, options.k, not options.fast),
        ]
        total = sum(setup.side_by_side(works), Result())
    if not total.total:
        say(f"No test matches {options.k}." if options.k else "There is no test.")
        total = Result(failed=1)
    print(total, flush=True)
    return 1 if total.failed else 0


def _check_quickly(setup, name):
    """Run what needs no Odoo, one after the other."""
    parts = {"tests without Odoo": functools.partial(pure_tests.check, name=name)}
    if not name:
        parts = {"linters": lint.check, **parts}
    total = Result()
    for part, check in parts.items():
        result = check(setup)
        say(f"{part}: {result}")
        total += result
    return total


def _check_in_odoo(setup, name, browser):
    result = odoo_tests.check(setup, name, browser)
    say(f"tests in Odoo: {result}")
    return result


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="dev/test", description=__doc__)
    parser.add_argument(
        "-k",
        metavar="NAME",
        help="only these: a tag, a test file, class or method; several with commas",
    )
    parser.add_argument("--fast", action="store_true", help="without browser tests")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(run)
