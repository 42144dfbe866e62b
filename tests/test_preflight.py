"""What would keep an invoice from Xero is told before anything is sent."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import XeroCommon


class PreflightCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def get_points(self, order, user=None):
        order = order.with_user(user or self.user_accountant)
        order.invalidate_recordset(["xero_preflight"])
        return order.xero_preflight or []

    def get_point(self, order, user=None):
        points = self.get_points(order, user)
        self.assertEqual(len(points), 1, points)
        return points[0]

    def make_pricelist(self, code):
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", code)])
        currency.active = True
        return self.env["product.pricelist"].create(
            {"name": code, "currency_id": currency.id}
        )

    def fix(self, order, point, user=None):
        order = order.with_user(user or self.user_accountant)
        return order.action_fix_xero_point(point["fix"], point["fix_id"])


@tagged("post_install", "-at_install")
class TestPreflight(PreflightCase):
    def test_nothing_is_said_when_all_is_well(self):
        order = self._create_order()
        self.assertFalse(self.get_points(order))
        self.assertFalse(self.get_points(order, self.user_rep))

    def test_no_call_is_made_and_nothing_is_written(self):
        orders = [self._create_order(), self._create_order(confirm=False)]
        other_tax = self.tax.copy({"name": "Odd", "amount": 7})
        for order in orders:
            order.order_line.tax_ids = other_tax
        rows = self.env["xero.tax.map"].search_count([])
        self.env.flush_all()
        self.xero.reset_calls()
        for order in orders:
            self.get_point(order)
        self.assertFalse(self.xero.calls)
        self.assertEqual(self.env["xero.tax.map"].search_count([]), rows)

    def test_in_a_list_nothing_is_worked_out(self):
        self.customer.email = False
        orders = self._create_order() | self._create_order()
        self.assertEqual(orders.mapped("xero_preflight"), [False, False])

    def test_empty_quotations_and_what_was_sent_have_none(self):
        empty = self._create_order(confirm=False, order_line=[])
        self.assertFalse(self.get_points(empty))
        quotation = self._create_order(confirm=False)
        quotation.action_create_xero_quote()
        order = self._create_order()
        order.action_create_xero_invoice()
        self.customer.xero_do_not_sync = True
        self.assertFalse(self.get_points(quotation))
        self.assertFalse(self.get_points(order))

    def test_customer_without_an_address_is_for_the_rep_to_fix(self):
        self.customer.email = False
        order = self._create_order()
        point = self.get_point(order, self.user_rep)
        self.assertIn("no e-mail address", point["message"])
        action = self.fix(order, point, self.user_rep)
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]),
            ("res.partner", self.customer.id, "new"),
        )
        form = Form(
            self.customer.with_user(self.user_rep),
            view=self.env["ir.ui.view"].browse(action["views"][0][0]),
        )
        form.email = "a@kauri.example.com"
        form.save()
        self.assertFalse(self.get_points(order))

    def test_unmapped_tax_is_the_accountants_and_the_rep_is_told_whom_to_ask(self):
        order = self._create_order()
        other_tax = self.tax.copy({"name": "Odd", "amount": 7})
        order.order_line.tax_ids = other_tax
        point = self.get_point(order, self.user_rep)
        self.assertIn("Odd", point["message"])
        self.assertFalse(point["fix"])
        self.assertIn("Ask your accountant", point["who"])
        self.assertIn(self.user_accountant.name, point["who"])
        with self.assertRaises(UserError):
            self.fix(
                order, {"fix": "taxes", "fix_id": order.order_line.id}, self.user_rep
            )
        point = self.get_point(order)
        action = self.fix(order, point)
        self.assertEqual(action["res_model"], "xero.tax.map")
        row = self.env["xero.tax.map"].search(action["domain"])
        self.assertEqual(row.tax_id, other_tax)
        rate = {**self.org.tax_rates["OUTPUT2"], "TaxType": "TAX007", "Name": "Odd"}
        self.org.tax_rates.put({**rate, "EffectiveRate": 7, "DisplayTaxRate": 7})
        self.pull("TaxRates")
        row.tax_rate_id = self.connection.tax_rate_ids.filtered(
            lambda rate: rate.tax_type == "TAX007"
        )
        self.assertFalse(self.get_points(order))

    def test_missing_account(self):
        self.connection.default_account_id = False
        order = self._create_order()
        point = self.get_point(order)
        self.assertIn("No Xero account", point["message"])
        action = self.fix(order, point)
        self.assertEqual(action["res_model"], "xero.connection")
        form = Form(
            self.connection.with_user(self.user_accountant),
            view=self.env["ir.ui.view"].browse(action["views"][0][0]),
        )
        form.default_account_id = self.connection.account_ids.filtered(
            lambda account: account.code == "200"
        )
        form.save()
        self.assertFalse(self.get_points(order))

    def test_quotations_are_told_what_would_keep_their_quote_from_xero(self):
        self.customer.action_xero_push()
        code = self.product.default_code
        self.product.default_code = "X" * 40
        self.connection.default_account_id = False
        quotation = self._create_order(confirm=False)
        texts = " ".join(point["message"] for point in self.get_points(quotation))
        self.assertIn("No Xero account", texts)
        self.assertIn("cannot go to Xero", texts)
        self.map_reference_data()
        self.product.default_code = code
        self.customer.active = False
        self.push()
        point = self.get_point(quotation, self.user_rep)
        self.assertIn("is archived in Xero", point["message"])
        action = self.fix(quotation, point, self.user_rep)
        self.assertEqual(action["res_id"], self.customer.id)
        self.customer.active = True
        self.push()
        self.assertFalse(self.get_points(quotation))
        quotation.with_user(self.user_rep).action_create_xero_quote()
        self.assertTrue(quotation.xero_quote_number)

    def test_quotation_whose_total_would_be_another(self):
        quotation = self._create_order(confirm=False)
        rate = self.org.tax_rates["OUTPUT2"]
        self.org.tax_rates.put({**rate, "EffectiveRate": 12, "DisplayTaxRate": 12})
        self.pull("TaxRates")
        self.assertTrue(self.get_point(quotation)["message"])

    def test_rep_is_told_whom_to_ask_about_a_failing_quote(self):
        self.connection.default_account_id = False
        quotation = self._create_order(confirm=False).with_user(self.user_rep)
        quotation.action_create_xero_quote()
        self.assertIn("No Xero account", quotation.xero_quote_error)
        self.assertFalse(quotation.xero_can_fix_quote)
        self.assertIn(self.user_accountant.name, quotation.xero_quote_remedy)
        quotation = quotation.with_user(self.user_accountant)
        self.assertTrue(quotation.xero_can_fix_quote)

    def test_several_points_each_once(self):
        self.customer.email = False
        self.connection.default_account_id = False
        order = self._create_order()
        order.order_line.copy({"order_id": order.id})
        self.assertEqual(len(self.get_points(order)), 2)

    def test_archived_contact(self):
        self.customer.action_xero_push()
        self.customer.active = False
        self.push()
        order = self._create_order()
        self.assertIn("is archived in Xero", self.get_point(order)["message"])

    def test_product_that_xero_would_refuse(self):
        self.product.default_code = "X" * 40
        order = self._create_order()
        point = self.get_point(order)
        self.assertIn("cannot go to Xero", point["message"])
        self.assertIn("may change products", point["who"])
        self.user_accountant.group_ids += self.env.ref("product.group_product_manager")
        point = self.get_point(order)
        self.assertEqual(self.fix(order, point)["res_id"], self.product.id)

    def test_excluded_customer_and_day_zero(self):
        self.connection.date_start = fields.Date.today() + timedelta(days=1)
        self.customer.xero_do_not_sync = True
        order = self._create_order()
        texts = " ".join(point["message"] for point in self.get_points(order))
        self.assertIn("is excluded from Xero", texts)
        self.assertIn("older than day zero", texts)

    def test_read_only_mode(self):
        order = self._create_order()
        self.connection.sync_mode = "read_only"
        self.assertIn("read-only", self.get_point(order)["message"])

    def test_lost_connection_is_the_administrators(self):
        order = self._create_order()
        self.connection._set_reconnect("test")
        point = self.get_point(order)
        self.assertFalse(point["fix"])
        self.assertIn("administrator", point["who"])
        self.user_accountant.group_ids += self.env.ref("xero_crm.group_xero_admin")
        self.assertEqual(self.get_point(order)["fix"], "reconnect")

    def test_missing_permissions(self):
        order = self._create_order()
        token = self.connection._get_token()
        token.scopes = token.scopes.replace("accounting.settings", "")
        self.connection.invalidate_recordset()
        self.assertIn("accounting.settings", self.get_point(order)["message"])

    def test_amounts_that_would_not_agree(self):
        """What the amounts themselves would be refused for is told as well."""
        self.customer.email = "a@kauri.example.com"
        order = self._create_order()
        rate = self.org.tax_rates["OUTPUT2"]
        self.org.tax_rates.put({**rate, "EffectiveRate": 12, "DisplayTaxRate": 12})
        self.pull("TaxRates")
        self.assertTrue(self.get_point(order)["message"])

    def test_who_may_ask(self):
        self.customer.email = False
        order = self._create_order()
        outsider = order.with_user(self.user_outsider)
        with self.assertRaises(AccessError):
            outsider.read(["xero_preflight"])
        with self.assertRaises(AccessError):
            outsider.action_fix_xero_point("email", self.customer.id)
        with self.assertRaises(AccessError):
            outsider.action_check_xero_again()

    def test_only_what_is_a_point_can_be_opened(self):
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "settled already"):
            order.with_user(self.user_rep).action_fix_xero_point("partner", 1)

    def test_queries_do_not_grow_with_the_lines(self):
        line = self._create_order().order_line.copy_data()[0]
        for confirm in (True, False):
            counts = []
            for size in (2, 3, 12):
                order = self._create_order(
                    confirm=confirm, order_line=[(0, 0, {**line}) for _ in range(size)]
                )
                self.env.flush_all()
                self.env.invalidate_all()
                order = order.with_user(self.user_rep)
                order.read(["name", "xero_can_invoice", "xero_can_quote"])
                start = self.env.cr.sql_log_count
                self.assertFalse(order.xero_preflight)
                counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(counts[1], counts[2])
            self.assertLess(counts[2], 45)


@tagged("post_install", "-at_install")
class TestOrganisation(PreflightCase):
    """What Xero lets happen, as it was told last."""

    def prepare(self):
        super().prepare()
        self.connection.invoice_status = "authorised"

    def fetch(self):
        self.connection._fetch_organisation()

    def test_lock_dates(self):
        day = fields.Date.today() + timedelta(days=3)
        self.org.details["PeriodLockDate"] = f"/Date({self.to_ms(day)}+0000)/"
        self.fetch()
        self.assertEqual(self.connection.period_lock_date, day)
        order = self._create_order()
        point = self.get_point(order)
        self.assertIn("books are closed up to", point["message"])
        self.assertTrue(point["asks_xero"])
        self.assertIn("go.xero.com", self.fix(order, point)["url"])
        del self.org.details["PeriodLockDate"]
        order.with_user(self.user_rep).action_check_xero_again()
        self.assertFalse(self.get_points(order))

    def to_ms(self, day):
        moment = fields.Datetime.to_datetime(day)
        return (
            int((moment - fields.Datetime.to_datetime("1970-01-01")).total_seconds())
            * 1000
        )

    def test_quotes_are_no_part_of_the_books(self):
        """What stops an invoice alone is not told of a quotation."""
        day = fields.Date.today() + timedelta(days=3)
        self.org.details["PeriodLockDate"] = f"/Date({self.to_ms(day)}+0000)/"
        self.org.denied_actions.add("CreateApprovedInvoice")
        self.fetch()
        self.connection._note_plan_limit()
        self.customer.email = False
        order = self._create_order(confirm=False)
        self.assertFalse(self.get_points(order))
        order.action_create_xero_quote()
        self.assertTrue(order.xero_quote_number)
        order.action_confirm()
        self.assertEqual(len(self.get_points(order)), 4)

    def test_currency_that_the_organisation_does_not_use(self):
        pricelist = self.make_pricelist("JPY")
        quotation = self._create_order(confirm=False, pricelist_id=pricelist.id)
        self.assertIn("JPY", self.get_point(quotation)["message"])
        order = self._create_order(pricelist_id=pricelist.id)
        point = self.get_point(order)
        self.assertIn("JPY", point["message"])
        with self.org.transaction():
            self.org.currencies.put({"Code": "JPY", "Description": "Yen"})
        order.with_user(self.user_rep).action_check_xero_again()
        self.assertFalse(self.get_points(order))
        self.assertFalse(self.get_points(quotation))

    def test_may_not_approve(self):
        self.org.denied_actions.add("CreateApprovedInvoice")
        self.fetch()
        order = self._create_order()
        point = self.get_point(order)
        self.assertIn("may not approve", point["message"])
        action = self.fix(order, point)
        form = Form(
            self.connection.with_user(self.user_accountant),
            view=self.env["ir.ui.view"].browse(action["views"][0][0]),
        )
        form.invoice_status = "draft"
        form.save()
        self.assertFalse(self.get_points(order))

    def test_plan_limit_is_remembered_until_the_month_is_over(self):
        self.org.approvals_left = 0
        self._create_order().action_create_xero_invoice()
        order = self._create_order()
        self.assertIn("no more approved invoices", self.get_point(order)["message"])
        self.connection.plan_limited_until = fields.Date.today() - timedelta(days=1)
        self.assertFalse(self.get_points(order))

    def test_plan_that_was_upgraded(self):
        self.fetch()
        self.org.approvals_left = 0
        self._create_order().action_create_xero_invoice()
        self.org.details["Class"] = "ULTRA"
        order = self._create_order()
        order.with_user(self.user_rep).action_check_xero_again()
        self.assertFalse(self.get_points(order))

    def test_an_invoice_that_is_approved_all_the_same_ends_the_limit(self):
        self.org.approvals_left = 0
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertTrue(self.connection._is_plan_limited())
        self.org.approvals_left = None
        order.action_create_xero_invoice()
        self.assertFalse(self.connection._is_plan_limited())

    def test_it_warns_and_forbids_nothing(self):
        """Xero has the last word: what Odoo knows may be old."""
        self.connection.may_approve = False
        order = self._create_order()
        order.with_user(self.user_rep).action_create_xero_invoice()
        self.assertEqual(order.xero_payment_status, "sent")
