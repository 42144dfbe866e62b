from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# So long an order that should have an invoice may be without one.
PATIENCE = timedelta(hours=1)


class SaleOrder(models.Model):
    """The leak guard: orders that should have an invoice in Xero, and have none."""

    _inherit = "sale.order"

    xero_is_leak = fields.Boolean(
        "Invoice Overlooked",
        compute="_compute_xero_is_leak",
        search="_search_xero_is_leak",
        groups="xero_crm.group_xero_user",
        help="By its trigger this order should have had its invoice an hour ago, or "
        "its deal is won, and nothing is in Xero.",
    )

    @api.depends("state", "invoice_status", "xero_invoice_ids.xero_id")
    def _compute_xero_is_leak(self):
        leaks = self.search(Domain("id", "in", self.ids) & self._get_xero_leak_domain())
        for order in self:
            order.xero_is_leak = order in leaks

    def _search_xero_is_leak(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_xero_leak_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_xero_leak_domain(self):
        """Return the domain of orders that should have an invoice in Xero for an hour
        and have something to invoice."""
        domain = Domain.FALSE
        connections = (
            self.env["xero.connection"]
            .sudo()
            .search([("state", "in", ("connected", "reconnect"))])
        )
        for connection in connections:
            mine = Domain("company_id", "=", connection.company_id.id)
            if connection.date_start:
                mine &= Domain("date_order", ">=", connection.date_start)
            domain |= mine & self._get_xero_overdue_domain(connection)
        excluded = Domain("xero_do_not_sync", "=", True) | Domain(
            "partner_invoice_id.commercial_partner_id.xero_do_not_sync", "=", True
        )
        return (
            domain
            & Domain("state", "=", "sale")
            & Domain("invoice_status", "=", "to invoice")
            & ~excluded
        )

    def _get_xero_overdue_domain(self, connection):
        """Return the domain of orders whose trigger has fired long enough ago."""
        moment = fields.Datetime.now() - PATIENCE
        won = Domain("opportunity_id.stage_id.is_won", "=", True)
        won_before = won & Domain("opportunity_id.date_closed", "<=", moment)
        fired = {
            # By a click: what is won, and nobody has clicked.
            "manual": won_before,
            "order_confirmed": Domain("date_order", "<=", moment),
            "quotation_signed": Domain("signed_on", "<=", moment),
            "opportunity_won": won_before,
            "delivery_done": Domain("order_line.qty_delivered", ">", 0)
            & Domain("write_date", "<=", moment),
            "on_date": Domain("xero_invoice_date", "<", fields.Date.today()),
        }
        if connection.invoice_only_won:
            no_deal = Domain("opportunity_id", "=", False)
            for trigger in fired:
                fired[trigger] &= no_deal | won_before
        return Domain.OR(
            self._get_xero_trigger_domain(connection, trigger) & has_fired
            for trigger, has_fired in fired.items()
        )

    def _get_xero_trigger_domain(self, connection, trigger):
        """Return the domain of orders that a trigger is for: by themselves, by their
        customer, or by the connection."""
        customer = "partner_invoice_id.commercial_partner_id.xero_invoice_trigger"
        by_customer = Domain(customer, "=", trigger)
        if connection.invoice_trigger == trigger:
            by_customer |= Domain(customer, "=", False)
        return Domain("xero_invoice_trigger", "=", trigger) | (
            Domain("xero_invoice_trigger", "=", False) & by_customer
        )
