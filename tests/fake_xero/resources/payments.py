"""Payments on invoices and credit notes: created and deleted, never changed."""

from .. import wire
from ..errors import Refused
from ..money import number, places
from . import allocations, contact_use, documents, invoice_fields
from .base import Resource
from .rules import check_lock_dates, known_guid, parse_day

EXCEEDS = "Payment amount exceeds the amount outstanding on this document"
KINDS = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
    "RECEIVE-OVERPAYMENT": "AROVERPAYMENTPAYMENT",
    "RECEIVE-PREPAYMENT": "ARPREPAYMENTPAYMENT",
}
# Of what is paid: name in a payment, id, store, resource, webhook category.
DOCUMENTS = (
    ("Invoice", "InvoiceID", "invoices", "Invoices", "INVOICE"),
    ("CreditNote", "CreditNoteID", "credit_notes", "CreditNotes", "CREDITNOTE"),
    ("Overpayment", "OverpaymentID", "overpayments", "Overpayments", ""),
    ("Prepayment", "PrepaymentID", "prepayments", "Prepayments", ""),
)
NESTED = ("Type", "InvoiceID", "InvoiceNumber", "CurrencyCode", "IsDiscounted")


class Payments(Resource):
    """PUT creates, POST with Status DELETED deletes; the document's amounts follow."""

    name = "Payments"
    store_name = "payments"
    id_field = "PaymentID"
    pageable = True
    incremental = True
    error_flag = "HasValidationErrors"
    fields = {
        "PaymentID",
        "Date",
        "Amount",
        "Reference",
        "Status",
        "PaymentType",
        "Invoice",
        "CreditNote",
        "Account",
        "UpdatedDateUTC",
        "IsReconciled",
        "CurrencyRate",
    }

    def view(self, ctx, record, detail):
        """The document as a stub: short in lists, with amounts on a single get."""
        shown = dict(record)
        if "Invoice" in record:
            invoice = ctx.org.invoices[record["Invoice"]["InvoiceID"]]
            nested = {name: invoice[name] for name in NESTED}
            if detail == "full":
                nested = {k: v for k, v in invoice.items() if k != "Payments"}
            nested["HasErrors"] = False
            contact_id = invoice["Contact"]["ContactID"]
            nested["Contact"] = contact_use.stub(ctx, contact_id)
            shown["Invoice"] = nested
        return shown

    def save(self, ctx, payload, create_only=False):
        """Create a payment, or delete the one whose PaymentID is given."""
        xero_id = known_guid(payload, "PaymentID")
        if xero_id and not create_only:
            known = documents.by_id(ctx.org.payments, payload, "PaymentID", "payment")
            if payload.get("Status") != "DELETED":
                raise Refused("Payments cannot be modified, only created and deleted")
            return self._delete(ctx, known)
        return self._create(ctx, payload)

    def _create(self, ctx, payload):
        org = ctx.org
        document = self._document(org, payload)
        account = self._account(org, payload)
        _check_currency(org, document, account)
        day = parse_day(payload, "Date") or org.today()
        amount = number(payload.get("Amount", 0))
        messages = []
        check_lock_dates(org, day, messages)
        if amount <= 0:
            messages.append("Payment amount must be greater than zero")
        due = document.get("AmountDue", document.get("RemainingCredit"))
        if document["Status"] != "AUTHORISED":
            messages.append("Payments can only be made against Authorised documents")
        elif amount > due:
            messages.append(EXCEEDS)
        if amount != places(amount, 2):
            messages.append("Payment amount can have at most 2 decimal places")
        if messages:
            raise Refused(*messages)
        record = self._record(document, account, day, places(amount, 2), payload)
        return self._store(ctx, record, document)

    def _document(self, org, payload):
        """The invoice or credit note that is paid."""
        sent = payload.get("Invoice") or {}
        if sent or payload.get("InvoiceNumber"):
            xero_id = known_guid(sent, "InvoiceID")
            found = [org.invoices[xero_id]] if xero_id in org.invoices else []
            text = sent.get("InvoiceNumber") or payload.get("InvoiceNumber")
            if not xero_id and text:
                found = org.invoices.find("number", text.casefold())
            if not found:
                raise Refused("The invoice of this payment could not be found")
            return found[0]
        for name, id_field, store, _resource, _category in DOCUMENTS[1:]:
            xero_id = known_guid(payload.get(name) or {}, id_field)
            if xero_id in getattr(org, store):
                return getattr(org, store)[xero_id]
        raise Refused("A payment needs an invoice or a credit note")

    def _account(self, org, payload):
        sent = payload.get("Account") or {}
        account = org.accounts.get(str(sent.get("AccountID", "")).lower())
        if not account and sent.get("Code"):
            account = org.account_by_code(sent["Code"])
        if not account:
            raise Refused("The account of this payment could not be found")
        if account["Status"] != "ACTIVE":
            raise Refused("The account of this payment is archived")
        if account["Type"] != "BANK" and not account["EnablePaymentsToAccount"]:
            raise Refused("Account does not accept payments")
        return account

    def _record(self, document, account, day, amount, payload):
        record = {
            "PaymentID": wire.new_guid(),
            "Date": wire.ms_date(day),
            "BankAmount": amount,
            "Amount": amount,
            "CurrencyRate": document["CurrencyRate"],
            "PaymentType": KINDS[document["Type"]],
            "Status": "AUTHORISED",
            "HasAccount": True,
            "IsReconciled": bool(payload.get("IsReconciled", False)),
            "Account": {k: account[k] for k in ("AccountID", "Code") if k in account},
            "HasValidationErrors": False,
        }
        if payload.get("Reference"):
            record["Reference"] = payload["Reference"]
        if payload.get("CurrencyRate"):
            record["CurrencyRate"] = number(payload["CurrencyRate"], "CurrencyRate")
        name, key, *_rest = _kind_of(document)
        record[name] = {key: document[key]}
        return record

    def _store(self, ctx, record, document):
        org = ctx.org
        documents.stamp_document(org, record)
        stub = _stub(record)
        changed = {**document, "Payments": [*document["Payments"], stub]}
        self._settle(org, changed)
        return org.payments.put(record)

    def _settle(self, org, document):
        """Let the document's amounts and status follow its payments."""
        documents.stamp_document(org, document)
        _name, key, store, resource, category = _kind_of(document)
        if store == "invoices":
            invoice_fields.settle(document)
        else:
            allocations.settle(document)
        getattr(org, store).put(document)
        changes = "Paid" if document["Status"] == "PAID" else "Payment"
        org.note(resource, document[key], changes)
        allocations.tell(org, category, document, key)

    def _delete(self, ctx, known):
        org = ctx.org
        if known["Status"] == "DELETED":
            raise Refused("This payment has been deleted already")
        if known["IsReconciled"]:
            raise Refused("This payment has been reconciled and cannot be deleted")
        messages = []
        check_lock_dates(org, wire.day_of(known["Date"]), messages)
        if messages:
            raise Refused(*messages)
        name, key, store, *_rest = next(d for d in DOCUMENTS if d[0] in known)
        document = getattr(org, store)[known[name][key]]
        left = [p for p in document["Payments"] if p["PaymentID"] != known["PaymentID"]]
        self._settle(org, {**document, "Payments": left})
        record = {**known, "Status": "DELETED"}
        documents.stamp_document(org, record)
        return org.payments.put(record)


def _check_currency(org, document, account):
    """Refuse a payment on an account in a third currency. How Xero words it is not
    known; that it refuses, its own screens show.

    :raise Refused: if so
    """
    base = org.details["BaseCurrency"]
    currency = account.get("CurrencyCode") or base
    if currency not in (base, document["CurrencyCode"]):
        raise Refused(
            f"The account's currency {currency} is neither the document's currency "
            "nor the base currency"
        )


def _stub(record):
    """The payment as it shows on its invoice."""
    stub = {
        "PaymentID": record["PaymentID"],
        "Date": record["Date"],
        "Amount": record["Amount"],
        "CurrencyRate": record["CurrencyRate"],
        "HasAccount": False,
        "HasValidationErrors": False,
    }
    if record.get("Reference"):
        stub["Reference"] = record["Reference"]
    return stub


def _kind_of(document):
    return next(kind for kind in DOCUMENTS if kind[1] in document)
