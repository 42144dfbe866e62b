from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Days after the due date, template, whether Xero's PDF goes with it.
DEFAULT_STAGES = (
    (-3, "mail_template_reminder_before", False),
    (0, "mail_template_reminder_due", False),
    (7, "mail_template_reminder_first", True),
    (14, "mail_template_reminder_second", True),
    (30, "mail_template_reminder_last", True),
)


class XeroReminderStage(models.Model):
    """When customers are reminded of an invoice, and with which words."""

    _name = "xero.reminder.stage"
    _description = "Xero Reminder Stage"
    _order = "connection_id, days, id"
    _rec_name = "days"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["xero.connection"].search([], limit=1),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    days = fields.Integer(
        "Days After Due Date",
        required=True,
        help="Below zero it is before the due date; zero is the day itself.",
    )
    template_id = fields.Many2one(
        "mail.template",
        "Mail Template",
        required=True,
        ondelete="restrict",
        domain="[('model', '=', 'xero.invoice')]",
        help="It is sent in the customer's language.",
    )
    attach_pdf = fields.Boolean(
        "Attach PDF",
        help="The invoice as Xero prints it at that moment; a call to Xero for each.",
    )
    amount_min = fields.Monetary(
        "Minimum Due",
        currency_field="company_currency_id",
        help="An invoice of which less is due is not reminded of at this stage. In the "
        "company's currency.",
    )
    date_from = fields.Date(
        readonly=True,
        copy=False,
        help="What had reached this stage before this day is not reminded of.",
    )
    active = fields.Boolean(default=True)

    _days_uniq = models.UniqueIndex(
        "(connection_id, days) WHERE active", "There is a stage for this day already."
    )

    @api.depends("days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for stage in self:
            stage.display_name = stage._get_name()

    def _get_name(self):
        self.ensure_one()
        if not self.days:
            return self.env._("On the due date")
        if abs(self.days) == 1:
            before, after = self.env._("1 day before"), self.env._("1 day overdue")
            return before if self.days < 0 else after
        if self.days < 0:
            return self.env._("%(days)s days before", days=-self.days)
        return self.env._("%(days)s days overdue", days=self.days)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        stages._start_if_on()
        return stages

    def write(self, vals):
        result = super().write(vals)
        if "days" in vals or vals.get("active"):
            self._start_if_on()
        return result

    # === BUSINESS METHODS === #

    def _start_if_on(self):
        """A stage that comes later does not send out what it has missed."""
        for stage in self:
            if stage.connection_id.reminders_enabled:
                today = stage.connection_id._get_reminder_moment().date()
                stage.date_from = today + timedelta(days=1)

    @api.model
    def _make_defaults(self, connection):
        """Make the usual five stages.

        :param connection: `xero.connection`, one record
        :return: the stages
        """
        return self.create(
            [
                {
                    "connection_id": connection.id,
                    "days": days,
                    "template_id": self.env.ref(f"xero_crm.{template}").id,
                    "attach_pdf": attach_pdf,
                }
                for days, template, attach_pdf in DEFAULT_STAGES
            ]
        )

    def _get_due_domain(self, day, following=None):
        """Return the domain of the invoices that are at this stage on a day, and that
        were reminded neither of it nor of a later one. One record.

        :param date day: in the organisation's time zone
        :param following: the next stage, or None: its turn ends this one's
        """
        latest = day - timedelta(days=self.days)
        domain = Domain(
            [
                ("connection_id", "=", self.connection_id.id),
                ("is_open", "=", True),
                ("amount_due", ">", 0),
                ("amount_due_company", ">=", self.amount_min),
                ("due_date", "<=", latest),
            ]
        )
        if following:
            # What is late waits for the next stage, once that is the nearer one.
            late = (following.days - self.days) // 2
            domain &= Domain("due_date", ">=", latest - timedelta(days=late))
        if self.days < 0:  # "is due soon" would not be true any more
            domain &= Domain("due_date", ">=", day)
        if date_from := self._get_date_from():
            first = date_from - timedelta(days=self.days)
            domain &= Domain("due_date", ">=", first)
        done = Domain("stage_id", "=", self.id) | Domain("days", ">=", self.days)
        return domain & Domain("reminder_ids", "not any", done)

    def _get_date_from(self):
        """Return from which day on invoices must have reached this stage, or False;
        while reminders are off, as if they were switched on today."""
        connection = self.connection_id
        if connection.reminders_enabled:
            return self.date_from
        return connection._get_reminder_start()
