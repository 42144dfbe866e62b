from odoo import models
from odoo.exceptions import UserError

from ..const import APPROVED_STATUSES


class XeroCreditNote(models.Model):
    """Credit notes come as PDF from Xero, for people here and for the customer."""

    _name = "xero.credit.note"
    _inherit = ["xero.credit.note", "xero.pdf.mixin"]

    _xero_pdf_method = "credit_note_pdf"

    def _is_shown_to_customer(self):
        """Whether the customer may have it as PDF. One record."""
        return self.kind == "credit_note" and self.status in APPROVED_STATUSES

    def _check_has_pdf(self):
        result = super()._check_has_pdf()
        if self.kind != "credit_note":
            raise UserError(
                self.env._(
                    "Xero makes no PDF of overpayments and prepayments: they are money "
                    "that came in. Open it in Xero to see it."
                )
            )
        return result
