"""Contacts (facts file section 6)."""

from decimal import Decimal

from .. import query, wire
from ..errors import NotFound, Refused
from .attachments import WithAttachments
from .base import Resource
from .rules import check_currency, check_lengths, is_email, known_guid

LENGTHS = {
    "FirstName": 255,
    "LastName": 255,
    "CompanyNumber": 50,
    "EmailAddress": 255,
    "TaxNumber": 50,
    "AccountNumber": 50,
    "ContactNumber": 50,
}
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
# Only on paged and single gets.
DETAIL_FIELDS = (
    "MergedToContactID",
    "PaymentTerms",
    "Balances",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesTrackingCategories",
    "PurchasesTrackingCategories",
    "BrandingTheme",
    "Discount",
    "HasAttachments",
    "Website",
)
SUMMARY_DROPS = (*DETAIL_FIELDS, "Addresses", "IsCustomer", "IsSupplier")
SEARCHED = (
    "Name",
    "FirstName",
    "LastName",
    "ContactNumber",
    "CompanyNumber",
    "EmailAddress",
)
TERM_TYPES = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)


class Contacts(WithAttachments, Resource):
    """Contacts: unique names among the active ones, partial updates."""

    name = "Contacts"
    store_name = "contacts"
    id_field = "ContactID"
    pageable = True
    incremental = True
    error_flag = "HasValidationErrors"
    fields = {
        *PLAIN_TEXTS,
        "ContactID",
        "Name",
        "ContactStatus",
        "IsCustomer",
        "IsSupplier",
        "DefaultCurrency",
        "UpdatedDateUTC",
        "MergedToContactID",
        "Website",
    }

    # --- reading ------------------------------------------------------------

    def find(self, ctx, xero_id):
        """By ContactID or by ContactNumber."""
        record = ctx.org.contacts.get(xero_id.lower())
        if record is None:
            found = ctx.org.contacts.find("number", xero_id)
            if not found:
                raise NotFound()
            record = found[0]
        return record

    def filter_rows(self, ctx, rows):
        """IDs, searchTerm, includeArchived."""
        ids = query.values(ctx.args, "IDs")
        if ids is not None:
            wanted = {xero_id.lower() for xero_id in ids}
            rows = [row for row in rows if row["ContactID"] in wanted]
        if not ctx.flag("includeArchived"):
            rows = [row for row in rows if row["ContactStatus"] == "ACTIVE"]
        term = ctx.args.get("searchTerm", "").casefold()
        if term:
            rows = [
                row
                for row in rows
                if any(term in (row.get(name) or "").casefold() for name in SEARCHED)
            ]
        return rows

    def view(self, ctx, record, detail):
        """Full, or without the fields that the call does not carry."""
        shown = dict(record)
        if ctx.flag("summaryOnly") and detail == "paged":
            for name in SUMMARY_DROPS:
                shown.pop(name, None)
            shown["ContactGroups"], shown["ContactPersons"] = [], []
            return shown
        if detail == "plain":
            for name in DETAIL_FIELDS:
                shown.pop(name, None)
            shown["ContactGroups"], shown["ContactPersons"] = [], []
            return shown
        balances = balances_of(ctx.org, record["ContactID"])
        if balances:
            shown["Balances"] = balances
        shown["ContactGroups"] = [
            {
                "ContactGroupID": group["ContactGroupID"],
                "Name": group["Name"],
                "Status": group["Status"],
                "Contacts": [],
                "HasValidationErrors": False,
            }
            for group in ctx.org.contact_groups.values()
            if record["ContactID"] in group["_members"] and group["Status"] == "ACTIVE"
        ]
        return shown

    # --- writing ------------------------------------------------------------

    def save(self, ctx, payload, create_only=False):
        """Create or update; POST without an id finds by number, then by name."""
        org = ctx.org
        known = self._known(org, payload, create_only)
        messages = []
        name = " ".join(str(payload.get("Name") or "").split())
        if not known and not name:
            messages.append("The Contact Name is required")
        self._check(org, payload, name, known, messages)
        if messages:
            raise Refused(*messages)
        record = dict(known) if known else self._blank()
        if name:
            record["Name"] = name
        self._fill(record, payload)
        record["UpdatedDateUTC"] = org.stamp()
        stored = org.contacts.put(record)
        org.event("CONTACT", record["ContactID"], "UPDATE" if known else "CREATE")
        return stored

    def _known(self, org, payload, create_only):
        """The contact that an update means, None for a create."""
        xero_id = known_guid(payload, "ContactID")
        if create_only:
            return None
        if xero_id:
            if xero_id not in org.contacts:
                raise Refused(
                    "The contact with the specified ContactID could not be found"
                )
            return org.contacts[xero_id]
        if payload.get("ContactNumber"):
            found = org.contacts.find("number", payload["ContactNumber"])
            if found:
                return found[0]
        found = org.active_contacts(payload.get("Name"))
        return found[0] if found else None

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
        if len(payload.get("ContactPersons") or []) > 5:
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


