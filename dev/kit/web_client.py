"""A person's browser, as far as the demo needs one: log in, call, follow redirects."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request

from .console import SetupError

_TIMEOUT = 120  # seconds


class WebError(SetupError):
    """What came instead of a result."""


class WebClient:
    """A session in Odoo's web client, or on the simulated Xero's pages.

    :param str url: the server's address
    """

    def __init__(self, url):
        self.url = url
        cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),  # all that is called lies on this machine
            urllib.request.HTTPCookieProcessor(cookies),
        )

    def log_in(self, database, login, password):
        """Log in; the session's cookie is kept."""
        self._json_rpc(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def call(self, model, method, *arguments, **keywords):
        """Call a model's public method as the web client does.

        :raise WebError: with the message that a person would see
        """
        return self._json_rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": keywords},
        )

    def get(self, url):
        """Open a page and return its text."""
        return self._open(url)

    def post_form(self, url, fields):
        """Send a form, follow the redirects, and return the page they lead to.

        :param list fields: pairs of name and value
        """
        return self._open(url, urllib.parse.urlencode(fields).encode())

    def post_json(self, path, values):
        """Send a JSON body to a path of the server and return the parsed answer."""
        url = self.url + path
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(values).encode(), headers)
        return json.loads(self._open(request))

    def _open(self, request, data=None):
        try:
            with self._opener.open(request, data, timeout=_TIMEOUT) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")[:300]
            raise WebError(f"{error.url} answered {error.code}: {text}") from error
        except urllib.error.URLError as error:
            url = getattr(request, "full_url", request)
            raise WebError(f"{url} could not be reached: {error.reason}") from error

    def _json_rpc(self, route, params):
        answer = self.post_json(
            route, {"jsonrpc": "2.0", "method": "call", "params": params}
        )
        if error := answer.get("error"):
            raise WebError(f"Odoo said: {error['data']['message']}")
        return answer.get("result")
