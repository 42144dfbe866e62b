"""Repeating invoices: templates that are created and deleted, never updated."""

from decimal import Decimal

from .. import wire
from ..errors import Refused
from . import contact_use, contacts, documents, lines
from .attachments import WithAttachments
from .base import Resource
from .rules import known_guid, parse_day

UNITS = ("WEEKLY", "MONTHLY")
DUE_TYPES = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "DAYSAFTERINVOICEDATE",
    "DAYSAFTERINVOICEMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)
FLAGS = ("ApprovedForSending", "SendCopy", "MarkAsSent", "IncludePDF")


class RepeatingInvoices(WithAttachments, Resource):
    """PUT and POST create; POST with an id and Status DELETED deletes."""

    name = "RepeatingInvoices"
    store_name = "repeating_invoices"
    id_field = "RepeatingInvoiceID"
    has_status_attribute = False
    fields = {"Type", "Status", "RepeatingInvoiceID", "Contact", "Reference", "Total"}

    def filter_rows(self, ctx, rows):
        """Deleted templates are not listed."""
        return [row for row in rows if row["Status"] != "DELETED"]

    def view(self, ctx, record, detail):
        """The contact as a stub."""
        return {
            **record,
            "Contact": contact_use.stub(ctx, record["Contact"]["ContactID"]),
        }

    def save(self, ctx, payload, create_only=False):
        """Create a template, or delete the one whose id is given."""
        org = ctx.org
        xero_id = known_guid(payload, "RepeatingInvoiceID")
        if xero_id:
            known = org.repeating_invoices.get(xero_id)
            if not known or payload.get("Status") != "DELETED":
                raise Refused("Repeating invoices can only be created or deleted")
            return org.repeating_invoices.put({**known, "Status": "DELETED"})
        messages = []
        kind, status = payload.get("Type"), payload.get("Status") or "DRAFT"
        if kind not in ("ACCREC", "ACCPAY"):
            messages.append("Type is not valid")
        if status not in ("DRAFT", "AUTHORISED"):
            messages.append("Status is not valid")
        contact = contacts.resolve(ctx, payload.get("Contact"))
        schedule = self._schedule(payload.get("Schedule") or {}, messages)
        if messages:
            raise Refused(*messages)
        record = self._record(kind, status, contact, schedule, payload)
        documents.fill_currency(ctx, record, payload, contact)
        record.pop("CurrencyRate", None)
        rules = lines.Rules(
            sale=kind == "ACCREC",
            amount_types=record["LineAmountTypes"],
            approved=status == "AUTHORISED",
            unit_places=4,
            contact=contact,
        )
        documents.fill_lines(ctx, record, payload, rules, messages)
        for name in ("IsDiscounted", "TotalDiscount"):
            record.pop(name, None)
        if messages:
            raise Refused(*messages)
        return org.repeating_invoices.put(record)

    def _record(self, kind, status, contact, schedule, payload):
        xero_id = wire.new_guid()
        record = {
            "RepeatingInvoiceID": xero_id,
            "ID": xero_id,
            "Type": kind,
            "Status": status,
            "Reference": payload.get("Reference") or "",
            "Contact": {k: contact[k] for k in ("ContactID", "Name")},
            "Schedule": schedule,
            "LineAmountTypes": lines.amount_types_of(payload, None),
            "LineItems": [],
            "Total": Decimal(0),
            "HasAttachments": False,
        }
        for name in FLAGS:
            record[name] = bool(payload.get(name))
        if payload.get("BrandingThemeID"):
            record["BrandingThemeID"] = payload["BrandingThemeID"]
        return record

    def _schedule(self, sent, messages):
        period = sent.get("Period")
        if not isinstance(period, int) or period < 1:
            messages.append("Schedule Period must be a positive number")
        if sent.get("Unit") not in UNITS:
            messages.append("Schedule Unit is not valid")
        if sent.get("DueDateType") not in DUE_TYPES:
            messages.append("Schedule DueDateType is not valid")
        schedule = {
            k: sent.get(k) for k in ("Period", "Unit", "DueDate", "DueDateType")
        }
        for name in ("StartDate", "EndDate"):
            day = parse_day(sent, name)
            if day:
                schedule[name] = wire.ms_date(day)
        if schedule.get("StartDate"):
            schedule["NextScheduledDate"] = schedule["StartDate"]
        return schedule
