"""What customers owe, in lists: sorted, grouped, added up, by the rights of each."""

import itertools
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.xero_crm.models import res_partner_status

from .test_aging import FiguresCase

SPEC = {
    "name": {},
    "xero_balance": {},
    "xero_overdue_balance": {},
    "xero_customer_status": {},
    "xero_days_to_pay": {},
    "xero_currency_id": {"fields": {"display_name": {}}},
}


@tagged("post_install", "-at_install")
class TestReceivables(FiguresCase):
    def prepare(self):
        super().prepare()
        self.person = self.env["res.partner"].create(
            {"name": "Aroha", "parent_id": self.customer.id}
        )
        self.late, self.owing, self.calm = self.env["res.partner"].create(
            [
                {"name": "Late Ltd", "is_company": True, "user_id": self.user_rep.id},
                {"name": "Owing Ltd", "is_company": True},
                {"name": "Calm Ltd", "is_company": True},
            ]
        )
        self.everybody = (
            self.customer | self.person | self.late | self.owing | self.calm
        )
        self.mine = [("id", "in", self.everybody.ids)]
        self.add_invoice(40, 300, self.person)
        self.add_invoice(-5, 50)
        self.add_invoice(10, 1000, self.late)
        self.add_invoice(0, 500, self.owing)
        self.add_invoice(70, 9000, self.calm, status="draft")
        self.env.flush_all()

    def search(self, order, user=None, domain=(), limit=None, offset=0):
        partners = self.env["res.partner"].with_user(user or self.user_accountant)
        domain = [*self.mine, *domain]
        return partners.search(domain, offset=offset, limit=limit, order=order)

    def add_paid(self, partner, days, paid_on, total=100):
        self.add_invoice(
            0,
            0.0,
            partner,
            amount_total=total,
            status="paid",
            paid_on=paid_on,
            date=paid_on - timedelta(days=days),
        )

    def group(self, groupby, *aggregates, user=None):
        partners = self.env["res.partner"].with_user(user or self.user_accountant)
        return partners.formatted_read_group(self.mine, [groupby], aggregates)

    def only_own_customers(self):
        self.env["ir.rule"].create(
            {
                "name": "Own customers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id)
                ],
                "domain_force": "['|', ('user_id', '=', user.id),"
                " ('name', 'in', ('Owing Ltd', 'Calm Ltd'))]",
            }
        )
        self.env.invalidate_all()

    def test_detail_of_many_customers_in_one_query(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.add_invoice(95, 100, self.late, currency_id=euro.id, currency_rate=0.5)
        self.env.flush_all()
        self.env.invalidate_all()
        here = self.env.company.currency_id
        self.everybody.mapped("commercial_partner_id")
        partners = self.everybody.with_user(self.user_accountant)
        partners._get_xero_receivables()  # now the rights are known
        with self.assertQueryCount(1):
            found = partners._get_xero_receivables()
        self.assertEqual(set(found), {self.customer.id, self.late.id, self.owing.id})
        self.assertEqual(
            found[self.late.id],
            {
                "currency_id": here.id,
                "due": 1200.0,
                "overdue": 1200.0,
                "aging": {"1_30": 1000.0, "90_plus": 200.0},
                "counts": {"1_30": 1, "90_plus": 1},
                "since": self.day(-95),
                "currencies": {
                    here.id: {
                        "due": 1000.0,
                        "overdue": 1000.0,
                        "aging": {"1_30": 1000.0},
                    },
                    euro.id: {
                        "due": 100.0,
                        "overdue": 100.0,
                        "aging": {"90_plus": 100.0},
                    },
                },
            },
        )
        family = found[self.customer.id]
        self.assertEqual((family["due"], family["overdue"]), (350.0, 300.0))

    def test_sorted_by_what_is_overdue(self):
        self.assertEqual(
            self.search("xero_overdue_balance desc, name").mapped("name"),
            ["Late Ltd", "Aroha", "Kauri Builders", "Calm Ltd", "Owing Ltd"],
        )
        self.assertEqual(
            self.search("xero_balance, name")[:2].mapped("name"),
            ["Calm Ltd", "Aroha"],
        )
        self.assertEqual(self.search("xero_overdue_days desc, id")[0], self.customer)
        for name in ("xero_credit_balance", "xero_net_balance"):
            self.assertEqual(len(self.search(name)), 5)

    def test_pages_are_parts_of_the_whole_list(self):
        """They are put together from who has something and who has nothing."""
        self.add_invoice(5, 70, partner_id=False)
        self.add_paid(self.calm, 20, self.day(-9))
        self.add_paid(self.late, 20, self.day(-9))
        self.add_paid(self.owing, -20, self.day(-9))  # before there was an invoice
        self.only_own_customers()
        self.person.user_id = self.user_rep
        self.customer.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        fields = (
            "xero_balance",
            "xero_overdue_balance",
            "xero_overdue_days",
            "xero_credit_balance",
            "xero_days_to_pay",
        )
        some = [("name", "not in", ["Late Ltd"])]
        for name in fields:
            for way, (user, domain) in itertools.product(
                ("", " desc", " desc, name desc"),
                ((self.user_accountant, []), (self.user_rep, some)),
            ):
                whole = self.search(f"{name}{way}, id", user, domain)
                values = whole.mapped(name)
                self.assertEqual(values, sorted(values, reverse="desc" in way))
                for limit in (2, 3):
                    pages = [
                        self.search(f"{name}{way}", user, domain, limit, offset)
                        for offset in range(0, 6, limit)
                    ]
                    with self.subTest(name + way, user=user.login, limit=limit):
                        found = [each.id for page in pages for each in page]
                        self.assertEqual(found, whole.ids)

    def test_grouped_by_status_each_family_counts_once(self):
        groups = self.group(
            "xero_customer_status",
            "__count",
            "xero_overdue_balance:sum",
            "xero_balance:sum",
        )
        self.assertEqual(
            {
                row["xero_customer_status"]: (
                    row["__count"],
                    row["xero_balance:sum"],
                    row["xero_overdue_balance:sum"],
                )
                for row in groups
            },
            {
                "overdue": (3, 1350.0, 1300.0),
                "awaiting_payment": (1, 500.0, 0.0),
                "nothing_due": (1, 0.0, 0.0),
            },
        )
        self.assertEqual(
            [row["xero_customer_status"] for row in groups],
            ["overdue", "awaiting_payment", "nothing_due"],
        )
        for row in groups:
            found = self.search("id", domain=row["__extra_domain"])
            with self.subTest(status=row["xero_customer_status"]):
                self.assertEqual(len(found), row["__count"])
                self.assertEqual(
                    set(found.mapped("xero_customer_status")),
                    {row["xero_customer_status"]},
                )

    def test_the_list_may_sort_group_and_add_up(self):
        described = (
            self.env["res.partner"]
            .with_user(self.user_rep)
            .fields_get(
                ["xero_overdue_balance", "xero_customer_status"],
                ["sortable", "groupable", "aggregator"],
            )
        )
        self.assertTrue(all(each["sortable"] for each in described.values()))
        self.assertTrue(described["xero_customer_status"]["groupable"])
        self.assertEqual(described["xero_overdue_balance"]["aggregator"], "sum")

    def test_rep_with_own_customers_learns_nothing_of_others(self):
        """A person that the rep may see stands for a company that they may not."""
        self.only_own_customers()
        self.person.user_id = self.user_rep
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.search("xero_overdue_balance desc, name", self.user_rep)
        self.assertEqual(
            [(each.name, each.xero_overdue_balance) for each in found],
            [
                ("Late Ltd", 1000.0),
                # The invoice is the person's own, whom the rep may see.
                ("Aroha", 300.0),
                ("Calm Ltd", 0.0),
                ("Owing Ltd", 0.0),
            ],
        )
        self.person.user_id = False
        self.late.user_id = False
        self.env.flush_all()
        self.env.invalidate_all()
        [row] = (
            self.env["res.partner"]
            .with_user(self.user_rep)
            .formatted_read_group(
                self.mine, [], ["xero_balance:sum", "xero_overdue_balance:sum"]
            )
        )
        self.assertEqual(row["xero_balance:sum"], 500.0)
        self.assertEqual(row["xero_overdue_balance:sum"], 0.0)
        statuses = self.group("xero_customer_status", "__count", user=self.user_rep)
        self.assertEqual(
            {row["xero_customer_status"] for row in statuses},
            {"awaiting_payment", "nothing_due"},
        )
        self.assertFalse(self.late.with_user(self.user_rep)._get_xero_receivables())

    def test_without_the_group_there_is_no_way_to_sort_or_group(self):
        for name in (
            "xero_overdue_balance",
            "xero_customer_status",
            "xero_days_to_pay",
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.search(name, self.user_outsider)
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.search(f"{name} desc", self.user_outsider, limit=1)
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.group(name, "__count", user=self.user_outsider)
        with self.assertRaises(AccessError):
            self.everybody.with_user(self.user_outsider)._get_xero_receivables()

    def test_companies_add_up_in_the_currency_of_the_current_one(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        company = self.env["res.company"].create(
            {"name": "Second Ltd", "currency_id": pound.id}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": pound.id,
                "name": self.day(-300),
                "rate": self.env.company.currency_id.rate * 0.5,
                "company_id": self.env.company.id,
            }
        )
        org = self.xero.add_organisation("Second")
        second = self._connect(org, company, tenant_name="Second")
        self.add_invoice(
            10, 200, self.owing, connection_id=second.id, currency_id=pound.id
        )
        self.env.flush_all()
        companies = self.env.company | company
        user = new_test_user(
            self.env,
            "xero_both",
            "sales_team.group_sale_salesman_all_leads,xero_crm.group_xero_user",
            company_ids=[Command.set(companies.ids)],
        )
        here = self.owing.with_user(user).with_company(self.env.company)
        here = here.with_context(allowed_company_ids=self.env.company.ids)
        both = here.with_context(allowed_company_ids=companies.ids)
        self.assertEqual((here.xero_balance, here.xero_overdue_balance), (500, 0))
        self.assertEqual((both.xero_balance, both.xero_overdue_balance), (900, 400))
        self.assertEqual(both._get_xero_receivables()[self.owing.id]["due"], 900)
        found = both.search([*self.mine, ("xero_overdue_balance", "=", 400)])
        self.assertEqual(found, self.owing)
        [row] = both.formatted_read_group(
            [("id", "=", self.owing.id)], [], ["xero_balance:sum"]
        )
        self.assertEqual(row["xero_balance:sum"], 900)
        self.assertEqual(both.xero_customer_status, "overdue")
        self.assertEqual(here.xero_customer_status, "awaiting_payment")

    def test_average_days_weigh_by_amount_and_end_after_a_year(self):
        for total, days, paid_on in (
            (100, 10, self.day(-5)),
            (300, 50, self.day(-300)),
            (9000, 400, self.day(-400)),
        ):
            self.add_paid(self.late, days, paid_on, total)
        self.add_paid(self.person, 20, self.day(-9))
        self.env.flush_all()
        self.assertEqual(self.late.xero_days_to_pay, 40)
        self.assertEqual(self.search("xero_days_to_pay desc, id")[0], self.late)
        slow = [("xero_days_to_pay", ">=", 30)]
        self.assertEqual(self.search("id", domain=slow), self.late)
        self.patch(res_partner_status, "INVOICES", 1)
        self.late.invalidate_recordset()
        self.assertEqual(self.late.xero_days_to_pay, 10)
        self.assertEqual(self.calm.xero_days_to_pay, 0)
        self.assertEqual(
            self.search("xero_days_to_pay desc, name").mapped("name"),
            ["Aroha", "Kauri Builders", "Late Ltd", "Calm Ltd", "Owing Ltd"],
        )
        groups = self.group("xero_days_to_pay", "__count")
        self.assertEqual(
            {row["xero_days_to_pay"]: row["__count"] for row in groups},
            {20: 2, 10: 1, 0: 2},
        )
        for row in groups:
            found = self.search("id", domain=row["__extra_domain"])
            self.assertEqual(len(found), row["__count"])

    def count_queries(self, ask):
        """Return how many queries it takes to ask, with nothing remembered but the
        rights."""
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ask()
        return self.env.cr.sql_log_count - before

    def test_form_costs_the_same_queries_however_many_invoices(self):
        partner = self.late.with_user(self.user_rep)
        arch = etree.fromstring(partner.get_view(view_type="form")["arch"])
        names = set(arch.xpath("//field[not(ancestor::field)]/@name"))
        spec = {name: {} for name in names if name.startswith("xero_")}
        self.assertIn("xero_overdue_balance", spec)
        # Their thousands would be read at each opening.
        for name in spec:
            self.assertNotEqual(partner._fields[name].type, "one2many", name)
        few = self.count_queries(lambda: partner.web_read(spec))
        for number in range(20):
            self.add_invoice(number, 10, self.late)
            self.add_invoice(0, 0.0, self.late, status="paid", paid_on=self.today)
        self.assertEqual(self.count_queries(lambda: partner.web_read(spec)), few)

    def test_list_costs_the_same_queries_however_long(self):
        partners = self.env["res.partner"].with_user(self.user_rep)
        more = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(40)])
        for partner in more:
            self.add_invoice(5, 5000, partner)

        def count(ids, limit=None):
            return self.count_queries(
                lambda: partners.search_fetch(
                    [("id", "in", ids)],
                    SPEC,
                    limit=limit,
                    order="xero_overdue_balance desc",
                ).web_read(SPEC)
            )

        all_at_once = count(more.ids)
        self.assertEqual(count(more.ids[:2]), all_at_once)
        # A page costs the query that finds who owes, whatever the length of the list.
        for ids, limit in ((more.ids[:2], 2), (more.ids, 2), (more.ids, 40)):
            self.assertEqual(count(ids, limit), all_at_once + 1)
