"""What of an answer is checked, and whether a query parameter is of its type."""

import re

from . import contract_schema as schema_files

# Of a long list, elements of the same shape are checked only this often.
SAMPLE = 5


def _shape(value):
    """What tells two elements apart for a schema: keys and types, all the way down."""
    if isinstance(value, dict):
        return tuple((name, _shape(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return tuple({_shape(inner) for inner in value})
    return type(value).__name__


def sampled(payload, exempt):
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


def fits(schema, value):
    """Whether a query parameter's text is of its type."""
    kind = schema.get("type")
    if kind == "integer":
        return re.fullmatch(r"-?\d+", value) is not None
    if kind == "boolean":
        # The file says true/false; the real one takes the SDK's True (facts 14).
        return value.lower() in ("true", "false")
    if kind == "array":
        return all(fits(schema["items"], part) for part in value.split(","))
    if schema.get("format") == "uuid":
        return re.match(schema_files.GUID, value) is not None
    if "enum" in schema:
        return value in schema["enum"]
    return True
