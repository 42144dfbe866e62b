"""The WSGI application: routes, request records, and the last step of each answer."""

import json
import socket

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from . import consent_page, control, identity, page
from .answer import Answer, Dropped, error_answer
from .api import AccountingApi, route_of
from .errors import ApiError
from .state import Recorded

API_PREFIX = "/api.xro/2.0/"
SECRET_HEADERS = ("authorization", "cookie")


class Application:
    """``Application(xero)`` is the WSGI callable."""

    def __init__(self, xero):
        self.xero = xero
        self.api = AccountingApi(xero)

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            response = self.respond(request)
        except Dropped:
            _drop(environ)
            raise ConnectionAbortedError("dropped by a simulated fault") from None
        return response(environ, start_response)

    def respond(self, request):
        """:return: the werkzeug Response to a Request."""
        path = request.path
        if path.startswith(API_PREFIX):
            return self._accounting(request, path[len(API_PREFIX) :])
        try:
            if path.lower().startswith(identity.PREFIXES):
                return self._identity(request)
            if path.startswith("/_control/"):
                return control.respond(self.xero, request)
            return page.respond(self.xero, request)
        except ApiError as error:
            return _response(error_answer(error))
        except HTTPException as error:
            return error.get_response(request.environ)

    def _identity(self, request):
        route = identity.route_of(request)
        recorded = self._record(request, route)
        if route == "GET authorize" or route == "POST authorize":
            response = consent_page.respond(self.xero, request)
        else:
            response = identity.respond(self.xero, self.api, request, recorded)
        recorded.status = response.status_code
        if self.xero.contract and not recorded.faulted:
            data = response.get_data()
            self.xero.contract.check_identity(route, response.status_code, data)
        return response

    def _accounting(self, request, path):
        route = route_of(request.method, path, request.headers.get("Accept", ""))
        recorded = self._record(request, route)
        answer = self.api.answer(request, path, recorded)
        recorded.status = answer.status
        contract = self.xero.contract
        if contract:
            contract.check(request, path, recorded.body, answer)
        return _response(answer)

    def _record(self, request, route):
        headers = {
            name: value
            for name, value in request.headers
            if name.lower() not in SECRET_HEADERS
        }
        recorded = Recorded(
            route,
            request.method,
            request.path,
            request.args.to_dict(),
            headers,
            _body(request, route),
        )
        self.xero.record(recorded)
        return recorded


def _body(request, route):
    """The request's body for the record: parsed JSON, or text; no secrets."""
    if route.endswith((" token", " revocation", " authorize")):
        return None
    data = request.get_data()
    if not data:
        return None
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")


def _response(answer: Answer):
    response = Response(answer.body, answer.status, answer.headers)
    if answer.content_type:
        response.headers["Content-Type"] = answer.content_type
    else:
        response.headers.pop("Content-Type", None)
    return response


def _drop(environ):
    """Close the connection, so that the client sees neither status nor body."""
    connection = environ.get("werkzeug.socket")
    if connection is None:
        return
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client has gone already
