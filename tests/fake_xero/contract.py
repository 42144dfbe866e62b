"""Holds every request and answer against the official OpenAPI files.

Switched on by the environment variable XERO_OPENAPI, the folder with the files; what
departs from them is collected in ``violations``. Where it is not set, nothing is
checked and ``WHY_SKIPPED`` says so.
"""

import json
import logging
import os
import threading
from pathlib import Path

from . import contract_rules as rules
from . import contract_schema as schema_files
from .contract_routes import Validators, text_of
from .contract_sample import fits, sampled

_logger = logging.getLogger(__name__)

VARIABLE = "XERO_OPENAPI"
WHY_SKIPPED = (
    f"contract checks are skipped: set {VARIABLE} to the folder that holds "
    f"{schema_files.ACCOUNTING}"
)


def contract_from_environment():
    """:return: a checker of its own, or None where XERO_OPENAPI is not set.

    :raise ImportError: when it is set and the validator is not installed
    :raise FileNotFoundError: when the folder lacks the files
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        _logger.info(WHY_SKIPPED)
        return None
    if not (Path(folder) / schema_files.ACCOUNTING).is_file():
        raise FileNotFoundError(f"{VARIABLE}={folder}: no {schema_files.ACCOUNTING}")
    return Contract(Validators.of(folder))


class Contract:
    """Checks the traffic of one server.

    ``exempt`` holds ids of records that a test has made odd on purpose.
    """

    def __init__(self, validators):
        self.validators = validators
        self.exempt = set()
        self.violations = []
        self.checked = 0
        self._lock = threading.Lock()

    def note(self, where, problems):
        """Collect problems under the place where they were seen."""
        with self._lock:
            self.violations += [f"{where}: {problem}" for problem in problems]

    def check(self, request, path, body, answer):
        """A request to the Accounting API and its answer.

        :param path: what follows /api.xro/2.0/
        :param body: the parsed body, or text
        :param answer: Answer
        """
        self.checked += 1
        method, full = request.method, "/" + path.strip("/")
        where = f"{method} {full}"
        route = self.route(method, full)
        if route is None:
            if answer.status != 404:
                self.note(where, ["no such operation in the OpenAPI file"])
            return
        self.note(f"{where} request", self._request(route, request, body))
        if not answer.simulated_fault:
            self.note(f"{where} answer {answer.status}", self._answer(route, answer))

    def route(self, method, path):
        """The operation of a request, or None."""
        for route in self.validators.routes:
            if route.matches(method, path):
                return route
        return None

    # --- requests -----------------------------------------------------------------

    def _request(self, route, request, body):
        problems = self._query(route, request.args)
        for name, parameter in route.named("header").items():
            value = request.headers.get(name)
            if value is None:
                if parameter.get("required") and name not in rules.IGNORED_HEADERS:
                    problems.append(f"header {name} is missing")
            elif name == "Idempotency-Key" and len(value) > 128:
                problems.append("header Idempotency-Key is longer than 128 characters")
        return problems + self._request_body(route, request, body)

    def _query(self, route, args):
        known = route.named("query")
        extras = rules.PARAMETER_EXTRAS.get((route.method, route.template), ())
        problems = []
        for name, value in args.items():
            if name in extras:
                continue
            if name not in known:
                problems.append(f"unknown query parameter {name}")
            elif not fits(known[name]["schema"], value):
                problems.append(f"query parameter {name} does not fit: {value[:80]}")
        for name, parameter in known.items():
            if parameter.get("required") and name not in args:
                problems.append(f"query parameter {name} is missing")
        return problems

    def _request_body(self, route, request, body):
        schemas = route.request_schemas()
        if not schemas:
            history = route.template.endswith("/History") and route.method == "put"
            if body is not None and not history:
                return ["a body where none is described"]
            schemas = {"application/json": {"$ref": "#/HistoryRecords"}}
            if not history:
                return []
        kind = (request.mimetype or "").lower()
        if "application/octet-stream" in schemas:
            return []
        if body is None and "RequestEmpty" in str(schemas):
            return []
        if kind not in schemas:
            return [f"content type {kind!r} is not one of {', '.join(schemas)}"]
        name = schemas[kind]["$ref"].rsplit("/", 1)[1]
        return self.validators.errors(self._element_name(name, body), body, True)

    def _element_name(self, name, body):
        """Xero takes one element without its collection (facts file section 3), and
        a collection where the file describes one element."""
        schemas = self.validators.document["components"]["schemas"]
        properties = schemas[name]["properties"]
        inner = properties.get(name, {}).get("items", {}).get("$ref")
        if inner and isinstance(body, dict) and name not in body:
            return inner.rsplit("/", 1)[1]
        if not inner and isinstance(body, dict):
            for plural in body:
                held = schemas.get(plural, {}).get("properties", {}).get(plural, {})
                if held.get("items", {}).get("$ref", "").endswith(f"/{name}"):
                    return plural
        return name

    # --- answers ------------------------------------------------------------------

    def _answer(self, route, answer):
        described = route.response(self.validators.document, answer.status)
        if described is None:
            if answer.status in rules.GATEWAY_STATUSES:
                return []
            if answer.status == 400:
                return self._error(answer)
            return ["this status is not described"]
        if answer.status == 400:
            return self._error(answer)
        kind = answer.content_type.split(";")[0]
        content = described.get("content", {})
        if "application/octet-stream" in content:
            return []
        if kind == "application/pdf":
            return self._pdf(route)
        if not content:
            return ["a body where none is described"] if answer.body else []
        if kind not in content:
            return [f"content type {kind!r} is not one of {', '.join(content)}"]
        name = content[kind]["schema"]["$ref"].rsplit("/", 1)[1]
        payload = sampled(json.loads(answer.body), self.exempt)
        return self.validators.errors(name, payload, False)

    def _pdf(self, route):
        """The file describes the PDF of a document under a path of its own, which
        carries ``x-path``: the document's, with another Accept."""
        template = f"{route.template}/pdf"
        twins = [r for r in self.validators.routes if r.template == template]
        if any(r.operation.get("x-path") == route.template for r in twins):
            return []
        return ["a PDF where none is described"]

    def _error(self, answer):
        """A 400: Error, whose Elements echo the whole element (recorded)."""
        payload = json.loads(answer.body)
        for element in payload.get("Elements", []):
            if not element.get("ValidationErrors"):
                return ["an element of a refusal without ValidationErrors"]
        payload["Elements"] = []
        return self.validators.errors("Error", payload, False)

    # --- identity and webhooks ------------------------------------------------------

    def check_identity(self, route, status, body):
        """An answer of the token or connections endpoint.

        :param route: 'GET connections', 'POST token', ...
        """
        if status != 200 or route not in ("GET connections", "POST token"):
            return
        self.checked += 1
        payload = json.loads(body)
        problems = []
        if route == "GET connections":
            for element in payload:
                problems += self.validators.errors("Connection", element, False, "id")
        else:
            for name in rules.TOKEN_EXTRAS:
                payload.pop(name, None)
            problems = self.validators.errors("AccessToken", payload, False, "id")
        self.note(f"{route} answer", problems)

    def check_webhook(self, body):
        """A webhook's body; OpenAPI 3.1, checked as JSON Schema 2020-12."""
        from openapi_schema_validator import OAS31Validator

        payload = json.loads(body)
        if not payload["events"]:
            # The intent-to-receive check has sequences 0 (facts file section 5).
            payload["firstEventSequence"] = payload["lastEventSequence"] = 1
        for event in payload["events"] or [None]:
            one = {**payload, "events": [event] if event else []}
            credit = event and event["eventCategory"] == "CREDITNOTE"
            name = "CreditNoteWebhookEvent" if credit else "WebhookEvent"
            target = {"$ref": f"#/components/schemas/{name}"}
            schema = {**self.validators.webhooks, **target}
            errors = OAS31Validator(schema).iter_errors(one)
            self.note("webhook", [text_of(error) for error in errors])
