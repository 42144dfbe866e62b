from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import XeroCommon

# What everybody who confirms orders sees: that one waits for a manager, and the amount
# of the order itself. Why is told by the rights of who looks, see test_order_policy.
APPROVAL = (
    "xero_approval",
    "xero_approval_amount",
    "xero_approval_currency_id",
    "xero_approval_partner_id",
    "xero_approver_id",
    "xero_asked_by_id",
    "xero_may_approve",
    "xero_policy_state",
    "xero_policy_text",
)
# What a person without the group must not see, by model; the first is a stored one
# where there is any.
HIDDEN = {
    "res.partner": [
        "xero_balance",
        "xero_overdue_balance",
        "xero_overdue_days",
        "xero_customer_status",
        "xero_days_to_pay",
        "xero_invoice_ids",
        "xero_credit_note_ids",
        "xero_credit_balance",
        "xero_credit_limit",
        "xero_net_balance",
        "xero_credit_note_count",
        "xero_receivables",
        "xero_timeline",
        "xero_purchases",
        "xero_contact_id",
        "xero_sync_state",
        "xero_error",
        "xero_url",
        "xero_do_not_sync",
        "xero_link_ids",
        "xero_no_reminders",
        "xero_reminders_paused_until",
        "xero_reminders_reason",
        "xero_reminder",
    ],
    "sale.order": [
        "xero_payment_status",
        "xero_amount_due",
        "xero_due_date",
        "xero_order_overdue_days",
        "xero_aging",
        "xero_invoice_ids",
        "xero_invoice_number",
        "xero_credit_note_ids",
        "xero_credit_note_number",
        "xero_outdated_invoice_id",
        "xero_change_text",
        "xero_can_change",
        "xero_invoice_count",
        "xero_invoice_state",
        "xero_error",
        "xero_remedy",
        "xero_can_invoice",
        "xero_quote_status",
        "xero_quote_ids",
        "xero_quote_number",
        "xero_quote_state",
        "xero_quote_error",
        "xero_quote_edited",
        "xero_quote_remedy",
        "xero_can_fix_quote",
        "xero_can_quote",
        "xero_overdue_balance",
        "xero_overdue_days",
        "xero_receivables",
        "xero_do_not_sync",
        "xero_money_state",
        "xero_money_text",
    ],
    "crm.lead": [
        "xero_receivables",
        "xero_payment_status",
        "xero_missing_invoice",
        "xero_amount_invoiced",
        "xero_amount_paid",
        "xero_amount_due",
        "xero_deal_overdue_days",
        "xero_overdue_balance",
    ],
    "product.product": [
        "xero_item_id",
        "xero_quantity_on_hand",
        "xero_account_id",
        "xero_sync_state",
        "xero_do_not_sync",
        "xero_link_ids",
    ],
    "product.template": ["xero_do_not_sync", "xero_account_id"],
}
MODELS = {
    "xero.invoice": "amount_due",
    "xero.invoice.line": "line_amount",
    "xero.quote": "amount_total",
    "xero.quote.line": "line_amount",
    "xero.payment": "amount",
    "xero.credit.note": "amount_remaining",
    "xero.credit.note.line": "line_amount",
    "xero.credit.allocation": "amount",
    "xero.partner.history": "amount_invoiced",
    "xero.reminder": "amount_due",
    "xero.product.history": "amount_company",
    "xero.connection": "tenant_id",
    "xero.log": "message",
    "xero.link": "base",
    "xero.account": "code",
}


