"""dev/pot: the addon's translatable texts, exported by Odoo into i18n/."""

import contextlib

from kit import odoo
from kit.cli import main
from kit.console import say, step
from kit.databases import ADDON, own_database
from kit.paths import CHECKOUT, folder


def run(_arguments):
    """Install the addon as it is now, export its texts, and return the exit status."""
    path = folder(CHECKOUT / "i18n") / f"{ADDON}.pot"
    database = own_database("pot")
    with odoo.ready() as setup, contextlib.ExitStack() as at_end:
        template = setup.installed_template()
        at_end.callback(setup.drop, database)
        setup.create(database, template)
        with step("Exporting the texts"):
            setup.call(
                *("i18n", "export", "-d", database, "-o", path, ADDON),
                failure="Odoo could not export the texts.",
            )
    say(f"{path}: {path.read_text().count(chr(10) + 'msgid ') - 1} texts")
    return 0


if __name__ == "__main__":
    main(run)
