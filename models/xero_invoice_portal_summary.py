from odoo import api, models
from odoo.fields import Domain


class XeroInvoice(models.Model):
    """What a customer owes, in short, for their portal."""

    _inherit = "xero.invoice"

    @api.model
    def _count_for_customer(self, domain=Domain.TRUE):
        """Return how many invoices the user is shown as a customer.

        :param Domain domain: which of them
        :rtype: int
        """
        invoices = self._get_customer_model()
        if invoices is None:
            return 0
        return invoices.search_count(self._get_customer_domain() & domain)

    @api.model
    def _get_customer_summary(self):
        """Return how much the user has to pay, and what of it is overdue.

        :return: `count` of invoices, and `due` and `overdue`: lists of dicts with
            `currency` (`res.currency`), `amount` in it, and `count`
        :rtype: dict
        """
        summary = {"count": 0, "due": [], "overdue": []}
        invoices = self._get_customer_model()
        if invoices is None:
            return summary
        rows = invoices._read_group(
            self._get_customer_domain(),
            ["currency_id", "is_open", "is_overdue"],
            ["amount_due:sum", "__count"],
        )
        for currency, is_open, is_overdue, amount, count in rows:
            summary["count"] += count
            if is_open and amount > 0:
                self._add_to_summary(summary["due"], currency, amount, count)
            if is_overdue:
                self._add_to_summary(summary["overdue"], currency, amount, count)
        return summary

    @api.model
    def _add_to_summary(self, rows, currency, amount, count):
        row = next((row for row in rows if row["currency"] == currency), None)
        if row is None:
            row = {"currency": currency.sudo(), "amount": 0.0, "count": 0}
            rows.append(row)
        row["amount"] += amount
        row["count"] += count

    def _get_customer_status(self):
        """Return how a customer is told where an invoice stands. One record.

        :return: label, Bootstrap colour, and icon
        :rtype: tuple
        """
        status = self.payment_status
        told = {
            "partial": (self.env._("Partly Paid"), "info", "fa-adjust"),
            "overdue": (self.env._("Overdue"), "danger", "fa-exclamation-circle"),
            "paid": (self.env._("Paid"), "success", "fa-check"),
            "credited": (self.env._("Credited"), "success", "fa-check"),
            "voided": (self.env._("Voided"), "secondary", "fa-ban"),
        }
        return told.get(status) or (
            self.env._("Awaiting Payment"),
            "info",
            "fa-clock-o",
        )
