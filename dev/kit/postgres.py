"""PostgreSQL: the one that PGHOST names, else a private one that runs while used."""

import contextlib
import fcntl
import os
import pathlib
import pwd
import shutil
import subprocess

from .console import SetupError, run, step
from .debian import install
from .paths import CACHE, folder, locked

_ROLE = "xero_crm"  # Odoo refuses to run as `postgres`
_SOCKET_PATH_LIMIT = 90  # of about 107 bytes, less the file's own name
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing here can't be made again
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@contextlib.contextmanager
def running():
    """Have a PostgreSQL for the time of the block.

    :return: the environment variables that lead libpq (so Odoo and psql) to it
    :rtype: dict
    :raise SetupError: when there is none and none can be installed
    """
    if os.environ.get("PGHOST"):
        yield _named_server()
        return
    cluster = _Cluster()
    # Beside the cluster, which users of another cache folder may share.
    with open(folder(cluster.place / "locks") / "postgres-users", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()
        try:
            yield cluster.environment
        finally:
            # Only the last of its users gets the lock for itself, and stops it.
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


def sql(environment, statement, database="postgres", failure=None):
    """Run one statement with psql and return its rows as text.

    :param str failure: the sentence to say when it fails
    """
    return run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
        failure or f"PostgreSQL refused: {statement}",
        env={**os.environ, **environment},
    ).strip()


def _named_server():
    if not shutil.which("psql"):
        install("postgresql-client", purpose="psql")
    where = f"PGHOST={os.environ['PGHOST']}"
    can_create = sql(
        {"PGCONNECT_TIMEOUT": "5"},
        "SELECT rolname || '|' || (rolcreatedb OR rolsuper)"
        " FROM pg_roles WHERE rolname = current_user",
        failure=f"The PostgreSQL at {where} can't be used.",
    )
    role, _, allowed = can_create.partition("|")
    if role == "postgres" or allowed != "true":
        raise SetupError(
            f"The PostgreSQL at {where} is reached as `{role}`: set PGUSER to a role "
            "other than `postgres` that may create databases."
        )
    return {"PGUSER": role}


class _Cluster:
    """A cluster without a network port, reached through its own folder's socket."""

    def __init__(self):
        self.bin = _server_programs()
        self.owner = _owner()
        self.place = self._place()
        self.data = self.place / f"postgresql-{self.bin.parent.name}"
        self.environment = {
            "PGHOST": str(self.data),
            "PGPORT": "5432",
            "PGUSER": _ROLE,
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
        }

    def _place(self):
        # Another user than root can't look into root's home.
        place = pathlib.Path("/var/cache/xero_crm") if self.owner else CACHE
        folder(place)
        if len(str(place)) > _SOCKET_PATH_LIMIT:
            raise SetupError(
                f"The path {place} is too long for PostgreSQL's socket: "
                "set XDG_CACHE_HOME to a shorter one."
            )
        if self.owner:
            shutil.chown(place, self.owner)
        return place

    def start(self):
        """Start the server, made if need be, unless it runs."""
        with locked("postgres-start", self.place):
            if not (self.data / "PG_VERSION").exists():
                with step("Making a private PostgreSQL cluster"):
                    self._create()
            if not self._runs():
                log = self.data / "server.log"
                self._run("pg_ctl", "-w", "-s", "-l", log, "start")

    def stop(self):
        """Stop the server."""
        self._run("pg_ctl", "-w", "-s", "-m", "fast", "stop")

    def _runs(self):
        command = self._as_owner("pg_ctl", "status")
        return not subprocess.run(command, capture_output=True, cwd="/").returncode

    def _create(self):
        self._run(
            *("initdb", "-A", "trust", "-U", _ROLE, "-E", "UTF8", "--locale=C.UTF-8"),
            "--no-sync",
        )
        settings = {**_SETTINGS, "unix_socket_directories": self.data}
        with open(self.data / "postgresql.conf", "a") as config:
            for name, value in settings.items():
                config.write(f"{name} = '{value}'\n")

    def _as_owner(self, program, *arguments):
        command = [self.bin / program, "-D", self.data, *arguments]
        if self.owner:
            # PostgreSQL refuses to run as root.
            command = ["runuser", "-u", self.owner, "--", *command]
        return command

    def _run(self, program, *arguments):
        failure = f"PostgreSQL's {program} failed (see {self.data}/server.log)."
        run(self._as_owner(program, *arguments), failure, cwd="/")


def _owner():
    """Return the user that the server runs as, or None for the present one."""
    if os.geteuid():
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _server_programs():
    """Return the folder of the newest installed PostgreSQL server's programs."""
    found = _installed_servers()
    if not found:
        install("postgresql", purpose="PostgreSQL")
        found = _installed_servers()
    if not found:
        raise SetupError("PostgreSQL is missing: set PGHOST to a server's address.")
    return found[-1]


def _installed_servers():
    programs = pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return sorted((path.parent for path in programs), key=lambda p: int(p.parent.name))
