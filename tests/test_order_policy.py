"""New orders of customers who owe too much: informed, asked, or blocked."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_alerts import AlertCase

# One white point.
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAA"
    b"AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestOrderPolicy(AlertCase):
    """The customer has 1,234.00 overdue for ten days; the order is over 575.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = "sales_team.group_sale_manager,xero_crm.group_xero_user"
        cls.user_manager = new_test_user(cls.env, "policy_manager", manager)
        cls.team = cls.env["crm.team"].create(
            {"name": "South", "user_id": cls.user_manager.id}
        )

    def prepare(self):
        super().prepare()
        self.debt = self.make_invoices(days=10, amount_total=1234.0)
        self.connection.order_policy = "ask"
        self.order = self.make_order()
        self.managers_order = self.order.with_user(self.user_manager)

    def make_order(self, **vals):
        vals = {"user_id": self.user_rep.id, "team_id": self.team.id, **vals}
        return self._create_order(confirm=False, **vals).with_user(self.user_rep)

    def approvals(self, order=None):
        """Return the activities of who is to decide."""
        kind = self.env.ref("xero_crm.mail_activity_type_approval")
        activities = (order or self.order).sudo().activity_ids
        return activities.filtered(lambda a: a.activity_type_id == kind)

    def assertHeld(self, order):
        self.assertIn(order.state, ("draft", "sent"))
        self.assertEqual(order.xero_policy_state, "waiting")

    # === INFORM === #

    def test_inform_confirms_and_warns_of_the_limit(self):
        self.connection.order_policy = "inform"
        self.assertFalse(self.order.xero_policy_state, "the overdue banner says it")
        self.customer.credit_limit = 1500
        self.order.invalidate_recordset()
        self.assertEqual(self.order.xero_policy_state, "inform")
        self.assertRegex(
            self.order.xero_policy_text, "would owe .*1,809.00, .*limit of .*1,500.00"
        )
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.approvals())

    def test_informs_by_default(self):
        fields = self.connection.default_get(["order_policy", "policy_by_limit"])
        self.assertEqual(fields, {"order_policy": "inform", "policy_by_limit": True})

    # === ASK === #

    def test_rep_asks_and_manager_approves(self):
        action = self.order.action_confirm()
        self.assertEqual(action["params"]["title"], "Waiting for approval")
        self.assertHeld(self.order)
        self.assertEqual(self.order.xero_asked_by_id, self.user_rep)
        activity = self.approvals()
        self.assertEqual(activity.user_id, self.user_manager)
        self.assertNotIn("234", f"{activity.summary}{activity.note}")
        sent = []
        viewers = type(self.env["res.groups"])
        self.patch(viewers, "_bus_send", lambda _group, *what: sent.append(what))
        self.managers_order.action_approve_xero_policy()
        self.assertEqual(sent, [("xero_crm.changed", {"sale.order": self.order.ids})])
        self.assertFalse(self.approvals())
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.order.xero_policy_state, "approved")
        self.assertEqual(self.notices_of_messages(self.user_rep), 1)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def notices_of_messages(self, user):
        return self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "=", user.partner_id.id),
                ("mail_message_id.res_id", "=", self.order.id),
                ("mail_message_id.subject", "=", f"Approved: {self.order.name}"),
            ]
        )

    def test_asked_once(self):
        for _time in range(3):
            self.order.action_confirm()
        self.assertEqual(len(self.approvals()), 1)

    def test_what_is_not_too_much_is_confirmed(self):
        self.debt.write({"status": "paid", "amount_due": 0})
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_several_at_once(self):
        other = self.make_order(
            partner_id=self.env["res.partner"].create({"name": "Good Payer"}).id
        )
        self.assertIs((self.order | other).action_confirm(), True)
        self.assertEqual(other.state, "sale")
        self.assertHeld(self.order)

    def test_approval_holds_for_its_amount(self):
        self.managers_order.action_approve_xero_policy()
        self.order.order_line.price_unit = 200
        self.assertEqual(self.order.xero_policy_state, "approved", "less is fine")
        self.order.order_line.price_unit = 251
        self.assertEqual(self.order.xero_policy_state, "ask")
        self.order.action_confirm()
        self.assertHeld(self.order)

    def test_approval_holds_for_what_was_asked(self):
        """The order grows between the manager's look and their click."""
        self.order.action_confirm()
        self.order.order_line.price_unit = 25000
        self.managers_order.action_approve_xero_policy()
        self.assertEqual(self.order.xero_policy_state, "ask")
        self.order.action_confirm()
        self.assertHeld(self.order)
        self.assertEqual(self.order.xero_approval_amount, 57500)

    def test_approval_is_for_one_customer(self):
        self.managers_order.action_approve_xero_policy()
        other = self.env["res.partner"].create({"name": "Other Late Payer"})
        self.make_invoices(partner_id=other.id)
        self.order.partner_invoice_id = other
        self.assertEqual(self.order.xero_policy_state, "ask")

    def test_approval_is_not_copied(self):
        self.managers_order.action_approve_xero_policy()
        self.assertEqual(self.order.copy().xero_policy_state, "ask")

    def test_refused(self):
        self.order.action_confirm()
        self.managers_order.action_refuse_xero_policy()
        self.assertFalse(self.approvals())
        self.assertEqual(self.order.xero_policy_state, "refused")
        with self.assertRaisesRegex(UserError, "refused by policy_manager"):
            self.order.action_confirm()
        self.order.order_line.price_unit = 10
        self.order.action_confirm()
        self.assertHeld(self.order)

    def test_manager_confirms_at_once(self):
        self.managers_order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.xero_approver_id, self.user_manager)

    def test_nobody_approves_their_own(self):
        for user in (self.user_rep, self.user_outsider, self.user_accountant):
            order = self.order.with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(order.xero_may_approve)
                for action in (
                    order.action_approve_xero_policy,
                    order.action_refuse_xero_policy,
                ):
                    with self.assertRaises(AccessError):
                        action()
                with self.assertRaises(AccessError):
                    order.write({"xero_approval": "approved"})
                with self.assertRaises(AccessError):
                    order.copy({"xero_approval": "approved"})

    def test_named_approvers(self):
        self.connection.policy_user_ids = self.user_accountant
        self.order.action_confirm()
        self.assertEqual(self.approvals().user_id, self.user_accountant)
        with self.assertRaises(AccessError):
            self.managers_order.action_approve_xero_policy()
        self.order.with_user(self.user_accountant).action_approve_xero_policy()
        self.assertEqual(self.order.xero_policy_state, "approved")

    def test_cancelled_order_asks_nobody_any_more(self):
        self.order.action_confirm()
        self.order._action_cancel()
        self.assertFalse(self.approvals())
        self.order.action_draft()
        self.assertEqual(self.order.xero_policy_state, "ask")

    def test_customer_who_pays_needs_no_approval_any_more(self):
        self.order.action_confirm()
        self.debt.write({"status": "paid", "amount_due": 0})
        self.assertFalse(self.order.xero_policy_state)
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.approvals())

    # === WHAT GOES ON BY ITSELF === #

    def sign(self, order):
        """Accept an order online, as its customer."""
        order.sudo().write({"require_signature": True, "require_payment": False})
        public = order.with_user(self.env.ref("base.public_user")).sudo()
        public.write({"signed_by": "Kim", "signature": SIGNATURE})
        public._validate_order()

    def release(self):
        """Run the scheduled action, if something has woken it; return what the
        salesperson was told."""
        cron = self.env.ref("xero_crm.ir_cron_xero_release")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        if triggers:
            triggers.unlink()
            last = self.env["mail.message"].search([], limit=1).id
            self.env.flush_all()
            cron.method_direct_trigger()
            self.env.invalidate_all()
            told = [("id", ">", last), ("model", "=", "sale.order")]
            told.append(("partner_ids", "in", self.user_rep.partner_id.ids))
            return self.env["mail.message"].search(told, order="id")
        return None

    def test_customer_who_pays_has_their_signed_order_confirmed(self):
        """By a payment that comes from Xero, once."""
        self.debt.unlink()
        contact = self.org.add_contact(Name=self.customer.name)
        link = self.env["xero.link"]._ensure(self.connection, self.customer)
        link._mark_synced(contact["ContactID"])
        due = self.today - timedelta(days=10)
        debt = self.org.add_invoice(
            contact,
            500,
            Date=due,
            DueDate=due,
            CurrencyCode=self.env.company.currency_id.name,
        )
        self.pull("Invoices")
        asked, other = self.make_order(), self.make_order()
        asked.action_confirm()
        self.sign(self.order)
        # Changed after they signed: that is not what they have accepted.
        self.sign(other)
        other.order_line.price_unit = 101
        orders = self.order | asked | other
        self.assertEqual(orders.mapped("xero_policy_state"), ["waiting"] * 3)
        self.org.pay(debt, "575.00", self.today)
        self.pull("Invoices")
        told = self.release()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "draft"])
        self.assertEqual(orders.mapped("xero_approval"), [False] * 3)
        self.assertTrue(self.order.signature)
        self.assertFalse(self.approvals(orders))
        self.assertEqual(told.mapped("res_id"), orders.ids)
        texts = [str(message.body) for message in told]
        self.assertIn("is confirmed: the customer has accepted", texts[0])
        self.assertIn("you can confirm it now", texts[1])
        self.assertIsNone(self.release(), "nothing waits any more")
        asked.action_confirm()
        self.assertEqual(asked.state, "sale")

    def test_what_is_still_too_much_goes_on_waiting(self):
        """Two are accepted, and the limit allows one."""
        self.connection.policy_by_days = False
        self.customer.credit_limit = 1
        other = self.make_order()
        self.sign(self.order)
        self.sign(other)
        self.release()
        self.assertHeld(self.order)
        activity = self.approvals(other)
        self.customer.credit_limit = 1234 + 575
        self.assertEqual(self.release().mapped("res_id"), self.order.ids)
        self.assertEqual(self.order.state, "sale")
        self.assertHeld(other)
        self.assertEqual(self.approvals(other), activity)

    def test_order_that_cannot_be_confirmed_stops_no_other(self):
        other = self.make_order()
        self.sign(self.order)
        self.sign(other)
        orders = type(self.env["sale.order"])
        check = orders._confirmation_error_message
        self.patch(
            orders,
            "_confirmation_error_message",
            lambda order: "No stock." if order == self.order else check(order),
        )
        self.connection.order_policy = "inform"
        told = self.release()
        self.assertEqual((self.order | other).mapped("state"), ["draft", "sale"])
        self.assertIn("could not be confirmed: No stock.", told[0].body)
        self.assertFalse(self.approvals(self.order | other))
        self.connection.order_policy = "ask"
        self.assertIsNone(self.release(), "it is told once")

    # === BLOCK === #

    def test_block_in_plain_words(self):
        self.connection.order_policy = "block"
        text = r"1,234.00 overdue in Xero, the oldest for 10 days.*talk to your manager"
        with self.assertRaisesRegex(UserError, text):
            self.order.action_confirm()
        self.assertEqual(self.order.xero_policy_state, "block")

    def test_manager_overrides_a_block(self):
        self.connection.order_policy = "block"
        self.managers_order.action_approve_xero_policy()
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_no_override_where_the_settings_say_so(self):
        self.connection.write({"order_policy": "block", "policy_override": False})
        with self.assertRaises(AccessError):
            self.managers_order.action_approve_xero_policy()
        with self.assertRaises(UserError):
            self.managers_order.action_confirm()

    def test_nobody_goes_round_it(self):
        for policy in ("ask", "block"):
            self.connection.order_policy = policy
            with self.subTest(policy), self.assertRaises(UserError):
                self.order.write({"state": "sale"})
            with self.subTest(policy), self.assertRaises(UserError):
                self.order.with_context(xero_confirmed_online=True).write(
                    {"state": "sale"}
                )

    # === WHAT COUNTS === #

    def risk(self, order=None):
        self.env.invalidate_all()
        [risk] = (order or self.order)._get_xero_risks().values() or [None]
        return risk

    def assertFound(self, *found):
        risks = self.order._get_xero_risks().values()
        self.assertEqual(
            [risk["found"] for risk in risks], [set(found)] if found else []
        )

    def test_days(self):
        self.connection.policy_days = 9
        self.assertFound("days")
        self.connection.policy_days = 10
        self.assertFound()

    def test_amount(self):
        self.connection.write({"policy_by_days": False, "policy_by_amount": True})
        self.connection.policy_amount = 1233.99
        self.assertFound("amount")
        self.connection.policy_amount = 1234.0
        self.assertFound()

    def test_limit(self):
        """What is owed, less credit, with what waits and what is not billed yet."""
        self.connection.policy_by_days = False
        self.customer.credit_limit = 1
        self.make_invoices(days=-5, amount_total=100.0)
        self.make_invoices(days=-5, amount_total=50.0, status="submitted")
        self.make_invoices(days=-5, amount_total=7.0, status="voided")
        self.env["xero.credit.note"].create(
            {
                "connection_id": self.connection.id,
                "partner_id": self.customer.id,
                "currency_id": self.env.company.currency_id.id,
                "status": "authorised",
                "kind": "credit_note",
                "amount_total": 30.0,
                "amount_remaining": 30.0,
            }
        )
        self.connection.order_policy = "inform"
        confirmed = self.make_order()
        confirmed.action_confirm()
        [risk] = self.order._get_xero_risks().values()
        self.assertEqual(risk["exposure"], 1234 + 100 + 50 - 30 + 575 + 575)
        self.customer.credit_limit = 2504
        self.assertFound()
        self.customer.credit_limit = 2503.99
        self.assertFound("limit")
        self.connection.policy_by_limit = False
        self.assertFound()

    def test_billed_orders_count_once(self):
        self.map_reference_data()
        self.connection.write({"policy_by_days": False, "order_policy": "inform"})
        self.connection.invoice_status = "authorised"
        self.customer.credit_limit = 1
        confirmed = self.make_order()
        confirmed.action_confirm()
        confirmed.sudo().action_create_xero_invoice()
        [risk] = self.order._get_xero_risks().values()
        self.assertEqual(risk["exposure"], 1234 + 575 + 575)

    def test_orders_confirmed_together_add_up(self):
        self.connection.policy_by_days = False
        self.customer.credit_limit = 1234 + 575
        other = self.make_order()
        (self.order | other).action_confirm()
        self.assertEqual(
            sorted((self.order | other).mapped("state")), ["draft", "sale"]
        )

    def test_foreign_currency(self):
        """Limits are in company currency, at the rates of the documents."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        company = self.env.company
        euro.rate_ids.filtered(lambda r: r.company_id in (company, r.browse())).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.5, "name": "2020-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        self.connection.policy_by_days = False
        self.debt.write({"currency_id": euro.id, "currency_rate": 2})
        self.customer.credit_limit = 1
        order = self.make_order(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, euro)
        [risk] = order._get_xero_risks().values()
        self.assertEqual(risk["overdue"], 617.0)
        self.assertEqual(risk["exposure"], 617.0 + 575.0 * 2)
        self.assertEqual(risk["currency"], company.currency_id)

    def test_another_company_has_its_own_rules(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._connect(self.xero.add_organisation("Other (NZ)"), company)
        other.order_policy = "block"
        self.customer.with_company(company).credit_limit = 10
        self.assertFound("days")
        warehouse = {"company_id": company.id, "team_id": False, "user_id": False}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                **warehouse,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 100,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        [risk] = order._get_xero_risks().values()
        self.assertEqual((risk["policy"], risk["found"]), ("block", {"limit"}))
        self.assertEqual(risk["overdue"], 0, "that is owed to the first company")

    def test_many_orders_cost_no_more_queries(self):
        orders = self.order
        for _index in range(11):
            orders |= self.make_order()
        orders = orders.sudo()
        counts = []
        for some in (orders[:2], orders):
            some._get_xero_risks()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_xero_risks()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_limits_are_not_below_zero(self):
        for name in ("policy_days", "policy_amount"):
            with self.assertRaises(ValidationError):
                self.connection[name] = -1

    # === WHO SEES WHAT === #

    def test_who_may_not_see_the_money_reads_no_amount(self):
        self.connection.order_policy = "block"
        salesman = self.env.ref("sales_team.group_sale_salesman")
        order = self.order.with_user(self.user_outsider)
        self.assertEqual(order.xero_policy_state, "block")
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        texts = [order.xero_policy_text, str(caught.exception)]
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [Command.link(salesman.id)],
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.order.xero_policy_state, "block")
        texts.append(self.order.xero_policy_text)
        for text in texts:
            self.assertIn("has to be looked at", text)
            self.assertNotRegex(text, "[0-9],|234")

    def test_credit_limit_is_odoos_own(self):
        accountants = self.customer.with_user(self.user_accountant)
        self.user_accountant.group_ids += self.env.ref("base.group_partner_manager")
        accountants.xero_credit_limit = 2000
        self.assertEqual(self.customer.credit_limit, 2000)
        person = self.env["res.partner"].create(
            {"name": "Kim", "parent_id": self.customer.id}
        )
        self.assertEqual(person.with_user(self.user_rep).xero_credit_limit, 2000)
        self.user_rep.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_rep).xero_credit_limit = 1
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.customer.with_company(other).xero_credit_limit)

    # === ONLINE === #

    def make_payment(self, order, amount):
        """Return a payment of the order by its customer, done."""
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )
        manual = self.env.ref("account.account_payment_method_manual_in")
        self.env["account.payment.method.line"].create(
            {
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "bank")], limit=1)
                .id,
                "payment_method_id": manual.id,
                "payment_provider_id": provider.id,
            }
        )
        methods = self.env["payment.method"].with_context(active_test=False)
        method = methods.search([("code", "=", "card")], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "reference": f"tx-{order.id}-{amount}",
                "state": "done",
            }
        )

    def test_signed_order_waits_without_an_error(self):
        for policy in ("ask", "block"):
            self.connection.order_policy = policy
            order = self.make_order(require_signature=True, require_payment=False)
            public = order.with_user(self.env.ref("base.public_user")).sudo()
            public.write({"signed_by": "Kim", "signature": SIGNATURE})
            public._validate_order()
            with self.subTest(policy):
                self.assertHeld(order)
                self.assertTrue(order.signature)
                activity = self.approvals(order)
                self.assertEqual(activity.user_id, self.user_manager)
                self.assertIn("confirmed it online", activity.note)
                order.with_user(self.user_manager).action_approve_xero_policy()
                self.assertEqual(order.state, "sale", "the customer has said yes")

    def test_order_that_is_paid_in_full_is_confirmed(self):
        self.connection.order_policy = "block"
        self.order.sudo().require_payment = True
        self.make_payment(self.order.sudo(), 575.0)._post_process()
        self.assertEqual(self.order.state, "sale")
        self.assertFalse(self.approvals())

    def test_order_that_is_paid_in_part_waits_and_keeps_its_payment(self):
        self.connection.order_policy = "block"
        order = self.order.sudo()
        order.write({"require_payment": True, "prepayment_percent": 0.2})
        payment = self.make_payment(order, 115.0)
        payment._post_process()
        self.assertHeld(self.order)
        self.assertTrue(payment.is_post_processed)
        self.assertEqual(order.transaction_ids, payment)
        self.managers_order.action_refuse_xero_policy()
        kind = self.env.ref("xero_crm.mail_activity_type_refused")
        refused = order.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertEqual(refused.user_id, self.user_rep)
        self.managers_order.action_approve_xero_policy()
        self.assertEqual(self.order.state, "sale")

    def test_automation_meets_no_error(self):
        self.connection.order_policy = "block"
        self.order.with_user(self.env.ref("base.user_root")).action_confirm()
        self.assertHeld(self.order)
        self.assertFalse(self.order.xero_asked_by_id)
        self.managers_order.action_approve_xero_policy()
        self.assertEqual(self.notices_of_messages(self.user_rep), 1)
