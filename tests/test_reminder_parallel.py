"""Reminders with real workers: side by side, and killed at work."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_parallel import LIMIT, RealTransactions

PDF = "GET Invoices/pdf"


@tagged("post_install", "-at_install")
class TestReminderParallel(RealTransactions):
    def _fill(self):
        """Have an invoice of the order that fell due a week ago."""
        self.today = fields.Date.today()
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            connection.write(
                {
                    "invoice_status": "authorised",
                    "reminders_weekdays_only": False,
                    "reminders_enabled": True,
                }
            )
            connection.reminders_since = self.today - timedelta(days=9)
            connection.reminder_stage_ids.date_from = False
        self.run_worker(self.side_by_side(1, self.click))
        self.push_until_done()
        [invoice] = self.org.invoices.values()
        due = str(self.today - timedelta(days=7))
        self.org.update(
            "Invoices", InvoiceID=invoice["InvoiceID"], Date=due, DueDate=due
        )
        self.run_worker(self.side_by_side(1, lambda env: self.pull(env, "Invoices")))

    def remind(self, env):
        connection = env["xero.connection"].browse(self.connection_id)
        env["xero.reminder"]._send_day(connection, self.today)

    def assert_mails(self, number):
        with self.transaction() as env:
            invoice = env["sale.order"].browse(self.order_id).xero_invoice_ids
            mails = env["mail.mail"].search(
                [("model", "=", "xero.invoice"), ("res_id", "=", invoice.id)]
            )
            self.assertEqual(len(mails), number)
            self.assertEqual(len(invoice.reminder_ids), number)
            self.assertEqual(
                mails.mail_message_id, invoice.reminder_ids.mail_message_id
            )

    def test_killed_worker_has_sent_nothing_and_several_send_one_mail(self):
        self.xero.fail(PDF, "slow", seconds=1)
        worker = self.start_worker(self.side_by_side(1, self.remind))
        self.wait_for_call(PDF)
        worker.kill()
        worker.join(LIMIT)
        self.assert_mails(0)
        self.xero.reset_calls()
        self.xero.fail(PDF, "slow", times=None, seconds=0.3)
        self.run_worker(self.side_by_side(3, self.remind))
        self.assertGreater(self.xero.calls[PDF], 1, "they were at it together")
        self.assert_mails(1)
