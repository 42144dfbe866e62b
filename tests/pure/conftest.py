"""Put the addon's root and tests/ on the path: the pure packages need no Odoo."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

# Nothing is left in the checkout, and where nobody looks on, each run is the same.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "xero_crm_hypothesis")
settings.register_profile(
    "xero_crm",
    database=None,
    derandomize="CI" in os.environ,
    max_examples=int(os.environ.get("XERO_EXAMPLES") or 40),
)
settings.load_profile("xero_crm")

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tests", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture(scope="session")
def fake_xero_server():
    """One simulator for the session; tests get it fresh through ``fake_api``."""
    from fake_xero import FakeXeroServer

    with FakeXeroServer() as server:
        yield server


@pytest.fixture
def fake_api(fake_xero_server):
    """A client of an organisation with reference data only; afterwards nothing may
    have departed from Xero's OpenAPI file unless the test has looked at it."""
    from fake_xero_api import CALLBACK, CLIENT, Api

    xero = fake_xero_server.xero
    xero.reset()
    xero.oauth.apps.clear()
    xero.add_app(*CLIENT, [CALLBACK], scopes="both")
    api = Api(fake_xero_server, xero.add_organisation())
    yield api
    violations = list(xero.contract_violations)
    xero.clear_faults()
    assert not violations, "\n".join(violations)
