"""Giving a credit note to an invoice: a write that is like no other."""

from .answers import read_documents
from .elements import Element, collect_messages
from .query import check_key


class AllocationCalls:
    """Mixin of the client: allocations of credit notes."""

    def allocate(self, credit_id, invoice_id, amount, date, *, idempotency_key):
        """Give a part of a credit note to an invoice.

        :param str credit_id: the credit note, approved
        :param str invoice_id: the invoice, approved
        :param Decimal amount: in their currency
        :param str date: YYYY-MM-DD
        :param str idempotency_key: 1 to 128 characters
        :return: what became of it. Xero does not name every allocation by an id: one
            without is named by its two documents and the call that made it
        :rtype: Element
        :raise XeroValidationError: if Xero refuses it
        :raise XeroTransientError: ``outcome_unknown`` when it may have been done
        """
        body = {
            "Allocations": [
                {"Invoice": {"InvoiceID": invoice_id}, "Amount": amount, "Date": date}
            ]
        }
        response = self._call(
            "create_credit_note_allocation",
            credit_id,
            body,
            idempotency_key=check_key(idempotency_key),
        )
        _body, documents = read_documents(response, "Allocations")
        document = documents[0] if documents and isinstance(documents[0], dict) else {}
        if errors := tuple(collect_messages(document)):
            return Element(document, errors)
        name = "/".join((credit_id, invoice_id, idempotency_key[:8]))
        return Element(document, xero_id=document.get("AllocationID") or name)
