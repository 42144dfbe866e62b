from datetime import timedelta

import pytz

from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

# Reminders go out from the chosen hour on, for so long; not at night because a server
# was down during the day.
SENDING_HOURS = 8
SATURDAY = 5


class XeroConnection(models.Model):
    """Whether, when and from whom customers are reminded of what they owe."""

    _inherit = "xero.connection"

    reminders_enabled = fields.Boolean("Remind Customers", copy=False, tracking=True)
    reminders_backlog = fields.Selection(
        [
            ("new", "Nothing: only stages that are reached from tomorrow on"),
            ("latest", "One reminder for each, of the latest stage it has reached"),
        ],
        "What Is Overdue Already",
        default="new",
        required=True,
        tracking=True,
        help="Decides when reminders are switched on.",
    )
    reminders_since = fields.Date(readonly=True, copy=False)
    reminders_hour = fields.Float("Send From", default=9.0, required=True)
    reminders_weekdays_only = fields.Boolean("Monday to Friday Only", default=True)
    reminders_tz = fields.Selection(
        _tz_get,
        "Time Zone of Reminders",
        default=lambda self: self._default_reminders_tz(),
        required=True,
    )
    reminders_email_from = fields.Char(
        "Reminders From",
        help="The e-mail address that reminders come from. Where it is empty, the "
        "company's.",
    )
    reminders_reply_to = fields.Selection(
        [("salesperson", "The salesperson"), ("company", "Where it came from")],
        "Answers Go To",
        default="salesperson",
        required=True,
        help="Of an invoice without an order, or a salesperson without an e-mail, they "
        "go to where it came from.",
    )
    reminder_stage_ids = fields.One2many(
        "xero.reminder.stage", "connection_id", "Reminder Stages"
    )
    reminders_note = fields.Char("Last Run", readonly=True, copy=False)

    _reminders_hour_range = models.Constraint(
        "CHECK(reminders_hour >= 0 AND reminders_hour < 24)",
        "Reminders go out at an hour of the day: 0:00 to 23:59.",
    )

    @api.model
    def _default_reminders_tz(self):
        return self.env.company.partner_id.tz or self.env.user.tz or "UTC"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections.filtered("reminders_enabled")._start_reminders()
        return connections

    def write(self, vals):
        off = self.filtered(lambda connection: not connection.reminders_enabled)
        result = super().write(vals)
        if vals.get("reminders_enabled"):
            off._start_reminders()
        elif "reminders_enabled" in vals:
            for connection in self - off:  # nobody waits for these any more
                self.env["xero.log"]._tell_blocked(connection, [])
        return result

    # === ACTION METHODS === #

    def action_make_reminder_stages(self):
        """Make the usual stages, to be looked at before reminders are switched on."""
        self.ensure_one()
        self.check_access("write")
        if not self.with_context(active_test=False).reminder_stage_ids:
            self.env["xero.reminder.stage"]._make_defaults(self)
        return True

    def action_preview_reminders(self):
        """List what goes out during the next days, and what does not, and why."""
        self.ensure_one()
        return self.env["xero.reminder.preview"].action_open(self.ids)

    # === BUSINESS METHODS === #

    def _start_reminders(self):
        """Begin tomorrow: today the accountant looks at what is going to go out."""
        for connection in self:
            stages = connection.with_context(active_test=False).reminder_stage_ids
            if not stages:
                stages = stages._make_defaults(connection)
            connection.reminders_since = connection._get_reminder_moment().date()
            stages.write({"date_from": connection._get_reminder_start()})

    def _get_reminder_start(self):
        """Return from which day on invoices have to have reached a stage, if reminders
        are switched on now; False where what is overdue already counts too."""
        self.ensure_one()
        if self.reminders_backlog == "latest":
            return False
        return self._get_reminder_moment().date() + timedelta(days=1)

    def _get_reminder_moment(self, now=None):
        """Return the time where the organisation is.

        :param datetime now: in UTC, naive; this moment when None
        :rtype: datetime
        """
        zone = pytz.timezone(self.reminders_tz or "UTC")
        return pytz.utc.localize(now or fields.Datetime.now()).astimezone(zone)

    def _is_reminder_day(self, day):
        """Whether reminders go out on a day."""
        since = self.reminders_enabled and self.reminders_since
        if day <= (since or self._get_reminder_moment().date()):
            return False
        return not self.reminders_weekdays_only or day.weekday() < SATURDAY

    def _get_sending_day(self, now=None):
        """Return the day whose reminders are to be sent now; None when it is not time.

        :param datetime now: in UTC, naive; this moment when None
        """
        moment = self._get_reminder_moment(now)
        late = moment.hour + moment.minute / 60 - self.reminders_hour
        if not 0 <= late < SENDING_HOURS or not self._is_reminder_day(moment.date()):
            return None
        return moment.date()

    def _get_reminder_days(self, number):
        """Return the days of a preview: today, if its reminders are still to go out,
        and so many more."""
        moment = self._get_reminder_moment()
        over = moment.hour + moment.minute / 60 >= self.reminders_hour + SENDING_HOURS
        return [
            day
            for offset in range(1 if over else 0, number + 1)
            if self._is_reminder_day(day := moment.date() + timedelta(days=offset))
        ]

    def _send_reminders(self):
        """Send what is due now, if it is time. See `xero.reminder`."""
        if day := self._get_sending_day():
            self.env["xero.reminder"]._send_day(self, day)
