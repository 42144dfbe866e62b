"""Check and spell the arguments of a call, as the resource's route takes them."""

import re
import uuid
from datetime import timezone

from .resource import MAX_IDS

UNIT_DECIMALS = 4
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")


def where_equals(field, value):
    """Write a filter expression, for the ``where`` of ``get_page``.

    Xero compares texts without regard to case.

    :param str field: e.g. ``EmailAddress``
    :param str value: any text without a double quote, for which Xero has no escape
    :rtype: str
    :raise ValueError: if the value cannot be expressed
    """
    if '"' in value:
        raise ValueError("Xero cannot filter by a text with a double quote")
    return f'{field}=="{value}"'


def where_one_of(field, ids):
    """Write a filter expression for documents of which an id is one of some.

    :param str field: e.g. ``Contact.ContactID``
    :param ids: Xero's ids, at least one
    :rtype: str
    :raise ValueError: if one of them is no id
    """
    return " OR ".join(f'{field}==Guid("{uuid.UUID(id_)}")' for id_ in ids)


def check_key(idempotency_key):
    """Check a key before it becomes a header.

    :param str idempotency_key: visible ASCII, 1 to 128 characters (OpenAPI file)
    :rtype: str
    :raise ValueError: for anything else
    """
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key or ""):
        raise ValueError("An idempotency key has 1 to 128 visible ASCII characters")
    return idempotency_key


def paging(route, page, page_size):
    """Spell the page to read.

    Sent on every paged read: without a page Xero leaves out the lines of documents
    and several fields of contacts.

    :param Resource route: what is read
    :param int page: from 1
    :param int page_size: cut to what the resource allows
    :rtype: dict
    :raise ValueError: for a page that cannot exist
    """
    if page < 1 or page_size < 1 or (page > 1 and not route.paged):
        raise ValueError(f"{route.path} have no page {page} of {page_size}")
    if not route.paged:
        return {}
    if not route.sizable:
        return {"page": page}
    return {"page": page, "page_size": min(page_size, route.page_size)}


def unit_decimals(route):
    """Ask for unit prices of four decimals instead of two, where that is a choice.

    :param Resource route: what is read or written
    :rtype: dict
    """
    return {"unitdp": UNIT_DECIMALS} if route.unitdp else {}


def filters(route, **asked):
    """Spell the filters as the SDK's arguments.

    :param Resource route: what is read
    :param asked: filters by their names in ``get_page``; None where not asked
    :rtype: dict
    :raise ValueError: for a filter that the resource does not have, or cannot take
    """
    arguments = {
        "where": "where" if route.where else "",
        "order": "order" if route.order else "",
        "ids": "i_ds" if route.ids else "",
        "contact_ids": route.contacts_arg,
        "numbers": route.numbers_arg,
        "statuses": route.statuses_arg,
        "search": route.search_arg,
    }
    options = {}
    for name, value in asked.items():
        if value is None:
            continue
        argument = arguments[name]
        if not argument:
            raise ValueError(f"{route.path} cannot be filtered by {name}")
        is_text = name in ("where", "order", "search")
        options[argument] = value if is_text else _listed(argument, value)
    return options


def format_modified_since(moment):
    """Write a moment for ``If-Modified-Since``: UTC, whole seconds, no zone.

    :param datetime moment: aware, or naive and then UTC as everywhere in Odoo
    :return: e.g. ``2026-11-23T09:05:07``; cut, not rounded, so that nothing is missed
    :rtype: str
    """
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def create_arguments(route, payloads):
    """Check the documents to create.

    :param Resource route: what is written
    :param list[dict] payloads: the documents
    :return: the SDK's positional arguments after the tenant
    :rtype: tuple
    :raise ValueError: if they cannot be sent in one call
    """
    if not route.create_method:
        raise ValueError(f"{route.path} cannot be created in Xero")
    _check_count(route, payloads, one_only=route.bare_create)
    return (payloads[0] if route.bare_create else {route.collection: payloads},)


def update_arguments(route, payloads):
    """Check the documents to change.

    :param Resource route: what is written
    :param list[dict] payloads: the documents, each with its id
    :return: the SDK's positional arguments after the tenant
    :rtype: tuple
    :raise ValueError: if one has no id, or they cannot be sent in one call
    """
    if not route.update_method:
        raise ValueError(f"{route.path} cannot be changed in Xero")
    _check_count(route, payloads, one_only=bool(route.update_by_id))
    if not all(payload.get(route.id_field) for payload in payloads):
        raise ValueError(f"A document to update has no {route.id_field}")
    if not route.update_by_id:
        return ({route.collection: payloads},)
    body = {route.collection: payloads}
    if route.update_by_id == "bare":
        body = {
            name: value for name, value in payloads[0].items() if name != route.id_field
        }
    return payloads[0][route.id_field], body


def write_options(route, method, idempotency_key):
    """Spell the options of a write.

    :param Resource route: what is written
    :param str method: the SDK's method
    :param str idempotency_key: see :func:`check_key`
    :rtype: dict
    """
    options = {"idempotency_key": check_key(idempotency_key)} | unit_decimals(route)
    by_id = route.update_by_id and method == route.update_method
    if route.summarize_errors and not by_id:
        # Without this one bad document makes Xero refuse all of them.
        options["summarize_errors"] = False
    return options


def _check_count(route, payloads, one_only):
    if not payloads:
        raise ValueError("There is nothing to write")
    if one_only and len(payloads) > 1:
        raise ValueError(f"{route.path} are written one at a time")


def _listed(argument, values):
    """A list filter; Xero separates its values by commas."""
    values = [values] if isinstance(values, str) else list(values)
    plural = argument.endswith("s") and argument != "status"
    if len(values) > (MAX_IDS if plural else 1):
        raise ValueError(f"{len(values)} values are too many for one call")
    if not values or not all(values):
        # An empty filter would answer everything.
        raise ValueError("A list filter needs values")
    if plural and any("," in value for value in values):
        raise ValueError("A value with a comma cannot be in a list; use where")
    return values if plural else values[0]
