"""Credit notes and their allocations (facts file section 7)."""

from decimal import Decimal

from .. import wire
from ..answer import Answer
from ..errors import Refused
from . import contact_use, documents, lines
from .allocations import WithAllocations, event_data, settle
from .attachments import WithAttachments
from .base import Resource
from .rules import parse_day, set_day

TYPES = ("ACCRECCREDIT", "ACCPAYCREDIT")


class CreditNotes(WithAllocations, WithAttachments, Resource):
    """Credit notes: like invoices, with RemainingCredit and Allocations."""

    name = "CreditNotes"
    store_name = "credit_notes"
    id_field = "CreditNoteID"
    pageable = True
    incremental = True
    error_flag = "HasErrors"
    category = "CREDITNOTE"
    fields = {
        "Type",
        "Contact",
        "Date",
        "Status",
        "CreditNoteID",
        "CreditNoteNumber",
        "Reference",
        "RemainingCredit",
        "Total",
        "CurrencyCode",
        "UpdatedDateUTC",
    }

    def get(self, ctx, xero_id):
        """JSON, or the PDF with ``Accept: application/pdf``."""
        if "application/pdf" in ctx.headers.get("Accept", ""):
            record = self.find(ctx, xero_id)
            body = documents.pdf("Credit Note", record["CreditNoteNumber"])
            return Answer(body=body, content_type="application/pdf")
        return super().get(ctx, xero_id)

    def filter_rows(self, ctx, rows):
        """No list parameters of its own."""
        return rows

    def view(self, ctx, record, detail):
        """Lines only when paged or single; the contact is a stub."""
        shown = dict(record)
        shown["Contact"] = contact_use.stub(ctx, record["Contact"]["ContactID"])
        if detail == "plain":
            shown["LineItems"] = []
        else:
            shown["LineItems"] = lines.shown(record["LineItems"], ctx.unit_places)
        return shown

    def save(self, ctx, payload, create_only=False):
        """Create or update; POST without an id finds by number."""
        org = ctx.org
        known = self._known(org, payload, create_only)
        status = documents.next_status(known, payload)
        kind = payload.get("Type") or (known or {}).get("Type")
        if kind not in TYPES or (known and kind != known["Type"]):
            raise Refused("Credit note type is not valid")
        if known and (known["Payments"] or known["Allocations"]):
            raise Refused(documents.HAS_PAYMENTS)
        record = dict(known) if known else self._blank(kind)
        messages = []
        contact = documents.next_contact(ctx, known, payload)
        record["Contact"] = {k: contact[k] for k in ("ContactID", "Name")}
        record["LineAmountTypes"] = lines.amount_types_of(payload, known)
        if payload.get("Reference") is not None and kind == "ACCRECCREDIT":
            record["Reference"] = payload["Reference"]
        documents.fill_currency(ctx, record, payload, contact)
        documents.fill_dates(ctx, record, payload, messages)
        set_day(record, "DueDate", parse_day(payload, "DueDate"))
        rules = lines.Rules(
            sale=kind == "ACCRECCREDIT",
            amount_types=record["LineAmountTypes"],
            approved=status == "AUTHORISED",
            unit_places=ctx.unit_places,
            discounts=False,
            contact=contact,
        )
        documents.fill_lines(ctx, record, payload, rules, messages)
        record.pop("IsDiscounted", None)
        if messages:
            raise Refused(*messages)
        return self._store(org, record, known, status, payload)

    def _known(self, org, payload, create_only):
        if not create_only:
            known = documents.by_id(
                org.credit_notes, payload, "CreditNoteID", "credit note"
            )
            if known:
                return known
        text = payload.get("CreditNoteNumber")
        if not text or payload.get("Type") == "ACCPAYCREDIT":
            return None
        found = org.credit_notes.find("number", text.casefold())
        if found and create_only:
            raise Refused("Credit Note # must be unique.")
        return found[0] if found else None

    def _blank(self, kind):
        return {
            "Type": kind,
            "CreditNoteID": wire.new_guid(),
            "CreditNoteNumber": "",
            "Reference": "",
            "Payments": [],
            "Allocations": [],
            "RemainingCredit": Decimal("0.00"),
            "SentToContact": False,
            "HasAttachments": False,
            "HasErrors": False,
            "LineItems": [],
        }

    def _store(self, org, record, known, status, payload):
        if payload.get("CreditNoteNumber"):
            record["CreditNoteNumber"] = payload["CreditNoteNumber"]
        elif not record["CreditNoteNumber"] and record["Type"] == "ACCRECCREDIT":
            record["CreditNoteNumber"] = org.next_number(
                "CN", lambda text: org.credit_notes.find("number", text.casefold())
            )
        record["Status"] = status
        settle(record)
        documents.stamp_document(org, record)
        stored = org.credit_notes.put(record)
        kind = "UPDATE" if known else "CREATE"
        org.note(self.name, record["CreditNoteID"], "Edited" if known else "Created")
        org.event("CREDITNOTE", record["CreditNoteID"], kind, event_data(record))
        return stored

    def applied_stub(self, credit, amount, day):
        """With the number, as it shows on the invoice."""
        stub = super().applied_stub(credit, amount, day)
        number_field = "CreditNoteNumber"
        return {**stub, number_field: credit[number_field], "HasErrors": False}
