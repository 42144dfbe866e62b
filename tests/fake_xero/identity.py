"""Token, revocation and connections endpoints."""

import base64
import binascii

from werkzeug.wrappers import Response

from . import wire
from .answer import JSON, Dropped
from .errors import ApiError, Internal, NotFound, Problem, RateLimited, Unavailable
from .oauth_grants import TokenError

PREFIXES = ("/identity/connect/authorize", "/connect/", "/connections")


def route_of(request):
    """The name for counters and faults: 'POST token', 'GET connections', ..."""
    parts = request.path.lower().strip("/").split("/")
    name = "connections" if parts[0] == "connections" else parts[-1]
    return f"{request.method} {name}"


def respond(xero, api, request, recorded):
    """The response of these endpoints."""
    route = recorded.route
    try:
        fault = xero.faults.take(route)
        if fault:
            recorded.faulted = True
            _before(xero, fault)
        response = _work(xero, api, request, route)
        return _after(xero, fault, response) if fault else response
    except TokenError as error:
        return _json({"error": error.code}, 400)
    except ApiError as error:
        response = Response(error.body(), error.status, error.headers)
        response.headers["Content-Type"] = error.content_type or "text/plain"
        return response


def _before(xero, fault):
    if fault.kind in ("timeout_before", "slow"):
        xero.stopping.wait(fault.seconds)
    if fault.kind == "timeout_before":
        raise Dropped
    if fault.kind in ("401", "403"):
        raise Problem(int(fault.kind), "AuthenticationUnsuccessful")
    if fault.kind == "429":
        raise RateLimited(fault.problem or "minute", fault.retry_after)
    if fault.kind == "500":
        raise Internal()
    if fault.kind == "503":
        raise Unavailable()


def _after(xero, fault, response):
    if fault.kind == "timeout_after":
        xero.stopping.wait(fault.seconds)
        raise Dropped
    if fault.kind == "500_after":
        raise Internal()
    if fault.kind == "truncated":
        data = response.get_data()
        response.set_data(data[: len(data) // 2])
    return response


def _work(xero, api, request, route):
    if route == "POST token":
        return _token(xero, request)
    if route == "POST revocation":
        return _revocation(xero, request)
    if route == "GET connections":
        return _connections(xero, api, request)
    if route == "DELETE connections":
        return _delete_connection(xero, api, request)
    raise NotFound()


def _json(payload, status=200):
    return Response(wire.dumps(payload), status, content_type=JSON)


def _credentials(request):
    """Client id and secret from HTTP Basic or the form."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise TokenError("invalid_client") from None
        client_id, _, secret = text.partition(":")
        return client_id, secret
    return request.form.get("client_id"), request.form.get("client_secret")


def _token(xero, request):
    app = xero.oauth.client(*_credentials(request))
    grant_type = request.form.get("grant_type")
    if grant_type == "authorization_code":
        return _json(xero.oauth.exchange(app, request.form))
    if grant_type == "refresh_token":
        token = request.form.get("refresh_token", "")
        return _json(xero.oauth.refresh(app, token))
    raise TokenError("unsupported_grant_type")


def _revocation(xero, request):
    app = xero.oauth.client(*_credentials(request))
    xero.oauth.revoke(app, request.form.get("token", ""))
    return Response(b"", 200)


def _connections(xero, api, request):
    grant = api.check_token(request)
    event = request.args.get("authEventId")
    connections = xero.oauth.granted_connections(grant)
    chosen = [c for c in connections if not event or c.auth_event_id == event.lower()]
    return _json([_connection(xero, connection) for connection in chosen])


def _connection(xero, connection):
    return {
        "id": connection.id,
        "authEventId": connection.auth_event_id,
        "tenantId": connection.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": xero.organisations[connection.tenant_id].name,
        "createdDateUtc": _moment(connection.created),
        "updatedDateUtc": _moment(connection.updated),
    }


def _moment(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def _delete_connection(xero, api, request):
    grant = api.check_token(request)
    connection_id = request.path.strip("/").split("/")[-1].lower()
    if not xero.oauth.delete_connection(grant, connection_id):
        raise NotFound()
    return Response(b"", 204)
