"""Customers who owe much for too long are told to the manager: once, and again only
after they owed less."""

from odoo.tests import new_test_user, tagged

from .common_alerts import AlertCase


@tagged("post_install", "-at_install")
class TestLargeAlerts(AlertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = "sales_team.group_sale_manager,xero_crm.group_xero_user"
        cls.leader = new_test_user(cls.env, "alert_leader", manager)
        cls.boss = new_test_user(cls.env, "alert_boss", manager)
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "user_id": cls.leader.id}
        )

    def prepare(self):
        super().prepare()
        self.order = self._create_order(user_id=self.user_rep.id, team_id=self.team.id)
        self.connection.write(
            {"large_customer_amount": 1000, "overdue_channel": "none"}
        )
        self.connection.large_is_new = False

    def owe(self, amount, **vals):
        vals.setdefault("order_id", self.order.id)
        return self.make_invoices(amount_total=amount, **vals)

    def large_activities(self, partner=None):
        kind = self.env.ref("xero_crm.mail_activity_type_large")
        activities = (partner or self.customer).activity_ids
        return activities.filtered(lambda a: a.activity_type_id == kind)

    def test_off_until_an_amount_is_set(self):
        self.connection.large_customer_amount = 0
        self.owe(1000000)
        self.run_cron()
        self.assertFalse(self.large_activities())

    def test_team_leader_is_told_when_invoices_add_up(self):
        self.owe(600)
        self.run_cron()
        self.assertFalse(self.large_activities())
        self.owe(400)
        self.run_cron()
        activity = self.large_activities()
        self.assertEqual(activity.user_id, self.leader)
        self.assertNotIn("000", f"{activity.summary} {activity.note}")
        [notice] = self.notices_to(self.leader)
        self.assertRegex(notice, "Kauri Builders has .*1,000.00 overdue")

    def test_one_invoice(self):
        self.connection.write({"large_customer_amount": 0, "large_invoice_amount": 500})
        self.owe(300)
        self.owe(300)
        self.run_cron()
        self.assertFalse(self.large_activities())
        self.owe(500)
        self.run_cron()
        self.assertEqual(len(self.large_activities()), 1)

    def test_once_for_each_crossing(self):
        invoice = self.owe(1500)
        self.run_cron()
        self.large_activities().unlink()
        self.owe(700)
        self.run_cron()
        self.assertFalse(self.large_activities(), "still the same crossing")
        invoice.write({"status": "paid", "amount_due": 0})
        self.run_cron()
        self.assertFalse(self.large_activities())
        self.owe(700)
        self.run_cron()
        activity = self.large_activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(len(self.notices_to(self.leader)), 2)
        self.invoices.write({"status": "voided"})
        self.run_cron("tell")
        self.assertFalse(activity.active)
        self.assertIn("below the limit", activity.feedback)

    def test_named_managers_come_before_the_team_leader(self):
        self.connection.large_user_ids = self.boss | self.user_accountant
        self.owe(1500)
        self.run_cron()
        self.assertEqual(
            self.large_activities().user_id, self.boss | self.user_accountant
        )

    def test_leader_of_the_salespersons_team_without_an_order(self):
        self.team.member_ids = self.user_rep
        self.customer.user_id = self.user_rep
        self.owe(1500, order_id=False)
        self.run_cron()
        self.assertEqual(self.large_activities().user_id, self.leader)

    def test_manager_without_the_group_or_switched_off(self):
        self.leader.group_ids -= self.env.ref("xero_crm.group_xero_user")
        self.owe(1500)
        self.run_cron()
        self.assertFalse(self.large_activities())
        self.assertFalse(self.notices_to(self.leader))
        self.assertEqual(self.connection.overdue_nobody_count, 1)

    def test_threshold_is_in_company_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.assertNotEqual(self.env.company.currency_id, euro)
        # 1,500 euros at 2 euros for one of ours.
        self.owe(1500, currency_id=euro.id, currency_rate=2)
        self.run_cron()
        self.assertFalse(self.large_activities())
        self.owe(600, currency_id=euro.id, currency_rate=2)
        self.run_cron()
        self.assertEqual(len(self.large_activities()), 1)
        [notice] = self.notices_to(self.leader)
        self.assertIn("1,050.00", notice)

    def test_what_is_there_when_the_limit_is_set_is_one_summary(self):
        self.connection.large_customer_amount = 0
        partners = self.env["res.partner"].create(
            [{"name": f"Late Payer {index}"} for index in range(12)]
        )
        for partner in partners:
            self.owe(2000, partner_id=partner.id, order_id=self.order.id)
        self.connection.large_customer_amount = 1000
        self.run_cron()
        self.run_cron()
        notices = self.notices_to(self.leader)
        self.assertEqual(notices, ["12 customers have large overdue amounts"])
        self.assertFalse(self.large_activities(partners))
        self.owe(5000)
        self.run_cron()
        self.assertEqual(len(self.large_activities()), 1)

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._connect(self.xero.add_organisation("Other (NZ)"), company)
        self.owe(900)
        self.owe(900, connection_id=other.id, order_id=False)
        self.run_cron()
        self.assertFalse(self.large_activities())
