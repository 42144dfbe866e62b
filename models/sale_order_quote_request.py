from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """How a quotation asks for its quote in Xero: by a click, or when it is sent."""

    _inherit = "sale.order"

    def action_create_xero_quote(self):
        """Send these quotations to Xero as quotes, now and once.

        A second click, a second tab, or a retry finds the quote that there is.

        :return: True
        :raise UserError: if a quotation cannot be sent; nothing is done then
        """
        self.env["xero.quote"].check_access("read")
        self.check_access("write")
        for order in self:
            order._check_xero_quotation()
        links = self.sudo()._request_xero_quote()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def _check_xero_quotation(self):
        """:raise UserError: why no quote can be made of this order, and what to do"""
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is no quotation any more: only open quotations go to "
                    "Xero as quotes.",
                    order=self.name,
                )
            )
        self._check_xero_included()
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        connection._check_can_send()
        if connection._is_before_day_zero(self.date_order):
            raise UserError(
                self.env._(
                    "%(order)s is older than day zero (%(date)s), from which on things "
                    "are sent to Xero.",
                    order=self.name,
                    date=connection.date_start,
                )
            )

    def _trigger_xero_quote(self):
        """Ask for the quotes of quotations that were sent to their customers, where
        the connection wants it by itself."""
        for company, orders in self.sudo().grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            if connection.quote_trigger != "sent" or connection.sync_mode != "live":
                continue
            wanted = orders.filtered(
                lambda order, connection=connection: (
                    not order._is_xero_excluded()
                    and not connection._is_before_day_zero(order.date_order)
                )
            )
            if wanted:
                wanted._request_xero_quote()._wake_cron()

    def _request_xero_quote(self):
        """Put the quotes of quotations, with what they need, into the outbox.

        Writing the order makes a second transaction that does the same at once wait,
        fail as a serialization failure, be repeated by Odoo, and find this one's work.

        :return: `xero.link` of the quotes, customers and items
        """
        self.write({"xero_requested_at": fields.Datetime.now()})
        self.env.flush_all()
        links = self.env["xero.link"]
        for company, orders in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            orders = orders.filtered(lambda o: not o._get_xero_active_quote().xero_id)
            quotes = orders._ensure_xero_quotes(connection)
            links |= quotes._requeue_dependencies(connection)
            links |= links._ensure(connection, quotes)
        links._mark_pending()
        return links

    def _ensure_xero_quotes(self, connection):
        """Return the quotes of these orders, making those that are missing."""
        known = self.xero_quote_ids.filtered(lambda quote: quote.status != "deleted")
        return known | self.env["xero.quote"].create(
            [
                {
                    "connection_id": connection.id,
                    "order_id": order.id,
                    **known._prepare_expected(order),
                }
                for order in self - known.order_id
            ]
        )
