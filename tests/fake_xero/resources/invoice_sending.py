"""What hangs on an invoice: Email, OnlineInvoice, PDF (facts section 7)."""

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, NotImplementedByXero
from . import documents
from .attachments import WithAttachments


class WithSending(WithAttachments):
    """An invoice's sub-resources."""

    def sub(self, ctx, method, record, parts):
        """Email, OnlineInvoice, pdf; else attachments and history."""
        name = parts[0].lower()
        if name == "email":
            return self._email(ctx, method, record)
        if name == "onlineinvoice":
            return self._online(ctx, method, record)
        if name == "pdf":
            raise NotFound()
        return super().sub(ctx, method, record, parts)

    def _email(self, ctx, method, record):
        """Send the invoice to the contact: 204."""
        org = ctx.org
        if method != "POST":
            raise NotImplementedByXero()
        contact = org.contacts[record["Contact"]["ContactID"]]
        today = [mail for mail in org.emails if mail["day"] == org.today()]
        for problem, message in (
            (
                record["Type"] != "ACCREC"
                or record["Status"] not in ("SUBMITTED", "AUTHORISED", "PAID"),
                "Invoice is not of a valid status or type to be emailed",
            ),
            (
                not contact["EmailAddress"],
                "The contact of this invoice has no email address",
            ),
            (
                len(today) >= self._email_limit(org),
                "Daily Email Rate Limit Exceeded. Your organisation has reached its "
                "daily email rate limit",
            ),
        ):
            if problem:
                raise BadRequest(message, 10, "ValidationException", elements=[])
        with org.transaction():
            changed = {**record, "SentToContact": True}
            documents.stamp_document(org, changed)
            org.invoices.put(changed)
            org.event("INVOICE", record["InvoiceID"], "UPDATE")
        org.emails.append(
            {
                "day": org.today(),
                "to": contact["EmailAddress"],
                "invoice": record["InvoiceID"],
            }
        )
        org.note(
            self.name,
            record["InvoiceID"],
            "Invoice sent",
            f"This invoice has been sent to {contact['EmailAddress']}",
        )
        return Answer(204, content_type="")

    def _email_limit(self, org):
        """A demo company may send nothing."""
        return 0 if org.details["IsDemoCompany"] else org.email_limit

    def _online(self, ctx, method, record):
        """The address under which the customer sees the invoice."""
        if method != "GET":
            raise NotImplementedByXero()
        if record["Type"] != "ACCREC" or record["Status"] not in ("AUTHORISED", "PAID"):
            raise NotFound()
        shown = [{"OnlineInvoiceUrl": ctx.xero.online_url(record)}]
        payload = wire.envelope("OnlineInvoices", shown, ctx.xero.now)
        return Answer(payload=payload)
