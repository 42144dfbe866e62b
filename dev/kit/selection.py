"""Which Odoo tests a name or `--fast` means, read from the sources without Odoo."""

import ast
import dataclasses

from .databases import ADDON
from .paths import CHECKOUT

_WHEN = ("at_install", "post_install")
_BROWSER_CALLS = ("start_tour", "browser_js")


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


def specs(name=None, browser=True):
    """Return the value of --test-tags, or an empty text where no test matches.

    :param str name: a tag, or a part of a test file's, class's or method's name
    :param bool browser: whether tests that drive a browser run as well
    """
    methods = list(_methods())
    wanted = name and name.removeprefix("tests/").removesuffix(".py").lower()
    chosen = _named(methods, wanted) if name else dict.fromkeys(methods, f"/{ADDON}")
    if all(test.browser and not browser for test in chosen):
        return ""
    left_out = [f"-{test.spec()}" for test in chosen if test.browser and not browser]
    return ",".join([*sorted(set(chosen.values())), *left_out])


def _named(methods, wanted):
    """Return the tests that a name means, each with what to call it for Odoo.

    An exact name of a tag, file, class or method goes before a part of a name.
    """
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
