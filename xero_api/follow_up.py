"""What hangs on a document in Xero: e-mail, notes, files, the customer's page, PDF."""

import re

from .answers import malformed, read_documents
from .errors import XeroNotFoundError
from .query import check_key
from .resources import get_resource

MAX_NOTE = 2500
# Xero takes so many files a document, of so many bytes each.
MAX_FILES = 10
MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_FILE_NAME = 100
# What a name neither begins nor ends with: any white space, and dots.
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "."
FORBIDDEN_IN_NAME = re.compile(r'[<>:"/\\|?*+\x00-\x1f\x7f]+')


def clean_file_name(name):
    """Return a file name that Xero takes, with its ending.

    :param str name: any
    :rtype: str
    """
    name = FORBIDDEN_IN_NAME.sub("-", name or "")
    name = name.strip(BLANKS)
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    stem = stem[: MAX_FILE_NAME - len(dot + ending)].strip(BLANKS)
    return f"{stem or 'file'}{dot}{ending}"


class FollowUpCalls:
    """Mixin of the client: calls on one document that exists."""

    def online_invoice_url(self, xero_id):
        """Read the address where the customer sees and pays an approved invoice.

        :param str xero_id: the invoice
        :return: None while there is no such page, as for a draft
        :rtype: str | None
        """
        try:
            response = self._call("get_online_invoice", xero_id)
        except XeroNotFoundError:
            return None
        _body, documents = read_documents(response, "OnlineInvoices")
        if not documents or not isinstance(documents[0], dict):
            return None
        return documents[0].get("OnlineInvoiceUrl") or None

    def invoice_pdf(self, xero_id):
        """Read an invoice as PDF.

        :param str xero_id: the invoice
        :rtype: bytes
        """
        return self._pdf("get_invoice_as_pdf", xero_id)

    def credit_note_pdf(self, xero_id):
        """Read a credit note as PDF.

        :param str xero_id: the credit note
        :rtype: bytes
        """
        return self._pdf("get_credit_note_as_pdf", xero_id)

    def _pdf(self, method, xero_id):
        response = self._call(method, xero_id)
        if not response.content.lstrip().startswith(b"%PDF"):
            raise malformed(response)
        return response.content

    def email_invoice(self, xero_id, *, idempotency_key):
        """Let Xero mail an approved invoice to its contact.

        :param str xero_id: the invoice
        :param str idempotency_key: 1 to 128 characters
        """
        self._call(
            "email_invoice", xero_id, {}, idempotency_key=check_key(idempotency_key)
        )

    # === NOTES === #

    def history(self, xero_id):
        """Read what has happened to an invoice in Xero, newest first.

        :param str xero_id: the invoice
        :return: rows with Changes, Details, User, DateUTC
        :rtype: list[dict]
        """
        response = self._call("get_invoice_history", xero_id)
        _body, rows = read_documents(response, "HistoryRecords")
        return [row for row in rows if isinstance(row, dict)]

    def add_history_note(self, resource, xero_id, text, *, idempotency_key):
        """Add a note to a document's history, for good.

        :param str resource: Xero's path name
        :param str xero_id: the document
        :param str text: cut to the 2,500 characters that Xero takes
        :param str idempotency_key: 1 to 128 characters
        """
        route = get_resource(resource)
        if not route.history_method:
            raise ValueError(f"{resource} take no notes in Xero")
        note = text if len(text) <= MAX_NOTE else text[: MAX_NOTE - 1] + "…"
        self._call(
            route.history_method,
            xero_id,
            {"HistoryRecords": [{"Details": note}]},
            idempotency_key=check_key(idempotency_key),
        )

    # === FILES === #

    def attachments(self, xero_id):
        """Read which files an invoice carries.

        :param str xero_id: the invoice
        :return: FileName, ContentLength, IncludeOnline and so on
        :rtype: list[dict]
        """
        response = self._call("get_invoice_attachments", xero_id)
        _body, rows = read_documents(response, "Attachments")
        return [row for row in rows if isinstance(row, dict)]

    def attach_file(self, xero_id, name, content, *, online, idempotency_key):
        """Attach a file to an invoice; one of the same name is replaced.

        :param str xero_id: the invoice
        :param str name: as from :func:`clean_file_name`
        :param bytes content: at most 10 MB
        :param bool online: whether the customer sees it with the online invoice
        :param str idempotency_key: 1 to 128 characters
        """
        if FORBIDDEN_IN_NAME.search(name) or not isinstance(content, bytes):
            raise ValueError("Xero takes bytes under a clean name")
        self._call(
            "create_invoice_attachment_by_file_name",
            xero_id,
            name,
            content,
            include_online=bool(online),
            idempotency_key=check_key(idempotency_key),
        )

    # === WHAT MAY BE DONE === #

    def organisation_actions(self):
        """Read what the person who connected may do in the organisation.

        :return: whether it is allowed, by Xero's name of the action
        :rtype: dict[str, bool]
        """
        response = self._call("get_organisation_actions")
        _body, rows = read_documents(response, "Actions")
        return {
            row["Name"]: row.get("Status") == "ALLOWED"
            for row in rows
            if isinstance(row, dict) and row.get("Name")
        }
