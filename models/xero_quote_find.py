from odoo import models

from ..mapping.quote import QuoteData
from .xero_sync_mixin import NO_ENQUEUE


class XeroQuote(models.Model):
    """Exactly once: what a call without an answer has made is looked for in Xero."""

    _inherit = "xero.quote"

    def _before_xero_push(self, connection, links):
        """Note what is about to be sent: by that it is known again in Xero. Customers
        and items go first; see the order of `PUSH_MODELS`."""
        pending = set(
            links.filtered(lambda link: link.state == "pending").mapped("res_id")
        )
        for quote in self.with_context(**{NO_ENQUEUE: True}):
            if quote.id in pending and not quote.xero_id and quote.order_id:
                vals = quote._prepare_expected(quote.order_id)
                if different := quote._get_different(vals):
                    quote.write(different)

    def _prepare_expected(self, order):
        """Return what a quotation's quote can be recognised by."""
        return {
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "reference": order.name,
            "currency_id": order.currency_id.id,
            "amount_expected": order.amount_total,
        }

    def _find_in_xero(self, connection, link):
        """Look for the quote that a lost call may have made, among the newest ones of
        the customer: Xero finds quotes by contact, not by reference."""
        contact = self.env["xero.link"]._of(self.partner_id, connection)
        if not contact.xero_id:
            return None
        page = self.env["xero.gateway"]._call(
            connection,
            "get_page",
            "Quotes",
            contact_ids=[contact.xero_id],
            order="UpdatedDateUTC DESC",
        )
        mine = {
            payload["QuoteID"]: payload
            for payload in page.items
            if self._is_mine(connection, QuoteData.from_xero(payload))
        }
        taken = self.search(
            [("connection_id", "=", connection.id), ("xero_id", "in", list(mine))]
        )
        for xero_id in (taken - self).mapped("xero_id"):
            del mine[xero_id]
        return next(iter(mine.values()), None)

    def _adopt_from_xero(self, connection, link, payload):
        """Bind this record to the quote that was found. One record."""
        data = QuoteData.from_xero(payload)
        self._become(connection, data)
        logs = self.env["xero.log"]
        logs._resolve_for(link)
        self._settle(connection, link, data)
        logs._add_success(link, "pull", "link")
        self.order_id._post_xero_quote(self)

    def _filter_asked(self):
        return self.filtered("order_id")

    def _get_billing_order(self):
        return self.order_id

    def _get_billed(self):
        return self.order_id._get_xero_quoted()

    def _draft(self, order, connection):
        return order._draft_xero_quote(connection)
