"""Let the official SDK build our requests, and send them ourselves.

The SDK's ``AccountingApi`` knows Xero's routes, parameters and headers and hands
each call to its ``api_client``. Ours replaces that object. So none of the SDK's own
machinery runs: no ``Configuration`` (a singleton that mixes the tokens of two
organisations and resets logging), no urllib3 pool that repeats and sleeps, no models
that choke on an unknown value or a null, no floats, no temporary files.
"""

from functools import lru_cache
from urllib.parse import quote

from .exact_json import dumps

API_PATH = "/api.xro/2.0"


@lru_cache(maxsize=1)
def _accounting_api_class():
    # Imported at the first call: it takes a third of a second, which every start of
    # Odoo would pay.
    from xero_python.accounting.api.accounting_api import AccountingApi

    return AccountingApi


def accounting_api(send, api_url):
    """Make the SDK's API object on top of our own sender.

    :param send: ``send(method, url, params=, headers=, data=)``, returns the response
    :param str api_url: the base of Xero's API
    :rtype: xero_python.accounting.AccountingApi
    """
    return _accounting_api_class()(ApiClient(send), base_url=api_url + API_PATH)


class ApiClient:
    """What ``AccountingApi`` needs of the SDK's client of the same name."""

    def __init__(self, send):
        self._send = send

    def select_header_accept(self, accepts):
        """Join the accepted types; called by the SDK."""
        return ", ".join(accepts)

    def select_header_content_type(self, content_types):
        """Choose the type of the body; called by the SDK."""
        return content_types[0]

    def call_api(
        self,
        resource_path,
        method,
        path_params=None,
        query_params=None,
        header_params=None,
        body=None,
        **_models_and_files,
    ):
        """Send what the SDK has put together; called by the SDK.

        :return: the raw answer
        :rtype: requests.Response
        """
        for name, value in (path_params or {}).items():
            resource_path = resource_path.replace(f"{{{name}}}", _segment(value))
        return self._send(
            method,
            resource_path,
            params=[(name, _text(value)) for name, value in query_params or ()],
            headers={name: _text(value) for name, value in header_params.items()},
            data=_body(body),
        )


def _body(body):
    """A file goes as it is, a document as JSON."""
    if body is None or isinstance(body, bytes):
        return body
    return dumps(body).encode()


def _segment(value):
    """One part of a path. An empty one, or dots, would address something else."""
    if not isinstance(value, str) or not value.strip() or value in (".", ".."):
        raise ValueError(f"{value!r} is not an id")
    return quote(value, safe="")


def _text(value):
    """A query parameter or header as Xero spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
