from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.xero_invoice_reminder_mail import TOGETHER
from ..models.xero_reminder_mail import LAYOUT
from ..models.xero_reminder_planned import READY
from .xero_reminder_pause import PREVIEWED

DAYS = 7


class XeroReminderPreview(models.TransientModel):
    """A mail that goes out during the next days, or does not, and why. Planned by the
    very code that sends."""

    _name = "xero.reminder.preview"
    _description = "Reminder to Go Out"
    _order = "date, state desc, days desc, id"
    _rec_name = "partner_id"

    connection_id = fields.Many2one("xero.connection", "Organisation", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Goes Out On", readonly=True)
    state = fields.Selection(
        [
            ("ready", "Goes Out"),
            ("off", "If Switched On"),
            ("held", "Held Back"),
            ("blocked", "Cannot Be Reminded"),
        ],
        readonly=True,
    )
    reason = fields.Char("Why Not", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    recipient_id = fields.Many2one("res.partner", readonly=True)
    email = fields.Char(related="recipient_id.email", string="Sent To")
    stage_id = fields.Many2one("xero.reminder.stage", readonly=True)
    days = fields.Integer(readonly=True)
    invoice_id = fields.Many2one("xero.invoice", readonly=True)
    invoice_ids = fields.Many2many("xero.invoice", string="Invoices", readonly=True)
    amount_due = fields.Monetary("Due", readonly=True)
    subject = fields.Char(compute="_compute_mail")
    email_from = fields.Char("From", compute="_compute_mail")
    reply_to = fields.Char("Answers Go To", compute="_compute_mail")
    body = fields.Html(compute="_compute_mail", sanitize=False)
    has_pdf = fields.Boolean("With PDF", related="stage_id.attach_pdf")

    # === COMPUTE METHODS === #

    @api.depends("stage_id", "invoice_id", "invoice_ids")
    def _compute_mail(self):
        """As it will be sent, in the customer's language.

        :raise AccessError: if the user may not see an invoice of it
        """
        (self.invoice_id | self.invoice_ids).check_access("read")
        for row in self:
            mail = row._render_mail() if row.recipient_id else {}
            row.subject = mail.get("subject")
            row.email_from = mail.get("email_from")
            row.reply_to = mail.get("reply_to")
            row.body = mail.get("body_html")

    def _render_mail(self):
        self.ensure_one()
        invoice = self.invoice_id.sudo()
        together = ((invoice.id, tuple(self.invoice_ids.ids)),)
        template = self.stage_id.template_id.sudo()
        template = template.with_context(lang=None, **{TOGETHER: together})
        values = template._generate_template(
            [invoice.id], ("subject", "email_from", "reply_to", "body_html")
        )[invoice.id]
        lang = template._render_lang([invoice.id])[invoice.id]
        template = template.with_context(lang=lang)
        values["body_html"] = template._render_encapsulate(
            LAYOUT,
            values["body_html"],
            add_context={"company": invoice.company_id, "model_description": ""},
            context_record=template.env["xero.invoice"].browse(invoice.id),
        )
        return values

    # === ACTION METHODS === #

    @api.model
    def action_open(self, connection_ids=None):
        """Plan the next days, and list the plan.

        :param list connection_ids: of these organisations; all of the user's when None
        """
        self.check_access("create")
        self.search([("create_uid", "=", self.env.uid)]).unlink()  # of the last look
        connections = self.env["xero.connection"].search(
            [("id", "in", connection_ids)] if connection_ids else []
        )
        rows = [
            self._prepare_row(connection, mail)
            for connection in connections
            for mail in self.env["xero.reminder.planner"]._plan_days(
                connection, connection._get_reminder_days(DAYS)
            )
        ]
        self.create(rows)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_reminder_preview_action"
        )

    @api.model
    def _prepare_row(self, connection, mail):
        is_off = mail.state == READY and not connection.reminders_enabled
        return {
            "connection_id": connection.id,
            "date": mail.day,
            "state": "off" if is_off else mail.state,
            "reason": mail.reason,
            "partner_id": mail.customer.id,
            "recipient_id": mail.recipient.id,
            "stage_id": mail.stage.id,
            "days": mail.stage.days,
            "invoice_id": mail.invoice.id,
            "invoice_ids": [Command.set(mail.invoices.ids)],
            "amount_due": sum(mail.invoices.mapped("amount_due_company")),
        }

    def action_open_mail(self):
        """Show the mail as it will be sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminder to %(name)s", name=self.partner_id.name or ""),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_send_now(self):
        """Send these now instead of waiting for their day.

        :raise UserError: if there is nothing to send, or Xero cannot be asked
        """
        rows = self._get_ready()._keep_first()
        rows._check_is_true()
        reminders = self.env["xero.reminder"]
        for (connection, day), mine in rows.grouped(
            lambda row: (row.connection_id, row.date)
        ).items():
            reminders._send_by_hand(connection, day, mine.invoice_ids)
        return self._reload()

    def _keep_first(self):
        """Of several rows of one invoice, its next stage: not two mails at once."""
        seen, kept = self.env["xero.invoice"], self.browse()
        for row in self.sorted("date"):
            if not row.invoice_ids & seen:
                kept |= row
            seen |= row.invoice_ids
        return kept

    def _check_is_true(self):
        """:raise UserError: if a mail would call overdue what is not due yet"""
        today = fields.Date.context_today(self)
        for row in self.filtered(lambda row: row.days > 0):
            if max(row.invoice_ids.mapped("due_date")) >= today:
                raise UserError(
                    self.env._(
                        "The reminder to %(customer)s calls overdue what is not "
                        "overdue yet. Wait for its day, or use Send Reminder on the "
                        "invoice.",
                        customer=row.partner_id.display_name,
                    )
                )

    def action_skip(self):
        """Leave these out, this once: the next stage goes out as usual."""
        ready = self._get_ready()
        stages = {}
        for row in ready.sudo():
            planned = self.env["xero.reminder.planner"]._plan(
                row.connection_id, row.date, among=row.invoice_ids
            )
            stages |= {invoice: s for mail in planned for invoice, s in mail.entries}
        self.env["xero.reminder"].sudo()._record(
            [
                {
                    "invoice": invoice,
                    "stage": stage,
                    "state": "skipped",
                    "user_id": self.env.uid,
                }
                for invoice, stage in stages.items()
            ]
        )
        return self._reload()

    def action_pause(self):
        """Open the dialog that stops reminders of the customer or the invoices."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Reminders"),
            "res_model": "xero.reminder.pause",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_kind": "customer",
                "default_partner_id": self.partner_id.id,
                "default_invoice_ids": self.invoice_ids.ids,
                PREVIEWED: self._get_previewed().ids,
            },
        }

    def _get_previewed(self):
        """Return the organisations whose reminders the user looks at."""
        return self.search([("create_uid", "=", self.env.uid)]).connection_id

    def _get_ready(self):
        """:raise UserError: if none of these goes out"""
        self.check_access("write")
        ready = self.filtered(lambda row: row.state == READY)
        if not ready:
            raise UserError(
                self.env._(
                    "Choose some that go out. Nothing does while reminders are "
                    "switched off."
                )
            )
        return ready

    def _reload(self):
        """Plan anew, so that the list says what is true now."""
        return self.action_open(self.connection_id.ids)
