"""Reading lists: If-Modified-Since, filters, order, paging (facts file section 3)."""

import bisect
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .errors import BadRequest
from .where import parse_order, parse_where, sort_rows
from .wire import EPOCH

MAX_PAGE_SIZE = 1000
DEFAULT_PAGE_SIZE = 100


def parse_modified_since(text):
    """The header as an aware datetime: ISO (naive is UTC) or the RFC form.

    :raise BadRequest: if it cannot be read
    """
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            raise BadRequest("If-Modified-Since is not a valid date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def modified_since(store, text):
    """Records changed after the header's second, in Xero's order.

    Exclusive: whether Xero's is inclusive is undocumented, a client must step back.
    """
    rows = store.ordered()
    if not text:
        return rows
    edge = int((parse_modified_since(text) - EPOCH).total_seconds() * 1000)
    return rows[bisect.bisect_right(rows, edge, key=lambda r: store.stamp_key(r)[0]) :]


def flag(args, name):
    """A boolean query parameter, in any case (the SDK sends True)."""
    return args.get(name, "").lower() == "true"


def values(args, name):
    """A comma separated query parameter as a list, None where it is absent."""
    text = args.get(name)
    if not text:
        return None
    return [part.strip() for part in text.split(",") if part.strip()]


def refine(rows, args, fields):
    """Apply ``where`` and ``order``."""
    if args.get("where"):
        predicate = parse_where(args["where"], fields)
        rows = [row for row in rows if predicate(row)]
    if args.get("order"):
        rows = sort_rows(rows, parse_order(args["order"], fields))
    return rows


def _integer(args, name, default):
    text = args.get(name)
    if text in (None, ""):
        return default
    try:
        return int(text)
    except ValueError:
        raise BadRequest(f"The {name} parameter is not a valid integer") from None


def is_paged(args):
    """Whether the call asks for pages; summaryOnly forces them."""
    return bool(args.get("page") or args.get("pageSize") or flag(args, "summaryOnly"))


def page_of(rows, args, fixed_size=None):
    """One page and its ``pagination`` block.

    :param fixed_size: for resources without pageSize (Quotes): 100
    :return: (rows of the page, block)
    """
    page = max(1, _integer(args, "page", 1))
    size = fixed_size or _integer(args, "pageSize", DEFAULT_PAGE_SIZE)
    if size < 1:
        size = DEFAULT_PAGE_SIZE
    size = min(size, MAX_PAGE_SIZE)
    count = len(rows)
    block = {
        "page": page,
        "pageSize": size,
        "pageCount": -(-count // size),
        "itemCount": count,
    }
    return rows[(page - 1) * size : page * size], block
