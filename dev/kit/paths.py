"""Where things lie: a cache that checkouts share, and a folder for each checkout."""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import socket

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DEV = CHECKOUT / "dev"


def _cache_root():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "xero_crm"


CACHE = _cache_root()
KEY = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
OWN = CACHE / "checkouts" / KEY  # of this checkout alone


def folder(path):
    """Return the path, made if need be."""
    path.mkdir(parents=True, exist_ok=True)
    return path


def digest(*parts):
    """A short key over texts: a changed part is another key."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


@contextlib.contextmanager
def locked(name, place=CACHE):
    """Let one process at a time do what several would do at once.

    :param place: the folder of what they share
    """
    with open(folder(place / "locks") / name, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def free_port(preferred=0):
    """Return the preferred loopback port when it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
    raise OSError("no free port")
