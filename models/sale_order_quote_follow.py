from odoo import api, models

from .xero_quote_answer import ACTIVITY

# What of a quotation is in its quote.
QUOTED = frozenset(
    {
        "state",
        "partner_id",
        "partner_invoice_id",
        "validity_date",
        "date_order",
        "note",
        "client_order_ref",
        "currency_id",
        "pricelist_id",
        "order_line",
        "user_id",
        "team_id",
    }
)


class SaleOrder(models.Model):
    """Quotations that are in Xero: what changes in them goes there as well."""

    _inherit = "sale.order"

    def write(self, vals):
        sent = vals.get("state") == "sent" and self.filtered(
            lambda order: order.state == "draft"
        )
        result = super().write(vals)
        if not QUOTED.isdisjoint(vals):
            self._follow_xero_quote()
        if sent:
            sent._trigger_xero_quote()
        if vals.get("state") in ("sale", "cancel") and self.sudo().xero_quote_ids:
            self.activity_unlink([ACTIVITY])  # the answer has had its answer
        if vals.get("xero_do_not_sync"):
            self._forget_xero_quotes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_waiting_xero_quotes(self):
        """What is not in Xero yet need not go there any more."""
        self._forget_xero_quotes()

    def _forget_xero_quotes(self):
        """Take quotes out of the outbox that Xero knows nothing of."""
        quotes = self.sudo().xero_quote_ids.filtered(lambda quote: not quote.xero_id)
        links = self.env["xero.link"].sudo()._of(quotes) if quotes else ()
        waiting = links and links.filtered(lambda link: link.state != "sending")
        if waiting:
            quotes = quotes.browse(waiting.mapped("res_id"))
            waiting.unlink()
            quotes.unlink()

    def _follow_xero_quote(self):
        """Put the quotes of these orders into the outbox, in the user's transaction.
        Whether something that is sent differs, the push finds out."""
        quotes = (
            self.env["xero.quote"]
            .sudo()
            .search(
                [
                    ("order_id", "in", self.ids),
                    ("xero_id", "!=", False),
                    ("status", "not in", ("invoiced", "deleted")),
                ]
            )
        )
        if not quotes:
            return
        links = self.env["xero.link"].sudo()._of(quotes)
        # So that a call under way sees that there is more to send.
        links._note_changed({"content"})
        links = links.filtered(lambda link: link.state in ("synced", "error"))
        if links:
            links._mark_pending()
            links._wake_cron()
