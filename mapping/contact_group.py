"""ContactGroupData: a group of contacts in Xero, a tag of partners in Odoo."""

import dataclasses
from typing import ClassVar

from . import fields
from .base import Document, children, text_of


@dataclasses.dataclass(frozen=True, slots=True)
class ContactGroupData(Document):
    """A contact group; `members` are ids of contacts, and `absent` where the read did
    not carry them (only one that names the group does)."""

    resource: ClassVar[str] = "ContactGroups"
    id_field: ClassVar[str] = "ContactGroupID"
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {"members": ("Contacts",)}

    xero_id: str = fields.own_id("ContactGroupID")
    name: str = fields.text("Name")
    status: str = fields.text("Status", default="ACTIVE")
    members: tuple[str, ...] = fields.guids()

    @classmethod
    def from_xero(cls, payload: dict) -> "ContactGroupData":
        """Read a group, with its members where the payload has them."""
        found = cls._read(payload)
        members = children(payload, "Contacts")
        found["members"] = [text_of(member, "ContactID") for member in members]
        return cls(**found)


def merge_members(agreed: set, ours: set, theirs: set) -> tuple[set, set]:
    """Merge who belongs together, three ways: nobody is removed who was not agreed on.

    What both sides agree on afterwards is `theirs`; what Odoo has beyond it, or no
    longer has of it, is still to be sent.

    :param agreed: what Xero had last, and Odoo as well
    :return: what is to be added in Odoo, and what to be removed there
    """
    return theirs - agreed - ours, (agreed - theirs) & ours
