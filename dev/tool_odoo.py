"""dev/odoo: Odoo's own command line in the set-up of this checkout."""

import signal
import subprocess

from kit import odoo
from kit.cli import main
from kit.paths import free_port

_PROGRAMS = ("psql", "pg_dump", "python")


def run(arguments):
    """Run what the command line asks for and return its exit status."""
    with odoo.ready() as setup:
        if arguments[:1] == ["new"]:
            setup.create(arguments[1], setup.base_template())
            return 0
        if arguments[:1] == ["dropdb"]:
            setup.drop(arguments[1])
            return 0
        command = _command(setup, arguments)
        with subprocess.Popen(command, env=setup.environment) as child:
            # Ctrl-C goes to the child as well, which knows how to end.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            return child.wait()


def _command(setup, arguments):
    if arguments[:1] == ["python"]:
        return [str(setup.python), *arguments[1:]]
    if arguments and arguments[0] in _PROGRAMS:
        return arguments
    command = setup.command(*arguments)
    own_port = any(a.startswith(("-p", "--http-port", "--no-http")) for a in arguments)
    serves = not arguments or arguments[0].startswith("-")
    if serves and not own_port:
        command.append(f"--http-port={free_port(8069)}")
    return command


if __name__ == "__main__":
    main(run)
