"""Holds every request and answer against the official OpenAPI files.

Switched on by the environment variable XERO_OPENAPI, the folder with the files; what
departs from them is collected in ``violations``. Where it is not set, nothing is
checked and ``WHY_SKIPPED`` says so.
"""

import json
import logging
import os
import re
import threading
from pathlib import Path
from urllib.parse import unquote

from . import contract_rules as rules
from . import contract_schema as schema_files

_logger = logging.getLogger(__name__)

VARIABLE = "XERO_OPENAPI"
WHY_SKIPPED = (
    f"contract checks are skipped: set {VARIABLE} to the folder that holds "
    f"{schema_files.ACCOUNTING}"
)
# Of a long list, elements of the same shape are checked only this often.
SAMPLE = 5
METHODS = ("get", "put", "post", "delete")
PATH_PARAMETER = re.compile(r"{(\w+)}")

_contracts = {}


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


class Validators:
    """The compiled schemas of a folder; made once, shared by all servers."""

    def __init__(self, folder):
        from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
        from referencing import Registry
        from referencing.jsonschema import DRAFT4

        self.document = schema_files.load(folder, schema_files.ACCOUNTING)
        self.identity = schema_files.load(folder, schema_files.IDENTITY)
        self.webhooks = schema_files.load(folder, schema_files.WEBHOOKS)
        self._classes = {True: OAS30WriteValidator, False: OAS30ReadValidator}
        self._registry = Registry()
        for name, document in (("acc", self.document), ("id", self.identity)):
            for sent in (True, False):
                content = schema_files.strict(document, sent)
                self._registry = self._registry.with_resource(
                    f"urn:{name}:{sent}", DRAFT4.create_resource(content)
                )
        self._cache = {}
        self.routes = [
            route
            for template, item in self.document["paths"].items()
            for route in _routes(self.document, template, item)
        ]

    @classmethod
    def of(cls, folder):
        """The shared instance for a folder."""
        if folder not in _contracts:
            _contracts[folder] = cls(folder)
        return _contracts[folder]

    def errors(self, name, value, sent, document="acc"):
        """:return: list of texts on how ``value`` departs from a named schema."""
        key = (document, name, sent)
        if key not in self._cache:
            target = f"urn:{document}:{sent}#/components/schemas/{name}"
            self._cache[key] = self._classes[sent](
                {"$ref": target}, registry=self._registry
            )
        return [_text(error) for error in self._cache[key].iter_errors(value)]


def _text(error):
    place = "/".join(str(part) for part in error.absolute_path)
    return f"{place}: {error.message[:300]}"


class Route:
    """One operation of the OpenAPI file."""

    def __init__(self, document, template, method, item, operation):
        self.template, self.method = template, method
        self.operation = operation
        parts = PATH_PARAMETER.split(template)
        pattern = "".join(
            re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/]+)"
            for index, part in enumerate(parts)
        )
        self.pattern = re.compile(f"^{pattern}$")
        self.parameters = [
            _resolve(document, parameter)
            for parameter in [
                *item.get("parameters", []),
                *operation.get("parameters", []),
            ]
        ]

    def matches(self, method, path):
        """Whether the request is of this operation; ids must look like ids."""
        match = self.pattern.match(path)
        if method.lower() != self.method or not match:
            return False
        for parameter in self.parameters:
            schema = parameter["schema"]
            if parameter["in"] == "path" and schema.get("format") == "uuid":
                value = unquote(match.groupdict().get(parameter["name"], ""))
                if not re.match(schema_files.GUID, value):
                    return False
        return True

    def named(self, place):
        """{name: parameter} of those in 'query' or 'header'."""
        return {p["name"]: p for p in self.parameters if p["in"] == place}

    def request_schemas(self):
        """{content type: schema} of the request's body."""
        content = self.operation.get("requestBody", {}).get("content", {})
        return {kind: media.get("schema", {}) for kind, media in content.items()}

    def response(self, document, status):
        """The described response of a status, or None."""
        found = self.operation["responses"].get(str(status))
        return _resolve(document, found) if found else None


def _resolve(document, node):
    if "$ref" not in node:
        return node
    for part in node["$ref"].removeprefix("#/").split("/"):
        document = document[part]
    return document


def _routes(document, template, item):
    for method in METHODS:
        if method in item:
            yield Route(document, template, method, item, item[method])


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
            elif not _fits(known[name]["schema"], value):
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
        if "application/octet-stream" in content or kind == "application/pdf":
            return []
        if not content:
            return ["a body where none is described"] if answer.body else []
        if kind not in content:
            return [f"content type {kind!r} is not one of {', '.join(content)}"]
        name = content[kind]["schema"]["$ref"].rsplit("/", 1)[1]
        payload = _sampled(json.loads(answer.body), self.exempt)
        return self.validators.errors(name, payload, False)

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
            self.note("webhook", [_text(error) for error in errors])


def _fits(schema, value):
    """Whether a query parameter's text is of its type."""
    kind = schema.get("type")
    if kind == "integer":
        return re.fullmatch(r"-?\d+", value) is not None
    if kind == "boolean":
        # The file says true/false; the real one takes the SDK's True (facts 14).
        return value.lower() in ("true", "false")
    if kind == "array":
        return all(_fits(schema["items"], part) for part in value.split(","))
    if schema.get("format") == "uuid":
        return re.match(schema_files.GUID, value) is not None
    if "enum" in schema:
        return value in schema["enum"]
    return True


def _shape(value):
    """What tells two elements apart for a schema: keys and types, all the way down."""
    if isinstance(value, dict):
        return tuple((name, _shape(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple({_shape(inner) for inner in value})
    return type(value).__name__


def _sampled(payload, exempt):
    """The payload with its long lists thinned out, and refused elements left out:
    those echo what was sent, which may be wrong in any way."""
    if not isinstance(payload, dict):
        return payload
    thin = {}
    for name, value in payload.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = _thinned(value, exempt)
        thin[name] = value
    return thin


def _thinned(elements, exempt):
    kept, seen = [], {}
    for element in elements:
        if exempt and not exempt.isdisjoint(_ids(element)):
            continue
        if element.get("StatusAttributeString") == "ERROR":
            continue
        if (
            element.get("HasValidationErrors") is True
            or element.get("HasErrors") is True
        ):
            continue
        shape = _shape(element)
        seen[shape] = seen.get(shape, 0) + 1
        if seen[shape] <= SAMPLE:
            kept.append(element)
    return kept


def _ids(element):
    return [v for k, v in element.items() if k.endswith("ID") and isinstance(v, str)]
