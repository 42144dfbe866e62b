from odoo import api, fields, models


class XeroReminder(models.Model):
    """What became of the mails: to have been written is not to have been sent."""

    _inherit = "xero.reminder"

    delivery = fields.Selection(
        [("waiting", "On Its Way"), ("sent", "Sent"), ("failed", "Failed")],
        "E-Mail",
        compute="_compute_delivery",
        compute_sudo=True,
        search="_search_delivery",
    )
    delivery_error = fields.Char(
        "Why It Failed", compute="_compute_delivery", compute_sudo=True
    )

    @api.depends("mail_message_id", "state")
    def _compute_delivery(self):
        """By Odoo's outgoing mails; those that are gone were sent."""
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", self.mail_message_id.ids)]
        )
        by_message = {mail.mail_message_id: mail for mail in mails}
        states = {"outgoing": "waiting", "exception": "failed", "cancel": "failed"}
        for reminder in self:
            mail = by_message.get(reminder.mail_message_id, mails.browse())
            state = states.get(mail.state, "sent")
            reminder.delivery = reminder.state != "skipped" and state
            reminder.delivery_error = state == "failed" and mail.failure_reason

    def _search_delivery(self, operator, value):
        if operator != "in" or set(value) != {"failed"}:
            return NotImplemented
        mails = self.env["mail.mail"].sudo()
        failed = mails._search([("state", "in", ("exception", "cancel"))])
        return [("mail_message_id", "in", failed.subselect("mail_message_id"))]
