"""Ruff and pylint-odoo, each a test of its own."""

import json

from .console import say
from .paths import CHECKOUT, OWN, digest
from .results import Result

_RULES = ".pylintrc-mandatory"
_PASSED = OWN / "pylint-passed.json"
# Not Python, or of the addon as a whole: looked at with the manifest, each time.
_ALWAYS = ("__manifest__.py", "__init__.py")


def check(setup):
    """Run the linters, show what they complain of, and count them as tests.

    :param Odoo setup: where they are installed
    :rtype: Result
    """
    keys = _get_keys(setup)
    linters = {
        "ruff check": ("ruff", "check", "--no-cache", "--output-format=concise", "."),
        "ruff format": ("ruff", "format", "--no-cache", "--check", "."),
        "pylint-odoo": ("pylint", f"--rcfile={_RULES}", *_get_changed(keys)),
    }
    total = Result()
    for name, (module, *arguments) in linters.items():
        command = [setup.python, "-m", module, *arguments]
        status, output = setup.read(command, cwd=CHECKOUT)
        if status:
            print(output, flush=True)
        say(f"{name}: {'failed' if status else 'passed'}")
        total += Result(failed=1) if status else Result(passed=1)
    if not total.failed:
        _PASSED.write_text(json.dumps(keys))
    return total


def _get_keys(setup):
    """Return a key of each of the addon's files: its text, and the rules for it."""
    rules = (CHECKOUT / _RULES).read_text()
    return {
        str(path.relative_to(CHECKOUT)): digest(setup.python, rules, path.read_text())
        for path in sorted(CHECKOUT.rglob("*.py"))
        if _is_in_package(path.parent)
    }


def _is_in_package(folder):
    """Whether pylint comes to a folder by itself, when it is given the addon."""
    if folder == CHECKOUT:
        return True
    return (folder / "__init__.py").exists() and _is_in_package(folder.parent)


def _get_changed(keys):
    """Return the files that have not passed as they are: pylint takes a second a dozen.

    The first time it is all of them.
    """
    passed = json.loads(_PASSED.read_text()) if _PASSED.exists() else {}
    if not passed:
        return [CHECKOUT]
    changed = [name for name, key in keys.items() if passed.get(name) != key]
    return sorted({*changed, *_ALWAYS})
