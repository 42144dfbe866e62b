"""Debian's packages: some installed on the system, Odoo only unpacked in the cache."""

import os
import pathlib
import re
import shutil
import sys

from .console import SetupError, run, step
from .paths import CACHE, folder, locked

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Odoo's web assets are links into these packages of Debian. Font Awesome must be 4.7:
# the file names of later versions differ.
_ODOO_PACKAGES = [
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-font-awesome/bookworm",
]


def _as_root(command):
    """Return the command as it must be called to have root's rights, or None."""
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        return None
    # With no terminal nobody can type a password.
    return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]


def install(*packages, purpose):
    """Install packages of the machine's own Debian release.

    :param str purpose: what they are needed for, to say when it can't be done
    :raise SetupError: when they can't be installed
    """
    wanted = " ".join(packages)
    failure = f"{purpose} is missing: run `apt-get install {wanted}` as root."
    command = _as_root(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    if not shutil.which("apt-get") or command is None:
        raise SetupError(failure)
    with locked("apt"), step(f"Installing {wanted}"):
        # A lock of another apt on the machine is waited for.
        command += ["-q", "-o", "DPkg::Lock::Timeout=300"]
        run([*command, "update"], failure)
        command += ["install", "-y", "--no-install-recommends"]
        run([*command, *packages], failure)


def _debian_mirror():
    """Return the address of the Debian mirror that this machine uses."""
    etc = pathlib.Path("/etc/apt")
    files = [etc / "sources.list", *sorted(etc.glob("sources.list.d/*"))]
    for path in files:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        for line in path.read_text(errors="replace").splitlines():
            for word in () if line.lstrip().startswith("#") else line.split():
                if re.search(r"/debian(\.list|/?)$", word) and ":" in word:
                    return word
    raise SetupError(
        "No Debian mirror is named in /etc/apt, so Odoo 19 can't be downloaded: "
        "set ODOO_HOME to a folder that holds Odoo 19."
    )


def _private_apt():
    """Return an apt-get that sees sid and bookworm, apart from the system's own."""
    base = folder(CACHE / "apt")
    folder(base / "lists" / "partial")
    folder(base / "cache" / "archives" / "partial")
    signed = f" signed-by={_KEYRING}" if os.path.exists(_KEYRING) else ""
    mirror = _debian_mirror()
    (base / "sources.list").write_text(
        "".join(
            f"deb [target=Packages{signed}] {mirror} {suite} main\n"
            for suite in ("sid", "bookworm")
        )
    )
    options = {
        "Dir::Etc::SourceList": base / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": base / "lists",
        "Dir::Cache": base / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "3",
    }
    return ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]


def odoo_root():
    """Return the folder that holds Odoo 19, downloaded and unpacked at the first call.

    Nothing of sid is installed on the system: the packages are only unpacked.
    """
    root = CACHE / "odoo-19"
    with locked("odoo"):
        if root.is_dir():
            return root
        if not shutil.which("apt-get"):
            raise SetupError(
                "Odoo 19 comes from Debian and this machine has no apt-get: "
                "set ODOO_HOME to a folder that holds Odoo 19."
            )
        with step("Downloading Odoo 19 (about 130 MB)"):
            _download(folder(CACHE / "apt" / "packages"))
        with step("Unpacking Odoo 19"):
            part = CACHE / "odoo-19.part"
            shutil.rmtree(part, ignore_errors=True)
            for package in sorted((CACHE / "apt" / "packages").glob("*.deb")):
                run(["dpkg", "-x", package, part], f"{package.name} is damaged.")
            _link_inside(part)
            names = [path.name for path in (CACHE / "apt" / "packages").iterdir()]
            (part / "version").write_text("\n".join(sorted(names)))
            part.rename(root)
        shutil.rmtree(CACHE / "apt")
    return root


def _download(target):
    failure = "Odoo 19 could not be downloaded from Debian's mirror."
    apt = _private_apt()
    run([*apt, "update"], failure)
    run([*apt, "download", *_ODOO_PACKAGES], failure, cwd=target)


def _link_inside(root):
    """Point the packages' absolute links at the unpacked files."""
    for path in root.rglob("*"):
        if path.is_symlink() and os.path.isabs(os.readlink(path)):
            inside = root / os.readlink(path).lstrip("/")
            path.unlink()
            path.symlink_to(os.path.relpath(inside, path.parent))
