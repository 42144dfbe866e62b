from odoo import fields, models

OWN_FIELDS = ["xero_overdue_alerts", "xero_payment_notices", "xero_large_alerts"]


class ResUsers(models.Model):
    """What of Xero's news a user wants to be told."""

    _inherit = "res.users"

    xero_overdue_alerts = fields.Boolean(
        "Overdue Invoices",
        default=True,
        help="Be told when invoices of your customers fall overdue.",
    )
    xero_payment_notices = fields.Boolean(
        "Payments Received",
        default=True,
        help="Be told when your customers pay, or customers of orders that you follow.",
    )
    xero_large_alerts = fields.Boolean(
        "Large Overdue Amounts",
        default=True,
        help="As a manager, be told when a customer owes much for too long.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + OWN_FIELDS

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + OWN_FIELDS
