from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

ACTIVITY_CHANNELS = ("activity", "both")
NOTICE_CHANNELS = ("notify", "both")


class XeroAlert(models.Model):
    """Invoices that fall overdue: told at each stage, over when they are paid."""

    _inherit = "xero.alert"

    def _tell_overdue(self, connection):
        """Tell salespeople of invoices that have reached a stage. May commit.

        :param connection: `xero.connection`, one record
        """
        if connection.overdue_channel == "none" or connection._is_quiet_day():
            return
        for stage in sorted(connection._get_overdue_stages(), reverse=True):
            invoices = self._find_overdue(connection, stage)
            self._work_in_batches(
                invoices,
                lambda batch, stage=stage: self._open_overdue(connection, stage, batch),
            )

    def _find_overdue(self, connection, stage):
        """Return the invoices that have been overdue for so many days, and of which
        nothing was told at this stage or a later one."""
        today = fields.Date.context_today(self)
        told = [
            ("kind", "=", "overdue"),
            ("state", "=", "open"),
            ("stage", ">=", stage),
        ]
        return (
            self.env["xero.invoice"]
            .sudo()
            .search(
                Domain("connection_id", "=", connection.id)
                & Domain("is_open", "=", True)
                & Domain("is_overdue", "=", True)
                & Domain("due_date", ">=", connection.overdue_since)
                & Domain("due_date", "<=", today - timedelta(days=stage))
                & Domain("alert_ids", "not any", told)
            )
        )

    def _open_overdue(self, connection, stage, invoices):
        """Note invoices as told at a stage, and tell: an activity where the salesperson
        works, a notification, or both as the connection says.

        :param invoices: `xero.invoice`, some hundred
        """
        people = self._get_salespeople(connection, invoices, "xero_overdue_alerts")
        activities = {}
        if connection.overdue_channel in ACTIVITY_CHANNELS:
            activities = self._plan_activities(people)
        earlier = self.search(
            [
                ("kind", "=", "overdue"),
                ("state", "=", "open"),
                ("invoice_id", "in", invoices.ids),
            ]
        )
        earlier.write({"state": "done", "outcome": "later"})
        alerts = self.create(
            [
                {
                    "connection_id": connection.id,
                    "kind": "overdue",
                    "invoice_id": invoice.id,
                    "partner_id": invoice.commercial_partner_id.id,
                    "stage": stage,
                    "due_date": invoice.due_date,
                    "user_id": people[invoice][0].id,
                    "reason": people[invoice][1],
                    "activity_ids": [Command.set(activities.get(invoice, ()))],
                }
                for invoice in invoices
            ]
        )
        self._write_activity_texts(alerts.activity_ids)
        if connection.overdue_channel in NOTICE_CHANNELS:
            alerts.filtered("user_id")._notify_overdue()
        # Whoever sold to the customer before has nothing to do any more.
        (earlier.activity_ids.sudo() - earlier._get_activities_in_use()).unlink()

    def _notify_overdue(self):
        """Send each salesperson one notification of all that is overdue now."""
        for user, alerts in self.grouped("user_id").items():
            this = self._in_language_of(user)
            invoices = alerts.invoice_id
            sentences = [
                this.env._(
                    "%(number)s of %(customer)s: %(amount)s, due on %(date)s",
                    number=invoice.number,
                    customer=invoice.commercial_partner_id.name,
                    amount=this._format(invoice.currency_id, invoice.amount_due),
                    date=this._format_date(invoice.due_date),
                )
                for invoice in invoices
            ]
            subject = this.env._("%(count)s invoices are overdue", count=len(invoices))
            record = None
            if len(invoices) == 1:
                subject = this.env._("%(number)s is overdue", number=invoices.number)
                record = self._get_places(invoices, user)[invoices]
            this._notify(user, subject, sentences, record)

    # === CLOSING === #

    def _close_overdue(self, connection):
        """End what is not overdue any more: paid, credited, voided, or due later."""
        alerts = self._find_settled(connection)
        self._work_in_batches(alerts, lambda batch: batch._close_settled())

    def _find_settled(self, connection):
        self.flush_model(["state", "kind", "due_date"])
        self.env["xero.invoice"].flush_model(["is_overdue", "due_date"])
        rows = self.env.execute_query(
            SQL(
                "SELECT alert.id FROM xero_alert alert"
                " JOIN xero_invoice invoice ON invoice.id = alert.invoice_id"
                " WHERE alert.state = 'open' AND alert.kind = 'overdue'"
                " AND alert.connection_id = %s"
                " AND (invoice.is_overdue IS NOT TRUE"
                " OR invoice.due_date IS DISTINCT FROM alert.due_date)",
                connection.id,
            )
        )
        return self.browse(row[0] for row in rows)

    def _close_settled(self):
        """Mark alerts as over, and their activities as done."""
        for outcome, alerts in self.grouped(lambda alert: alert._get_outcome()).items():
            alerts.write({"state": "done", "outcome": outcome})
        self._finish_overdue_activities()

    def _get_outcome(self):
        """Return why an invoice is not overdue any more. One record."""
        invoice = self.invoice_id
        status = invoice.payment_status
        if status in ("paid", "credited", "voided"):
            return status
        return "moved" if invoice.due_date != self.due_date else "settled"
