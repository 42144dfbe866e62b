"""The compiled schemas and the operations of the official OpenAPI files."""

import re
from urllib.parse import unquote

from . import contract_schema as schema_files

METHODS = ("get", "put", "post", "delete")
PATH_PARAMETER = re.compile(r"{(\w+)}")
_contracts = {}


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
        return [text_of(error) for error in self._cache[key].iter_errors(value)]


def text_of(error):
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
