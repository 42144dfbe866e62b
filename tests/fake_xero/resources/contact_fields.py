"""How a contact is stored: blank at first, then what was sent is written into it."""

from .. import wire
from .contact_rules import ADDRESS_TYPES, LENGTHS, PHONE_LENGTHS, PHONE_TYPES

PLAIN_TEXTS = (
    *LENGTHS,
    "BankAccountDetails",
    "AccountsReceivableTaxType",
    "AccountsPayableTaxType",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
    "XeroNetworkKey",
    "TrackingCategoryName",
    "TrackingCategoryOption",
)


class ContactFields:
    """Mixin of Contacts: partial updates, but lists of persons replaced whole."""

    def _blank(self):
        return {
            "ContactID": wire.new_guid(),
            "ContactStatus": "ACTIVE",
            "Name": "",
            "EmailAddress": "",
            "BankAccountDetails": "",
            "Addresses": [_address({"AddressType": kind}) for kind in ADDRESS_TYPES],
            "Phones": [_phone({"PhoneType": kind}) for kind in PHONE_TYPES],
            "UpdatedDateUTC": "",
            "ContactGroups": [],
            "IsSupplier": False,
            "IsCustomer": False,
            "SalesTrackingCategories": [],
            "PurchasesTrackingCategories": [],
            "ContactPersons": [],
            "HasAttachments": False,
            "HasValidationErrors": False,
        }

    def _fill(self, record, payload):
        """Write what was sent; what was not is preserved."""
        for name in PLAIN_TEXTS:
            if payload.get(name) is None:
                continue
            if payload[name] or name in ("EmailAddress", "BankAccountDetails"):
                record[name] = payload[name]
            else:
                record.pop(name, None)
        for name in ("DefaultCurrency", "ContactStatus", "PaymentTerms"):
            if payload.get(name):
                record[name] = payload[name]
        if record["ContactStatus"] == "ACTIVE":
            record.pop("MergedToContactID", None)
        if payload.get("ContactPersons") is not None:
            record["ContactPersons"] = [
                {"IncludeInEmails": False, **person}
                for person in payload["ContactPersons"]
            ]
        record["Addresses"] = _merged(
            record["Addresses"], payload.get("Addresses"), "AddressType", _address
        )
        record["Phones"] = _merged(
            record["Phones"], payload.get("Phones"), "PhoneType", _phone
        )


def _merged(stored, sent, type_field, clean):
    """Entries by type; one that is sent replaces the stored one as a whole."""
    by_type = {entry[type_field]: clean(entry) for entry in sent or []}
    return [by_type.get(entry[type_field], entry) for entry in stored]


def _address(entry):
    """Lines only where filled, the rest always, empty where unset."""
    address = {"AddressType": entry["AddressType"]}
    for name in ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"):
        if entry.get(name):
            address[name] = entry[name]
    for name in ("City", "Region", "PostalCode", "Country"):
        address[name] = entry.get(name) or ""
    if entry.get("AttentionTo") is not None:
        address["AttentionTo"] = entry["AttentionTo"]
    return address


def _phone(entry):
    phone = {"PhoneType": entry["PhoneType"]}
    for name in PHONE_LENGTHS:
        phone[name] = entry.get(name) or ""
    return phone
