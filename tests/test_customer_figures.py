"""What the meter, the timeline and the sparkline of a customer are fed with."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from .test_aging import FiguresCase

FIGURES = ["xero_receivables", "xero_timeline", "xero_purchases"]


@tagged("post_install", "-at_install")
class TestCustomerFigures(FiguresCase):
    def add_credit(self, amount, partner=None, **vals):
        return self.env["xero.credit.note"].create(
            {
                "connection_id": self.connection.id,
                "partner_id": (partner or self.customer).id,
                "kind": "credit_note",
                "status": "authorised",
                "number": "CN-1",
                "date": self.today,
                "currency_id": self.env.company.currency_id.id,
                "amount_total": amount,
                "amount_remaining": amount,
                **vals,
            }
        )

    def add_payment(self, invoice, amount, day, xero_id="pay"):
        return self.env["xero.payment"].create(
            {
                "connection_id": self.connection.id,
                "xero_id": f"{xero_id}-{invoice.id}",
                "invoice_id": invoice.id,
                "amount": amount,
                "date": day,
            }
        )

    def figures(self, name, partner=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (partner or self.customer).with_user(user or self.user_rep)[name]

    # === RECEIVABLES === #

    def test_meter_by_age(self):
        self.add_invoice(-3, 100)
        self.add_invoice(12, 40)
        self.add_invoice(20, 60)
        self.add_invoice(95, 7.5)
        self.add_credit(30)
        currency = self.env.company.currency_id.id
        self.assertEqual(
            self.figures("xero_receivables"),
            {
                "family": self.customer.id,
                "currency": currency,
                "total": 207.5,
                "overdue": 107.5,
                "days": 95,
                "credit": 30.0,
                "ages": {
                    "current": {"amount": 100.0, "count": 1},
                    "1_30": {"amount": 100.0, "count": 2},
                    "90_plus": {"amount": 7.5, "count": 1},
                },
                "currencies": [],
            },
        )

    def test_meter_of_several_currencies(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.add_invoice(5, 100, currency_id=euro.id, currency_rate=0.5)
        self.add_invoice(-5, 60)
        told = self.figures("xero_receivables")
        self.assertEqual((told["total"], told["overdue"]), (260.0, 200.0))
        here = self.env.company.currency_id
        self.assertCountEqual(
            told["currencies"],
            [
                {"currency": euro.id, "code": "EUR", "amount": 100.0, "overdue": 100.0},
                {"currency": here.id, "code": here.name, "amount": 60.0, "overdue": 0},
            ],
        )

    def test_meter_of_nothing_and_of_credit_alone(self):
        self.add_invoice(5, 0.0, amount_total=100.0, status="paid")
        self.assertFalse(self.figures("xero_receivables"))
        self.add_credit(30)
        told = self.figures("xero_receivables")
        self.assertEqual((told["total"], told["credit"], told["ages"]), (0.0, 30.0, {}))

    def test_segment_opens_its_invoices(self):
        late = self.add_invoice(12, 40)
        self.add_invoice(-3, 100)
        action = self.customer.with_user(self.user_rep).action_view_xero_aging("1_30")
        self.assertEqual(self.env["xero.invoice"].search(action["domain"]), late)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_outsider).action_view_xero_aging("1_30")

    # === TIMELINE === #

    def test_timeline_newest_first_with_days_late(self):
        paid = self.add_invoice(
            40, 0.0, number="INV-1", amount_total=80.0, status="paid", is_sent=True
        )
        self.add_payment(paid, 50.0, self.day(-45), "first")
        self.add_payment(paid, 30.0, self.day(-28), "last")
        paid.paid_on = self.day(-28)
        self.add_invoice(10, 60.0, number="INV-2")
        self.add_credit(15)
        self.add_invoice(3, 60.0, number="INV-3", status="draft")
        told = [
            (event["kind"], event["name"], event.get("amount"), event.get("days"))
            for event in self.figures("xero_timeline")
        ]
        self.assertEqual(
            told,
            [
                ("credited", "CN-1", 15.0, None),
                ("overdue", "INV-2", 60.0, 10),
                ("paid", "INV-1", 30.0, 12),
                ("invoiced", "INV-2", 60.0, None),
                ("paid", "INV-1", 50.0, -5),
                ("invoiced", "INV-1", 80.0, None),
            ],
        )
        events = self.figures("xero_timeline")
        self.assertEqual([e["part"] for e in events if "part" in e], [False, True])
        self.assertEqual((events[-1]["model"], events[-1]["id"]), (paid._name, paid.id))
        self.assertTrue(events[-1]["sent"])

    def test_timeline_tells_mail_view_and_refund(self):
        invoice = self.add_invoice(-10, 60.0, number="INV-2")
        invoice.viewed_on = f"{self.day(-1)} 13:00:00"
        self.env["xero.invoice.task"].create(
            {
                "invoice_id": invoice.id,
                "connection_id": self.connection.id,
                "company_id": self.env.company.id,
                "kind": "email",
                "key": "",
                "name": "accounts@kauri.example.com",
                "state": "done",
                "done_at": f"{self.day(-1)} 12:00:00",
            }
        )
        credit = self.add_credit(15, status="paid", amount_remaining=0.0)
        self.env["xero.payment"].create(
            {
                "connection_id": self.connection.id,
                "xero_id": "back",
                "credit_note_id": credit.id,
                "amount": 15.0,
                "date": self.today,
            }
        )
        events = self.figures("xero_timeline")
        self.assertEqual(
            [event["kind"] for event in events],
            ["refunded", "credited", "viewed", "sent", "invoiced"],
        )
        self.assertEqual(events[3]["to"], "accounts@kauri.example.com")

    def test_timeline_ends(self):
        for days in range(30):
            self.add_invoice(-days, 10.0, number=f"INV-{days}")
        events = self.figures("xero_timeline")
        self.assertEqual(len(events), 12)
        self.assertEqual(events[0]["name"], "INV-29")

    # === PURCHASES === #

    def test_purchases_per_year(self):
        year = self.today.year
        self.add_invoice(date=date(year - 2, 5, 1), amount_total=300.0)
        self.add_invoice(date=date(year - 2, 6, 1), status="paid", amount_total=50.0)
        self.add_invoice(date=date(year - 2, 6, 1), status="voided", amount_total=900.0)
        self.add_credit(400.0, date=date(year, 1, 1))
        self.add_credit(999.0, date=date(year, 1, 1), kind="overpayment")
        currency = self.env.company.currency_id.id
        self.assertEqual(
            self.figures("xero_purchases"),
            {
                "currency": currency,
                "total": -50.0,
                "since": year - 2,
                "years": [
                    {"year": year - 2, "invoiced": 350.0, "credited": 0.0},
                    {"year": year - 1, "invoiced": 0.0, "credited": 0.0},
                    {"year": year, "invoiced": 0.0, "credited": 400.0},
                ],
            },
        )
        action = self.customer.action_view_xero_purchases(year - 2)
        rows = self.env["xero.partner.history"].search(action["domain"])
        self.assertEqual(sum(rows.mapped("amount_invoiced")), 350.0)

    def test_purchases_of_long_ago_only_count(self):
        year = self.today.year
        self.add_invoice(date=date(year - 15, 5, 1), amount_total=300.0)
        told = self.figures("xero_purchases")
        self.assertEqual((told["total"], told["since"]), (300.0, year - 15))
        self.assertEqual([row["year"] for row in told["years"]][0], year - 9)
        self.assertFalse(self.figures("xero_purchases", self.env.company.partner_id))

    # === WHO SEES WHAT, AND WHAT IT COSTS === #

    def test_a_contact_shows_the_figures_of_its_company(self):
        person = self.env["res.partner"].create(
            {"name": "Aroha", "parent_id": self.customer.id}
        )
        self.add_invoice(5, 40.0, person)
        for name in FIGURES:
            with self.subTest(name=name):
                told = self.figures(name, person)
                self.assertTrue(told)
                self.assertEqual(told, self.figures(name))

    def test_money_of_hidden_customers_is_not_told(self):
        self.add_invoice(5, 40.0)
        order = self._create_order(confirm=False)
        lead = self.env["crm.lead"].create(
            {"name": "Tables", "partner_id": self.customer.id}
        )
        for record in (order, lead):
            self.assertEqual(
                record.with_user(self.user_rep).xero_receivables["overdue"], 40.0
            )
        self.env["ir.rule"].create(
            {
                "name": "Hidden customer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id)
                ],
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        self.env.invalidate_all()
        for name in FIGURES:
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.customer.with_user(self.user_rep).read([name])
            self.assertFalse(self.customer.with_user(self.user_rep)[name])
        for record in (order, lead):
            self.assertFalse(record.with_user(self.user_rep).xero_receivables)

    def test_without_the_group_there_is_nothing(self):
        self.add_invoice(5, 40.0)
        for name in FIGURES:
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.customer.with_user(self.user_outsider).read([name])

    def test_avatar_card_tells_who_may_know_and_no_channel(self):
        self.add_invoice(5, 40.0)

        def told(user, **target):
            partner = self.customer.with_user(user)
            fields = partner._get_store_avatar_card_fields(Store.Target(**target))
            data = Store().add(partner, fields).get_result()
            [values] = [p for p in data["res.partner"] if p["id"] == partner.id]
            return values.get("xero_receivables")

        self.assertEqual(told(self.user_rep)["overdue"], 40.0)
        self.assertIsNone(told(self.user_outsider))
        channel = self.env["discuss.channel"].create({"name": "All"})
        self.assertIsNone(told(self.user_rep, channel=channel))

    def test_eighty_customers_cost_what_two_do(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(80)]
        )
        for number, partner in enumerate(partners):
            invoice = self.add_invoice(number - 20, 10.0, partner)
            self.add_payment(invoice, 5.0, self.today)
            self.add_credit(1.0, partner)
        self.env.flush_all()
        mine = partners.with_user(self.user_rep)

        def count(records, name):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read([name])
            return self.env.cr.sql_log_count - before

        for name in FIGURES:
            count(mine, name)
            with self.subTest(name=name):
                self.assertEqual(count(mine[:2], name), count(mine, name))
                self.assertLess(count(mine, name), 30)
                several = mine.mapped(name)[40]
                self.env.invalidate_all()
                self.assertTrue(several)
                self.assertEqual(mine[40][name], several)

    # === LIVE === #

    def test_open_customers_are_told_of_invoices_and_credits(self):
        person = self.env["res.partner"].create(
            {"name": "Aroha", "parent_id": self.customer.id}
        )
        group = self.env.ref("xero_crm.group_xero_user")
        sent = []
        self.patch(type(group), "_bus_send", lambda _group, *what: sent.append(what))
        self.add_invoice(5, 40.0, person)._tell_open_forms()
        self.add_credit(5, person)._tell_open_forms()
        for name, told in sent:
            self.assertEqual(name, "xero_crm.changed")
            self.assertCountEqual(told["res.partner"], (self.customer | person).ids)
        self.assertEqual(len(sent), 2)
