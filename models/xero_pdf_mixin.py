from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import APPROVED_STATUSES

PDF = "application/pdf"
# After Xero did not answer a customer, it is left in peace about this document.
PAUSE = timedelta(minutes=5)


class XeroPdfMixin(models.AbstractModel):
    """Documents that come as PDF, as Xero makes it. However often customers click, it
    costs one call for each version of the document."""

    _name = "xero.pdf.mixin"
    _description = "PDF from Xero"

    # Method of the Xero client that reads the PDF.
    _xero_pdf_method = None

    pdf_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        help="The version of the document that is kept as PDF.",
    )
    pdf_attachment_id = fields.Many2one(
        "ir.attachment",
        string="PDF",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What came from Xero; people may attach other PDFs to the document.",
    )
    customer_pause_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until then Xero is not asked on behalf of the customer.",
    )

    # === ACTION METHODS === #

    def action_download_pdf(self):
        """Download the document as PDF, as Xero has it at this moment.

        :raise UserError: if there is none, or Xero cannot be asked
        """
        self.ensure_one()
        self.check_access("read")
        document = self.sudo()
        document._check_has_pdf()
        last = document._keep_pdf(document._fetch(self._xero_pdf_method))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{last.id}?download=true",
            "target": "download",
        }

    def _check_has_pdf(self):
        """:raise UserError: if Xero makes no PDF of this document"""
        if not self.xero_id:
            raise UserError(
                self.env._(
                    "It is not in Xero yet. Its PDF comes from Xero, once it is there."
                )
            )

    # === FOR CUSTOMERS === #

    def _get_customer_pdf(self):
        """Return the document as PDF, for its customer. One record, as superuser.

        :return: `ir.attachment`
        :raise UserError: if Xero cannot be asked now
        """
        self.ensure_one()
        kept = self.pdf_attachment_id
        if kept and self.pdf_fingerprint == self.fingerprint:
            return kept
        return self._keep_pdf(self._fetch_for_customer(self._xero_pdf_method))

    def _fetch_for_customer(self, method):
        """Ask Xero, unless somebody has just asked in vain, is asking, or the calls of
        the day run short.

        :param str method: of the Xero client
        :raise UserError: if Xero cannot be asked now
        """
        now = fields.Datetime.now()
        [[alone]] = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                f"{self._name} for customers",
                self.id,
            )
        )
        if (
            not alone
            or (self.customer_pause_until or now) > now
            or self.status not in APPROVED_STATUSES
            or self.connection_id._is_short_of_calls()
        ):
            raise UserError(self.env._("Xero cannot be asked now."))
        try:
            return self._fetch(method)
        except UserError:
            self._pause_for_customer()
            raise

    def _pause_for_customer(self):
        self.customer_pause_until = fields.Datetime.now() + PAUSE

    def _fetch(self, method):
        """Ask Xero something about this document, while a person waits.

        :param str method: of the Xero client
        :raise UserError: in plain words
        """
        self.connection_id._check_connected()
        with self.env["xero.log"]._explained():
            return self.env["xero.gateway"]._call(
                self.connection_id, method, self.xero_id
            )

    # === THE FILE === #

    def _keep_pdf(self, content):
        """Keep the PDF of this version, in place of the last one. One record.

        :param bytes content: as Xero has made it
        :return: `ir.attachment`, as superuser
        """
        vals = {
            "name": f"{self.number or self.reference or self.display_name}.pdf",
            "res_model": self._name,
            "res_id": self.id,
            "mimetype": PDF,
            "raw": content,
        }
        document = self.sudo()
        if document.pdf_attachment_id:
            document.pdf_attachment_id.write(vals)
        else:
            document.pdf_attachment_id = document.pdf_attachment_id.create(vals)
        document.pdf_fingerprint = self.fingerprint
        return document.pdf_attachment_id
