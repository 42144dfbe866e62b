"""The virtual environment with what Odoo, the addon and the tests import."""

import os
import shutil
import sys
import venv

from .console import run, step
from .paths import CACHE, CHECKOUT, DEV, digest, locked

_REQUIREMENTS = [
    DEV / "requirements-odoo.txt",
    CHECKOUT / "requirements.txt",
    DEV / "requirements-test.txt",
]


def python():
    """Return the Python of the environment, which is made at the first call.

    A change of a requirements file makes a new environment; pip's own cache keeps
    that quick.
    """
    texts = [path.read_text() for path in _REQUIREMENTS]
    home = CACHE / "venvs" / digest(sys.version, *texts)
    ready = home / "ready"
    with locked("venv"):
        if not ready.exists():
            with step("Installing the Python packages"):
                shutil.rmtree(home, ignore_errors=True)
                venv.create(home, with_pip=True, symlinks=True)
                _install(home / "bin" / "python")
            ready.touch()
    return home / "bin" / "python"


def _install(interpreter):
    names = [option for path in _REQUIREMENTS for option in ("-r", path)]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(
        [interpreter, "-m", "pip", "install", "-q", *names],
        "The Python packages could not be installed.",
        env=environment,
    )
