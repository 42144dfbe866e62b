from odoo import fields, models

from ..const import QUOTE_TRIGGERS


class XeroConnection(models.Model):
    """When quotations go to Xero, and what an answer there means here."""

    _inherit = "xero.connection"

    quote_trigger = fields.Selection(
        QUOTE_TRIGGERS,
        "Send Quotations to Xero",
        default="manual",
        required=True,
        tracking=True,
    )
    quote_confirms = fields.Boolean(
        "Confirm Orders Accepted in Xero",
        tracking=True,
        help="A quote that is accepted in Xero confirms its quotation by itself. "
        "Otherwise the salesperson is told, and decides.",
    )
    quote_minutes = fields.Integer("Quotes Every (min)", default=15)

    def _get_quote_minutes(self):
        """Return how often to ask for quotes: often only while one of ours waits for
        an answer, because each question is one of the day's calls.

        :rtype: int
        """
        self.ensure_one()
        waiting = [
            ("connection_id", "=", self.id),
            ("order_id", "!=", False),
            ("status", "in", ("draft", "sent")),
        ]
        if self.env["xero.quote"].sudo().search_count(waiting, limit=1):
            return self.quote_minutes
        return max(self.quote_minutes, self.credit_minutes)
