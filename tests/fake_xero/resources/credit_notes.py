"""Credit notes and their allocations (facts file section 7)."""

from decimal import Decimal

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, NotImplementedByXero, Refused
from ..money import number, places
from . import contacts, documents, invoice_fields, lines
from .attachments import WithAttachments
from .base import Resource
from .rules import known_guid, parse_day, set_day

TYPES = {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}


class CreditNotes(WithAttachments, Resource):
    """Credit notes: like invoices, with RemainingCredit and Allocations."""

    name = "CreditNotes"
    store_name = "credit_notes"
    id_field = "CreditNoteID"
    pageable = True
    incremental = True
    error_flag = "HasErrors"
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
        shown["Contact"] = contacts.stub(ctx, record["Contact"]["ContactID"])
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

    # --- allocations --------------------------------------------------------------

    def sub(self, ctx, method, record, parts):
        """Allocations, else attachments and history."""
        if parts[0].lower() != "allocations":
            return super().sub(ctx, method, record, parts)
        if method == "PUT" and len(parts) == 1:
            return self._allocate(ctx, record)
        if method == "DELETE" and len(parts) == 2:
            return self._deallocate(ctx, record, parts[1])
        raise NotImplementedByXero()

    def _allocate(self, ctx, record):
        made = []
        with ctx.org.transaction():
            for element in ctx.elements("Allocations"):
                try:
                    made.append(self.allocate(ctx, record, element))
                except Refused as error:
                    raise BadRequest(
                        "A validation exception occurred",
                        10,
                        "ValidationException",
                        [self.refusal(ctx, element, error.messages)],
                    ) from None
        payload = wire.envelope("Allocations", made, ctx.xero.now)
        return Answer(payload=payload)

    def allocate(self, ctx, note, element):
        """Give a part of a credit note to an invoice; returns the allocation.

        :raise Refused: if either cannot take it
        """
        org = ctx.org
        invoice_id = known_guid(element.get("Invoice") or {}, "InvoiceID")
        invoice = org.invoices.get(invoice_id or "")
        if not invoice or invoice["Type"] != TYPES[note["Type"]]:
            raise Refused("The invoice of this allocation could not be found")
        amount = places(number(element.get("Amount", 0)), 2)
        if note["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
            raise Refused("Credits can only be allocated between Authorised documents")
        if amount <= 0 or amount > min(note["RemainingCredit"], invoice["AmountDue"]):
            raise Refused("Allocation amount exceeds the amount outstanding")
        day = parse_day(element, "Date") or org.today()
        allocation = {
            "AllocationID": wire.new_guid(),
            "Amount": amount,
            "Date": wire.ms_date(day),
            "Invoice": {
                "InvoiceID": invoice["InvoiceID"],
                "InvoiceNumber": invoice["InvoiceNumber"],
            },
        }
        note_stub = {
            "CreditNoteID": note["CreditNoteID"],
            "CreditNoteNumber": note["CreditNoteNumber"],
            "ID": note["CreditNoteID"],
            "HasErrors": False,
            "AppliedAmount": amount,
            "DateString": wire.date_string(day),
            "Date": wire.ms_date(day),
            "LineItems": [],
            "Total": note["Total"],
        }
        self._save_both(
            org,
            {**note, "Allocations": [*note["Allocations"], allocation]},
            {**invoice, "CreditNotes": [*invoice["CreditNotes"], note_stub]},
        )
        org.note("Invoices", invoice["InvoiceID"], "Credited")
        return allocation

    def _deallocate(self, ctx, note, allocation_id):
        org = ctx.org
        wanted = allocation_id.lower()
        found = [a for a in note["Allocations"] if a["AllocationID"] == wanted]
        if not found:
            raise NotFound()
        invoice = org.invoices[found[0]["Invoice"]["InvoiceID"]]
        own = note["CreditNoteID"]
        amount = found[0]["Amount"]
        kept, removed = [], False
        for stub in invoice["CreditNotes"]:
            same = stub["CreditNoteID"] == own and stub["AppliedAmount"] == amount
            if same and not removed:
                removed = True
                continue
            kept.append(stub)
        left = [a for a in note["Allocations"] if a is not found[0]]
        with org.transaction():
            self._save_both(
                org, {**note, "Allocations": left}, {**invoice, "CreditNotes": kept}
            )
        shown = {**found[0], "IsDeleted": True}
        return Answer(payload={**_head(ctx), **shown})

    def _save_both(self, org, note, invoice):
        settle(note)
        invoice_fields.settle(invoice)
        for record, store in ((note, org.credit_notes), (invoice, org.invoices)):
            documents.stamp_document(org, record)
            store.put(record)
        org.event("CREDITNOTE", note["CreditNoteID"], "UPDATE", event_data(note))
        org.event("INVOICE", invoice["InvoiceID"], "UPDATE")


def _head(ctx):
    frame = wire.envelope("", [], ctx.xero.now)
    frame.pop("")
    return frame


def settle(record):
    """RemainingCredit, PAID and back, from allocations and refunds."""
    used = sum((a["Amount"] for a in record["Allocations"]), Decimal("0.00"))
    used += sum((p["Amount"] for p in record["Payments"]), Decimal("0.00"))
    record["RemainingCredit"] = record["Total"] - used
    if record["Status"] in ("AUTHORISED", "PAID"):
        done = used and record["RemainingCredit"] == 0
        record["Status"] = "PAID" if done else "AUTHORISED"


def event_data(document):
    """The extra data of a credit note's webhook event; None for other documents."""
    if "CreditNoteID" not in document:
        return None
    return {"Type": document["Type"], "Status": document["Status"]}