def balances_of(org, contact_id):
    """Outstanding and overdue amounts; None when the contact has no documents.

    In the documents' own currency, as the OpenAPI file says ("not converted").
    """
    sums = {"ACCREC": [Decimal(0)] * 2, "ACCPAY": [Decimal(0)] * 2}
    found = False
    today = org.today()
    for invoice in org.invoices.find("contact", contact_id):
        if invoice["Status"] != "AUTHORISED":
            continue
        found = True
        due = wire.day_of(invoice.get("DueDate"))
        outstanding, overdue = sums[invoice["Type"]]
        late = invoice["AmountDue"] if due and due < today else Decimal(0)
        sums[invoice["Type"]] = [outstanding + invoice["AmountDue"], overdue + late]
    for note in org.credit_notes.find("contact", contact_id):
        if note["Status"] == "AUTHORISED":
            found = True
            kind = "ACCREC" if note["Type"] == "ACCRECCREDIT" else "ACCPAY"
            sums[kind][0] -= note["RemainingCredit"]
    if not found:
        return None
    names = (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY"))
    return {
        name: {"Outstanding": sums[kind][0], "Overdue": sums[kind][1]}
        for name, kind in names
    }


def resolve(ctx, sent):
    """The contact that a document names.

    With ContactID alone nothing else happens; any other field updates the contact
    and drops contact persons that are not listed; a new name makes a contact.

    :param sent: the document's Contact payload
    :raise Refused: if there is none, or it is archived
    """
    org = ctx.org
    if not isinstance(sent, dict) or not sent:
        raise Refused("A Contact must be specified for this type of transaction")
    xero_id = known_guid(sent, "ContactID")
    handler = Contacts()
    if xero_id:
        contact = org.contacts.get(xero_id)
        if contact is None:
            raise Refused("The contact with the specified ContactID could not be found")
        if set(sent) - {"ContactID"}:
            contact = handler.save(ctx, {"ContactPersons": [], **sent})
    elif sent.get("Name") or sent.get("ContactNumber"):
        contact = _by_name(org, sent) or handler.save(ctx, sent)
    else:
        raise Refused("A Contact must be specified for this type of transaction")
    if contact["ContactStatus"] != "ACTIVE":
        raise Refused("Unable to assign an Archived contact")
    return contact


def _by_name(org, sent):
    found = []
    if sent.get("ContactNumber"):
        found = org.contacts.find("number", sent["ContactNumber"])
    elif wire.name_key(sent.get("Name")):
        found = org.active_contacts(sent["Name"])
    if found and not set(sent) - {"Name", "ContactNumber"}:
        return found[0]
    return None


def stub(ctx, contact_id):
    """The short form of a contact in lists of documents."""
    return {
        "ContactID": contact_id,
        "Name": ctx.org.contacts[contact_id]["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }
