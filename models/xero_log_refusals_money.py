from odoo import models

from .xero_change import Problem


class XeroLog(models.Model):
    """Explains why Xero refused to change, void, credit or pay back a document."""

    _inherit = "xero.log"

    def _explain_not_open(self, link, text):
        return Problem(
            self.env._(
                "%(name)s was not done: somebody has settled or closed one of the two "
                "documents meanwhile. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Look at both in Xero. Credit that is left can be given to another "
                "invoice there, or paid back with Refund on the credit note."
            ),
            fix="record",
        )

    def _explain_settled(self, link, text):
        return Problem(
            self.env._(
                "%(name)s has been paid or credited meanwhile. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Make a credit note instead: open the invoice and press Credit Note."
            ),
            fix="record",
        )

    def _explain_final(self, link, text):
        return Problem(
            self.env._(
                "%(name)s is in a state in Xero that allows no such change. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Refresh the invoice, and choose again from the ways that are left."
            ),
            fix="record",
        )

    def _explain_quote_status(self, link, text):
        return Problem(
            self.env._(
                "Xero does not let quote %(name)s go to this status. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Press Refresh from Xero on the quote to see where it is; set the "
                "status in Xero, or on the quotation, then press Resync."
            ),
            fix="record",
        )
