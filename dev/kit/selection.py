"""Which Odoo tests a name or `--fast` means, read from the sources without Odoo."""

import ast
import dataclasses

from . import durations
from .databases import ADDON
from .paths import CHECKOUT

_WHEN = ("at_install", "post_install")
# One more than the two cores that the times are for: tests of workers wait a lot.
_ODOOS = 3
_BROWSER_CALLS = ("start_tour", "browser_js")
# What a class inherits from that calls Odoo over HTTP. One Odoo has all of these: two
# browsers would keep each other waiting.
_HTTP_CASES = {"HttpCase", "HOOTCommon"}


@dataclasses.dataclass(frozen=True)
class TestMethod:
    """One test method as the source has it."""

    file: str
    cls: str
    name: str
    tags: tuple
    browser: bool

    def spec(self, whole_class=False):
        """How Odoo's --test-tags name it, or its class with what that inherits."""
        tag = self.tags[0] if self.tags else ""  # for tests that are not `standard`
        method = "" if whole_class else f".{self.name}"
        return f"{tag}/{ADDON}:{self.cls}{method}"


def shares(name=None, browser=True):
    """Return values of --test-tags: one for each Odoo that is to run them at once.

    All tests are shared out to several, a part of them is run by one, none by none.

    :param str name: a tag, or a part of a test file's, class's or method's name;
        several with commas
    :param bool browser: whether tests that drive a browser run as well
    :rtype: list
    """
    methods = list(_methods())
    chosen = dict.fromkeys(methods, f"/{ADDON}")
    if name:
        chosen = {}
        for one in name.split(","):
            chosen |= _named(methods, one)
    if all(test.browser and not browser for test in chosen):
        return []
    left_out = [f"-{test.spec()}" for test in chosen if test.browser and not browser]
    if name:
        return [",".join([*sorted(set(chosen.values())), *left_out])]
    *shared, _rest = _shared_out(methods)
    specs = [[f"/{ADDON}:{cls}" for cls in classes] for classes in shared if classes]
    # The last Odoo runs whatever the others do not: nothing is forgotten.
    rest = [f"/{ADDON}", *(f"-{spec}" for spec in sum(specs, []))]
    return [",".join([*its_specs, *left_out]) for its_specs in (*specs, rest)]


def _shared_out(methods):
    """Return the classes of each Odoo: those over HTTP together, then the longest to
    whoever has least to do."""
    seconds = durations.expected(methods)
    over_http = _over_http()
    shares = [[] for _odoo in range(_ODOOS)]
    loads = [0] * _ODOOS
    shares[0] = [cls for cls in seconds if cls in over_http]
    loads[0] = sum(map(seconds.get, shares[0]))
    for cls, took in seconds.items():
        if cls not in over_http:
            idlest = loads.index(min(loads))
            shares[idlest].append(cls)
            loads[idlest] += took
    return shares


def _over_http():
    """Return the names of the classes that call Odoo over HTTP."""
    bases = {}
    for path in (CHECKOUT / "tests").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base) for base in node.bases}
    found, more = set(), set(_HTTP_CASES)
    while more:
        found |= more
        more = {cls for cls, its in bases.items() if its & found} - found
    return found


def _named(methods, name):
    """Return the tests that a name means, each with what to call it for Odoo.

    An exact name of a tag, file, class or method goes before a part of a name.
    """
    wanted = name.removeprefix("tests/").removesuffix(".py").lower()
    for is_named in (lambda name: name == wanted, lambda name: wanted in name):
        chosen = {
            test: test.spec(whole_class)
            for test in methods
            for names, whole_class in (
                ((test.name, f"{test.cls}.{test.name}"), False),
                ((test.file, test.cls, *test.tags), True),
            )
            if any(is_named(name.lower()) for name in names)
        }
        if chosen:
            return chosen
    return {}


def _methods():
    for path in sorted((CHECKOUT / "tests").glob("test_*.py")):
        for cls in ast.parse(path.read_text()).body:
            if not isinstance(cls, ast.ClassDef):
                continue
            tags = tuple(_tags(cls))
            for item in cls.body:
                if isinstance(item, ast.FunctionDef) and item.name.startswith("test_"):
                    browser = _drives_browser(item)
                    yield TestMethod(path.stem, cls.name, item.name, tags, browser)


def _tags(cls):
    for decorator in cls.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "tagged":
            for argument in decorator.args:
                tag = ast.literal_eval(argument)
                if not tag.startswith("-") and tag not in _WHEN:
                    yield tag


def _drives_browser(method):
    return any(
        isinstance(node, ast.Attribute) and node.attr in _BROWSER_CALLS
        for node in ast.walk(method)
    )
