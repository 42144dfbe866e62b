"""The OpenAPI files, made strict: unknown properties refused, dates and ids checked."""

import copy
from functools import lru_cache
from pathlib import Path

from . import contract_rules as rules

GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
# A day in an answer is /Date(ms+0000)/; a client may send an ISO day as well.
MS_DATE = r"^/Date\(-?\d+(\+0000)?\)/$"
SENT_DATE = r"^(/Date\(-?\d+(\+0000)?\)/|\d{4}-\d{2}-\d{2}(T[0-9:.]+Z?)?)$"
ACCOUNTING = "xero_accounting.yaml"
IDENTITY = "xero-identity.yaml"
WEBHOOKS = "xero-webhooks.yaml"


@lru_cache(maxsize=4)
def load(folder, name):
    """One OpenAPI file as a dict (cached: reading takes a second)."""
    import yaml

    text = (Path(folder) / name).read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)


def strict(document, sent):
    """A copy of the schemas in which every departure is an error.

    :param dict document: an OpenAPI document
    :param bool sent: for requests (else answers)
    :return: {'components': {'schemas': ...}}
    """
    schemas = copy.deepcopy(document["components"]["schemas"])
    for name, schema in schemas.items():
        _tighten(schema, sent)
        if not sent:
            _allow(schema, rules.ANSWER_EXTRAS.get(name, ()))
            if "x-objectArrayKey" in schema or name in ("ReportWithRows",):
                _allow(schema, rules.ENVELOPE)
    if not sent:
        for name in ("HistoryRecords", "Actions", "TrackingOptions", "Attachments"):
            _allow(schemas.get(name, {}), rules.ENVELOPE)
    return {"components": {"schemas": schemas}}


def _allow(schema, names):
    for name in names:
        schema.setdefault("properties", {}).setdefault(name, {})


def _tighten(schema, sent):
    """Refuse unknown properties, check ids and dates, all the way down."""
    if "$ref" in schema:
        return
    if "properties" in schema:
        schema["additionalProperties"] = False
        for inner in schema["properties"].values():
            _tighten(inner, sent)
    if isinstance(schema.get("items"), dict):
        _tighten(schema["items"], sent)
    if schema.get("format") == "uuid":
        schema["pattern"] = GUID
    if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
        schema["pattern"] = SENT_DATE if sent else MS_DATE
    # Examples that are dates in YAML are no valid schema content.
    schema.pop("example", None)
    schema.pop("externalDocs", None)
