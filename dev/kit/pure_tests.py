"""The tests that need no Odoo, run by pytest."""

import pathlib
import tempfile
import xml.etree.ElementTree as etree

from .paths import CHECKOUT
from .results import Result

_NO_TEST_MATCHED = 5  # pytest's exit status


def check(setup, name=None):
    """Run pytest on tests/pure.

    :param Odoo setup: where pytest is installed
    :param str name: a test file, class or method, several with commas
    :rtype: Result
    """
    folder = CHECKOUT / "tests" / "pure"
    if not any(folder.glob("test_*.py")):
        return Result()
    with tempfile.TemporaryDirectory() as place:
        report = pathlib.Path(place) / "report.xml"
        command = [setup.python, "-m", "pytest", "-q", "-rs", f"--junitxml={report}"]
        command += _selection(folder, name)
        environment = {"HYPOTHESIS_STORAGE_DIRECTORY": place}
        status, output = setup.read(command, cwd=CHECKOUT, env=environment)
        if status == _NO_TEST_MATCHED:
            return Result()
        result = _read(report)
    if status or result.skipped:
        print(output, flush=True)
    if status and not result.failed:
        result += Result(failed=1)  # pytest itself failed
    return result


def _selection(folder, name):
    if not name:
        return [folder]
    files = {path.stem: path for path in folder.glob("test_*.py")}
    if path := files.get(pathlib.PurePath(name).stem):
        return [path]
    # `Class.method,file`, as others have it, is `Class and method or file` for pytest.
    return [folder, "-k", name.replace(".", " and ").replace(",", " or ")]


def _read(report):
    if not report.exists():
        return Result(failed=1)
    failed = skipped = total = 0
    for suite in etree.parse(report).iter("testsuite"):
        failed += int(suite.get("failures")) + int(suite.get("errors"))
        skipped += int(suite.get("skipped"))
        total += int(suite.get("tests"))
    return Result(max(total - failed - skipped, 0), failed, skipped)
