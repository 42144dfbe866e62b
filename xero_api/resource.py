"""What the client has to know of one resource of the Accounting API."""

from dataclasses import dataclass

LARGE_PAGE = 1000
FIXED_PAGE = 100
# Xero answers 404 when the address grows too long (53 ids did it).
MAX_IDS = 40
ZERO_GUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Resource:
    """One resource, as the client has to treat it.

    :param str path: Xero's path name, which is also the resource's name here
    :param str id_field: the field that tells one document from another
    :param str echo_field: a field that we set and Xero returns, to verify an answer
    :param int page_size: the largest page, 0 where there is no paging
    :param bool sizable: whether the page size can be chosen
    :param str contacts_arg, numbers_arg, statuses_arg, search_arg: the filter arguments
        of the SDK
    :param bool bare_create: a create takes one document, not an array of them
    :param str update_by_id: an update names its document in the address, and takes
        an ``array`` of that one or the ``bare`` document; empty where it takes many
    """

    path: str
    id_field: str
    list_method: str
    one_method: str = ""
    create_method: str = ""
    update_method: str = ""
    history_method: str = ""
    echo_field: str = ""
    key: str = ""
    page_size: int = 0
    sizable: bool = True
    modified_since: bool = False
    where: bool = True
    order: bool = True
    ids: bool = False
    contacts_arg: str = ""
    numbers_arg: str = ""
    statuses_arg: str = ""
    search_arg: str = ""
    include_archived: bool = False
    unitdp: bool = False
    summarize_errors: bool = False
    bare_create: bool = False
    update_by_id: str = ""

    @property
    def collection(self):
        """The key of the array of documents in an answer.

        :rtype: str
        """
        return self.key or self.path

    @property
    def paged(self):
        """Whether the resource is read page by page.

        :rtype: bool
        """
        return bool(self.page_size)
