"""What the tests of alerts share: overdue invoices, and what people were told."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from .common import XeroCommon


class AlertCase(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)

    def prepare(self):
        super().prepare()
        # Tests must pass on Sundays; the chatter is what they look at.
        self.connection.write(
            {
                "alert_quiet_days": "none",
                "overdue_since": self.today - timedelta(days=100),
            }
        )
        self.env = self.env(context={**self.env.context, "tracking_disable": False})

    def make_invoices(self, number=1, days=1, **vals):
        """Return invoices of the customer that have been overdue for so many days."""
        total = vals.setdefault("amount_total", 115.0)
        count = self.env["xero.invoice"].search_count([])
        return self.env["xero.invoice"].create(
            [
                {
                    "connection_id": self.connection.id,
                    "xero_id": f"00000000-0000-4000-9000-{count + index:012d}",
                    "number": f"INV-{count + index:04d}",
                    "status": "authorised",
                    "partner_id": self.customer.id,
                    "currency_id": self.env.company.currency_id.id,
                    "date": self.today - timedelta(days=days + 20),
                    "due_date": self.today - timedelta(days=days),
                    "amount_due": total,
                    "order_sequence": 0,
                    **vals,
                }
                for index in range(number)
            ]
        )

    @property
    def alerts(self):
        """What was told, the latest first; not of what the demo data has."""
        mine = [("connection_id", "=", self.connection.id)]
        return self.env["xero.alert"].search(mine)

    @property
    def invoices(self):
        mine = [("connection_id", "=", self.connection.id)]
        return self.env["xero.invoice"].search(mine)

    def run_cron(self, name="overdue", days=0):
        """Run a scheduled action as the scheduler does: in a cursor of its own.

        :param int days: from today on
        """
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            self._run_cron(name)
        self.env.invalidate_all()

    def _run_cron(self, name):
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.env.ref("base.user_root"))
            if name == "overdue":
                env["xero.invoice"]._cron_overdue()
            else:
                env["xero.alert"]._cron_tell()

    def activities_of(self, record, user=None):
        """Return the activities about overdue invoices that are to be done."""
        kind = self.env.ref("xero_crm.mail_activity_type_overdue")
        found = record.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        return found.filtered(lambda a: not user or a.user_id == user)

    def notices_to(self, user):
        """Return the subjects of the notifications that a user got, the latest last."""
        messages = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ],
            order="id",
        )
        return messages.mapped("subject")
