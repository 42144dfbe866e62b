import re
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNELS = [
    ("none", "Not at all"),
    ("activity", "An activity"),
    ("notify", "A notification, in the inbox or by e-mail"),
    ("both", "An activity and a notification"),
]
LARGE_FIELDS = {"large_customer_amount", "large_invoice_amount"}


class XeroConnection(models.Model):
    """Who is told of overdue invoices and of payments, how, and on which days."""

    _inherit = "xero.connection"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    alert_user_id = fields.Many2one(
        "res.users",
        "Without a Salesperson, Tell",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told of overdue invoices and large amounts where no salesperson or "
        "manager is known, or they may not see the customer's money.",
    )
    alert_quiet_days = fields.Selection(
        [
            ("none", "Never"),
            ("weekend", "On Saturdays and Sundays"),
            ("calendar", "On days off by the company's working hours"),
        ],
        "Keep Quiet",
        default="calendar",
        required=True,
        help="What happens on these days is told on the next working day. Public "
        "holidays are days off where the working hours have them.",
    )
    overdue_channel = fields.Selection(
        CHANNELS, "Overdue Invoices", default="activity", required=True, tracking=True
    )
    overdue_stages = fields.Char(
        "Days Overdue",
        default="1, 14, 30",
        required=True,
        help="So many days after the due date, whoever sells to the customer is told.",
    )
    overdue_since = fields.Date(
        "Told Since",
        default=fields.Date.context_today,
        required=True,
        readonly=True,
        copy=False,
        help="Invoices that were due before are not told of.",
    )
    overdue_before_count = fields.Integer(compute="_compute_overdue_counts")
    overdue_nobody_count = fields.Integer(compute="_compute_overdue_counts")
    payment_channel = fields.Selection(
        [
            ("none", "Not at all"),
            ("chatter", "In the chatter of order and deal"),
            (
                "notify",
                "In the chatter, and a notification to salesperson and followers",
            ),
        ],
        "Payments",
        default="notify",
        required=True,
        tracking=True,
    )
    payment_days = fields.Integer(
        "Payments of the Last Days",
        default=7,
        required=True,
        help="Payments that are older when they are fetched are not told of.",
    )
    large_channel = fields.Selection(
        CHANNELS, "Large Overdue Amounts", default="both", required=True, tracking=True
    )
    large_customer_amount = fields.Monetary(
        "Overdue of a Customer",
        currency_field="company_currency_id",
        tracking=True,
        help="From this amount on, all invoices together, in company currency. "
        "Nothing: off.",
    )
    large_invoice_amount = fields.Monetary(
        "Overdue of One Invoice",
        currency_field="company_currency_id",
        tracking=True,
        help="From this amount on, in company currency. Nothing: off.",
    )
    large_user_ids = fields.Many2many(
        "res.users",
        "xero_connection_large_user_rel",
        string="Tell",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Where it is empty, the leader of the sales team is told.",
    )
    large_is_new = fields.Boolean(
        default=True,
        readonly=True,
        copy=False,
        help="The limit was just set or changed.",
    )

    _payment_days_range = models.Constraint(
        "CHECK(payment_days BETWEEN 0 AND 365)",
        "Payments of up to 365 days can be told of.",
    )
    _large_amounts_range = models.Constraint(
        "CHECK(COALESCE(large_customer_amount, 0) >= 0"
        " AND COALESCE(large_invoice_amount, 0) >= 0)",
        "An amount cannot be below zero.",
    )

    # === COMPUTE AND CONSTRAINTS === #

    def _compute_overdue_counts(self):
        invoices = self.env["xero.invoice"].sudo()
        alerts = self.env["xero.alert"].sudo()
        for connection in self:
            mine = [("connection_id", "=", connection.id)]
            before = [
                ("is_overdue", "=", True),
                ("due_date", "<", connection.overdue_since),
            ]
            connection.overdue_before_count = invoices.search_count([*mine, *before])
            connection.overdue_nobody_count = alerts.search_count(
                [*mine, ("state", "=", "open"), ("reason", "=", "nobody")]
            )

    @api.constrains("overdue_stages")
    def _check_overdue_stages(self):
        for connection in self:
            days = re.split(r"[\s,;]+", connection.overdue_stages.strip(" ,;"))
            if not all(re.fullmatch(r"[1-9]\d{0,2}", day) for day in days):
                raise ValidationError(
                    connection.env._(
                        "Write the days overdue as numbers from 1 to 999, for "
                        "instance: 1, 14, 30"
                    )
                )

    def write(self, vals):
        """What was there before alerts were switched on is not told one by one."""
        if vals.get("overdue_channel", "none") != "none":
            off = self.filtered(lambda c: c.overdue_channel == "none")
            off.overdue_since = fields.Date.context_today(self)
        if LARGE_FIELDS & vals.keys():
            vals = {**vals, "large_is_new": True}
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _get_overdue_stages(self):
        """Return the days overdue at which is told. One record.

        :rtype: set of int
        """
        return {int(day) for day in re.findall(r"\d+", self.overdue_stages)}

    def _has_large_limit(self):
        """Whether managers are told of large amounts at all. One record."""
        amounts = self.large_customer_amount > 0 or self.large_invoice_amount > 0
        return self.large_channel != "none" and amounts

    def _get_oldest_payment(self):
        """Return the first day whose payments are told of. One record.

        :rtype: date
        """
        oldest = fields.Date.context_today(self) - timedelta(days=self.payment_days)
        return max(oldest, self.date_start or oldest)

    def _is_quiet_day(self):
        """Whether nobody is to be told of anything today. One record."""
        today = fields.Date.context_today(self)
        calendar = self.company_id.resource_calendar_id
        if self.alert_quiet_days == "none":
            return False
        if self.alert_quiet_days == "weekend" or not calendar.attendance_ids:
            return today.weekday() >= 5
        zone = pytz.timezone(calendar.tz or "UTC")
        start, end = (
            zone.localize(datetime.combine(today, t)) for t in (time.min, time.max)
        )
        return not calendar.sudo()._work_intervals_batch(start, end)[False]

    # === ACTION METHODS === #

    def action_open_alerts(self):
        """List what people were told, first what nobody could be told."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_alert_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {"search_default_nobody": 1}
        return action