class MoneyCase(XeroCommon):
    """An order with an overdue Xero invoice that is paid in part."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.connection.invoice_status = "authorised"
        self.lead = self.env["crm.lead"].create(
            {"name": "Tables", "partner_id": self.customer.id}
        )
        self.order = self._create_order(confirm=False, opportunity_id=self.lead.id)
        self.order.action_create_xero_quote()
        self.order.action_confirm()
        self.order.action_create_xero_invoice()
        self.invoice = self.order.xero_invoice_ids
        xero_id = self.invoice.xero_id
        self.org.update(
            "Invoices", InvoiceID=xero_id, Date="2020-01-01", DueDate="2020-01-15"
        )
        self.org.pay(xero_id, "75.00")
        self.pull("Invoices")
        self.assertEqual(self.customer.xero_overdue_balance, 500.0)
        note = self.org.add_credit_note(self.customer.xero_contact_id, 20)
        # Between others, so that the customer's balance stays as it is.
        other = self.org.add_invoice(self.customer.xero_contact_id, Status="AUTHORISED")
        self.org.allocate(note, other, "13.00")
        self.pull("CreditNotes")
        self.env["xero.reminder"]._record(
            [
                {
                    "invoice": self.invoice,
                    "stage": self.env["xero.reminder.stage"],
                    "state": "by_hand",
                }
            ]
        )


@tagged("post_install", "-at_install")
class TestOutsider(MoneyCase):
    """A sales rep without the group sees nothing of Xero, by any way in."""

    def get_records(self, user):
        records = {
            "res.partner": self.customer,
            "sale.order": self.order,
            "crm.lead": self.lead,
            "product.product": self.product,
            "product.template": self.product.product_tmpl_id,
        }
        return {name: record.with_user(user) for name, record in records.items()}

    def for_each_field(self, check):
        for model, record in self.get_records(self.user_outsider).items():
            for name in HIDDEN[model]:
                with self.subTest(model=model, field=name):
                    check(record, name)

    def assertDenied(self, call, *args, **kwargs):
        with self.assertRaises(AccessError):
            call(*args, **kwargs)

    def test_the_list_names_every_field(self):
        """What is not hidden, says nothing of money or invoices."""
        harmless = set(APPROVAL)
        for model, names in HIDDEN.items():
            fields = self.env[model].with_user(self.user_outsider).fields_get()
            shown = {name for name in fields if name.startswith("xero_")}
            self.assertFalse(shown - harmless, model)
            self.assertFalse(set(names) - set(self.env[model]._fields), model)

    def test_read(self):
        def check(record, name):
            self.assertDenied(record.read, [name])
            self.assertDenied(record.web_read, {name: {}})
            self.assertDenied(lambda: record[name])

        self.for_each_field(check)

    def test_search_and_sort(self):
        def check(record, name):
            self.assertDenied(record.search, [(name, "!=", False)])
            self.assertDenied(record.web_search_read, [], {name: {}}, limit=1)
            if record._fields[name].store and not name.endswith("_ids"):
                self.assertDenied(record.search, [], order=f"{name} desc")

        self.for_each_field(check)

    def test_search_by_way_of_a_relation(self):
        orders = self.env["sale.order"].with_user(self.user_outsider)
        for domain in (
            [("partner_id.xero_overdue_balance", ">", 0)],
            [("partner_id.xero_invoice_ids.amount_due", ">", 0)],
            [("xero_invoice_ids.amount_due", ">", 0)],
            Domain("partner_id", "any", [("xero_balance", ">", 100)]),
            [("order_line.product_id.xero_account_id.code", "=", "200")],
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                orders.search(domain)

    def test_group_and_aggregate(self):
        def check(record, name):
            field = record._fields[name]
            if not field.store or field.type == "one2many":
                return  # nobody can group by it
            self.assertDenied(record.formatted_read_group, [], [name], ["__count"])
            if field.type in ("monetary", "float", "integer"):
                self.assertDenied(record.formatted_read_group, [], [], [f"{name}:sum"])

        self.for_each_field(check)

    def test_export(self):
        self.user_outsider.group_ids += self.env.ref("base.group_allow_export")
        self.for_each_field(
            lambda record, name: self.assertDenied(record.export_data, [name])
        )
        order = self.order.with_user(self.user_outsider)
        self.assertDenied(order.export_data, ["partner_id/xero_balance"])

    def test_write(self):
        self.for_each_field(
            lambda record, name: self.assertDenied(record.write, {name: False})
        )

    def test_views(self):
        views = [(False, kind) for kind in ("form", "list", "kanban", "search")]
        for model in HIDDEN:
            answer = self.env[model].with_user(self.user_outsider).get_views(views)
            with self.subTest(model=model):
                fields = answer["models"][model]["fields"]
                hidden = set(HIDDEN[model])
                self.assertFalse(hidden & set(fields))
                arches = "".join(view["arch"] for view in answer["views"].values())
                self.assertFalse({name for name in hidden if f'"{name}"' in arches})
                self.assertNotIn("action_create_xero_invoice", arches)
                self.assertNotIn("action_xero_", arches)

    def test_models_of_their_own(self):
        self.user_outsider.group_ids += self.env.ref("base.group_allow_export")
        for model, name in MODELS.items():
            records = self.env[model].search([])
            self.assertTrue(records, model)
            mine = records.with_user(self.user_outsider)
            calls = {
                "read": lambda m=mine, n=name: m.read([n]),
                "web_read": lambda m=mine, n=name: m.web_read({n: {}}),
                "search": lambda m=mine: m.search([]),
                "count": lambda m=mine: m.search_count([]),
                "names": lambda m=mine: m.name_search(""),
                "display": lambda m=mine: m.read(["display_name"]),
                "group": lambda m=mine: m.formatted_read_group([], [], ["__count"]),
                "export": lambda m=mine, n=name: m.export_data([n]),
            }
            for how, call in calls.items():
                with self.subTest(model=model, how=how):
                    self.assertDenied(call)

    def test_chatter_names_no_invoice(self):
        for user, assertion in (
            (self.user_outsider, self.assertNotIn),
            (self.user_rep, self.assertIn),
        ):
            messages = self.order.with_user(user).message_ids
            shown = str(Store().add(messages).get_result())
            with self.subTest(user=user.login):
                assertion(self.invoice.number, shown)
        self.assertNotIn("575", str(self.order.message_ids.mapped("body")))

    def test_the_group_opens_it(self):
        """The same fields are readable with the group: the table is not idle."""
        accountants = ("xero_link_ids",)
        for model, record in self.get_records(self.user_rep).items():
            names = [name for name in HIDDEN[model] if name not in accountants]
            values = record.read(names)[0]
            self.assertEqual(set(values), {"id", *names})
        self.assertEqual(self.customer.with_user(self.user_rep).xero_balance, 500.0)
        self.assertEqual(self.lead.with_user(self.user_rep).xero_overdue_balance, 500.0)


@tagged("post_install", "-at_install")
class TestOwnCustomersOnly(MoneyCase):
    """A rep sees money only of the customers that record rules let them see."""

    def prepare(self):
        super().prepare()
        self.mine = self.env["res.partner"].create(
            {
                "name": "Mine Ltd",
                "is_company": True,
                "email": "mine@example.com",
                "user_id": self.user_rep.id,
            }
        )
        my_order = self._create_order(partner_id=self.mine.id)
        my_order.action_create_xero_invoice()
        self.my_invoice = my_order.xero_invoice_ids
        self.env["ir.rule"].create(
            {
                "name": "Own customers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id)
                ],
                "domain_force": "['|', ('user_id', '=', user.id),"
                " ('id', '=', user.partner_id.id)]",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def as_rep(self, records):
        return records.with_user(self.user_rep)

    def test_invoices_lines_and_payments(self):
        for model, name in (
            ("xero.invoice", "partner_id"),
            ("xero.invoice.line", "invoice_id"),
            ("xero.payment", "invoice_id"),
        ):
            with self.subTest(model=model):
                found = self.as_rep(self.env[model]).search([])
                partners = found.sudo().mapped(
                    name if name == "partner_id" else "invoice_id.partner_id"
                )
                self.assertFalse(partners - self.mine)
                hidden = self.env[model].search([]) - found.with_env(self.env)
                self.assertTrue(hidden)
                with self.assertRaises(AccessError):
                    self.as_rep(hidden).read([name])
        self.assertEqual(
            self.as_rep(self.env["xero.invoice"]).search([]), self.my_invoice
        )
        with self.assertRaises(AccessError):
            self.as_rep(self.invoice).action_refresh()
        with self.assertRaises(AccessError):
            self.as_rep(self.invoice).action_open_in_xero()

    def test_sums_leave_out_hidden_customers(self):
        [row] = self.as_rep(self.env["xero.invoice"]).formatted_read_group(
            [], [], ["amount_due:sum"]
        )
        self.assertEqual(row["amount_due:sum"], self.my_invoice.amount_due)

    def test_balances_of_hidden_customers(self):
        with self.assertRaises(AccessError):
            self.as_rep(self.customer).read(["xero_balance"])
        partners = self.as_rep(self.env["res.partner"])
        self.assertEqual(partners.search([("xero_balance", ">", 0)]), self.mine)
        rows = partners.search_read([], ["xero_balance"])
        self.assertEqual(sum(row["xero_balance"] for row in rows), 575.0)

    def test_balance_is_not_taken_from_what_somebody_else_has_read(self):
        self.assertEqual(self.customer.sudo().xero_balance, 500.0)
        self.assertEqual(self.as_rep(self.customer).xero_balance, 0.0)
        self.assertEqual(self.customer.sudo().xero_balance, 500.0)

    def test_order_and_deal_of_a_hidden_customer_show_no_balance(self):
        [values] = self.as_rep(self.order).read(
            ["xero_overdue_balance", "xero_overdue_days"]
        )
        self.assertEqual(values["xero_overdue_balance"], 0.0)
        self.assertEqual(values["xero_overdue_days"], 0)
        [values] = self.as_rep(self.lead).read(["xero_overdue_balance"])
        self.assertEqual(values["xero_overdue_balance"], 0.0)

    def test_order_of_a_hidden_customer_shows_no_amount(self):
        """The status stays, so that the rep's filters and groups work on."""
        my_order = self.my_invoice.order_id
        both = self.order | my_order
        names = ["xero_amount_due", "xero_due_date", "xero_payment_status"]
        hidden, mine = self.as_rep(both).read(names)
        self.assertEqual(hidden["xero_payment_status"], "overdue")
        self.assertFalse(hidden["xero_amount_due"] or hidden["xero_due_date"])
        self.assertEqual(mine["xero_amount_due"], 575.0)
        self.assertTrue(mine["xero_due_date"])
        [shown] = self.order.with_user(self.user_accountant).read(names)
        self.assertEqual(shown["xero_amount_due"], 500.0)
        self.assertEqual(str(shown["xero_due_date"]), "2020-01-15")

    def test_order_of_a_hidden_customer_is_not_found_by_its_amount(self):
        my_order = self.my_invoice.order_id
        both = self.order | my_order
        orders = self.env["sale.order"]
        for user, found in (
            (self.user_rep, my_order),
            (self.user_accountant, both),
        ):
            mine = orders.with_user(user)
            known = [("id", "in", both.ids)]
            with self.subTest(user=user.login):
                self.assertEqual(
                    mine.search([*known, ("xero_amount_due", ">", 0)]), found
                )
                self.assertEqual(
                    mine.search([*known, ("xero_amount_due", "=", 0)]), both - found
                )
                early = mine.search([*known, ("xero_due_date", "<=", "2020-01-31")])
                self.assertEqual(early, found & self.order)
                rows = mine.formatted_read_group(
                    known, ["xero_payment_status"], ["__count"]
                )
                self.assertEqual(sum(row["__count"] for row in rows), 2)
                [row] = mine.formatted_read_group(known, [], ["xero_amount_due:sum"])
                self.assertEqual(
                    row["xero_amount_due:sum"],
                    sum(found.sudo().mapped("xero_amount_due")),
                )

    def test_accountant_sees_all_invoices(self):
        user = new_test_user(
            self.env,
            "xero_acc_own",
            "sales_team.group_sale_salesman,xero_crm.group_xero_accountant",
        )
        both = self.invoice + self.my_invoice
        found = (
            self.env["xero.invoice"].with_user(user).search([("id", "in", both.ids)])
        )
        self.assertEqual(len(found), 2)


@tagged("post_install", "-at_install")
class TestOtherCompany(MoneyCase):
    """What belongs to another company stays there."""

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Second Ltd"})
        user = new_test_user(
            self.env,
            "xero_second",
            "sales_team.group_sale_salesman_all_leads,xero_crm.group_xero_admin",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in (
            "xero.connection",
            "xero.invoice",
            "xero.invoice.line",
            "xero.payment",
            "xero.quote",
            "xero.quote.line",
            "xero.link",
            "xero.log",
            "xero.account",
            "xero.tax.rate",
            "xero.tax.map",
            "xero.currency",
            "xero.sync.cursor",
            "xero.usage",
        ):
            records = self.env[model].search([])
            with self.subTest(model=model):
                self.assertTrue(records)
                self.assertFalse(records.with_user(user).search([]))
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["create_date"])
        self.assertEqual(self.customer.with_user(user).xero_balance, 0.0)
        self.assertFalse(self.customer.with_user(user).xero_contact_id)
        for method in ("action_connect", "action_disconnect", "action_sync"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.connection.with_user(user), method)()
