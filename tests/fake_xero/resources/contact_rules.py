"""What Xero checks of a contact before it saves it (facts file section 6)."""

from .contact_use import balances_of
from .rules import check_currency, check_lengths, is_email

LENGTHS = {
    "FirstName": 255,
    "LastName": 255,
    "CompanyNumber": 50,
    "EmailAddress": 255,
    "TaxNumber": 50,
    "AccountNumber": 50,
    "ContactNumber": 50,
}
ADDRESS_LENGTHS = {
    "AddressLine1": 500,
    "AddressLine2": 500,
    "AddressLine3": 500,
    "AddressLine4": 500,
    "City": 255,
    "Region": 255,
    "PostalCode": 50,
    "Country": 50,
    "AttentionTo": 255,
}
PHONE_LENGTHS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
ADDRESS_TYPES = ("STREET", "POBOX")
PHONE_TYPES = ("DDI", "DEFAULT", "FAX", "MOBILE")
TERM_TYPES = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)
MAX_PERSONS = 5


class ContactRules:
    """Mixin of Contacts: each check adds its message, all of them are told."""

    def _check(self, org, payload, name, known, messages):
        own_id = known["ContactID"] if known else None
        status = payload.get("ContactStatus") or (known or {}).get("ContactStatus")
        if len(name) > 255:
            messages.append("The Contact Name must not be longer than 255 characters")
        if "<" in name or ">" in name:
            messages.append("The Contact Name cannot contain the characters < or >")
        check_lengths(payload, LENGTHS, messages)
        if payload.get("EmailAddress") and not is_email(payload["EmailAddress"]):
            messages.append("Email address must be valid.")
        if status not in (None, "ACTIVE", "ARCHIVED"):
            messages.append("The Contact Status is not valid")
        if status == "ARCHIVED" and known and known["ContactStatus"] == "ACTIVE":
            self._check_archiving(org, own_id, messages)
        if status != "ARCHIVED":
            self._check_name(org, name or (known or {}).get("Name"), own_id, messages)
        self._check_numbers(org, payload, own_id, messages)
        self._check_addresses(payload, messages)
        if len(payload.get("ContactPersons") or []) > MAX_PERSONS:
            messages.append("A contact can have at most 5 contact persons")
        if payload.get("DefaultCurrency"):
            check_currency(org, payload["DefaultCurrency"])
        for term in (payload.get("PaymentTerms") or {}).values():
            if term and term.get("Type") not in TERM_TYPES:
                messages.append("The Payment Terms Type is not valid")

    def _check_archiving(self, org, own_id, messages):
        """Xero archives no contact with a balance (its wording is not published)."""
        sides = (balances_of(org, own_id) or {}).values()
        if any(side["Outstanding"] for side in sides):
            messages.append(
                "The contact cannot be archived because it has an outstanding balance"
            )

    def _check_name(self, org, name, own_id, messages):
        if any(c["ContactID"] != own_id for c in org.active_contacts(name)):
            messages.append(
                f"The contact name {name} is already assigned to another contact. "
                "The contact name must be unique across all active contacts."
            )

    def _check_numbers(self, org, payload, own_id, messages):
        number = payload.get("ContactNumber")
        if number and any(
            c["ContactID"] != own_id for c in org.contacts.find("number", number)
        ):
            messages.append(
                f"The contact number {number} is already assigned to another contact. "
                "The contact number must be unique across all contacts."
            )
        account = payload.get("AccountNumber")
        if account and any(
            c["ContactID"] != own_id for c in org.contacts.find("account", account)
        ):
            messages.append(
                "The Account Number already exists. Please enter a different "
                "Account Number."
            )

    def _check_addresses(self, payload, messages):
        for address in payload.get("Addresses") or []:
            check_lengths(address, ADDRESS_LENGTHS, messages, "Address ")
            if address.get("AddressType") not in ADDRESS_TYPES:
                messages.append("The Address Type is not valid")
            if any(letter.isdigit() for letter in address.get("Country") or ""):
                messages.append("Address Country can only contain letters")
        for phone in payload.get("Phones") or []:
            check_lengths(phone, PHONE_LENGTHS, messages, "Phone ")
            if phone.get("PhoneType") not in PHONE_TYPES:
                messages.append("The Phone Type is not valid")
