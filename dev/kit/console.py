"""Progress of long steps, and the one error that a person gets to read."""

import contextlib
import subprocess
import sys
import threading
import time

_STARTED = time.monotonic()
_HEARTBEAT = 30  # seconds between signs of life where there is no terminal


class SetupError(Exception):
    """Something that is missing, told in one sentence."""


def say(text):
    """Print one line with the seconds since the start."""
    print(f"[{time.monotonic() - _STARTED:5.0f} s] {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text):
    """Tell that a long step runs, that it still runs, and how long it took."""
    began = time.monotonic()
    finished = threading.Event()
    say(f"{text} ...")

    def tell():
        while not finished.wait(_HEARTBEAT):
            say(f"  still: {text} ({time.monotonic() - began:.0f} s)")

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        finished.set()
    say(f"  done in {time.monotonic() - began:.0f} s")


def run(command, failure, **options):
    """Run a command quietly.

    :param list command: the command and its arguments
    :param str failure: the sentence to say when it fails
    :param options: those of `subprocess.run`
    :return: what it printed
    :rtype: str
    :raise SetupError: with the sentence and the last lines of the command's output
    """
    command = [str(part) for part in command]
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
    except FileNotFoundError as error:
        raise SetupError(f"{failure} ({command[0]} is not installed)") from error
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise SetupError(f"{failure}\n{tail}")
    return done.stdout
