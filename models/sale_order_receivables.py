from odoo import fields, models


class SaleOrder(models.Model):
    """What the customer of an order owes, for the receivable meter."""

    _inherit = "sale.order"

    xero_receivables = fields.Json(
        related="partner_id.xero_receivables",
        related_sudo=False,  # the customer may be hidden from who sees the order
        string="Customer's Receivables",
        groups="xero_crm.group_xero_user",
    )
