"""The packages without Odoo stay without Odoo, and apart from each other."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "xero_api": ROOT / "xero_api",
    "mapping": ROOT / "mapping",
    "fake_xero": ROOT / "tests" / "fake_xero",
}
FILES = [
    pytest.param(name, path, id=str(path.relative_to(ROOT)))
    for name, folder in PACKAGES.items()
    for path in sorted(folder.rglob("*.py"))
]


def _imports(path):
    """Yield (level, dotted name) of every import of a file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def test_packages_are_there():
    assert all(folder.is_dir() for folder in PACKAGES.values())


@pytest.mark.parametrize(("package", "path"), FILES)
def test_file_imports_neither_odoo_nor_another_package(package, path):
    folder = PACKAGES[package]
    depth = len(path.relative_to(folder).parts)
    forbidden = {"odoo", "openerp", "xero_crm", *PACKAGES} - {package}
    for level, module in _imports(path):
        assert level <= depth, f"{path.name} imports from outside of {package}"
        if level == 0:
            assert module.split(".")[0] not in forbidden, f"{path.name}: {module}"


def test_mapping_needs_only_the_standard_library():
    names = {
        module.split(".")[0]
        for path in PACKAGES["mapping"].rglob("*.py")
        for level, module in _imports(path)
        if level == 0
    }
    assert names <= sys.stdlib_module_names, names


def test_no_float_arithmetic_in_mapping():
    for path in PACKAGES["mapping"].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            number = isinstance(node, ast.Constant) and type(node.value) is float
            call = isinstance(node, ast.Call) and getattr(node.func, "id", "")
            assert not number and call != "float", f"{path.name}: {node.lineno}"
