"""JSON without floats: amounts keep every digit, both ways.

``json.dumps`` cannot write a Decimal, and the SDK turns it into a float, which
loses digits beyond the fifteenth. So bodies are written here.
"""

import json
import math
from datetime import date, datetime
from decimal import Decimal


def dumps(value):
    """Write a payload as JSON.

    :param value: dicts with string keys, lists, tuples, strings, booleans, None,
        integers, Decimals, floats and dates (not datetimes: Xero would shift them)
    :rtype: str
    :raise TypeError: for any other type
    :raise ValueError: for NaN and infinity, which JSON does not know
    """
    if isinstance(value, dict):
        return "{" + ",".join(_member(*item) for item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal | float):
        return _number(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    if value is None or isinstance(value, str | int):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} cannot be sent to Xero")


def loads(content):
    """Read an answer; every number with a point becomes a Decimal.

    :param bytes content: the body, UTF-8
    :raise ValueError: if it is not JSON
    """
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _member(key, value):
    if not isinstance(key, str):
        raise TypeError(f"the key {key!r} of a payload is not a text")
    return f"{json.dumps(key)}:{dumps(value)}"


def _number(value):
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be sent to Xero")
    return format(value, "f") if isinstance(value, Decimal) else repr(value)


def _refuse(constant):
    raise ValueError(f"{constant} is not JSON")
