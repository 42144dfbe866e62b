from odoo import api, fields, models


class ResPartner(models.Model):
    """Customers who are not reminded of what they owe."""

    _inherit = "res.partner"

    xero_no_reminders = fields.Boolean(
        "No Payment Reminders",
        copy=False,
        tracking=True,
        groups="xero_crm.group_xero_user",
        help="The customer is never sent a reminder of an invoice by itself.",
    )
    xero_reminders_paused_until = fields.Date(
        "Payment Reminders Paused Until",
        copy=False,
        tracking=True,
        groups="xero_crm.group_xero_user",
        help="Reminders go on from this day on.",
    )
    xero_reminders_reason = fields.Char(
        "Why No Payment Reminders",
        copy=False,
        tracking=True,
        groups="xero_crm.group_xero_user",
    )
    xero_reminder = fields.Char(
        "Payment Reminder",
        compute="_compute_xero_reminder",
        groups="xero_crm.group_xero_user",
        help="The last one that went out.",
    )

    @api.depends_context("uid", "lang")
    def _compute_xero_reminder(self):
        """By the rights of the user."""
        families = self.sudo().commercial_partner_id
        rows = self.env["xero.reminder"]._read_group(
            [
                ("commercial_partner_id", "in", families.ids),
                ("company_id", "in", self.env.companies.ids),
                ("state", "!=", "skipped"),
            ],
            ["commercial_partner_id"],
            ["id:max"],
        )
        reminders = self.env["xero.reminder"].browse(last for _partner, last in rows)
        by_family = {r.commercial_partner_id.id: r for r in reminders}
        for partner in self:
            family = partner.sudo().commercial_partner_id
            reminder = by_family.get(family.id)
            partner.xero_reminder = reminder and reminder._get_summary()

    def _is_reminder_paused_on(self, day):
        """Whether a customer is not reminded on a day. One record or none."""
        until = self.xero_reminders_paused_until
        return self.xero_no_reminders or bool(until and day < until)
