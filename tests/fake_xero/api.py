"""The Accounting API's gate: token, tenant, scope, limits, faults, idempotency.

The order is that of the real one as far as it is known: the gateway's refusals (401,
403, 429, 503) are not kept under an Idempotency-Key, the API's own (400, 500) are.
"""

import re
import time
from urllib.parse import unquote

from . import scopes, wire
from .answer import Answer, Dropped, error_answer
from .context import Context
from .errors import (
    ApiError,
    BadRequest,
    Internal,
    NotFound,
    Problem,
    RateLimited,
    Unavailable,
)
from .resources import BY_PATH

SUBS = {"pdf", "email", "onlineinvoice", "history", "attachments"}
MAX_BODY = 10 * 1024 * 1024
MOMENT = 0.02  # seconds


def split_path(path):
    """Resource, further parts and sub-resource of a path under /api.xro/2.0/.

    :return: (resource's canonical name, list of parts, canonical sub name or None)
    """
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    resource = BY_PATH.get(parts[0].lower()) if parts else None
    name = resource.name if resource else "".join(parts[:1])
    if name == "Reports":
        return name, parts[1:], parts[1] if len(parts) > 1 else None
    if name == "Organisation":
        return name, parts[1:], parts[1] if len(parts) > 1 else None
    sub = parts[2] if len(parts) > 2 else None
    return name, parts[1:], sub


def route_of(method, path, accept=""):
    """The name under which a call is counted and faults are set: 'PUT Invoices',
    'POST Invoices/Email', 'GET Reports/ProfitAndLoss'."""
    name, parts, sub = split_path(path)
    if "application/pdf" in accept and len(parts) == 1:
        sub = "pdf"
    return f"{method} {name}/{sub}" if sub else f"{method} {name}"


class AccountingApi:
    """Answers requests under /api.xro/2.0/."""

    def __init__(self, xero):
        self.xero = xero

    def answer(self, request, path, recorded):
        """The answer to a request.

        :param request: werkzeug Request
        :param path: what follows /api.xro/2.0/
        :param recorded: state.Recorded of this request, to be completed
        :raise Dropped: when a fault closes the connection
        """
        fault = self.xero.faults.take(recorded.route)
        if fault:
            self._before(fault)
        try:
            answer = self._gate(request, path, recorded, fault)
        except ApiError as error:
            answer = error_answer(error)
        if fault:
            answer = self._after(fault, answer)
            answer.simulated_fault = fault.kind != "slow"
        answer.headers.setdefault("Xero-Correlation-Id", wire.new_guid())
        return answer

    def _before(self, fault):
        if fault.kind == "timeout_before":
            self.xero.stopping.wait(fault.seconds)
            raise Dropped
        if fault.kind == "slow":
            end = time.monotonic() + (fault.seconds or 1)
            while not fault.over and time.monotonic() < end:
                if self.xero.stopping.wait(MOMENT):
                    break

    def _after(self, fault, answer):
        if fault.kind == "timeout_after":
            self.xero.stopping.wait(fault.seconds)
            raise Dropped
        if fault.kind == "500_after":
            return error_answer(Internal())
        if fault.kind == "truncated":
            answer.body = answer.body[: len(answer.body) // 2]
        return answer

    def _gateway_fault(self, fault):
        if fault.kind == "401":
            raise Problem(401, _expired(self.xero.now))
        if fault.kind == "403":
            raise Problem(403, "AuthenticationUnsuccessful")
        if fault.kind == "503":
            raise Unavailable()
        if fault.kind == "429":
            default = "concurrent" if fault.retry_after is None else "minute"
            raise RateLimited(fault.problem or default, fault.retry_after)

    def _gate(self, request, path, recorded, fault):
        if fault:
            self._gateway_fault(fault)
        grant = self.check_token(request)
        app = self.xero.oauth.apps[grant.client_id]
        org = self._organisation(request, grant)
        recorded.tenant_id = org.tenant_id
        name, parts, sub = split_path(path)
        if not scopes.allowed(request.method, name, sub, grant.scopes):
            raise Problem(
                401,
                "AuthorizationUnsuccessful",
                {"WWW-Authenticate": 'insufficient_scope error="insufficient_scope"'},
            )
        headers = self.xero.limits.enter(app, org.tenant_id)
        try:
            if org.is_offline:
                raise Unavailable("The Organisation is offline")
            answer = self._idempotent(request, path, app, org, fault)
        except ApiError as error:
            answer = error_answer(error)
        finally:
            self.xero.limits.leave(app, org.tenant_id)
        copy = Answer(**vars(answer))
        copy.headers = {**answer.headers, **headers}
        return copy

    def check_token(self, request):
        """The grant of the bearer token.

        :raise Problem: 401
        """
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        access = self.xero.oauth.access.get(token.strip())
        if kind.lower() != "bearer" or not access:
            raise Problem(401, "AuthenticationUnsuccessful")
        if self.xero.now >= access.expires:
            raise Problem(401, _expired(access.expires))
        return access.grant

    def _organisation(self, request, grant):
        tenant_id = request.headers.get("xero-tenant-id", "")
        org = self.xero.organisations.get(tenant_id.lower())
        if not org or not self.xero.oauth.connection(grant, org.tenant_id):
            raise Problem(403, "AuthenticationUnsuccessful")
        return org

    def _idempotent(self, request, path, app, org, fault):
        body = request.get_data()
        if len(body) > MAX_BODY:
            raise BadRequest("The request is larger than 10 MB", 10)
        key = request.headers.get("Idempotency-Key")
        if not key or request.method not in ("POST", "PUT", "PATCH"):
            return self._work(request, path, app, org, body, fault)
        parts = (request.method, request.full_path, org.tenant_id, body)
        return self.xero.idempotency.run(
            app.client_id,
            key,
            parts,
            lambda: self._work(request, path, app, org, body, fault),
        )

    def _work(self, request, path, app, org, body, fault):
        if fault and fault.kind == "500":
            return error_answer(Internal())
        ctx = Context(self.xero, org, app, request.args, request.headers, body)
        if fault and fault.kind == "bad_element":
            ctx.bad_index = fault.index
        if fault and fault.kind == "unreadable":
            ctx.unreadable = fault.text
        parts = [unquote(part) for part in path.strip("/").split("/") if part]
        resource = BY_PATH.get(parts[0].lower()) if parts else None
        try:
            if not resource:
                raise NotFound()
            with org.lock:
                answer = resource.dispatch(ctx, request.method, parts[1:])
                return _negotiate(request, answer)
        except ApiError as error:
            return error_answer(error)


def _expired(moment):
    return f"TokenExpired: token expired at {moment.strftime('%m/%d/%Y %H:%M:%S')}"


def _negotiate(request, answer):
    """JSON for who asks for it; XML for who does not say, as the real one."""
    if answer.payload is None:
        return answer
    if re.search(r"json|pdf", request.headers.get("Accept", "")):
        answer.body = wire.dumps(answer.payload).encode()
    else:
        answer.body = wire.xml(answer.payload).encode()
        answer.content_type = "text/xml; charset=utf-8"
    return answer
