"""What the tests over HTTP share: calls as a browser makes them, and the consent."""

from urllib.parse import urlsplit

from odoo.tests.common import HttpCase

from .common import XeroCommonMixin


class RpcError(Exception):
    """What the server answered instead of a result.

    :param str name: class of the exception, e.g. 'odoo.exceptions.AccessError'
    """

    def __init__(self, data):
        super().__init__(data["message"])
        self.name = data["name"].rpartition(".")[2]
        self.debug = data["debug"]


class XeroHttpCase(XeroCommonMixin, HttpCase):
    """HttpCase with a live connection."""

    def login(self, user):
        """Open a new session for a user of the tests."""
        self.authenticate(user.login, user.login)

    def rpc(self, model, method, *args, **kwargs):
        """Call a method as the web client does.

        :return: the result
        :raise RpcError: what the person would see
        """
        self.env.flush_all()
        answer = self.opener.post(
            f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                },
            },
            timeout=30,
        ).json()
        self.env.invalidate_all()
        if "error" in answer:
            raise RpcError(answer["error"]["data"])
        return answer["result"]

    def assertRefused(self, model, method, *args, error="AccessError", **kwargs):
        """Assert that a call is refused, and return the sentence."""
        with self.assertRaises(RpcError) as caught, self.assertLogs(level="WARNING"):
            self.rpc(model, method, *args, **kwargs)
        self.assertEqual(caught.exception.name, error, caught.exception.debug)
        return str(caught.exception)

    # === THE CONSENT === #

    def press_connect(self, connection=None):
        """Press Connect as the user who is logged in; return Xero's address."""
        connection = connection or self.connection
        action = self.rpc("xero.connection", "action_connect", connection.ids)
        self.assertEqual(action["type"], "ir.actions.act_url")
        return action["url"]

    def come_back(self, url):
        """Follow Xero's redirect to Odoo; return the answer, not followed further."""
        parts = urlsplit(url)
        answer = self.url_open(f"{parts.path}?{parts.query}", allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def consent(self, connection=None, tenants=None, allow=True):
        """Press Connect, allow access in Xero, come back."""
        url = self.press_connect(connection)
        tenant_ids = [org.tenant_id for org in tenants or [self.org]]
        return self.come_back(self.xero.consent(url, tenant_ids, allow))
