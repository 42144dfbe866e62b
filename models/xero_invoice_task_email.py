from odoo import models

from ..const import APPROVED_STATUSES, SENT_IN_HISTORY
from ..mapping.invoice import InvoiceData
from .xero_change import Change, Problem, XeroProblem
from .xero_invoice import GONE_STATUSES


class XeroInvoiceTask(models.Model):
    """The invoice to the customer, once: by Xero's mail, or by Odoo's."""

    _inherit = "xero.invoice.task"

    def _take_sender(self):
        """Mails that did not go out are tried again by whoever sends mails now."""
        for task in self.filtered(lambda task: task.state in ("error", "pending")):
            task.sender = task.connection_id.email_sender

    def _check_email(self):
        """:raise XeroProblem: if the invoice cannot or must not be mailed now"""
        invoice = self.invoice_id
        if invoice.status in GONE_STATUSES:
            raise XeroProblem(
                Problem(self.env._("The invoice was voided."), "", skip=True)
            )
        if invoice.status not in APPROVED_STATUSES:
            raise XeroProblem(
                Problem(
                    self.env._("The invoice is not approved in Xero yet."),
                    self.env._("It is e-mailed once it is approved."),
                    wait=True,
                )
            )
        self._check_total()
        self._check_demo_company()
        if not invoice._get_email_address(self.sender):
            raise XeroProblem(invoice._get_no_email_problem())

    def _check_total(self):
        """Wrong money is never mailed: Xero's total is the order's, to the cent."""
        invoice = self.invoice_id
        if problem := invoice._get_unequal_problem():
            raise XeroProblem(problem)

    def _check_demo_company(self):
        if self.sender == "xero" and self.connection_id.is_demo_company:
            raise XeroProblem(
                Problem(
                    self.env._("Xero's demo company sends no e-mails."),
                    self.env._(
                        "Let Odoo send them: on the connection, page After Creation, "
                        "choose Odoo under Sent By. Then press Resync."
                    ),
                    fix="email_sender",
                    fix_id=self.connection_id.id,
                )
            )

    def _find_email(self):
        """Whether the mail of a lost call went out: nobody gets it twice."""
        if self.sender == "odoo":
            return False  # made together with `done`, or not at all
        xero_id = self.invoice_id.xero_id
        if self._call("get_one", "Invoices", xero_id).get("SentToContact"):
            return True
        return any(
            (row.get("Changes") or "").lower() in SENT_IN_HISTORY
            for row in self._call("history", xero_id)
        )

    def _call_email(self):
        """Let Xero mail it, or get from Xero what Odoo's mail carries.

        :return: the PDF, and the address of the customer's page
        """
        xero_id = self.invoice_id.xero_id
        if self.sender == "xero":
            self._call("email_invoice", xero_id, idempotency_key=self.idempotency_key)
            return None
        url = self.invoice_id.online_url or self._call("online_invoice_url", xero_id)
        return self._call("invoice_pdf", xero_id), url

    def _keep_email(self, result, found):
        invoice = self.invoice_id
        self.name = invoice._get_email_address(self.sender)
        if self.sender == "xero":
            invoice.is_sent = True
        else:
            content, url = result
            invoice._keep_online_url(url)
            invoice._send_odoo_mail(content)
            self._queue([{"invoice": invoice, "kind": "mark_sent"}])
        invoice._post_sent(self)

    # === WHAT XERO SHOWS OF A MAIL THAT ODOO SENT === #

    def _check_mark_sent(self):
        if self.invoice_id.is_sent or self.invoice_id.status not in APPROVED_STATUSES:
            raise XeroProblem(Problem(self.env._("It is settled."), "", skip=True))

    def _find_mark_sent(self):
        return False  # saying it twice does no harm

    def _call_mark_sent(self):
        payload = {"InvoiceID": self.invoice_id.xero_id, "SentToContact": True}
        [element] = self._call(
            "update", "Invoices", [payload], idempotency_key=self.idempotency_key
        )
        if not element.ok:
            raise XeroProblem(
                self.env["xero.log"]._explain_task_messages(self, element.errors)
            )
        return element.payload

    def _keep_mark_sent(self, payload, found):
        data = InvoiceData.from_xero(payload)
        change = Change(
            "update", record=self.invoice_id, data=data, xero_id=data.xero_id
        )
        self.invoice_id._write_from_xero(self.connection_id, [change])
