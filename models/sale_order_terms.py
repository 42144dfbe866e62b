from odoo import models

from ..mapping.payment_terms import TermRule


class SaleOrder(models.Model):
    """When the invoice of an order is due."""

    _inherit = "sale.order"

    def _get_xero_due_date(self, date, connection=None):
        """Return when the invoice is due: as Xero counts the payment term, else as Odoo
        does; of several instalments the last; the day itself without a term.

        :param date: of the invoice
        :param connection: `xero.connection`; that of the order's company when None
        :rtype: date
        """
        term = self.payment_term_id
        if not term:
            return date
        company = connection.company_id if connection else self.company_id
        texts, _terms = self.env["xero.term.map"]._get_tables(company.id)
        if text := texts.get(term.id):
            return TermRule.from_text(text).due_date(date)
        return max((line._get_due_date(date) for line in term.line_ids), default=date)

    def _get_xero_term_notes(self):
        """Return what the log should tell of the due date: a list of sentences."""
        lines = self.payment_term_id.line_ids
        texts, _terms = self.env["xero.term.map"]._get_tables(self.company_id.id)
        if len(lines) < 2 or self.payment_term_id.id in texts:
            return []
        return [
            self.env._(
                "%(term)s has %(count)s instalments, an invoice in Xero one due date: "
                "that of the last one.",
                term=self.payment_term_id.name,
                count=len(lines),
            )
        ]
