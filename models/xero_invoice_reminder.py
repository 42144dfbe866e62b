from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date


class XeroInvoice(models.Model):
    """What keeps a customer from being reminded of an invoice, and who said so."""

    _inherit = "xero.invoice"

    is_disputed = fields.Boolean("Disputed", readonly=True, copy=False)
    dispute_reason = fields.Char(readonly=True, copy=False)
    disputed_on = fields.Date(readonly=True, copy=False)
    disputed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    no_reminders = fields.Boolean(readonly=True, copy=False)
    reminders_paused_until = fields.Date(readonly=True, copy=False)
    reminders_pause_reason = fields.Char(readonly=True, copy=False)
    reminders_paused_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_reminder_paused = fields.Boolean(compute="_compute_is_reminder_paused")
    reminder_hold = fields.Char(
        "Why No Reminders",
        compute="_compute_reminder_hold",
        help="What was said of this invoice, by whom and when.",
    )
    reminder_ids = fields.One2many("xero.reminder", "invoice_id", readonly=True)

    @api.depends("no_reminders", "reminders_paused_until")
    def _compute_is_reminder_paused(self):
        today = fields.Date.context_today(self)
        for invoice in self:
            invoice.is_reminder_paused = invoice._is_paused_on(today)

    @api.depends("is_disputed", "is_reminder_paused", "reminders_paused_by_id")
    @api.depends_context("lang")
    def _compute_reminder_hold(self):
        for invoice in self:
            if invoice.is_disputed:
                parts = (
                    invoice.disputed_by_id.name,
                    invoice.disputed_on and format_date(self.env, invoice.disputed_on),
                )
                text = invoice.dispute_reason
            else:
                text, parts = invoice.reminders_pause_reason, ()
                if until := invoice.reminders_paused_until:
                    day = format_date(self.env, until)
                    parts = (self.env._("until %(date)s", date=day),)
                parts += (invoice.reminders_paused_by_id.name,)
            who = ", ".join(filter(None, parts))
            invoice.reminder_hold = f"{text or ''} ({who})" if who else text

    def _is_paused_on(self, day):
        until = self.reminders_paused_until
        return self.no_reminders or bool(until and day < until)

    # === ACTION METHODS === #

    def action_dispute(self):
        """Open the dialog that notes a dispute, which stops the reminders."""
        return self._open_reminder_pause("dispute")

    def action_pause_reminders(self):
        """Open the dialog that stops the reminders of these invoices."""
        return self._open_reminder_pause("invoice")

    def _open_reminder_pause(self, kind):
        self._check_may_pause()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mark as Disputed")
            if kind == "dispute"
            else self.env._("Pause Reminders"),
            "res_model": "xero.reminder.pause",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": kind, "default_invoice_ids": self.ids},
        }

    def action_end_dispute(self):
        """The dispute is settled: reminders go on."""
        self._check_may_pause()
        disputed = self.sudo().filtered("is_disputed")
        disputed.write(
            {
                "is_disputed": False,
                "dispute_reason": False,
                "disputed_on": False,
                "disputed_by_id": False,
            }
        )
        disputed._log_reminder_note(self.env._("The dispute is settled."))
        return True

    def action_resume_reminders(self):
        """Remind the customer of these invoices again."""
        self._check_may_pause()
        invoices = self.sudo()
        invoices.write(
            {
                "no_reminders": False,
                "reminders_paused_until": False,
                "reminders_pause_reason": False,
                "reminders_paused_by_id": False,
            }
        )
        invoices._log_reminder_note(self.env._("Reminders go on."))
        return True

    # === BUSINESS METHODS === #

    def _check_may_pause(self):
        """Whoever sees an invoice may keep its customer from being reminded of it: it
        is on record who did, and why.

        :raise AccessError: if the user may not
        """
        self.check_access("read")
        if not self.env.user.has_group("xero_crm.group_xero_user"):
            raise AccessError(self.env._("You have no access to Xero's invoices."))

    def _set_disputed(self, reason):
        """:param str reason: what the customer says"""
        self._check_may_pause()
        self.sudo().write(
            {
                "is_disputed": True,
                "dispute_reason": reason,
                "disputed_on": fields.Date.context_today(self),
                "disputed_by_id": self.env.uid,
            }
        )
        self._log_reminder_note(self.env._("Disputed: %(reason)s", reason=reason))

    def _set_paused(self, until, reason):
        """:param date until: reminders go on from that day on; False: not at all
        :param str reason: why
        """
        self._check_may_pause()
        self.sudo().write(
            {
                "no_reminders": not until,
                "reminders_paused_until": until,
                "reminders_pause_reason": reason,
                "reminders_paused_by_id": self.env.uid,
            }
        )
        text = self.env._("No reminders any more: %(reason)s", reason=reason)
        if until:
            text = self.env._(
                "No reminders until %(date)s: %(reason)s",
                date=format_date(self.env, until),
                reason=reason,
            )
        self._log_reminder_note(text)

    def _log_reminder_note(self, text):
        """Note something in the chatter of these invoices, in the user's name."""
        self._message_log_batch({invoice.id: text for invoice in self})
