"""Odoo 19 with this checkout as an addon: where it is found and how it is run."""

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import subprocess

from . import postgres
from .console import SetupError, run
from .databases import ADDON, DATA_DIR, Databases
from .debian import odoo_root
from .paths import CACHE, CHECKOUT, DEV, OWN, folder
from .python_env import python


@contextlib.contextmanager
def ready():
    """Have an Odoo 19, its Python and a running PostgreSQL for the time of the block.

    :return: the set-up
    :rtype: Odoo
    """
    home, version = _find_odoo()
    interpreter = python()
    with postgres.running() as environment:
        setup = Odoo(home, version, interpreter, environment)
        try:
            yield setup
        finally:
            setup.stop()


class Odoo(Databases):
    """One set-up of Odoo.

    :param pathlib.Path home: the folder that Python imports `odoo` from
    :param str version: what tells this Odoo from another
    :param pathlib.Path interpreter: the Python that runs it
    :param dict environment: what leads to PostgreSQL
    """

    def __init__(self, home, version, interpreter, environment):
        self.home = home
        self.version = version
        self.python = interpreter
        self.environment = {
            **os.environ,
            **environment,
            "PYTHONPATH": str(home),
            "ODOO_RC": str(self._write_config()),
            # Compiled files neither in the checkout nor in an Odoo of somebody's own.
            "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        }
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._started = []
        self._stopped = False

    def command(self, *arguments):
        """Return the command line of `odoo` with these arguments."""
        return [str(self.python), "-m", "odoo", *map(str, arguments)]

    def call(self, *arguments, failure="Odoo failed.", **options):
        """Run `odoo` quietly to its end; see `kit.console.run`."""
        return run(self.command(*arguments), failure, env=self.environment, **options)

    def start(self, command, **options):
        """Start a process in Odoo's environment, apart from the terminal's Ctrl-C.

        :param list command: the command and its arguments
        :param options: those of `subprocess.Popen`; `env` adds to the environment
        :rtype: subprocess.Popen
        :raise SetupError: when all has been stopped
        """
        if self._stopped:
            raise SetupError("Interrupted.")
        environment = {**self.environment, **options.pop("env", {})}
        command = [str(part) for part in command]
        process = subprocess.Popen(
            command, env=environment, start_new_session=True, **options
        )
        self._started.append(process)
        return process

    def read(self, command, **options):
        """Run a process to its end; see `start`.

        :return: its exit status, and all that it printed
        :rtype: tuple
        """
        process = self.start(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
        output, _none = process.communicate()
        if self._stopped:
            raise SetupError("Interrupted.")
        return process.returncode, output

    def side_by_side(self, works):
        """Do works at once; where one breaks off, what the others started is killed.

        :param list works: callables without arguments
        :return: what they return, in their order
        :rtype: list
        """
        with concurrent.futures.ThreadPoolExecutor() as pool:
            futures = [pool.submit(work) for work in works]
            try:
                for future in concurrent.futures.as_completed(futures):
                    future.result()
            except BaseException:
                self.stop()
                raise
        return [future.result() for future in futures]

    def stop(self):
        """Kill what was started and still runs, with its children; start no more."""
        self._stopped = True
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _write_config(self):
        links = folder(OWN / "addons")
        link = links / ADDON
        with contextlib.suppress(FileExistsError):
            link.symlink_to(CHECKOUT)
        paths = [self.home / "addons", DEV / "addons", links]
        options = {
            "addons_path": ",".join(str(path) for path in paths if _filled(path)),
            "data_dir": folder(DATA_DIR),
            "http_interface": "127.0.0.1",
            "max_cron_threads": 0,
        }
        lines = [f"{name} = {value}" for name, value in options.items()]
        config = OWN / "odoo.conf"
        draft = OWN / f"odoo.conf.{os.getpid()}"
        draft.write_text("\n".join(["[options]", *lines, ""]))
        draft.replace(config)  # at once: another Odoo may just be reading it
        return config


def _filled(path):
    return path.is_dir() and any(path.iterdir())


def _find_odoo():
    """Return the folder that holds the package `odoo`, and what tells its version."""
    own = os.environ.get("ODOO_HOME")
    if not own:
        root = odoo_root()
        return root / "usr/lib/python3/dist-packages", (root / "version").read_text()
    home = pathlib.Path(own).expanduser().resolve()
    installed = home.glob("lib/python3*/site-packages")
    for place in (home, home / "usr/lib/python3/dist-packages", *installed):
        release = place / "odoo" / "release.py"
        if release.exists() and "version_info = (19, 0" in release.read_text():
            return place, f"{release} {release.stat().st_mtime}"
    raise SetupError(f"ODOO_HOME={own} holds no Odoo 19 (no odoo/release.py of 19.0).")
