from odoo import fields, models

from ..const import INVOICE_TRIGGERS


class ResPartner(models.Model):
    """A customer whose orders are invoiced at another moment than others'."""

    _inherit = "res.partner"

    xero_invoice_trigger = fields.Selection(
        INVOICE_TRIGGERS,
        "Invoice in Xero",
        groups="xero_crm.group_xero_user",
        help="When invoices of this customer's orders are made in Xero, if not as the "
        "connection says.",
    )
