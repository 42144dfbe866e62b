"""PersonData: a further person of a contact, a child contact in Odoo."""

import dataclasses
from typing import ClassVar

from . import fields
from .base import Document, text_of
from .values import normalise_email, normalise_name

# So many ContactPersons Xero keeps for a contact.
MAX_PERSONS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class PersonData(Document):
    """A person in Xero's ContactPersons.

    Both sides agree about the whole name: where it is divided is Xero's own affair.
    """

    resource: ClassVar[str] = "ContactPersons"

    name: str = fields.text(limit=255)
    email: str = fields.text("EmailAddress", limit=255)
    include_in_emails: bool = fields.flag("IncludeInEmails")
    first_name: str = fields.text("FirstName", limit=255, role=fields.ASIDE)
    last_name: str = fields.text("LastName", limit=255, role=fields.ASIDE)

    @classmethod
    def from_xero(cls, payload: dict) -> "PersonData":
        """Read a person; one without a name goes by the e-mail address."""
        found = cls._read(payload)
        first, last = text_of(payload, "FirstName"), text_of(payload, "LastName")
        name = f"{first} {last}".strip() or text_of(payload, "EmailAddress")
        return cls(**found, name=name)

    def to_xero(self, first_name: str = "") -> dict:
        """Return the payload.

        :param first_name: where Xero divides this name, if that is known
        """
        first, last = split_name(self.name, first_name)
        if normalise_name(self.name) == normalise_email(self.email):
            first, last = "", ""
        return {
            "FirstName": first,
            "LastName": last,
            "EmailAddress": self.email,
            "IncludeInEmails": self.include_in_emails,
        }

    @property
    def order(self) -> tuple[str, str]:
        """What puts a contact's persons into the same order on both sides."""
        return normalise_name(self.name), normalise_email(self.email)

    @property
    def label(self) -> str:
        """The person as people read it: 'Ann Lee <ann@example.com>'."""
        if self.email and normalise_email(self.email) != normalise_name(self.name):
            return f"{self.name} <{self.email}>"
        return self.name


def split_name(name: str, first_name: str = "") -> tuple[str, str]:
    """Return first and last name; without a hint the first word is the first name.

    :param name: the whole name
    :param first_name: the first name as Xero has it; counts if the name begins so
    """
    if first_name and f"{name} ".startswith(f"{first_name} "):
        return first_name, name[len(first_name) :].strip()
    first, _space, last = name.strip().partition(" ")
    return first, last.strip()


def is_same_name(name: str, first_name: str, last_name: str) -> bool:
    """Whether a first and a last name make up a name, in whichever order."""
    whole = normalise_name(name.replace(",", " "))
    orders = ((first_name, last_name), (last_name, first_name))
    made = {normalise_name(" ".join(parts)) for parts in orders}
    return bool(whole) and whole in made


def describe_persons(persons) -> str:
    """Return persons (dicts as from `values()`) as a person reads them."""
    return ", ".join(PersonData.from_values(person).label for person in persons or ())
