from odoo import api, fields, models

from .xero_payment_request import STATES

# What an order shows of its online payments: what a person has to know first.
SHOWN = ("failed", "rest", "refund", "waiting", "sending")


class SaleOrder(models.Model):
    """What was paid online for an order, and is not in Xero yet."""

    _inherit = "sale.order"

    xero_money_state = fields.Selection(
        STATES,
        "Online Payment in Xero",
        compute="_compute_xero_money",
        groups="xero_crm.group_xero_user",
    )
    xero_money_text = fields.Char(
        "Online Payment",
        compute="_compute_xero_money",
        groups="xero_crm.group_xero_user",
    )

    @api.depends(
        "transaction_ids.state",
        "xero_invoice_ids.status",
        "xero_invoice_ids.amount_due",
        "xero_invoice_ids.xero_link_ids.state",
    )
    def _compute_xero_money(self):
        requests = self.env["xero.payment.request"].sudo()
        found = requests.search([("order_id", "in", self.ids)]).grouped("order_id")
        for order in self:
            mine = found.get(order._origin.sudo(), requests)
            state = next((s for s in SHOWN if s in mine.mapped("state")), False)
            shown = mine.filtered(lambda r, state=state: r.state == state)
            order.xero_money_state = state
            order.xero_money_text = bool(state) and shown._describe_for_order()

    def write(self, vals):
        """What an order's payment waits for may be gone."""
        result = super().write(vals)
        if not {"xero_do_not_sync", "state"}.isdisjoint(vals):
            requests = self.env["xero.payment.request"].sudo()
            requests._get_open_for(self)._look_again()
        return result

    def _may_be_billed_in_xero(self):
        """Whether an invoice of this order is still to come. One record."""
        if self.state != "sale":
            return False
        return self.invoice_status == "no" or self._is_xero_to_invoice()

    # === ACTION METHODS === #

    def action_view_xero_payments(self):
        """List what was paid online for this order, and where it is in Xero."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_payment_request_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action
