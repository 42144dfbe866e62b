"""Overdue invoices are told to who sells: once a stage, done by itself when paid."""

from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_alerts import AlertCase
from .test_performance import PerformanceCase


@tagged("post_install", "-at_install")
class TestOverdueAlerts(AlertCase, PerformanceCase):
    def prepare(self):
        super().prepare()
        self.order = self._create_order(user_id=self.user_rep.id)

    # === ONCE FOR EACH INVOICE AND STAGE === #

    def test_activity_on_the_order_for_its_salesperson(self):
        invoice = self.make_invoices(order_id=self.order.id)
        self.run_cron()
        [activity] = self.activities_of(self.order)
        self.assertRecordValues(
            activity,
            [
                {
                    "user_id": self.user_rep.id,
                    "date_deadline": self.today,
                    "automated": True,
                    "res_name": self.order.name,
                }
            ],
        )
        self.assertIn(f"{invoice.number} overdue since", activity.summary)
        self.assertIn("Kauri Builders", activity.note)

    def test_no_amount_is_in_what_everybody_can_read(self):
        """Who sees the order sees its activities, group or not."""
        self.make_invoices(order_id=self.order.id, amount_total=7654.32)
        self.run_cron()
        self.connection.flush_recordset()
        activity = self.activities_of(self.order)
        text = f"{activity.summary} {activity.note}"
        self.invoices.write({"status": "paid", "amount_due": 0, "paid_on": self.today})
        self.run_cron("tell")
        messages = self.order.message_ids.with_user(self.user_outsider)
        text += " ".join(messages.mapped("body"))
        self.assertIn("was paid on", text)
        self.assertNotIn("654", text)

    def test_not_told_again_whatever_becomes_of_the_activity(self):
        self.make_invoices(order_id=self.order.id)
        for end in ("unlink", "action_done", "unlink"):
            self.run_cron()
            getattr(self.activities_of(self.order), end)()
        self.run_cron(days=12)
        self.assertFalse(self.activities_of(self.order))

    def test_told_again_at_each_stage(self):
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        self.activities_of(self.order).action_done()
        self.run_cron(days=13)
        self.assertEqual(len(self.activities_of(self.order)), 1)
        told = self.alerts.filtered(lambda alert: alert.state == "open")
        self.assertEqual(told.mapped("stage"), [14])

    def test_an_activity_that_is_not_done_goes_on(self):
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        before = self.activities_of(self.order)
        self.run_cron(days=13)
        self.assertEqual(self.activities_of(self.order), before)
        self.assertEqual(before.date_deadline, self.today + timedelta(days=13))

    def test_only_the_last_stage_of_those_missed(self):
        self.make_invoices(order_id=self.order.id, days=40)
        self.run_cron()
        self.assertEqual(self.alerts.mapped("stage"), [30])

    def test_one_activity_for_several_invoices(self):
        invoices = self.make_invoices(5, order_id=self.order.id)
        self.run_cron()
        activity = self.activities_of(self.order)
        self.assertEqual(len(activity), 1)
        self.assertIn("5 invoices overdue", activity.summary)
        invoices[:4].write({"status": "paid", "amount_due": 0})
        self.run_cron("tell")
        self.assertIn(f"{invoices[4].number} overdue since", activity.summary)
        self.assertTrue(activity.active)
        self.assertNotIn(invoices[0].number, activity.note)

    def test_stages_are_numbers_of_days(self):
        self.connection.overdue_stages = "3; 7,60"
        self.assertEqual(self.connection._get_overdue_stages(), {3, 7, 60})
        for nonsense in ("soon", "0, 14", "1, -2", ",", "1000"):
            with self.subTest(nonsense), self.assertRaises(ValidationError):
                self.connection.overdue_stages = nonsense

    # === DONE BY ITSELF === #

    def assertDone(self, activity, text):
        self.assertFalse(activity.active)
        self.assertIn(text, activity.feedback)
        messages = self.env["mail.message"].search(
            [("model", "=", activity.res_model), ("res_id", "=", activity.res_id)]
        )
        self.assertIn(text, " ".join(messages.mapped("body")))

    def test_done_when_it_is_settled(self):
        cases = {
            "was paid on": {"status": "paid", "amount_due": 0, "paid_on": self.today},
            "was credited": {
                "status": "paid",
                "amount_due": 0,
                "amount_by_credit_note": 115,
                "amount_credited": 115,
            },
            "was voided": {"status": "voided"},
            "now": {"due_date": self.today + timedelta(days=9)},
            "not overdue": {"amount_due": 0},
        }
        for text, vals in cases.items():
            order = self._create_order(user_id=self.user_rep.id)
            invoice = self.make_invoices(order_id=order.id)
            self.run_cron()
            activity = self.activities_of(order)
            invoice.write(vals)
            self.run_cron("tell")
            with self.subTest(text):
                self.assertDone(activity, text)

    def test_payment_in_xero_closes_the_activity(self):
        """Through the pull, which wakes the action that closes it."""
        contact = self.org.add_contact(Name="Kauri Builders")
        due = self.today - timedelta(days=2)
        invoice = self.org.add_invoice(contact, Date=due, DueDate=due)
        self.pull("Contacts", "Invoices")
        self.invoices.order_id = self.order
        self.run_cron()
        activity = self.activities_of(self.order)
        self.assertEqual(activity.user_id, self.user_rep)
        self.env["ir.cron.trigger"].search([]).unlink()
        self.org.pay(invoice)
        self.pull("Invoices")
        cron = self.env.ref("xero_crm.ir_cron_xero_alert")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.run_cron("tell")
        self.assertDone(activity, "was paid on")

    def test_due_date_that_moves_begins_anew(self):
        invoice = self.make_invoices(order_id=self.order.id)
        self.run_cron()
        invoice.due_date = self.today + timedelta(days=5)
        self.run_cron()
        self.assertFalse(self.activities_of(self.order))
        self.run_cron(days=6)
        self.assertEqual(len(self.activities_of(self.order)), 1)

    # === WHO === #

    def test_whom_it_is_told(self):
        deal_user, customer_user, fallback = (
            new_test_user(
                self.env,
                f"alert_{name}",
                "sales_team.group_sale_salesman_all_leads,xero_crm.group_xero_user",
            )
            for name in ("deal", "customer", "fallback")
        )
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.customer.id, "user_id": deal_user.id}
        )
        self.order.write({"opportunity_id": lead.id})
        self.customer.user_id = customer_user
        self.connection.alert_user_id = fallback
        invoice = self.make_invoices(order_id=self.order.id)
        people = self.env["xero.alert"].sudo()._get_salespeople
        steps = [
            (self.order, self.user_rep),
            (lead, deal_user),
            (self.customer, customer_user),
            (self.connection, fallback),
        ]
        for record, user in steps:
            found = people(self.connection, invoice, "xero_overdue_alerts")
            self.assertEqual(found[invoice], (user, False))
            name = "alert_user_id" if record == self.connection else "user_id"
            record[name] = False
        found = people(self.connection, invoice, "xero_overdue_alerts")
        self.assertEqual(found[invoice][1], "nobody")

    def test_without_anybody_it_is_counted(self):
        self.order.user_id = False
        self.make_invoices(2, order_id=self.order.id)
        self.run_cron()
        self.run_cron()
        self.assertFalse(self.activities_of(self.order))
        self.assertEqual(self.connection.overdue_nobody_count, 2)
        action = self.connection.with_user(self.user_accountant).action_open_alerts()
        self.assertEqual(action["res_model"], "xero.alert")

    def test_on_the_customer_where_there_is_no_order(self):
        self.customer.user_id = self.user_rep
        self.make_invoices()
        self.run_cron()
        self.assertEqual(self.activities_of(self.customer).user_id, self.user_rep)

    def test_who_has_no_group_is_told_nothing(self):
        self.order.user_id = self.user_outsider
        self.connection.alert_user_id = self.user_accountant
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        self.assertEqual(self.activities_of(self.order).user_id, self.user_accountant)

    def test_who_may_not_see_the_customer_is_told_nothing(self):
        salesman = self.env.ref("sales_team.group_sale_salesman")
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [Command.link(salesman.id)],
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        self.assertFalse(self.activities_of(self.order))
        self.assertEqual(self.connection.overdue_nobody_count, 1)

    def test_who_has_switched_it_off_is_told_nothing(self):
        self.user_rep.with_user(self.user_rep).xero_overdue_alerts = False
        self.connection.alert_user_id = self.user_accountant
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        self.assertFalse(self.activities_of(self.order))
        self.assertEqual(self.alerts.reason, "off")

    def test_nobody_writes_the_preferences_of_another(self):
        for user in (self.user_outsider, self.user_rep):
            own = user.with_user(user)
            own.write({"xero_payment_notices": False, "xero_large_alerts": False})
            self.assertFalse(
                own.read(["xero_payment_notices"])[0]["xero_payment_notices"]
            )
            with self.assertRaises(AccessError):
                self.user_accountant.with_user(user).xero_payment_notices = False

    def test_new_salesperson_takes_over_at_the_next_stage(self):
        self.make_invoices(order_id=self.order.id)
        self.run_cron()
        self.order.user_id = self.user_accountant
        self.run_cron(days=13)
        self.assertEqual(self.activities_of(self.order).user_id, self.user_accountant)

    def test_unknown_customer_is_counted(self):
        self.connection.alert_user_id = self.user_accountant
        self.make_invoices(partner_id=False)
        self.run_cron()
        self.assertEqual(self.connection.overdue_nobody_count, 1)

    # === WHEN AND HOW === #

    def test_channels(self):
        expected = {
            "none": (0, 0),
            "activity": (1, 0),
            "notify": (0, 1),
            "both": (1, 1),
        }
        for channel, (activities, notices) in expected.items():
            order = self._create_order(user_id=self.user_rep.id)
            self.connection.overdue_channel = channel
            self.connection.overdue_since = self.today - timedelta(days=100)
            invoice = self.make_invoices(order_id=order.id)
            before = len(self.notices_to(self.user_rep))
            self.run_cron()
            with self.subTest(channel):
                self.assertEqual(len(self.activities_of(order)), activities)
                told = self.notices_to(self.user_rep)[before:]
                self.assertEqual(told, [f"{invoice.number} is overdue"] * notices)
            invoice.status = "voided"
            self.run_cron("tell")

    def test_quiet_days_wait_for_the_next_working_day(self):
        self.make_invoices(order_id=self.order.id)
        calendar = self.env.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": calendar.id,
                "date_from": f"{self.today - timedelta(days=1)} 00:00:00",
                "date_to": f"{self.today + timedelta(days=1)} 23:59:59",
            }
        )
        self.connection.alert_quiet_days = "calendar"
        self.run_cron()
        self.assertFalse(self.activities_of(self.order))
        workday = next(
            day for day in range(2, 9) if (self.today + timedelta(day)).weekday() < 5
        )
        self.run_cron(days=workday)
        self.assertEqual(len(self.activities_of(self.order)), 1)

    def test_weekend(self):
        self.make_invoices(order_id=self.order.id)
        self.connection.alert_quiet_days = "weekend"
        saturday = 5 - self.today.weekday() + (7 if self.today.weekday() > 5 else 0)
        for days, told in ((saturday, 0), (saturday + 1, 0), (saturday + 2, 1)):
            self.run_cron(days=days)
            self.assertEqual(len(self.activities_of(self.order)), told)

    def test_what_was_overdue_before_is_left_alone(self):
        self.connection.overdue_channel = "none"
        self.make_invoices(3, days=5, order_id=self.order.id)
        self.connection.overdue_channel = "activity"
        self.run_cron()
        self.run_cron(days=30)
        self.assertFalse(self.activities_of(self.order))
        self.assertEqual(self.connection.overdue_before_count, 3)

    def test_a_connection_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._connect(self.xero.add_organisation("Other (NZ)"), company)
        other.write({"alert_quiet_days": "none", "overdue_since": "2000-01-01"})
        self.customer.user_id = self.user_rep
        self.make_invoices(connection_id=other.id)
        self.run_cron()
        self.assertFalse(self.activities_of(self.customer), "not a user of the company")
        self.assertEqual(other.overdue_nobody_count, 1)
        self.assertEqual(self.connection.overdue_nobody_count, 0)

    # === MANY === #

    def test_one_that_fails_does_not_stop_the_others(self):
        invoices = self.make_invoices(4, order_id=self.order.id)
        lost = self._create_order(user_id=self.user_rep.id)
        self.make_invoices(order_id=lost.id)
        activities = self.env.registry["mail.activity"]
        create = activities.create

        def refuse(this, vals_list):
            if any(vals["res_id"] == lost.id for vals in vals_list):
                raise ValueError("No activities here")
            return create(this, vals_list)

        self.patch(activities, "create", refuse)
        with self.assertLogs("odoo.addons.xero_crm.models.xero_alert", "ERROR"):
            self.run_cron()
        self.assertEqual(self.alerts.invoice_id, invoices)
        self.patch(activities, "create", create)
        self.run_cron()
        self.assertEqual(len(self.activities_of(lost)), 1, "it has its turn again")

    def test_scheduled_actions_run_by_themselves(self):
        """As the scheduler runs them, committing batch by batch."""
        invoice = self.make_invoices(order_id=self.order.id)
        for name, left in (("ir_cron_xero_overdue", 1), ("ir_cron_xero_alert", 0)):
            self.env.ref(f"xero_crm.{name}").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self.activities_of(self.order)), left)
            invoice.status = "voided"

    def test_many_at_once_cost_few_queries(self):
        """Each on an order of its own; at the first stage, the next, and when paid."""
        counts = {}
        orders = self.make_orders(20)
        orders.user_id = self.user_rep
        for number in (3, 20):
            invoices = self.make_invoices(number)
            for invoice, order in zip(invoices, orders, strict=False):
                invoice.order_id = order
            with self.counted() as queries:
                self.run_cron()
            counts[number] = queries[0]
            with self.counted() as queries:
                self.run_cron(days=13)
            counts["again", number] = queries[0]
            invoices.write({"status": "voided"})
            with self.counted() as queries:
                self.run_cron("tell")
            counts["close", number] = queries[0]
        self.assertLess(counts[20] - counts[3], 8, counts)
        self.assertLess(counts["again", 20] - counts["again", 3], 8, counts)
        self.assertLess(counts["close", 20] - counts["close", 3], 8, counts)
