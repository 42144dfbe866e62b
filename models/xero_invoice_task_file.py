from odoo import models
from odoo.exceptions import UserError

from ..xero_api import MAX_FILE_SIZE, MAX_FILES
from .xero_change import Problem, XeroProblem

QUOTATION = "quotation"
REPORT = "sale.action_report_saleorder"


class XeroInvoiceTask(models.Model):
    """Files of the order at its invoice in Xero: the quotation, and chosen ones."""

    _inherit = "xero.invoice.task"

    def _check_attachment(self):
        """:raise XeroProblem: if Xero would not take the file, or it is gone"""
        if self.key != QUOTATION and not self.attachment_id:
            raise XeroProblem(Problem(self.env._("It was deleted."), "", skip=True))
        if self.attachment_id.file_size > MAX_FILE_SIZE:
            raise XeroProblem(self._get_too_large_problem())
        attached = self.search_count(
            [
                ("invoice_id", "=", self.invoice_id.id),
                ("kind", "=", "attachment"),
                ("state", "=", "done"),
            ]
        )
        if attached >= MAX_FILES:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "%(file)s was left out: a Xero invoice takes %(count)s files.",
                        file=self.name,
                        count=MAX_FILES,
                    ),
                    self.env._(
                        "Join files into one, or send it to the customer apart."
                    ),
                    fix="task",
                    fix_id=self.invoice_id.id,
                )
            )

    def _find_attachment(self):
        """A file of the same name is replaced in Xero, so that a lost call may be made
        again; where it did arrive, it is not."""
        if self.key == QUOTATION:
            return False  # printed anew, it has another size
        return any(
            row.get("FileName") == self.name
            and row.get("ContentLength") == self.attachment_id.file_size
            for row in self._call("attachments", self.invoice_id.xero_id)
        )

    def _call_attachment(self):
        content = self._get_file_content()
        if len(content) > MAX_FILE_SIZE:
            raise XeroProblem(self._get_too_large_problem())
        self._call(
            "attach_file",
            self.invoice_id.xero_id,
            self.name,
            content,
            online=self.connection_id.attach_online,
            idempotency_key=self.idempotency_key,
        )

    def _keep_attachment(self, result, found):
        """There is nothing to keep but that it was done."""

    def _get_file_content(self):
        """Return the file as bytes; the quotation as Odoo prints it now, which shows
        the customer's signature once there is one.

        :raise XeroProblem: if it cannot be printed or read
        """
        if self.key != QUOTATION:
            return self.attachment_id.raw or b""
        order = self.invoice_id.order_id
        try:
            return self.env["ir.actions.report"]._render_qweb_pdf(REPORT, order.ids)[0]
        except (UserError, ValueError) as error:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The quotation of %(order)s could not be printed: %(why)s",
                        order=order.name,
                        why=str(error),
                    ),
                    self.env._(
                        "Ask your administrator to make Odoo's PDF reports work "
                        "(wkhtmltopdf), then press Resync."
                    ),
                    fix="task",
                    fix_id=self.invoice_id.id,
                )
            ) from error

    def _get_too_large_problem(self):
        return Problem(
            self.env._(
                "%(file)s was left out: Xero takes files of up to %(size)s MB.",
                file=self.name,
                size=MAX_FILE_SIZE // 1024 // 1024,
            ),
            self.env._("Attach a smaller version of it to the order."),
            fix="order",
            fix_id=self.invoice_id.order_id.id,
        )
