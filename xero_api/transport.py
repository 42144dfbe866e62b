"""Send one HTTP request: the only place that touches the network.

No waiting, no following of redirects, a time-out on everything. A read is tried
once more when the connection drops, which idle connections do; a write never is.
"""

import logging
import re
import time
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from ssl import SSLCertVerificationError, SSLEOFError
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
)

from .errors import XeroError, XeroTransientError
from .redact import scrub

_logger = logging.getLogger(__name__)

BAD_ADDRESS = "The address of Xero in the settings is not valid."
API_URL = "https://api.xero.com"
HEADER_VALUE = re.compile(r"[!-~]+")
USER_AGENT = "xero-crm-odoo/19.0"


def clean_base(url):
    """Check the base of Xero's addresses.

    :param str url: e.g. ``https://api.xero.com``
    :return: the same without a slash at the end
    :rtype: str
    :raise XeroError: if tokens would travel there unencrypted, or it is no base;
        typed, because a setting is wrong and not the program
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise XeroError(BAD_ADDRESS) from None
    if parts.query or parts.fragment or parts.username or not host:
        raise XeroError(BAD_ADDRESS)
    is_local = parts.scheme == "http" and _is_loopback(host)
    if parts.scheme != "https" and not is_local:
        raise XeroError(f"Xero at {host} must be reached by https.")
    return url.rstrip("/")


def clean_timeout(timeout):
    """Check a pair of time-outs; there is no call without them.

    :param tuple timeout: seconds to connect, seconds between two bytes of the answer
    :rtype: tuple[float, float]
    :raise ValueError: if one is missing or not positive
    """
    connect, read = timeout
    if not connect or not read or connect <= 0 or read <= 0:
        raise ValueError("Both time-outs must be positive numbers of seconds")
    return float(connect), float(read)


class BearerAuth(requests.auth.AuthBase):
    """Puts the access token on a request, and on nothing else."""

    def __init__(self, access_token):
        # The HTTP library would quote a token that it cannot send in its error.
        if not HEADER_VALUE.fullmatch(access_token or ""):
            raise ValueError("The access token is empty or not readable")
        self._access_token = access_token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        return request


class TimeoutAdapter(requests.adapters.HTTPAdapter):
    """Gives every request its pair of time-outs; repeats nothing.

    Set here and not on each request, because Odoo's tests, which look at every request,
    expect a single number there.
    """

    def __init__(self, timeout):
        self._timeout = timeout
        super().__init__(max_retries=0)

    def send(self, request, stream=False, timeout=None, **kwargs):
        return super().send(request, stream=stream, timeout=self._timeout, **kwargs)


class Transport:
    """A session with one party: an organisation, or Xero's sign-in.

    :param requests.auth.AuthBase auth: puts the credentials on each request
    :param tuple timeout: seconds to connect and to wait for the answer
    :param secrets: values that may appear in no error text
    """

    def __init__(self, auth, timeout, secrets=()):
        self._secrets = tuple(secrets)
        self._session = requests.Session()
        self._session.auth = auth
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # urllib3 would repeat a PUT after a dropped connection, and sleep for as
        # long as Retry-After says, inside the call.
        adapter = TimeoutAdapter(clean_timeout(timeout))
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def request(self, method, url, *, params=None, headers=None, data=None):
        """Send a request and return whatever answer comes, also a refusal.

        :param str method: GET, PUT, POST or DELETE
        :param str url: the whole address
        :param params: query parameters as a dict or pairs
        :param headers: headers of this request
        :param data: a body as bytes, or a dict for a form
        :rtype: requests.Response
        :raise XeroTransientError: when no whole answer came
        """
        error = None
        for _attempt in range(2 if method == "GET" else 1):
            started = time.monotonic()
            try:
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    headers=headers,
                    data=data,
                    allow_redirects=False,
                )
            except requests.RequestException as exc:
                error = self._translate(exc, is_write=method != "GET")
                dropped = _is_dropped(exc)
                _logger.info("%s %s: %s", method, urlsplit(url).path, error.detail)
            else:
                _log(response, method, url, time.monotonic() - started)
                return response
            if not dropped:
                break
        # Raised here and not above, so that no exception that knows the request
        # and its headers hangs on ours.
        raise error

    def close(self):
        """Close the idle connections."""
        self._session.close()

    def _translate(self, exc, is_write):
        detail = scrub(f"{type(exc).__name__}: {exc}", self._secrets)[:300]
        if isinstance(exc, ValueError):
            return XeroError(BAD_ADDRESS, detail=detail)
        message = "The connection to Xero failed."
        for reason in _reasons(exc):
            if isinstance(reason, SSLCertVerificationError):
                message = "The server at Xero's address cannot prove that it is Xero."
            elif isinstance(reason, ConnectTimeoutError | ReadTimeoutError):
                message = "Xero did not answer in time."
        unknown = is_write and not _is_unsent(exc)
        return XeroTransientError(message, outcome_unknown=unknown, detail=detail)


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _reasons(exc):
    """The exception and those that ``requests`` and urllib3 packed into it."""
    while isinstance(exc, BaseException):
        yield exc
        inner = getattr(exc, "reason", None)
        if not isinstance(inner, BaseException):
            inner = exc.args[0] if exc.args else None
        exc = inner


def _is_unsent(exc):
    """Whether the failure came before a byte of the request was sent."""
    # An SSLError alone says nothing: a TLS connection that breaks after the request
    # has been sent raises it too.
    unsent = (
        ConnectTimeoutError,
        NewConnectionError,
        ProxyError,
        SSLCertVerificationError,
    )
    return any(isinstance(reason, unsent) for reason in _reasons(exc))


def _is_dropped(exc):
    """Whether the other side closed the connection before or during the answer."""
    dropped = (ProtocolError, SSLEOFError)
    return any(isinstance(reason, dropped) for reason in _reasons(exc))


def _log(response, method, url, seconds):
    # Without the query, which may hold names of people.
    _logger.debug(
        "%s %s: %s in %.2f s, correlation %s",
        method,
        urlsplit(url).path,
        response.status_code,
        seconds,
        response.headers.get("Xero-Correlation-Id", "-"),
    )
