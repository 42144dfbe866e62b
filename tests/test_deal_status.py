"""Deals and orders in lists: status, age and money of their Xero invoices."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged

from .test_aging import FiguresCase


@tagged("post_install", "-at_install")
class TestDealStatus(FiguresCase):
    def prepare(self):
        super().prepare()
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "user_id": self.user_rep.id,
                }
                for name in ("late", "paid", "open", "bare")
            ]
        )
        late, paid, still_open, _bare = self.leads
        self.orders = self.env["sale.order"].union(
            *(
                self._create_order(opportunity_id=lead.id, user_id=self.user_rep.id)
                for lead in self.leads
            )
        )
        self.invoices = self.env["xero.invoice"].union(
            self.bill(late, 12, 75.0, amount_total=100.0, amount_paid=25.0),
            self.bill(late, 0, 40.0),
            self.bill(paid, 0, 0.0, status="paid", amount_total=60.0, amount_paid=60.0),
            self.bill(still_open, -3, 500.0),
        )
        self.env.flush_all()

    def bill(self, lead, overdue, due, **vals):
        return self.add_invoice(overdue, due, order_id=lead.order_ids.id, **vals)

    def search(self, model, domain, user=None, **options):
        records = self.leads if model == "crm.lead" else self.orders
        mine = [("id", "in", records.ids)]
        return (
            self.env[model]
            .with_user(user or self.user_rep)
            .search([*mine, *domain], **options)
        )

    def test_deals_filter_group_and_sort_by_status(self):
        late, paid, still_open, bare = self.leads
        statuses = self.leads.mapped("xero_payment_status")
        self.assertEqual(statuses, ["overdue", "paid", "sent", "none"])
        for status, lead in (("overdue", late), ("paid", paid), ("sent", still_open)):
            found = self.search("crm.lead", [("xero_payment_status", "=", status)])
            self.assertEqual(found, lead)
        groups = (
            self.env["crm.lead"]
            .with_user(self.user_rep)
            .formatted_read_group(
                [("id", "in", self.leads.ids)],
                ["xero_payment_status"],
                ["xero_amount_due:sum"],
            )
        )
        self.assertEqual(
            {row["xero_payment_status"]: row["xero_amount_due:sum"] for row in groups},
            {"overdue": 115, "paid": 0, "sent": 500, "none": 0},
        )
        found = self.search("crm.lead", [], order="xero_amount_due desc")
        self.assertEqual(found[:2], still_open | late)
        self.leads.stage_id = self.env["crm.stage"].search(
            [("is_won", "=", True)], limit=1
        )
        missing = self.search("crm.lead", [("xero_missing_invoice", "=", True)])
        self.assertEqual(missing, bare)
        self.assertEqual(self.leads.filtered("xero_missing_invoice"), bare)

    def test_deal_follows_payment_and_cancelled_order(self):
        late = self.leads[0]
        self.invoices[:2].write({"status": "paid", "amount_due": 0.0})
        self.assertEqual(late.xero_payment_status, "paid")
        self.orders[0]._action_cancel()
        self.assertEqual(late.xero_payment_status, "none")

    def test_money_of_the_deal_in_the_currency_of_the_books(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        abroad = {"currency_id": euro.id, "currency_rate": 0.5}
        paid = self.leads[1]
        self.bill(paid, 0, 30, amount_total=100, amount_paid=70, **abroad)
        lead = paid.with_user(self.user_rep)
        self.assertEqual(
            (lead.xero_amount_invoiced, lead.xero_amount_paid, lead.xero_amount_due),
            (260.0, 200.0, 60.0),
        )
        self.assertEqual(self.leads[0].xero_deal_overdue_days, 12)
        self.assertEqual(lead.xero_deal_overdue_days, 0)

    def test_orders_filter_group_and_sort_by_age_and_due(self):
        late, _paid, still_open, _bare = self.orders
        self.assertEqual(
            self.orders.mapped("xero_aging"), ["1_30", False, "current", False]
        )
        found = self.search("sale.order", [("xero_aging", "=", "1_30")])
        self.assertEqual(found, late)
        found = self.search("sale.order", [], order="xero_amount_due desc, id")
        self.assertEqual(found[:2], still_open | late)
        found = self.search("sale.order", [], order="xero_due_date, id")
        self.assertEqual(found[:2], late | still_open)
        self.assertEqual(late.xero_order_overdue_days, 12)
        self.assertEqual(still_open.xero_order_overdue_days, 0)
        groups = (
            self.env["sale.order"]
            .with_user(self.user_rep)
            .formatted_read_group(
                [("id", "in", self.orders.ids)], ["xero_aging"], ["xero_amount_due:sum"]
            )
        )
        self.assertEqual(
            {row["xero_aging"]: row["xero_amount_due:sum"] for row in groups},
            {"1_30": 115, "current": 500, False: 0},
        )

    def test_night_moves_orders_and_deals_along(self):
        invoice, order, lead = self.invoices[3], self.orders[2], self.leads[2]
        self.env.cr.execute(
            "UPDATE xero_invoice SET due_date = due_date - 10 WHERE id = %s",
            [invoice.id],
        )
        self.env.invalidate_all()
        self.run_night()
        self.assertEqual(order.xero_aging, "1_30")
        self.assertEqual(order.xero_payment_status, "overdue")
        self.assertEqual(lead.xero_payment_status, "overdue")

    def test_money_of_hidden_customers_stays_hidden(self):
        self.env["ir.rule"].create(
            {
                "name": "Own customers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id)
                ],
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        self.env.invalidate_all()
        lead = self.leads[0].with_user(self.user_rep)
        self.assertEqual(lead.xero_payment_status, "overdue")
        self.assertFalse(lead.xero_amount_invoiced or lead.xero_amount_due)
        self.assertFalse(lead.xero_deal_overdue_days)
        order = self.orders[0].with_user(self.user_rep)
        self.assertFalse(order.xero_amount_due or order.xero_order_overdue_days)
        found = self.search("crm.lead", [], order="xero_amount_due desc, id")
        self.assertEqual(found.ids, self.leads.ids)
        for model, records in (("crm.lead", self.leads), ("sale.order", self.orders)):
            [row] = (
                self.env[model]
                .with_user(self.user_rep)
                .formatted_read_group(
                    [("id", "in", records.ids)], [], ["xero_amount_due:sum"]
                )
            )
            self.assertFalse(row["xero_amount_due:sum"])

    def test_without_the_group_there_is_no_way_to_sort_or_group(self):
        for model, name in (
            ("crm.lead", "xero_payment_status"),
            ("crm.lead", "xero_amount_due"),
            ("sale.order", "xero_aging"),
            ("sale.order", "xero_due_date"),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.search(model, [], self.user_outsider, order=name)

    def test_lists_cost_the_same_queries_however_long(self):
        for model, records in (("crm.lead", self.leads), ("sale.order", self.orders)):
            names = ["xero_payment_status", "xero_amount_due"]
            counts = {}
            for number in (4, 1, 4):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.env[model].with_user(self.user_rep).web_search_read(
                    [("id", "in", records[:number].ids)],
                    {name: {} for name in names},
                    order="xero_amount_due desc",
                )
                counts[number] = self.env.cr.sql_log_count - before
            with self.subTest(model=model):
                self.assertEqual(counts[1], counts[4])

    def test_update_fills_the_columns_as_the_orm_does(self):
        self.bill(self.leads[3], 95, 10.0)
        self.bill(self.leads[3], 0, 0.0, status="voided")
        self.bill(
            self.leads[1],
            0,
            0.0,
            status="paid",
            paid_on=self.day(-2),
            date=self.day(-9),
        )
        self.env.flush_all()
        wanted = self.read_figures()
        self.env.cr.execute(
            "UPDATE xero_invoice SET aging = NULL, days_to_pay = NULL;"
            "UPDATE sale_order SET xero_aging = NULL;"
            "UPDATE crm_lead SET xero_payment_status = NULL"
        )
        path = "xero_crm/migrations/19.0.1.2.0/pre-status.py"
        for statement in load_script(path, "pre-status").FILL.values():
            self.env.cr.execute(statement)
        self.env.invalidate_all()
        self.assertEqual(self.read_figures(), wanted)

    def read_figures(self):
        return [
            records.search([], order="id").mapped(name)
            for records, name in (
                (self.invoices, "aging"),
                (self.invoices, "days_to_pay"),
                (self.orders, "xero_aging"),
                (self.leads, "xero_payment_status"),
            )
        ]
