"""ContactData: a customer or supplier, a partner in Odoo and a Contact in Xero."""

import dataclasses
import datetime as dt
import re
from collections.abc import Collection
from typing import ClassVar

from . import fields
from .base import Document, child, children, read_children, text_of
from .contact_parts import (
    ADDRESS,
    ATTENTION,
    DELIVERY,
    PHONES,
    PREFIXES,
    read_addresses,
    read_phones,
    write_address,
    write_phone,
)
from .errors import MappingError
from .payment_terms import TermRule
from .person import MAX_PERSONS, PersonData, is_same_name

# Xero's own check is not published; umlauts are refused (OpenAPI, EmailAddress).
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[^@\s<>()\[\],;:\\\".]+(\.[^@\s<>,;.]+)+")


@dataclasses.dataclass(frozen=True, slots=True)
class ContactData(Document):
    """One contact; texts are single lines, absent ones ''.

    The address is Xero's postal one (POBOX), which its invoices show, or the physical
    one (STREET) while the postal one is empty. The fields `delivery_*` are the physical
    one; see `told_apart` for when it counts as an address of its own.
    """

    resource: ClassVar[str] = "Contacts"
    id_field: ClassVar[str] = "ContactID"
    # Xero never takes these: pass them to `three_way(read_only_theirs=...)`.
    READ_ONLY_IN_XERO: ClassVar[tuple[str, ...]] = ("website", "discount")
    # Summaries come without addresses, lists without pages without the website (and
    # without `HasAttachments`, which full ones always have).
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {
        **dict.fromkeys((*ADDRESS, *DELIVERY), ("Addresses",)),
        **dict.fromkeys(PHONES, ("Phones",)),
        **dict.fromkeys(("persons", "groups"), ("HasAttachments",)),
        "payment_terms": ("PaymentTerms", "HasAttachments"),
        "website": ("Website", "HasAttachments"),
        "archived": ("ContactStatus",),
    }

    xero_id: str = fields.own_id("ContactID")
    name: str = fields.text("Name", limit=255, sent=True)
    first_name: str = fields.text("FirstName", limit=255, sent=True)
    last_name: str = fields.text("LastName", limit=255, sent=True)
    email: str = fields.text("EmailAddress", limit=255, sent=True)
    phone: str = fields.text(limit=50)
    mobile: str = fields.text(limit=50)
    direct_dial: str = fields.text(limit=50)
    fax: str = fields.text(limit=50)
    website: str = fields.text("Website")
    tax_number: str = fields.text("TaxNumber", limit=50, sent=True)
    company_number: str = fields.text("CompanyNumber", limit=50, sent=True)
    account_number: str = fields.text("AccountNumber", limit=50, sent=True)
    contact_number: str = fields.text("ContactNumber", limit=50, sent=True)
    bank_account: str = fields.text("BankAccountDetails", sent=True)
    default_currency: str = fields.text("DefaultCurrency", limit=3, sent=True)
    sales_account: str = fields.text("SalesDefaultAccountCode", sent=True)
    purchases_account: str = fields.text("PurchasesDefaultAccountCode", sent=True)
    sales_tax_type: str = fields.text("AccountsReceivableTaxType", sent=True)
    purchases_tax_type: str = fields.text("AccountsPayableTaxType", sent=True)
    discount: str = fields.text("Discount")
    # As `TermRule.text`; the first of sales, the other of bills.
    payment_terms: str = fields.terms()
    bill_terms: str = fields.terms(role=fields.ASIDE)
    street: str = fields.text(limit=500)
    street2: str = fields.text(limit=500)
    city: str = fields.text(limit=255)
    region: str = fields.text(limit=255)
    postal_code: str = fields.text(limit=50)
    country: str = fields.country(limit=50)
    attention_to: str = fields.text(limit=255)
    delivery_street: str = fields.text(limit=500)
    delivery_street2: str = fields.text(limit=500)
    delivery_city: str = fields.text(limit=255)
    delivery_region: str = fields.text(limit=255)
    delivery_postal_code: str = fields.text(limit=50)
    delivery_country: str = fields.country(limit=50)
    delivery_attention_to: str = fields.text(limit=255)
    persons: tuple[PersonData, ...] = fields.many(PersonData, order="order")
    archived: bool = fields.flag()
    # Xero tells these, and takes none of them.
    is_customer: bool = fields.flag("IsCustomer", role=fields.ASIDE)
    is_supplier: bool = fields.flag("IsSupplier", role=fields.ASIDE)
    groups: tuple[str, ...] = fields.guids(role=fields.ASIDE)
    merged_into: str = fields.guid("MergedToContactID", role=fields.ASIDE)
    updated: dt.datetime | None = fields.updated()
    # The postal address is empty, or the same as the physical one.
    postal_empty: bool = fields.flag(role=fields.ASIDE)
    one_address: bool = fields.flag(role=fields.ASIDE)
    # (field, text): what Xero has there and Odoo cannot hold.
    unknown: tuple[tuple[str, str], ...] = fields.pairs(role=fields.ASIDE)

    @classmethod
    def from_xero(cls, payload: dict) -> "ContactData":
        """Read a Contact; nulls and absent elements are empty.

        Raises MappingError for an element of a wrong type and for a nameless contact,
        which neither side can hold.
        """
        found = cls._read(payload)
        found.update(read_phones(children(payload, "Phones")))
        found.update(read_addresses(children(payload, "Addresses")))
        found.update(_read_terms(child(payload, "PaymentTerms")))
        persons = read_children(payload, "ContactPersons", PersonData, "persons")
        found["persons"] = [person for person in persons if person.name]
        found["groups"] = [
            text_of(group, "ContactGroupID")
            for group in children(payload, "ContactGroups")
        ]
        status = text_of(payload, "ContactStatus").upper()
        # Personal data of a GDPRREQUEST contact is gone; no document can be posted.
        found["archived"] = status in ("ARCHIVED", "GDPRREQUEST")
        contact = cls(**found)
        if not contact.name:
            raise MappingError("The contact has no name in Xero.", "name")
        return contact

    def told_apart(self, has_delivery: bool) -> "ContactData":
        """Return the contact as a record has to see it.

        A physical address that is also the main one is no delivery address, unless
        Odoo has one already: then an empty postal address is empty.

        :param has_delivery: whether Odoo holds a delivery address for it
        """
        if has_delivery:
            if not self.postal_empty:
                return self
            return dataclasses.replace(
                self, **dict.fromkeys((*ADDRESS, *ATTENTION), "")
            )
        if self.street and not self.delivery_street:
            return self
        main = [getattr(self, name).casefold() for name in ADDRESS]
        if main != [getattr(self, name).casefold() for name in DELIVERY]:
            return self
        blank = dict.fromkeys((*DELIVERY, "delivery_attention_to"), "")
        return dataclasses.replace(self, one_address=any(main), **blank)

    def aside(self) -> dict:
        """Return what Odoo does not hold but has to send along with what it changes;
        only what is filled, ready for JSON."""
        found = {**dict(self.unknown), "one_address": self.one_address}
        for name in ("attention_to", "delivery_attention_to", "bill_terms"):
            found[name] = getattr(self, name)
        found["first_names"] = {
            person.name: person.first_name
            for person in self.persons
            if person.first_name
            and person.to_xero()["FirstName"] not in ("", person.first_name)
        }
        return {name: value for name, value in found.items() if value}

    @property
    def is_person(self) -> bool:
        """Whether first and last name make up the name."""
        return is_same_name(self.name, self.first_name, self.last_name)

    def to_xero(
        self, changed: Collection[str] | None = None, aside: dict | None = None
    ) -> dict:
        """Return the payload.

        :param changed: names of the fields to send, where '' clears; None for a
            create: all that are filled. The fields of an address go together, and so
            do all persons. ContactID is added when known, what Xero does not take is
            left out.
        :param aside: as `aside()` of what Xero had last
        """
        payload = self._write(changed)
        if phones := self._write_phones(changed):
            payload["Phones"] = phones
        if addresses := self._write_addresses(changed, aside or {}):
            payload["Addresses"] = addresses
        if self.persons if changed is None else "persons" in changed:
            names = (aside or {}).get("first_names", {})
            payload["ContactPersons"] = [
                person.to_xero(names.get(person.name, ""))
                for person in self.persons[:MAX_PERSONS]
            ]
        if self.payment_terms and (changed is None or "payment_terms" in changed):
            payload["PaymentTerms"] = self._write_terms(aside or {})
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
        if self.email and not is_email(self.email):
            found.append(("email", f"Xero does not take {self.email} as an e-mail."))
        for name in ("country", "delivery_country"):
            if re.search(r"[^A-Za-z ]", getattr(self, name)):
                found.append((name, "Xero takes only the letters A to Z here."))
        return found

    def _write_terms(self, aside) -> dict:
        """The terms of bills go along: Odoo does not hold them."""
        terms = {"Sales": self.payment_terms, "Bills": aside.get("bill_terms")}
        return {
            side: TermRule.from_text(text).to_xero()
            for side, text in terms.items()
            if text
        }

    def _write_phones(self, changed) -> list[dict]:
        return [
            write_phone(kind, number)
            for name, kind in PHONES.items()
            if (number := getattr(self, name)) or changed is not None
            if changed is None or name in changed
        ]

    def _write_addresses(self, changed, aside) -> list[dict]:
        wanted = {kind for kind in PREFIXES if self._is_touched(kind, changed)}
        if wanted and aside.get("one_address"):
            wanted = set(PREFIXES)
        return [
            address
            for kind in PREFIXES
            if kind in wanted
            for address in self._write_address(kind, changed, aside)
        ]

    def _is_touched(self, kind, changed) -> bool:
        prefix = PREFIXES[kind]
        return changed is None or any(
            f"{prefix}{name}" in changed for name in (*ADDRESS, *ATTENTION)
        )

    def _write_address(self, kind, changed, aside) -> list[dict]:
        prefix = PREFIXES[kind]
        if aside.get("one_address") and not any(getattr(self, n) for n in DELIVERY):
            # One address in both places stays one.
            prefix = ""
        cleared = {
            name
            for name in (*ADDRESS, *ATTENTION)
            if f"{prefix}{name}" in (changed or ())
        }
        values = {
            # What Odoo cannot hold stays in Xero until a person sets another here.
            name: ("" if name in cleared else aside.get(f"{prefix}{name}", ""))
            or getattr(self, f"{prefix}{name}")
            for name in (*ADDRESS, *ATTENTION)
        }
        return write_address(kind, values, cleared)


def _read_terms(terms: dict) -> dict:
    """Return the terms of both sides as texts; raises MappingError."""
    found = {}
    for name, side in (("payment_terms", "Sales"), ("bill_terms", "Bills")):
        try:
            rule = TermRule.from_xero(child(terms, side))
        except (TypeError, ValueError) as error:
            raise MappingError(f"Payment terms: {error}", name) from error
        found[name] = rule.text if rule else ""
    return found


def is_email(email: str) -> bool:
    """Whether Xero would take this e-mail address."""
    return email.isascii() and bool(_EMAIL.fullmatch(email))
