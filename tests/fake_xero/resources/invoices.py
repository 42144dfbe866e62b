"""Invoices and bills, with their Email, OnlineInvoice and PDF (facts section 7)."""

from .. import wire
from ..answer import Answer
from ..context import Context
from ..errors import NotFound, Refused
from . import contact_use, contacts, documents, lines
from .base import Resource
from .invoice_fields import WithFields, settle
from .invoice_sending import WithSending
from .rules import check_lock_dates

TYPES = ("ACCREC", "ACCPAY")
# What may still change when something has been paid.
EDITABLE_WHEN_PAID = {
    "InvoiceID",
    "Status",
    "Type",
    "Reference",
    "DueDate",
    "InvoiceNumber",
    "BrandingThemeID",
    "Contact",
    "Url",
    "PlannedPaymentDate",
    "ExpectedPaymentDate",
    "SentToContact",
}
SUMMARY_DROPS = ("Payments", "LineItems", "HasAttachments")


class Invoices(WithFields, WithSending, Resource):
    """Invoices: unique ACCREC numbers, the status machine, amounts that follow."""

    name = "Invoices"
    store_name = "invoices"
    id_field = "InvoiceID"
    pageable = True
    incremental = True
    error_flag = "HasErrors"
    fields = {
        "Type",
        "Contact",
        "Date",
        "DueDate",
        "Status",
        "InvoiceID",
        "InvoiceNumber",
        "Reference",
        "AmountDue",
        "AmountPaid",
        "AmountCredited",
        "SubTotal",
        "Total",
        "TotalTax",
        "CurrencyCode",
        "CurrencyRate",
        "SentToContact",
        "UpdatedDateUTC",
        "FullyPaidOnDate",
        "ExpectedPaymentDate",
        "PlannedPaymentDate",
        "LineAmountTypes",
        "BrandingThemeID",
        "Url",
        "HasAttachments",
        "RepeatingInvoiceID",
    }

    # --- reading --------------------------------------------------------------

    def find(self, ctx, xero_id):
        """By InvoiceID or by InvoiceNumber."""
        record = ctx.org.invoices.get(xero_id.lower())
        if record is None:
            found = ctx.org.invoices.find("number", xero_id.casefold())
            if not found:
                raise NotFound()
            record = found[0]
        return record

    def get(self, ctx, xero_id):
        """JSON, or the PDF with ``Accept: application/pdf``."""
        if "application/pdf" in ctx.headers.get("Accept", ""):
            record = self.find(ctx, xero_id)
            body = documents.pdf(
                "Invoice", f"{record['InvoiceNumber']} {record['Total']}"
            )
            return Answer(body=body, content_type="application/pdf")
        return super().get(ctx, xero_id)

    def filter_rows(self, ctx, rows):
        """IDs, InvoiceNumbers, ContactIDs, Statuses, searchTerm, createdByMyApp."""
        rows = documents.filter_list(ctx, rows, "InvoiceID", "InvoiceNumber")
        if ctx.flag("createdByMyApp"):
            made = ctx.org.made_by
            own = ctx.app.client_id if ctx.app else None
            rows = [row for row in rows if made.get(row["InvoiceID"]) == own]
        return rows

    def view(self, ctx, record, detail):
        """Full contact on a single get, stub in lists; lines only when paged."""
        shown = dict(record)
        contact_id = record["Contact"]["ContactID"]
        if detail == "full":
            contact = ctx.org.contacts[contact_id]
            handler = contacts.Contacts()
            shown["Contact"] = handler.view(_without_args(ctx), contact, "plain")
        else:
            shown["Contact"] = contact_use.stub(ctx, contact_id)
        if detail == "plain":
            shown["LineItems"] = []
        else:
            shown["LineItems"] = lines.shown(record["LineItems"], ctx.unit_places)
        if ctx.flag("summaryOnly") and detail == "paged":
            for name in SUMMARY_DROPS:
                shown.pop(name, None)
        return shown

    # --- writing --------------------------------------------------------------

    def save(self, ctx, payload, create_only=False):
        """Create or update; POST without an id finds an ACCREC by its number."""
        org = ctx.org
        known = self._known(org, payload, create_only)
        status = documents.next_status(known, payload)
        kind = self._type(known, payload)
        if known:
            self._check_editable(known, payload, status)
            if _is_status_only(payload) and status in ("VOIDED", "DELETED"):
                return self._close(ctx, known, status)
        record = dict(known) if known else self._blank(kind)
        messages = []
        contact = documents.next_contact(ctx, known, payload)
        record["Contact"] = {k: contact[k] for k in ("ContactID", "Name")}
        self._fill_texts(org, record, payload, messages)
        record["LineAmountTypes"] = lines.amount_types_of(payload, known)
        documents.fill_currency(ctx, record, payload, contact)
        documents.fill_dates(ctx, record, payload, messages)
        self._fill_due_date(record, payload, status, messages)
        if "LineItems" in payload or not known or status != known["Status"]:
            rules = self._rules(ctx, record, status, contact)
            documents.fill_lines(ctx, record, payload, rules, messages)
        if messages:
            raise Refused(*messages)
        self._check_plan(org, known, status)
        return self._store(ctx, record, known, status, payload)

    def _check_plan(self, org, known, status):
        """Small plans approve so many invoices a month (facts section 7)."""
        if status != "AUTHORISED" or (known and known["Status"] == "AUTHORISED"):
            return
        if org.approvals_left == 0:
            raise Refused("You have reached the limit of invoices you can approve")
        if org.approvals_left:
            org.approvals_left -= 1

    def _known(self, org, payload, create_only):
        if not create_only:
            known = documents.by_id(org.invoices, payload, "InvoiceID", "invoice")
            if known:
                return known
        same = self._same_number(org, payload.get("InvoiceNumber"), payload.get("Type"))
        if same and create_only:
            raise Refused("Invoice # must be unique.")
        return same

    def _same_number(self, org, number, kind, own_id=None):
        """Another sales invoice with this number; bills need no unique number."""
        if not isinstance(number, str) or not number or kind == "ACCPAY":
            return None
        for other in org.invoices.find("number", number.casefold()):
            if other["Type"] == "ACCREC" and other["InvoiceID"] != own_id:
                return other
        return None

    def _type(self, known, payload):
        kind = payload.get("Type") or (known or {}).get("Type")
        if kind not in TYPES or (known and kind != known["Type"]):
            raise Refused("Invoice type is not valid: ACCREC or ACCPAY")
        return kind

    def _check_editable(self, known, payload, status):
        """A document with payments or credits lets only few fields change."""
        settled = known["AmountPaid"] or known["AmountCredited"]
        if known["Status"] == "PAID" or settled:
            if status == "VOIDED":
                raise Refused(
                    "Invoice has payments or credits allocated to it "
                    "and cannot be voided"
                )
            if set(payload) - EDITABLE_WHEN_PAID:
                raise Refused(documents.HAS_PAYMENTS)

    def _close(self, ctx, known, status):
        """Void or delete: the amount due of a voided invoice stays, as in Xero."""
        org = ctx.org
        messages = []
        check_lock_dates(org, wire.day_of(known["Date"]), messages)
        if messages:
            raise Refused(*messages)
        record = {**known, "Status": status}
        documents.stamp_document(org, record)
        stored = org.invoices.put(record)
        org.note(self.name, known["InvoiceID"], status.title())
        org.event("INVOICE", known["InvoiceID"], "UPDATE")
        return stored

    def _store(self, ctx, record, known, status, payload):
        org = ctx.org
        if not record["InvoiceNumber"] and record["Type"] == "ACCREC":
            record["InvoiceNumber"] = org.next_number(
                "INV", lambda number: self._same_number(org, number, "ACCREC")
            )
        if (
            status in ("AUTHORISED", "PAID")
            and payload.get("SentToContact") is not None
        ):
            record["SentToContact"] = bool(payload["SentToContact"])
        if not record.get("BrandingThemeID") and record["Type"] == "ACCREC":
            record["BrandingThemeID"] = next(iter(org.branding_themes))
        record["Status"] = status
        settle(record)
        documents.stamp_document(org, record)
        stored = org.invoices.put(record)
        if not known:
            org.made_by[record["InvoiceID"]] = ctx.app.client_id if ctx.app else None
        self._mark_contact(org, record)
        before = known and known["Status"]
        changes = {"AUTHORISED": "Approved"}.get(status, "Edited")
        org.note(self.name, record["InvoiceID"], changes if before else "Created")
        org.event("INVOICE", record["InvoiceID"], "UPDATE" if known else "CREATE")
        return stored

    def _mark_contact(self, org, record):
        """IsCustomer/IsSupplier follow without a new stamp: a blind spot of Xero."""
        flag = "IsCustomer" if record["Type"] == "ACCREC" else "IsSupplier"
        contact = org.contacts[record["Contact"]["ContactID"]]
        if not contact[flag]:
            org.contacts.put({**contact, flag: True})


def _is_status_only(payload):
    return not set(payload) - {"InvoiceID", "Status", "InvoiceNumber", "Type"}


def _without_args(ctx):
    """The context for a nested contact: the call's own parameters do not touch it."""
    return Context(ctx.xero, ctx.org, ctx.app)
