from odoo import api, fields, models
from odoo.fields import Domain

from ..const import INVOICE_TRIGGERS

# Orders whose deliveries changed in the transaction at hand.
DELIVERED = "xero_crm.delivered"


class SaleOrder(models.Model):
    """What makes an order's invoice without anybody's click."""

    _inherit = "sale.order"

    xero_invoice_trigger = fields.Selection(
        INVOICE_TRIGGERS,
        "Invoice in Xero",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="When the invoice is made in Xero, if not as for its customer and the "
        "connection.",
    )
    xero_invoice_date = fields.Date(
        "Invoice in Xero On", copy=False, groups="xero_crm.group_xero_user"
    )
    xero_trigger = fields.Selection(
        INVOICE_TRIGGERS,
        "Invoiced in Xero",
        compute="_compute_xero_trigger",
        groups="xero_crm.group_xero_user",
    )

    @api.depends(
        "xero_invoice_trigger",
        "partner_invoice_id.commercial_partner_id.xero_invoice_trigger",
        "company_id",
    )
    def _compute_xero_trigger(self):
        connections = {
            company: self.env["xero.connection"]._get_for_company(company)
            for company in self.company_id
        }
        for order in self:
            customer = order.sudo().partner_invoice_id.commercial_partner_id
            order.xero_trigger = (
                order.xero_invoice_trigger
                or customer.xero_invoice_trigger
                or connections.get(order.company_id, self.env["xero.connection"])
                .sudo()
                .invoice_trigger
            )

    def action_confirm(self):
        """Confirmed orders are invoiced where they are to be."""
        result = super().action_confirm()
        orders = self.sudo()
        orders._trigger_xero_invoice("order_confirmed")
        orders.filtered("signed_on")._trigger_xero_invoice("quotation_signed")
        won = orders.filtered(lambda order: order.opportunity_id.stage_id.is_won)
        won._trigger_xero_invoice("opportunity_won")
        return result

    def _trigger_xero_won(self):
        """The deal of these orders was won: what waited for that, too, is invoiced."""
        self._trigger_xero_invoice("opportunity_won")
        self._trigger_xero_invoice("order_confirmed")
        self.filtered("signed_on")._trigger_xero_invoice("quotation_signed")
        delivered = self.order_line.filtered("qty_delivered").order_id
        delivered._trigger_xero_invoice("delivery_done")

    def _trigger_xero_invoice(self, trigger):
        """Ask for the invoices of those orders that this trigger is for.

        :param str trigger: one of `INVOICE_TRIGGERS`
        """
        wanted = self.sudo().filtered(lambda order: order.xero_trigger == trigger)
        for company, orders in wanted.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            if connection.sync_mode != "live":
                continue
            ready = orders.filtered(
                lambda order, connection=connection: order._is_xero_ready(connection)
            )
            if ready:
                ready._request_xero_invoice()._wake_cron()

    def _is_xero_ready(self, connection):
        """Whether a trigger may make this order's invoice."""
        self.ensure_one()
        deal = self.opportunity_id
        waits_for_deal = connection.invoice_only_won and deal
        return (
            self.state == "sale"
            and not (waits_for_deal and not deal.stage_id.is_won)
            and not self._is_xero_excluded()
            and not connection._is_before_day_zero(self.date_order)
        )

    # === DELIVERIES === #

    def _trigger_xero_delivered(self):
        """Invoice what was delivered, at the end of the transaction: by then a
        delivery is whole."""
        precommit = self.env.cr.precommit
        if DELIVERED not in precommit.data:
            precommit.data[DELIVERED] = set()
            precommit.add(self.env["sale.order"].sudo()._invoice_xero_delivered)
        precommit.data[DELIVERED].update(self.ids)

    @api.model
    def _invoice_xero_delivered(self):
        order_ids = self.env.cr.precommit.data.pop(DELIVERED, ())
        orders = self.browse(sorted(order_ids)).exists()
        orders = orders.filtered(lambda order: order.invoice_status == "to invoice")
        orders._trigger_xero_invoice("delivery_done")

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_xero_invoice_date(self):
        """Invoice the orders whose date has come."""
        due = self.search(
            Domain("state", "=", "sale")
            & Domain("invoice_status", "=", "to invoice")
            & Domain("xero_invoice_date", "<=", fields.Date.context_today(self))
        )
        due._trigger_xero_invoice("on_date")
