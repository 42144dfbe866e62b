"""Money received too much or too early: overpayments and prepayments.

They are made by bank transactions, so they are read here, given to invoices and paid
back, but not created (OpenAPI file; facts file section 7).
"""

from decimal import Decimal

from .. import wire
from . import contact_use, documents, lines
from .allocations import WithAllocations, settle
from .attachments import WithAttachments
from .base import Resource
from .rules import set_day


class Received(WithAllocations, WithAttachments, Resource):
    """What the two have in common."""

    methods = ("GET",)
    pageable = True
    incremental = True
    kind = ""
    amount_types = "NoTax"

    def view(self, ctx, record, detail):
        """Lines only when paged or single; the contact is a stub."""
        shown = dict(record)
        shown["Contact"] = contact_use.stub(ctx, record["Contact"]["ContactID"])
        shown["LineItems"] = []
        if detail != "plain":
            shown["LineItems"] = lines.shown(record["LineItems"], ctx.unit_places)
        return shown

    def receive(self, ctx, contact, amount, day, reference="", currency=None):
        """Book money in the bank that no invoice asks for; returns the record.

        :param Decimal amount: tax included
        :param str currency: the organisation's own when None
        """
        org = ctx.org
        currency = currency or org.base_currency
        record = {
            self.id_field: (xero_id := wire.new_guid()),
            "ID": xero_id,
            "Type": f"RECEIVE-{self.kind}",
            "RemainingCredit": amount,
            "Allocations": [],
            "Payments": [],
            "HasAttachments": False,
            "Contact": {key: contact[key] for key in ("ContactID", "Name")},
            "Status": "AUTHORISED",
            "LineAmountTypes": self.amount_types,
            "LineItems": [],
            "SubTotal": amount,
            "TotalTax": amount - amount,
            "Total": amount,
            "CurrencyCode": currency,
            "CurrencyRate": org.rates.get(currency, Decimal(1)),
        }
        if reference:
            record["Reference"] = reference
        set_day(record, "Date", day)
        settle(record)
        documents.stamp_document(org, record)
        return self.store(ctx).put(record)


FIELDS = {
    "Type",
    "Contact",
    "Date",
    "Status",
    "Reference",
    "RemainingCredit",
    "Total",
    "CurrencyCode",
    "UpdatedDateUTC",
}


class Overpayments(Received):
    """More than an invoice asked for."""

    name = "Overpayments"
    store_name = "overpayments"
    id_field = "OverpaymentID"
    kind = "OVERPAYMENT"
    fields = FIELDS | {"OverpaymentID"}


class Prepayments(Received):
    """Money before the invoice."""

    name = "Prepayments"
    store_name = "prepayments"
    id_field = "PrepaymentID"
    kind = "PREPAYMENT"
    fields = FIELDS | {"PrepaymentID", "InvoiceNumber"}
