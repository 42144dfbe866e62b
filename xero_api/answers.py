"""Read Xero's answers: pages, limits left, the server's clock.

Plain dicts go out, never the SDK's models: those lose a whole page over one unknown
enum value or null.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from .errors import XeroTransientError
from .exact_json import loads

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MS_DATE = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/")


@dataclass(frozen=True)
class Usage:
    """Calls left, as told by the headers of an answer; None where not told."""

    day_remaining: int | None = None
    minute_remaining: int | None = None
    app_minute_remaining: int | None = None

    @classmethod
    def from_headers(cls, headers):
        """Read the headers.

        :param headers: of an answer, case-insensitive
        :rtype: Usage
        """
        return cls(
            _to_int(headers.get("X-DayLimit-Remaining")),
            _to_int(headers.get("X-MinLimit-Remaining")),
            _to_int(headers.get("X-AppMinLimit-Remaining")),
        )


@dataclass(frozen=True)
class Page:
    """One page of documents.

    :param tuple[dict] items: the documents as Xero wrote them
    :param int page_count: stop after this page, not at a short one
    :param datetime server_time: Xero's clock (aware, UTC) when it answered
    :param int unreadable: elements that were no document at all, left out of items
    """

    items: tuple
    page: int
    page_count: int
    item_count: int
    server_time: datetime
    unreadable: int = 0

    @property
    def is_last(self):
        """Whether no page follows.

        :rtype: bool
        """
        return self.page >= self.page_count


def read_documents(response, collection):
    """Read the array of documents of an answer.

    :param requests.Response response: a 2xx answer
    :param str collection: the array's key
    :return: the whole body and the array, of whatever its elements are
    :rtype: tuple[dict, list]
    :raise XeroTransientError: if the body is cut off or not what it should be
    """
    try:
        body = loads(response.content)
    except ValueError:
        body = None
    documents = body.get(collection) if isinstance(body, dict) else None
    if not isinstance(documents, list):
        raise malformed(response)
    return body, documents


def malformed(response):
    """Build the error for a 2xx answer that cannot be used.

    :param requests.Response response: the answer
    :rtype: XeroTransientError
    """
    return XeroTransientError(
        "Xero's answer could not be read.",
        status=response.status_code,
        correlation_id=response.headers.get("Xero-Correlation-Id"),
        detail=f"{len(response.content)} bytes of "
        f"{response.headers.get('Content-Type', 'no type')}",
        outcome_unknown=response.request.method != "GET",
    )


def read_page(response, resource, page):
    """Read one page.

    :param requests.Response response: a 2xx answer, or 304 (nothing has changed)
    :param Resource resource: what was asked for
    :param int page: the page asked for
    :rtype: Page
    :raise XeroTransientError: if the answer is malformed
    """
    if response.status_code == 304:
        return Page((), page, page, 0, server_time(response))
    body, documents = read_documents(response, resource.collection)
    items = tuple(document for document in documents if isinstance(document, dict))
    page_count, item_count = _page_count(body, documents, resource, page)
    return Page(
        items=items,
        page=page,
        page_count=page_count,
        item_count=item_count,
        server_time=server_time(response, body),
        unreadable=len(documents) - len(items),
    )


def server_time(response, body=None):
    """When Xero answered, by its own clock.

    :param requests.Response response: any answer
    :param dict | None body: its parsed body
    :return: aware, UTC; our own clock only if Xero told nothing
    :rtype: datetime
    """
    match = MS_DATE.fullmatch(str((body or {}).get("DateTimeUTC", "")))
    if match:
        return EPOCH + timedelta(milliseconds=int(match[1]))
    # The envelope is Xero's own clock; this header may be that of a gateway.
    try:
        told = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return datetime.now(timezone.utc) - response.elapsed
    # An offset of -0000 reads as naive; it means UTC.
    return told.replace(tzinfo=told.tzinfo or timezone.utc).astimezone(timezone.utc)


def _page_count(body, documents, resource, page):
    """Number of pages and of documents, from ``pagination`` where there is one."""
    if not resource.paged:
        return 1, len(documents)
    pagination = body.get("pagination")
    if isinstance(pagination, dict):
        page_count = _to_int(pagination.get("pageCount"))
        item_count = _to_int(pagination.get("itemCount"))
        if page_count is not None:
            return page_count, len(documents) if item_count is None else item_count
    # Without it the size of a page is not certain: go on until one is empty, except
    # where Xero's size is fixed.
    full = len(documents) >= (1 if resource.sizable else resource.page_size)
    return page + 1 if full else page, len(documents)


def _to_int(value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if math.isfinite(number) else None
