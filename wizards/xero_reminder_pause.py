from odoo import fields, models
from odoo.exceptions import UserError

# In the context where it is asked from the preview: ids of its organisations.
PREVIEWED = "xero_reminder_preview_of"


class XeroReminderPause(models.TransientModel):
    """A person says that a customer is not to be reminded, until when and why."""

    _name = "xero.reminder.pause"
    _description = "Pause of Reminders"

    kind = fields.Selection(
        [
            ("invoice", "These invoices"),
            ("customer", "The customer, whatever is due"),
            ("dispute", "Disputed invoices"),
        ],
        "Pause",
        default="invoice",
        required=True,
    )
    invoice_ids = fields.Many2many("xero.invoice", string="Invoices")
    partner_id = fields.Many2one("res.partner", "Customer")
    until = fields.Date(help="Reminders go on from this day on; empty: not at all.")
    reason = fields.Char(required=True)

    def action_pause(self):
        """Stop the reminders.

        :raise UserError: if there is nothing to pause
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.kind != "dispute" and self.until and self.until <= today:
            raise UserError(self.env._("Choose a day that is still to come."))
        if self.kind == "customer":
            self._pause_customer()
        elif not self.invoice_ids:
            raise UserError(self.env._("Choose the invoices."))
        elif self.kind == "dispute":
            self.invoice_ids._set_disputed(self.reason)
        else:
            self.invoice_ids._set_paused(self.until, self.reason)
        if connection_ids := self.env.context.get(PREVIEWED):
            # The list that it was asked from is a plan: it is made anew.
            return self.env["xero.reminder.preview"].action_open(connection_ids)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _pause_customer(self):
        customer = self.partner_id.commercial_partner_id
        if not customer:
            raise UserError(self.env._("Choose the customer."))
        customer.write(
            {
                "xero_no_reminders": not self.until,
                "xero_reminders_paused_until": self.until,
                "xero_reminders_reason": self.reason,
            }
        )
