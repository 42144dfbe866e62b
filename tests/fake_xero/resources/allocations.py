"""Giving credits to invoices: credit notes, overpayments, prepayments alike."""

from decimal import Decimal

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, NotImplementedByXero, Refused
from ..money import number, places
from . import documents, invoice_fields
from .rules import known_guid, parse_day

# Whose invoices a credit of this type may pay.
INVOICE_TYPES = {
    "ACCRECCREDIT": "ACCREC",
    "ACCPAYCREDIT": "ACCPAY",
    "RECEIVE-OVERPAYMENT": "ACCREC",
    "SPEND-OVERPAYMENT": "ACCPAY",
    "RECEIVE-PREPAYMENT": "ACCREC",
    "SPEND-PREPAYMENT": "ACCPAY",
}


class WithAllocations:
    """Mixin for credits; ``category`` is that of their webhook events, '' where the
    OpenAPI file knows none."""

    category = ""

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

    def allocate(self, ctx, credit, element):
        """Give a part of a credit to an invoice; returns the allocation.

        :raise Refused: if either cannot take it
        """
        org = ctx.org
        invoice_id = known_guid(element.get("Invoice") or {}, "InvoiceID")
        invoice = org.invoices.get(invoice_id or "")
        if not invoice or invoice["Type"] != INVOICE_TYPES[credit["Type"]]:
            raise Refused("The invoice of this allocation could not be found")
        amount = places(number(element.get("Amount", 0)), 2)
        if credit["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
            raise Refused("Credits can only be allocated between Authorised documents")
        if amount <= 0 or amount > min(credit["RemainingCredit"], invoice["AmountDue"]):
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
        stub = self.applied_stub(credit, amount, day)
        self._save_both(
            org,
            {**credit, "Allocations": [*credit["Allocations"], allocation]},
            {**invoice, self.name: [*invoice[self.name], stub]},
        )
        org.note("Invoices", invoice["InvoiceID"], "Credited")
        return allocation

    def applied_stub(self, credit, amount, day):
        """The credit as it shows on the invoice that got it."""
        return {
            self.id_field: credit[self.id_field],
            "ID": credit[self.id_field],
            "AppliedAmount": amount,
            "DateString": wire.date_string(day),
            "Date": wire.ms_date(day),
            "LineItems": [],
            "Total": credit["Total"],
        }

    def _deallocate(self, ctx, credit, allocation_id):
        org = ctx.org
        wanted = allocation_id.lower()
        found = [a for a in credit["Allocations"] if a["AllocationID"] == wanted]
        if not found:
            raise NotFound()
        invoice = org.invoices[found[0]["Invoice"]["InvoiceID"]]
        own = credit[self.id_field]
        amount = found[0]["Amount"]
        kept, removed = [], False
        for stub in invoice[self.name]:
            same = stub[self.id_field] == own and stub["AppliedAmount"] == amount
            if same and not removed:
                removed = True
                continue
            kept.append(stub)
        left = [a for a in credit["Allocations"] if a is not found[0]]
        with org.transaction():
            self._save_both(
                org, {**credit, "Allocations": left}, {**invoice, self.name: kept}
            )
        shown = {**found[0], "IsDeleted": True}
        return Answer(payload={**_head(ctx), **shown})

    def _save_both(self, org, credit, invoice):
        settle(credit)
        invoice_fields.settle(invoice)
        for record, store in (
            (credit, getattr(org, self.store_name)),
            (invoice, org.invoices),
        ):
            documents.stamp_document(org, record)
            store.put(record)
        tell(org, self.category, credit, self.id_field)
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


def tell(org, category, document, id_field, kind="UPDATE"):
    """Note the webhook event of a document, where there is one."""
    if category:
        org.event(category, document[id_field], kind, event_data(document))


def event_data(document):
    """The extra data of a credit note's webhook event; None for other documents."""
    if "CreditNoteID" not in document:
        return None
    return {"Type": document["Type"], "Status": document["Status"]}
