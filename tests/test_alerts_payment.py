"""Payments are told in the chatter, and to who sells and who follows, exactly once."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common_alerts import AlertCase
from .test_performance import PerformanceCase


@tagged("post_install", "-at_install")
class TestPaymentAlerts(AlertCase, PerformanceCase):
    def prepare(self):
        super().prepare()
        self.contact = self.org.add_contact(Name="Kauri Builders")
        self.org.add_invoice(self.contact, "500.00")
        self.pull("Contacts", "Invoices")
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.customer.id, "type": "opportunity"}
        )
        self.order = self._create_order(
            user_id=self.user_rep.id, opportunity_id=lead.id
        )
        self.invoice = self.invoices
        self.invoice.order_id = self.order
        self.number = self.invoice.number

    def pay(self, amount=None, **kwargs):
        """Pay in Xero, fetch it, and have it told."""
        payment = self.org.pay(self.invoice.xero_id, amount, **kwargs)
        self.pull("Invoices")
        self.run_cron("tell")
        return payment

    def chatter(self, record, user):
        """Return what a user reads of payments in a record's chatter."""
        messages = record.with_user(user).message_ids.sudo(False)
        data = Store().add(messages).get_result()
        texts = [
            tracking["newValue"]
            for message in data.get("mail.message", [])
            for tracking in message.get("trackingValues", [])
        ]
        return [str(text) for text in texts if f"{self.number} of" in str(text)]

    def test_paid_in_full(self):
        self.pay()
        text = f"{self.number} of Kauri Builders was paid in full: "
        for record in (self.order, self.order.opportunity_id):
            [told] = self.chatter(record, self.user_rep)
            self.assertIn(text, told)
            self.assertIn("575.00", told)
            self.assertTrue(told.endswith("start delivery"))
        [notice] = self.notices_to(self.user_rep)
        self.assertIn(text, notice)

    def test_who_has_no_group_reads_nothing(self):
        self.order.message_subscribe(self.user_outsider.partner_id.ids)
        self.pay()
        self.assertFalse(self.chatter(self.order, self.user_outsider))
        self.assertFalse(self.notices_to(self.user_outsider))
        bodies = self.order.message_ids.mapped("body")
        self.assertNotIn("575", " ".join(bodies))
        notice = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], limit=1, order="id desc"
        )
        self.assertFalse(notice.with_user(self.user_outsider).has_access("read"))

    def test_part_says_what_is_left(self):
        self.pay("75.00")
        [told] = self.chatter(self.order, self.user_rep)
        self.assertRegex(told, "75.00 received for .*, .*500.00 left to pay")
        # Two more parts before it is told are one piece of news.
        self.org.pay(self.invoice.xero_id, "75.00")
        self.pull("Invoices")
        self.pay()
        told = self.chatter(self.order, self.user_rep)
        self.assertEqual(["paid in full" in text for text in told].count(True), 1)
        self.assertEqual(len(told), 2)

    def test_not_twice_when_it_is_fetched_again(self):
        self.pay()
        self.org.touch(self.org.invoices[self.invoice.xero_id])
        self.pull("Invoices")
        self.connection._get_cursor("Invoices").action_fetch_all()
        self.pull("Invoices")
        self.run_cron("tell")
        self.run_cron("tell")
        self.assertEqual(len(self.chatter(self.order, self.user_rep)), 1)
        self.assertEqual(len(self.notices_to(self.user_rep)), 1)

    def test_taken_back_before_it_is_told(self):
        payment = self.org.pay(self.invoice.xero_id)
        self.pull("Invoices")
        self.org.unpay(payment)
        self.pull("Invoices")
        self.run_cron("tell")
        self.assertFalse(self.chatter(self.order, self.user_rep))

    def test_prepayment_that_is_given_to_the_invoice_pays_it(self):
        credit = self.org.receive("Prepayments", self.contact, "575.00")
        self.org.allocate(credit, self.invoice.xero_id, "575.00")
        self.pull("Invoices")
        self.run_cron("tell")
        [told] = self.chatter(self.order, self.user_rep)
        self.assertIn("paid in full", told)

    def test_credit_note_is_no_payment(self):
        note = self.org.add_credit_note(self.contact, "500.00")
        self.org.allocate(note, self.invoice.xero_id, "575.00")
        self.pull("Invoices")
        self.assertEqual(self.invoice.payment_status, "credited")
        self.run_cron("tell")
        self.assertFalse(self.chatter(self.order, self.user_rep))

    def test_old_payment_is_no_news(self):
        self.pay(day=self.today - timedelta(days=8))
        self.assertEqual(self.invoice.payment_status, "paid")
        self.assertFalse(self.chatter(self.order, self.user_rep))

    def test_history_is_no_news(self):
        """A first fetch brings invoices that were paid today."""
        org = self.xero.add_organisation("Second (NZ)")
        company = self.env["res.company"].create({"name": "Second"})
        self.connection = self._connect(org, company)
        org.pay(org.add_invoice(amount="10.00"))
        self.pull("Contacts", "Invoices")
        domain = [("connection_id", "=", self.connection.id)]
        self.assertEqual(self.env["xero.payment"].search_count(domain), 1)
        self.assertFalse(self.env["xero.alert"].search(domain))
        org.pay(org.add_invoice(amount="10.00"))
        self.pull("Invoices")
        self.assertEqual(self.env["xero.alert"].search_count(domain), 1)

    def test_followers_and_preferences(self):
        follower = new_test_user(
            self.env,
            "alert_follower",
            "sales_team.group_sale_salesman_all_leads,xero_crm.group_xero_user",
        )
        self.order.message_subscribe(follower.partner_id.ids)
        self.user_rep.with_user(self.user_rep).xero_payment_notices = False
        self.pay()
        self.assertEqual(len(self.notices_to(follower)), 1)
        self.assertFalse(self.notices_to(self.user_rep))
        self.assertEqual(len(self.chatter(self.order, self.user_rep)), 1)

    def test_inbox_or_mail_as_the_user_prefers(self):
        self.user_rep.notification_type = "inbox"
        self.pay()
        notification = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.user_rep.partner_id.id)]
        )
        self.assertEqual(notification.mapped("notification_type"), ["inbox"])

    def test_channels(self):
        expected = {"none": (0, 0), "chatter": (1, 0), "notify": (2, 1)}
        for channel, (in_chatter, notices) in expected.items():
            self.connection.payment_channel = channel
            self.pay("10.00")
            with self.subTest(channel):
                self.assertEqual(
                    len(self.chatter(self.order, self.user_rep)), in_chatter
                )
                self.assertEqual(len(self.notices_to(self.user_rep)), notices)

    def test_on_quiet_days_the_chatter_tells_and_nobody_is_disturbed(self):
        self.connection.alert_quiet_days = "weekend"
        saturday = 5 - self.today.weekday() + (7 if self.today.weekday() > 5 else 0)
        self.org.pay(self.invoice.xero_id)
        self.pull("Invoices")
        for days, notices in ((saturday, 0), (saturday + 2, 1), (saturday + 3, 1)):
            self.run_cron("tell", days=days)
            self.assertEqual(len(self.chatter(self.order, self.user_rep)), 1)
            self.assertEqual(len(self.notices_to(self.user_rep)), notices)

    def test_many_payments_are_one_notification_and_few_queries(self):
        counts, orders = {}, self.make_orders(20)
        orders.user_id = self.user_rep
        for number in (3, 20):
            wires = [self.org.add_invoice(self.contact) for _index in range(number)]
            self.pull("Invoices")
            invoices = self.env["xero.invoice"].search(
                [("xero_id", "in", [wire["InvoiceID"] for wire in wires])]
            )
            for invoice, order in zip(invoices, orders, strict=False):
                invoice.order_id = order
            for wire in wires:
                self.org.pay(wire)
            self.count_pull("Invoices")
            with self.counted() as queries:
                self.run_cron("tell")
            counts[number] = queries[0]
            self.assertEqual(
                self.notices_to(self.user_rep)[-1], f"{number} payments received"
            )
        self.assertLess(counts[20] - counts[3], 8, counts)
