from odoo import models
from odoo.exceptions import UserError

from .xero_reminder_mail import LAYOUT

# Context key: the stage of the reminder that a person is writing.
BY_HAND = "xero_reminder_stage"


class XeroInvoice(models.Model):
    """A reminder that a person writes, beginning with the stage's template."""

    _inherit = "xero.invoice"

    def action_send_reminder(self):
        """Open Odoo's mail composer with the reminder, once Xero has said what is due.

        :raise UserError: if there is nothing to remind of, or something speaks
            against it
        """
        self.ensure_one()
        self._check_may_send()
        connection = self.sudo().connection_id
        connection._check_connected()
        self.env["xero.pull"].sudo()._pull_records_or_explain(
            connection, "Invoices", [self.xero_id]
        )
        self.sudo()._check_reminder_by_hand()
        stage = self.sudo()._get_reminder_stage()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Reminder"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": stage.template_id.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": LAYOUT,
                "force_email": True,
                BY_HAND: stage.id,
            },
        }

    def _check_reminder_by_hand(self):
        """:raise UserError: why there is nothing to remind of"""
        if not self.is_open or self.amount_due <= 0:
            raise UserError(
                self.env._("By what Xero says now, nothing is due of this invoice.")
            )
        day = self.connection_id._get_reminder_moment().date()
        if reason := self._get_reminder_holds(self.connection_id, day).get(self.id):
            raise UserError(reason)

    def _get_reminder_stage(self):
        """Return the stage that the invoice is at today, else the first."""
        connection = self.connection_id
        stages = connection.reminder_stage_ids.sorted("days")
        if not stages:
            raise UserError(
                self.env._(
                    "There are no stages of reminders yet. An accountant can add them "
                    "on the connection, page Reminders."
                )
            )
        day = connection._get_reminder_moment().date()
        late = (day - self.due_date).days if self.due_date else 0
        return stages.filtered(lambda stage: stage.days <= late)[-1:] or stages[:1]

    def _message_post_after_hook(self, message, msg_vals):
        """A reminder that was written by hand is one: its stage is not sent again."""
        stage_id = self.env.context.get(BY_HAND)
        if stage_id and message.message_type == "comment":
            self.sudo()._note_by_hand(stage_id, message)
        return super()._message_post_after_hook(message, msg_vals)

    def _note_by_hand(self, stage_id, message):
        """Note it under its stage, or, where that was sent already, without one."""
        stage = self.env["xero.reminder.stage"].search(
            [("id", "=", stage_id), ("connection_id", "=", self.connection_id.id)]
        )
        row = {
            "invoice": self,
            "stage": stage,
            "state": "by_hand",
            "recipient": message.partner_ids[:1],
            "user_id": self.env.uid,
            "message_id": message.id,
        }
        reminders = self.env["xero.reminder"]
        if not reminders._record([row]):
            reminders._record([{**row, "stage": stage.browse(), "days": stage.days}])
        text = self.env._("%(number)s: reminder sent by hand", number=self.display_name)
        self.order_id._log_xero_change(text)
