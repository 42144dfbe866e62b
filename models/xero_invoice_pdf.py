from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import APPROVED_STATUSES
from .xero_invoice_online import PDF

# After Xero did not answer a customer, it is left in peace about this invoice.
PAUSE = timedelta(minutes=5)
# First argument of PostgreSQL's advisory locks: any number that is ours.
LOCK = 0x58706466


class XeroInvoice(models.Model):
    """What Xero is asked for while a customer waits: however often they click, it
    costs one call for each version of the invoice."""

    _inherit = "xero.invoice"

    pdf_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        help="The version of the invoice that is kept as PDF.",
    )
    customer_pause_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until then Xero is not asked on behalf of the customer.",
    )

    def _get_customer_pdf(self):
        """Return the invoice as PDF, for its customer. One record, as superuser.

        :return: `ir.attachment`
        :raise UserError: if Xero cannot be asked now
        """
        self.ensure_one()
        kept = self._get_kept_pdf()
        if kept and self.pdf_fingerprint == self.fingerprint:
            return kept
        return self._keep_pdf(self._fetch_for_customer("invoice_pdf"))

    def _get_customer_online_url(self):
        """Return where Xero lets the customer pay the invoice. One record, as
        superuser.

        :rtype: str
        :raise UserError: if there is no such page, or Xero cannot be asked now
        """
        self.ensure_one()
        if not self.online_url:
            self._keep_online_url(self._fetch_for_customer("online_invoice_url"))
        if not self.online_url:
            self._pause_for_customer()
            raise UserError(self.env._("Xero has no online page for this invoice."))
        return self.online_url

    def _fetch_for_customer(self, method):
        """Ask Xero, unless somebody has just asked in vain, is asking, or the calls of
        the day run short.

        :param str method: of the Xero client
        :raise UserError: if Xero cannot be asked now
        """
        now = fields.Datetime.now()
        [[alone]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, self.id)
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

    # === THE FILE === #

    def _get_kept_pdf(self):
        mine = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        files = self.env["ir.attachment"].sudo()
        return files.search([*mine, ("mimetype", "=", PDF)], limit=1)

    def _keep_pdf(self, content):
        """Keep the PDF of this version, in place of the last one. One record.

        :param bytes content: as Xero has made it
        :return: `ir.attachment`, as superuser
        """
        vals = {
            "name": f"{self.number or self.reference}.pdf",
            "res_model": self._name,
            "res_id": self.id,
            "mimetype": PDF,
            "raw": content,
        }
        kept = self._get_kept_pdf()
        if kept:
            kept.write(vals)
        else:
            kept = self.env["ir.attachment"].sudo().create(vals)
        self.sudo().pdf_fingerprint = self.fingerprint
        return kept
