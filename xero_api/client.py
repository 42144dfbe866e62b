"""The one client of the Accounting API: dicts in, dicts out, typed errors."""

from .allocations import AllocationCalls
from .answers import Usage, malformed, read_documents, read_page
from .elements import read_elements
from .errors import XeroNotFoundError
from .follow_up import FollowUpCalls
from .groups import GroupCalls
from .query import (
    create_arguments,
    filters,
    format_modified_since,
    paging,
    unit_decimals,
    update_arguments,
    write_options,
)
from .refusals import error_from
from .resource import LARGE_PAGE, MAX_IDS
from .resources import get_resource
from .sdk import accounting_api
from .transport import API_URL, HEADER_VALUE, BearerAuth, Transport, clean_base


class XeroClient(AllocationCalls, FollowUpCalls, GroupCalls):
    """Calls on one organisation with one access token.

    Each call is sent once, waits for nothing and raises one of this package's errors
    unless Xero did what was asked. Use one client per job and thread.

    :param str access_token: as the token endpoint gave it
    :param str tenant_id: the organisation
    :param str api_url: base of the addresses, https or on this machine
    :param tuple timeout: seconds to connect and to wait for the answer
    :param on_usage: called with a ``Usage`` after every answer; must not raise
    """

    def __init__(
        self,
        access_token,
        tenant_id,
        *,
        api_url=API_URL,
        timeout=(5, 60),
        on_usage=None,
    ):
        if not HEADER_VALUE.fullmatch(tenant_id or ""):
            raise ValueError("A tenant is needed")
        self._tenant_id = tenant_id
        self._secrets = (access_token,)
        self._on_usage = on_usage
        self._transport = Transport(BearerAuth(access_token), timeout, self._secrets)
        self._api_url = clean_base(api_url)
        self._api = None

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.close()

    def close(self):
        """Close the idle connections to Xero."""
        self._transport.close()

    # === READING === #

    def get_page(
        self,
        resource,
        *,
        page=1,
        page_size=LARGE_PAGE,
        modified_since=None,
        include_archived=False,
        where=None,
        order=None,
        ids=None,
        contact_ids=None,
        numbers=None,
        statuses=None,
        search=None,
    ):
        """Read one page of a resource.

        What a resource cannot do at all (pages, ``If-Modified-Since``, archived
        documents) is left out; a filter that it does not have is an error, because
        leaving it out would answer something else.

        :param str resource: Xero's path name, e.g. ``Contacts``
        :param int page: from 1
        :param int page_size: at most 1,000, cut to what the resource allows
        :param datetime modified_since: only what changed since (naive means UTC)
        :param bool include_archived: archived documents too
        :param str where: Xero's filter expression, see :func:`where_equals`
        :param str order: e.g. ``UpdatedDateUTC ASC``
        :param ids: at most 40 ids
        :param contact_ids: at most 40 ids of contacts whose invoices to read;
            of one contact for quotes
        :param numbers: at most 40 document numbers
        :param statuses: Xero's statuses; Quotes and PurchaseOrders take one
        :param str search: Xero's own text search
        :return: one page; un-paged resources answer one, 304 an empty one
        :rtype: Page
        :raise ValueError: for a filter that the resource does not have
        :raise XeroError: as the errors of this package say
        """
        route = get_resource(resource)
        options = paging(route, page, page_size) | unit_decimals(route)
        options |= filters(
            route,
            where=where,
            order=order,
            ids=ids,
            contact_ids=contact_ids,
            numbers=numbers,
            statuses=statuses,
            search=search,
        )
        if modified_since and route.modified_since:
            options["if_modified_since"] = format_modified_since(modified_since)
        if include_archived and route.include_archived:
            options["include_archived"] = True
        response = self._call(route.list_method, **options)
        return read_page(response, route, page)

    def get_by_ids(self, resource, ids):
        """Read documents by their ids, archived ones too.

        Costs a call for 40 ids where the resource has an id filter (Contacts,
        Invoices), else a call per id.

        :param str resource: Xero's path name
        :param ids: Xero ids, each read once
        :return: the documents that exist, in no particular order
        :rtype: list[dict]
        """
        wanted = list(dict.fromkeys(ids))
        if not get_resource(resource).ids:
            found = (self._find(resource, xero_id) for xero_id in wanted)
            return [document for document in found if document]
        documents = []
        for start in range(0, len(wanted), MAX_IDS):
            page = self.get_page(
                resource, ids=wanted[start : start + MAX_IDS], include_archived=True
            )
            documents.extend(page.items)
        return documents

    def get_one(self, resource, xero_id):
        """Read one document with all its fields.

        :param str resource: Xero's path name
        :param str xero_id: its id; Xero also takes an invoice or contact number and
            an item's code
        :rtype: dict
        :raise XeroNotFoundError: if there is none
        """
        route = get_resource(resource)
        if not route.one_method:
            raise ValueError(f"Xero gives no single {resource}")
        response = self._call(route.one_method, xero_id, **unit_decimals(route))
        _body, documents = read_documents(response, route.collection)
        if not documents:
            raise XeroNotFoundError(f"Xero has no such document in {resource}.")
        if not isinstance(documents[0], dict):
            raise malformed(response)
        return documents[0]

    # === WRITING === #

    def create(self, resource, payloads, *, idempotency_key):
        """Create documents, never change one (PUT).

        :param str resource: Xero's path name
        :param list[dict] payloads: the documents; Decimals are sent exactly
        :param str idempotency_key: 1 to 128 characters, of these payloads only
        :return: what became of each, in the same order
        :rtype: list[Element]
        :raise XeroTransientError: ``outcome_unknown`` when they may have been created
        """
        route = get_resource(resource)
        payloads = list(payloads)
        args = create_arguments(route, payloads)
        return self._write(route, route.create_method, args, payloads, idempotency_key)

    def update(self, resource, payloads, *, idempotency_key):
        """Change documents that exist (POST), named by their ids.

        A POST without an id would overwrite whatever document has that name or
        number, so it is refused here.

        :param str resource: Xero's path name
        :param list[dict] payloads: each with its id and what is to change
        :param str idempotency_key: 1 to 128 characters, of these payloads only
        :return: what became of each, in the same order
        :rtype: list[Element]
        :raise ValueError: if a payload has no id
        :raise XeroTransientError: ``outcome_unknown`` when it may have been done
        """
        route = get_resource(resource)
        payloads = list(payloads)
        args = update_arguments(route, payloads)
        return self._write(route, route.update_method, args, payloads, idempotency_key)

    # === HELPERS === #

    def _write(self, route, method, args, payloads, idempotency_key):
        options = write_options(route, method, idempotency_key)
        response = self._call(method, *args, **options)
        return read_elements(response, route, payloads)

    def _find(self, resource, xero_id):
        try:
            return self.get_one(resource, xero_id)
        except XeroNotFoundError:
            return None

    def _call(self, method, *args, **options):
        """Call the SDK's method of this name and return Xero's raw answer."""
        if self._api is None:
            self._api = accounting_api(self._send, self._api_url)
        return getattr(self._api, method)(self._tenant_id, *args, **options)

    def _send(self, method, url, **request):
        response = self._transport.request(method, url, **request)
        if self._on_usage:
            self._on_usage(Usage.from_headers(response.headers))
        if 200 <= response.status_code < 300 or response.status_code == 304:
            return response
        raise error_from(response, secrets=self._secrets)
