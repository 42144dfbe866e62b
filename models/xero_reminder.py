from odoo import api, fields, models
from odoo.tools import format_date

REMINDER_STATES = [
    ("sent", "Sent"),
    ("by_hand", "Sent by Hand"),
    ("skipped", "Skipped"),
]


class XeroReminder(models.Model):
    """A reminder of an invoice at a stage: sent, or left out by a person. There is one
    of a stage at most, whoever is at work."""

    _name = "xero.reminder"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Reminder"
    _order = "date desc, id desc"
    _rec_name = "invoice_id"

    connection_id = fields.Many2one(
        "xero.connection", "Organisation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", index=True
    )
    stage_id = fields.Many2one("xero.reminder.stage", ondelete="restrict", index=True)
    days = fields.Integer("Stage's Days", help="Those of the stage at that time.")
    state = fields.Selection(REMINDER_STATES, required=True)
    date = fields.Datetime("On", required=True)
    user_id = fields.Many2one("res.users", "By")
    commercial_partner_id = fields.Many2one("res.partner", "Customer", index=True)
    partner_id = fields.Many2one("res.partner", "Recipient")
    email_to = fields.Char("Sent To")
    currency_id = fields.Many2one("res.currency")
    amount_due = fields.Monetary("Due Then")
    mail_message_id = fields.Many2one("mail.message", "Message", ondelete="set null")

    _once = models.UniqueIndex(
        "(invoice_id, stage_id) WHERE stage_id IS NOT NULL",
        "The customer was reminded at this stage already.",
    )

    @api.depends("invoice_id", "stage_id")
    def _compute_display_name(self):
        for reminder in self:
            parts = reminder.invoice_id.display_name, reminder.stage_id.display_name
            reminder.display_name = ": ".join(filter(None, parts))

    def _get_summary(self):
        """Return in a few words what went out when. One record."""
        self.ensure_one()
        return self.env._(
            "%(invoice)s on %(date)s (%(stage)s)",
            invoice=self.invoice_id.display_name,
            date=format_date(self.env, self.date),
            stage=self.stage_id.display_name or self.env._("by hand"),
        )

    @api.model
    def _record(self, rows):
        """Note reminders; one of a stage that is noted already is left out.

        :param list rows: dicts of invoice (`xero.invoice`), stage (or none), state, and
            where there are any: recipient (`res.partner`), user_id, message_id
        :return: the new reminders
        """
        now = fields.Datetime.now()
        reminders = self._insert(
            [self._prepare_row(row, now) for row in rows], ignore_known=True
        )
        if reminders:
            self.env["xero.invoice"].invalidate_model(["reminder_ids"], flush=False)
        return reminders

    def _prepare_row(self, row, now):
        invoice, stage = row["invoice"], row["stage"]
        recipient = row.get("recipient") or self.env["res.partner"]
        return {
            "connection_id": invoice.connection_id.id,
            "company_id": invoice.company_id.id,
            "invoice_id": invoice.id,
            "stage_id": stage.id or False,
            "days": row.get("days", stage.days),
            "state": row["state"],
            "date": now,
            "user_id": row.get("user_id", False),
            "commercial_partner_id": invoice.commercial_partner_id.id,
            "partner_id": recipient.id,
            "email_to": recipient.email or False,
            "currency_id": invoice.currency_id.id,
            "amount_due": invoice.amount_due,
            "mail_message_id": row.get("message_id", False),
        }
