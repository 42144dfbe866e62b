"""Who is in a contact group: the two calls that are like no other."""

import contextlib

from .errors import XeroNotFoundError
from .query import check_key


class GroupCalls:
    """Mixin of the client: members of contact groups."""

    def add_to_group(self, group_id, contact_ids, *, idempotency_key):
        """Put contacts into a contact group; who is in it already stays.

        :param str group_id: the group
        :param list[str] contact_ids: ids of contacts
        :param str idempotency_key: 1 to 128 characters
        """
        members = [{"ContactID": contact_id} for contact_id in contact_ids]
        self._call(
            "create_contact_group_contacts",
            group_id,
            {"Contacts": members},
            idempotency_key=check_key(idempotency_key),
        )

    def remove_from_group(self, group_id, contact_id):
        """Take a contact out of a contact group; nothing happens if it is not in it.

        :param str group_id: the group
        :param str contact_id: the contact
        """
        with contextlib.suppress(XeroNotFoundError):
            self._call("delete_contact_group_contact", group_id, contact_id)
