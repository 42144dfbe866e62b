from odoo import api, fields, models

from ..const import PAYMENT_STATUSES


class CrmLead(models.Model):
    """Whether a deal is invoiced and paid."""

    _inherit = "crm.lead"

    xero_payment_status = fields.Selection(
        PAYMENT_STATUSES,
        "Xero Payment",
        compute="_compute_xero_payment_status",
        store=True,
        compute_sudo=True,
        index=True,
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_missing_invoice = fields.Boolean(
        "Won Without Invoice",
        compute="_compute_xero_missing_invoice",
        search="_search_xero_missing_invoice",
        groups="xero_crm.group_xero_user",
        help="The deal is won and its order confirmed, but nobody invoiced it.",
    )
    xero_overdue_balance = fields.Monetary(
        related="partner_id.xero_overdue_balance",
        related_sudo=False,  # the customer may be hidden from who sees the deal
        string="Customer Overdue",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
    )

    @api.depends("order_ids.state", "order_ids.xero_invoice_ids.payment_status")
    def _compute_xero_payment_status(self):
        orders = self.env["sale.order"]
        for lead in self:
            confirmed = lead.order_ids.filtered(lambda order: order.state == "sale")
            lead.xero_payment_status = orders._get_xero_payment_status(
                confirmed.xero_invoice_ids
            )

    @api.depends("stage_id", "order_ids.xero_payment_status", "order_ids.state")
    def _compute_xero_missing_invoice(self):
        for lead in self:
            lead.xero_missing_invoice = lead.stage_id.is_won and any(
                order.state == "sale"
                and order.xero_payment_status in ("none", "voided")
                for order in lead.order_ids
            )

    def _search_xero_missing_invoice(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = fields.Domain("stage_id.is_won", "=", True) & fields.Domain(
            "order_ids",
            "any",
            [
                ("state", "=", "sale"),
                ("xero_payment_status", "in", ("none", "voided")),
            ],
        )
        return missing if True in value else ~missing

    def write(self, vals):
        """A won deal has its confirmed orders invoiced where the connection says so."""
        if "stage_id" not in vals:
            return super().write(vals)
        open_before = self.filtered(lambda lead: not lead.stage_id.is_won)
        result = super().write(vals)
        won = open_before.filtered(lambda lead: lead.stage_id.is_won)
        won.sudo().order_ids._trigger_xero_won()
        return result
