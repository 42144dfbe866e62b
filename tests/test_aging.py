"""How old what is due is, and how long customers take to pay."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import XeroCommon


class FiguresCase(XeroCommon):
    """Mirrored invoices, without asking the simulated Xero for each."""

    def prepare(self):
        super().prepare()
        self.today = fields.Date.today()

    def day(self, days):
        """Return the day so many days from today; before it, if negative."""
        return self.today + timedelta(days=days)

    def run_night(self):
        """Let the scheduled action run, as Odoo does."""
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_overdue").method_direct_trigger()
        self.env.invalidate_all()

    def add_invoice(self, overdue=0, due=100.0, partner=None, **vals):
        """Create an invoice that awaits payment, so many days overdue."""
        return self.env["xero.invoice"].create(
            {
                "connection_id": self.connection.id,
                "partner_id": (partner or self.customer).id,
                "status": "authorised",
                "date": self.day(-overdue - 20),
                "due_date": self.day(-overdue),
                "currency_id": self.env.company.currency_id.id,
                "amount_total": due,
                "amount_due": due,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestAging(FiguresCase):
    def test_buckets_begin_and_end_on_the_day(self):
        days = (-5, 0, 1, 30, 31, 60, 61, 90, 91, 400)
        invoices = [self.add_invoice(overdue) for overdue in days]
        self.assertEqual(
            [invoice.aging for invoice in invoices],
            ["current"] * 2
            + ["1_30"] * 2
            + ["31_60"] * 2
            + ["61_90"] * 2
            + ["90_plus"] * 2,
        )
        self.assertEqual(
            [invoice.overdue_days for invoice in invoices],
            [0, 0, 1, 30, 31, 60, 61, 90, 91, 400],
        )

    def test_groups_go_from_current_to_the_oldest(self):
        order = self._create_order()
        for days in (95, 0, 70, 5, 40):
            self.add_invoice(days, order_id=order.id)
        mine = [("partner_id", "=", self.customer.id)]
        ages = ["current", "1_30", "31_60", "61_90", "90_plus"]
        invoices = self.env["xero.invoice"]
        for groups in (
            invoices.formatted_read_group(mine, ["aging"], ["__count"]),
            invoices.formatted_read_group(
                mine, ["aging", "partner_id"], ["__count"], order="aging, partner_id"
            ),
            invoices.formatted_read_grouping_sets(mine, [["aging"], []], ["__count"])[
                0
            ],
        ):
            self.assertEqual([row["aging"] for row in groups], ages)
        groups = order.formatted_read_group(
            [("id", "=", order.id)], ["xero_aging"], ["__count"]
        )
        self.assertEqual([row["xero_aging"] for row in groups], ["90_plus"])

    def test_only_what_awaits_payment_has_an_age(self):
        for status in ("draft", "submitted", "voided", "deleted", "paid"):
            with self.subTest(status=status):
                invoice = self.add_invoice(40, status=status)
                self.assertFalse(invoice.aging or invoice.overdue_days)
        self.assertEqual(self.add_invoice(due_date=False).aging, "current")

    def test_payment_in_xero_ends_it(self):
        [contact] = self.org.add_contacts(1)
        wire = self.org.add_invoice(
            contact,
            100,
            Status="AUTHORISED",
            Date=self.day(-60),
            DueDate=self.day(-40),
        )
        xero_id = wire["InvoiceID"]
        self.pull("Contacts", "Invoices")
        invoice = self.env["xero.invoice"].search([("xero_id", "=", xero_id)])
        self.assertEqual((invoice.aging, invoice.overdue_days), ("31_60", 40))
        self.org.pay(xero_id, invoice.amount_due, self.day(-10))
        self.pull("Invoices")
        self.assertEqual(invoice.payment_status, "paid")
        self.assertFalse(invoice.aging or invoice.overdue_days)
        self.assertEqual(invoice.days_to_pay, 50)

    def test_average_leaves_out_unpaid_and_credited(self):
        paid = {"status": "paid", "amount_due": 0.0, "paid_on": self.today}
        invoices = self.add_invoice(10, **paid)
        invoices |= self.add_invoice(10)
        invoices |= self.add_invoice(0, **paid)
        invoices |= self.add_invoice(
            50, amount_by_credit_note=100.0, amount_credited=100.0, **paid
        )
        [[average]] = invoices._read_group(
            [("id", "in", invoices.ids)], [], ["days_to_pay:avg"]
        )
        self.assertEqual(average, 25)

    def test_search_by_days_overdue(self):
        days = (-5, 0, 1, 8, 40)
        invoices = {overdue: self.add_invoice(overdue) for overdue in days}
        invoices["paid"] = self.add_invoice(70, status="paid", amount_due=0.0)
        mine = [("partner_id", "=", self.customer.id)]
        for operator, value, wanted in (
            (">", 7, {8, 40}),
            (">=", 8, {8, 40}),
            (">", 8, {40}),
            (">", 0, {1, 8, 40}),
            (">=", 0, {*days, "paid"}),
            ("<", 8, {-5, 0, 1, "paid"}),
            ("<=", 8, {-5, 0, 1, 8, "paid"}),
            ("<", 0, set()),
            ("=", 8, {8}),
            ("=", 0, {-5, 0, "paid"}),
            ("!=", 0, {1, 8, 40}),
            ("in", [1, 40], {1, 40}),
            ("not in", [1, 40], {-5, 0, 8, "paid"}),
        ):
            with self.subTest(operator=operator, value=value):
                found = self.env["xero.invoice"].search(
                    [*mine, ("overdue_days", operator, value)]
                )
                self.assertEqual(
                    {key for key, invoice in invoices.items() if invoice in found},
                    wanted,
                )

    def test_night_moves_what_crossed_a_border_and_reads_nothing_else(self):
        crossing = self.add_invoice(30) | self.add_invoice(60) | self.add_invoice(0)
        staying = self.add_invoice(15) | self.add_invoice(-9) | self.add_invoice(200)
        self.env.flush_all()
        # As if they had been written yesterday.
        self.env.cr.execute(
            "UPDATE xero_invoice SET due_date = due_date - 1 WHERE id IN %s",
            [tuple(crossing.ids)],
        )
        self.env.invalidate_all()
        group = self.env.ref("xero_crm.group_xero_user")
        sent = []
        self.patch(type(group), "_bus_send", lambda _group, *what: sent.append(what))
        self.run_night()
        [(name, told)] = sent
        self.assertEqual(name, "xero_crm.changed")
        self.assertCountEqual(told["xero.invoice"], crossing.ids)
        self.assertEqual(told["res.partner"], self.customer.ids)
        self.assertEqual(crossing.mapped("aging"), ["31_60", "61_90", "1_30"])
        self.assertEqual(crossing[2].payment_status, "overdue")
        self.assertEqual(staying.mapped("aging"), ["1_30", "current", "90_plus"])
        crossed = self.env["xero.invoice"]._get_crossed_domain(self.today)
        self.assertFalse(self.env["xero.invoice"].search(crossed))
        with self.assertQueryCount(1):
            self.env["xero.invoice"]._mark_crossed()
        self.assertEqual(len(sent), 1)

    def test_night_after_a_long_pause(self):
        invoice = self.add_invoice(0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_invoice SET due_date = due_date - 75 WHERE id = %s",
            [invoice.id],
        )
        self.env.invalidate_all()
        self.run_night()
        self.assertEqual(invoice.aging, "61_90")
