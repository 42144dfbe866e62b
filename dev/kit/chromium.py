"""The browser that Odoo's tours and HOOT tests run in."""

import shutil

from .debian import install

_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure():
    """Install Debian's Chromium unless a browser that Odoo knows is there."""
    if not any(shutil.which(name) for name in _NAMES):
        install("chromium", "fonts-liberation", purpose="A browser for the tests")
