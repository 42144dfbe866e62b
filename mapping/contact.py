"""ContactData: a customer or supplier, a partner in Odoo and a Contact in Xero."""

import dataclasses
import datetime as dt
import re
from collections.abc import Collection
from typing import ClassVar

from . import fields
from .base import Document, children, text_of
from .errors import MappingError

# Field and Xero's element of an Address (OpenAPI, schema Address).
ADDRESS = {
    "street": "AddressLine1",
    "street2": "AddressLine2",
    "city": "City",
    "region": "Region",
    "postal_code": "PostalCode",
    "country": "Country",
}
_FOLDED_LINES = ("AddressLine2", "AddressLine3", "AddressLine4")
_PHONE_PREFERENCE = ("DEFAULT", "MOBILE", "DDI")
# Xero's own check is not published; umlauts are refused (OpenAPI, EmailAddress).
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\".]+(\.[^@\s<>,;.]+)+")


@dataclasses.dataclass(frozen=True, slots=True)
class ContactData(Document):
    """One contact; texts are single lines, absent ones ''.

    The address is Xero's postal one (POBOX), which its invoices show, or the physical
    one (STREET) while the postal one is empty.
    """

    resource: ClassVar[str] = "Contacts"
    id_field: ClassVar[str] = "ContactID"
    # Xero never takes these: pass them to `three_way(read_only_theirs=...)`.
    READ_ONLY_IN_XERO: ClassVar[tuple[str, ...]] = ("website",)
    # Summaries come without addresses, lists without pages without the website (and
    # without `HasAttachments`, which full ones always have).
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {
        **dict.fromkeys(ADDRESS, ("Addresses",)),
        "phone": ("Phones",),
        "website": ("Website", "HasAttachments"),
    }

    xero_id: str = fields.own_id("ContactID")
    name: str = fields.text("Name", limit=255, sent=True)
    first_name: str = fields.text("FirstName", limit=255, sent=True)
    last_name: str = fields.text("LastName", limit=255, sent=True)
    email: str = fields.text("EmailAddress", limit=255, sent=True)
    phone: str = fields.text(limit=50)
    website: str = fields.text("Website")
    tax_number: str = fields.text("TaxNumber", limit=50, sent=True)
    company_number: str = fields.text("CompanyNumber", limit=50, sent=True)
    account_number: str = fields.text("AccountNumber", limit=50, sent=True)
    contact_number: str = fields.text("ContactNumber", limit=50, sent=True)
    street: str = fields.text(limit=500)
    street2: str = fields.text(limit=500)
    city: str = fields.text(limit=255)
    region: str = fields.text(limit=255)
    postal_code: str = fields.text(limit=50)
    country: str = fields.country(limit=50)
    archived: bool = fields.flag()
    merged_into: str = fields.guid("MergedToContactID", role=fields.ASIDE)
    updated: dt.datetime | None = fields.updated()

    @classmethod
    def from_xero(cls, payload: dict) -> "ContactData":
        """Read a Contact; nulls and absent elements are empty.

        Raises MappingError for an element of a wrong type and for a nameless contact,
        which neither side can hold.
        """
        found = cls._read(payload)
        found["phone"] = _read_phone(children(payload, "Phones"))
        found.update(_read_address(children(payload, "Addresses")))
        status = text_of(payload, "ContactStatus").upper()
        # Personal data of a GDPRREQUEST contact is gone; no document can be posted.
        found["archived"] = status in ("ARCHIVED", "GDPRREQUEST")
        contact = cls(**found)
        if not contact.name:
            raise MappingError("The contact has no name in Xero.", "name")
        return contact

    def to_xero(self, changed: Collection[str] | None = None) -> dict:
        """Return the payload.

        :param changed: names of the fields to send, where '' clears; None for a
            create: all that are filled. The fields of the address go together.
            ContactID is added when known, what Xero does not take is left out.
        """
        payload = self._write(changed)
        if phones := self._write_phones(changed):
            payload["Phones"] = phones
        if addresses := self._write_addresses(changed):
            payload["Addresses"] = addresses
        if self.archived if changed is None else "archived" in changed:
            payload["ContactStatus"] = "ARCHIVED" if self.archived else "ACTIVE"
        return payload

    def problems(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for all that Xero would refuse."""
        found = self._too_long()
        if not self.name:
            found.append(("name", "Xero needs a name."))
        elif set(self.name) & set("<>"):
            found.append(("name", "Xero does not take < or > in a name."))
        if self.email and not self._is_email():
            found.append(("email", f"Xero does not take {self.email} as an e-mail."))
        if re.search(r"[^A-Za-z ]", self.country):
            found.append(("country", "Xero takes only the letters A to Z here."))
        return found

    def _is_email(self) -> bool:
        return self.email.isascii() and bool(_EMAIL.fullmatch(self.email))

    def _write_phones(self, changed) -> list[dict]:
        if not self.phone if changed is None else "phone" not in changed:
            return []
        return [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": self.phone,
                "PhoneAreaCode": "",
                "PhoneCountryCode": "",
            }
        ]

    def _write_addresses(self, changed) -> list[dict]:
        cleared = set(ADDRESS) & set(changed or ())
        if changed is not None and not cleared:
            return []
        # What is empty here and unchanged may be a country that Odoo could not read.
        lines = {
            key: value
            for name, key in ADDRESS.items()
            if (value := getattr(self, name)) or name in cleared
        }
        if "AddressLine2" in lines:
            # Lines 3 and 4 were folded into street2 on reading: they must not stay.
            lines.update(AddressLine3="", AddressLine4="")
        return [{"AddressType": "POBOX", **lines}] if lines else []


def _read_address(addresses: list[dict]) -> dict[str, str]:
    by_type = {text_of(address, "AddressType"): address for address in addresses}
    for kind in ("POBOX", "STREET"):
        found = _flat_address(by_type.get(kind, {}))
        if any(found.values()):
            return found
    return {}


def _flat_address(address: dict) -> dict[str, str]:
    found = {name: text_of(address, key) for name, key in ADDRESS.items()}
    folded = [text_of(address, key) for key in _FOLDED_LINES]
    found["street2"] = ", ".join(line for line in folded if line)
    return found


def _read_phone(phones: list[dict]) -> str:
    by_type = {text_of(phone, "PhoneType"): phone for phone in phones}
    for kind in _PHONE_PREFERENCE:
        if number := _whole_number(by_type.get(kind, {})):
            return number
    return ""


def _whole_number(phone: dict) -> str:
    """Join country, area and number ('+64 21 555 123'); '' without a number."""
    number = text_of(phone, "PhoneNumber")
    if not number or number.startswith("+"):
        return number
    code = text_of(phone, "PhoneCountryCode")
    if code.isdecimal():
        code = f"+{code.removeprefix('00')}"
    return " ".join(filter(None, (code, text_of(phone, "PhoneAreaCode"), number)))
