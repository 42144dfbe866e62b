"""Databases: made in a second from templates that are made once."""

import ast
import hashlib
import os
import shutil

from . import postgres
from .console import step
from .paths import CACHE, CHECKOUT, KEY, digest, folder, locked

ADDON = "xero_crm"
DEV_ADDON = "dev_web_assets"
DATA_DIR = CACHE / "data"  # Odoo's: stored files and sessions
# A change in these does not change what is installed.
_NOT_INSTALLED = ("dev", "tests", "README.rst")
# What a first visitor, or the first browser test, would wait for.
_BUILD_ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


class Databases:
    """The databases of one Odoo; see `kit.odoo.Odoo` for its attributes."""

    def sql(self, statement, database="postgres"):
        """Run one statement and return its rows as text."""
        return postgres.sql(self.environment, statement, database)

    def names(self, prefix):
        """Return the names of the databases that begin so."""
        return self.sql(
            f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
        ).split()

    def drop(self, database):
        """Drop a database, if it exists, and its files."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(_files(database), ignore_errors=True)

    def create(self, database, template):
        """Make a database anew; one that has this name is dropped.

        :param str database: its name
        :param str template: the name of what it is a copy of
        """
        self.drop(database)
        with locked(template):  # PostgreSQL copies only what nobody uses
            self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        if _files(template).exists():
            # Odoo never changes a stored file in place, so that links are enough.
            shutil.copytree(_files(template), _files(database), copy_function=os.link)

    def base_template(self):
        """Return a template with what the addon depends on, and demo data."""
        depends = _dependencies()
        # Its files lie in the cache: each cache has a template of its own.
        name = f"{ADDON}_template_{digest(self.version, str(CACHE), *depends)}"

        def install(database):
            modules = [*depends, DEV_ADDON]
            with step(f"Making a database with {', '.join(modules)} and demo data"):
                self.drop(database)
                self._install(modules, database, "--with-demo")

        return self._template(name, install)

    def installed_template(self):
        """Return a template with the addon as it is now, and demo data."""
        base = self.base_template()
        prefix = f"{ADDON}_installed_{KEY}_"
        name = prefix + digest(base, _source_digest(), _BUILD_ASSETS)

        def install(database):
            with step(f"Installing {ADDON} on a database"):
                for old in self.names(prefix):
                    self.drop(old)
                self.create(database, base)
                output = self._install([ADDON], database)
                self.install_log(database).write_text(output)
            with step("Building web assets"):
                self._build_assets(database)

        return self._template(name, install)

    def _template(self, name, install):
        """Return the name of a template, which is made at the first call."""
        part = f"{name}_part"
        with locked(f"{name}-make"):
            if name not in self.names(name) or not _files(name).exists():
                install(part)
                self.drop(name)  # whose files were deleted with the cache
                self.sql(f'ALTER DATABASE "{part}" RENAME TO "{name}"')
                if _files(part).exists():
                    _files(part).rename(_files(name))
        return name

    def install_log(self, template):
        """Return the file with what Odoo complained of when it installed the addon.

        :param str template: the name of the database
        :rtype: pathlib.Path
        """
        return folder(_files(template)) / "install.log"

    def _install(self, modules, database, *options):
        return self.call(
            *("-d", database, "-i", ",".join(modules), *options),
            *("--stop-after-init", "--no-http", "--log-level=warn"),
            failure=f"Odoo could not install {', '.join(modules)}.",
        )

    def _build_assets(self, database):
        self.call(
            *("shell", "-d", database, "--no-http", "--log-level=warn"),
            failure="Odoo could not build its web assets.",
            input=_BUILD_ASSETS,
        )


def own_database(purpose):
    """Return the name of this checkout's database for a purpose."""
    return f"{ADDON}_{KEY}_{purpose}"


def _files(database):
    return folder(DATA_DIR / "filestore") / database


def _dependencies():
    manifest = ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())
    return sorted(manifest["depends"])


def _source_digest():
    """Return what tells a changed addon: a digest of all that is installed of it."""
    sums = hashlib.sha256()
    for path in sorted(CHECKOUT.rglob("*")):
        parts = path.relative_to(CHECKOUT).parts
        hidden = any(part.startswith((".", "__pycache__")) for part in parts)
        if not hidden and parts[0] not in _NOT_INSTALLED and path.is_file():
            sums.update(f"{parts}\0".encode() + path.read_bytes())
    return sums.hexdigest()
