"""Contacts (facts file section 6)."""

from .. import query, wire
from ..errors import NotFound, Refused
from .attachments import WithAttachments
from .base import Resource
from .contact_fields import PLAIN_TEXTS, ContactFields
from .contact_rules import ContactRules
from .contact_use import balances_of
from .rules import known_guid

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


class Contacts(ContactRules, ContactFields, WithAttachments, Resource):
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
