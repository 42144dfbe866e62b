from odoo import fields, models


class CrmLead(models.Model):
    """What the customer of a deal owes, for the receivable meter."""

    _inherit = "crm.lead"

    xero_receivables = fields.Json(
        related="partner_id.xero_receivables",
        related_sudo=False,  # the customer may be hidden from who sees the deal
        string="Customer's Receivables",
        groups="xero_crm.group_xero_user",
    )
