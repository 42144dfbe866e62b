"""What customers pay online in Odoo is paid in Xero as well, once and to the cent."""

from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import XeroCommon
from .common_money import CLEARING, MoneyMixin

PUT = "PUT Payments"
# How a call to Xero can fail: before the work, after it, in words nobody can read.
KINDS = ("timeout_before", "timeout_after", "500_after", "truncated", "503")


class MoneyCase(MoneyMixin, XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.make_provider(cls.env)

    def prepare(self):
        super().prepare()
        self.pull("Accounts")
        self.set_accounts(self.connection, invoice_status="authorised")
        self.order, self.invoice = self.make_invoice()

    def make_invoice(self, status="AUTHORISED", **vals):
        """Return an order, and the invoice that an accountant made of it in Xero."""
        order = self._create_order(**vals)
        if not self.customer.xero_contact_id:
            contact = self.org.add_contact(Name=self.customer.name)
            link = self.env["xero.link"]._ensure(self.connection, self.customer)
            link._mark_synced(contact["ContactID"])
        made = self.org.add_invoice(
            self.customer.xero_contact_id,
            amount=500,
            Reference=order.name,
            CurrencyCode=order.currency_id.name,
            Status=status,
        )
        self.fetch(made)
        return order, order.xero_invoice_ids

    def make_invoices(self, count):
        """Return orders, each with its approved invoice."""
        return [self.make_invoice()[0] for _number in range(count)]

    def fetch(self, *made):
        """Fetch some invoices, as a webhook has it done."""
        ids = [each["InvoiceID"] for each in made]
        self.env["xero.pull"]._pull_records(self.connection, "Invoices", ids)
        self.env.invalidate_all()

    def pay(self, amount, *orders, provider=None, **vals):
        """A customer has paid; return the transaction."""
        vals.setdefault("state", "draft")
        transaction = self.make_transaction(
            provider or self.provider, amount, orders, **vals
        )
        transaction._set_done()
        return transaction

    def let_odoo_book(self, provider):
        """Odoo makes a payment of its own of each transaction."""
        journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        self.env["account.payment.method.line"].create(
            {
                "journal_id": journal.id,
                "payment_method_id": self.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "payment_provider_id": provider.id,
            }
        )

    def accounts(self, code):
        return self.connection.account_ids.filtered(lambda a: a.code == code)

    def payments(self):
        """What Xero has, but for what was removed."""
        return [p for p in self.org.payments.values() if p["Status"] != "DELETED"]

    def let_waits_pass(self):
        self.env["xero.link"].search([]).write({"next_try": False})
        self.connection.usage_ids.paused_until = False

    def open_rows(self):
        return self.env["xero.log"].search(
            [("res_model", "=", "xero.payment.request"), ("state", "=", "error")]
        )


@tagged("post_install", "-at_install")
class TestMoneyIn(MoneyCase):
    # === FROM TRANSACTION TO PAYMENT === #

    def test_a_transaction_is_named_after_the_invoices_that_it_pays(self):
        invoices = self.env["xero.invoice"].create(
            [
                {"connection_id": self.connection.id, "number": number}
                for number in ("INV-0007", "INV-0008")
            ]
        )
        transactions = self.env["payment.transaction"]
        name = transactions._compute_reference(
            "none", xero_invoice_ids=[Command.set(invoices.ids)]
        )
        self.assertEqual(name, "INV-0007-INV-0008")
        invoices[0].number = False
        name = transactions._compute_reference(
            "none", xero_invoice_ids=[Command.set(invoices.ids)], prefix=None
        )
        self.assertTrue(name.startswith("tx-"), "a number that is not there names none")

    def test_an_order_that_is_paid_online_is_paid_in_xero(self):
        self.map_reference_data()
        order = self._create_order()
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        transaction = self.pay(575, order)
        self.xero.reset_calls()
        self.push()
        self.assertEqual(
            self.xero.calls, {"GET Invoices": 2, PUT: 1}, "before, the payment, after"
        )
        [payment] = self.payments()
        self.assertEqual(payment["Amount"], Decimal("575.00"))
        self.assertEqual(payment["Reference"], transaction.reference)
        self.assertEqual(payment["Invoice"]["InvoiceID"], invoice.xero_id)
        self.assertEqual(payment["Account"]["Code"], "090")
        self.assertEqual(invoice.payment_status, "paid")
        self.assertEqual(order.xero_payment_status, "paid")
        self.assertEqual(self.requests_of(transaction).state, "sent")
        self.assertFalse(order.xero_money_state)
        rows = self.env["xero.log"].search([("resource", "=", "InvoicePayments")])
        self.assertEqual(rows.mapped("state"), ["success"])
        self.assertIn("575.00", rows.changes_text)
        tracked = order.message_ids.tracking_value_ids.mapped("new_value_char")
        self.assertTrue(any(transaction.reference in (v or "") for v in tracked))

    def test_sent_once_whatever_happens_to_the_transaction(self):
        self.let_odoo_book(self.provider)
        order, invoice = self.make_invoice()
        transaction = self.pay(575, order)
        self.push()
        transaction._post_process()
        self.assertTrue(transaction.payment_id, "Odoo has its own payment of it")
        transaction.write({"state": "done"})
        transaction.write({"sale_order_ids": [Command.set(order.ids)]})
        self.link_of(self.requests_of(transaction)).action_resync()
        self.push()
        self.assertEqual(len(self.payments()), 1)
        self.assertEqual(len(self.requests_of(transaction)), 1)

    def test_the_payment_confirms_the_order_and_waits_for_its_invoice(self):
        self.map_reference_data()
        self.connection.write({"invoice_trigger": "order_confirmed"})
        order = self._create_order(confirm=False)
        self.let_odoo_book(self.provider)
        transaction = self.pay(575, order)
        request = self.requests_of(transaction)
        self.assertEqual(request.state, "waiting")
        self.assertIn("not confirmed", request.why)
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.env.invalidate_all()
        self.assertIn("on its way", request.why)
        self.push()
        self.push()
        [payment] = self.payments()
        self.assertEqual(payment["Amount"], 575)
        self.assertEqual(order.xero_payment_status, "paid")

    def test_waits_until_the_invoice_is_approved_and_says_so(self):
        order, invoice = self.make_invoice(status="DRAFT")
        transaction = self.pay(575, order)
        self.push()
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls, "what waits asks nothing")
        rep = order.with_user(self.user_rep)
        self.assertEqual(rep.xero_money_state, "waiting")
        self.assertIn("is not approved in Xero yet", rep.xero_money_text)
        self.org.update("Invoices", InvoiceID=invoice.xero_id, Status="AUTHORISED")
        self.pull("Invoices")
        self.assertTrue(self.requests_of(transaction).is_to_look)
        self.push()
        self.assertEqual(invoice.payment_status, "paid")
        self.assertEqual(rep.xero_money_state, False)

    def test_the_oldest_due_invoice_comes_first(self):
        order, invoice = self.order, self.invoice
        made = [
            self.org.add_invoice(
                self.customer.xero_contact_id,
                status="AUTHORISED",
                Reference=order.name,
                CurrencyCode=order.currency_id.name,
                DueDate=day,
            )
            for day in ("2026-01-20", "2026-01-10")
        ]
        self.pull("Invoices")
        later, sooner = (
            self.env["xero.invoice"].search([("xero_id", "=", m["InvoiceID"])])
            for m in made
        )
        invoices = invoice | later | sooner
        self.assertEqual(order.xero_invoice_ids, invoices)
        first = sooner.amount_due
        transaction = self.pay(first + 10, order)
        self.push()
        self.assertEqual(
            {p["Invoice"]["InvoiceID"]: p["Amount"] for p in self.payments()},
            {
                sooner.xero_id: Decimal(f"{first:.2f}"),
                later.xero_id: Decimal("10.00"),
            },
        )
        requests = self.requests_of(transaction)
        self.assertEqual(sum(requests.mapped("amount")), first + 10)
        self.assertEqual(later.payment_status in ("partial", "overdue"), True)

    def test_what_is_more_than_due_stays_visible(self):
        order, invoice = self.order, self.invoice
        transaction = self.pay(600, order)
        self.push()
        [payment] = self.payments()
        self.assertEqual(payment["Amount"], 575)
        rest = self.requests_of(transaction).filtered(lambda r: r.phase == "rest")
        self.assertEqual((rest.amount, rest.state), (25, "rest"))
        row = self.open_rows()
        self.assertEqual(row.res_id, rest.id)
        self.assertIn("25.00", row.message)
        self.assertIn(invoice.number, row.message)
        self.assertIn("Overpayment", row.remedy)
        self.assertEqual(row.action_fix()["res_id"], invoice.id)
        self.assertEqual(order.xero_money_state, "rest")
        self.assertEqual(self.connection.payment_problem_count, 1)
        rest._look_again()
        self.push()
        self.assertEqual(self.open_rows(), row, "told once")
        rest.with_user(self.user_accountant).action_close()
        self.assertEqual((rest.state, row.state), ("closed", "resolved"))
        self.push()
        self.assertEqual(len(self.payments()), 1)

    def test_overpayment_recorded_in_xero_settles_what_is_left_over(self):
        order, invoice = self.order, self.invoice
        transaction = self.pay(600, order)
        self.push()
        rest = self.requests_of(transaction).filtered(lambda r: r.phase == "rest")
        row = self.open_rows()
        for text in ("Receive Money > Overpayment", "25.00", transaction.reference):
            self.assertIn(text, row.remedy)
        contact = self.org.contacts[invoice.xero_contact_id]
        money = {"currency": invoice.currency_id.name}
        self.org.receive("Overpayments", contact, 25, reference="other", **money)
        name = {"reference": transaction.reference}
        self.org.receive("Overpayments", contact, 24, **name, **money)
        self.org.receive("Prepayments", contact, 25, **name, **money)
        self.pull("Overpayments", "Prepayments")
        self.assertEqual((rest.state, row.state), ("rest", "error"))
        self.org.receive("Overpayments", contact, 25, **name, **money)
        self.pull("Overpayments")
        self.assertEqual((rest.state, row.state), ("closed", "resolved"))
        self.assertIn("kept for the customer in Xero as an overpayment", rest.why)
        self.push()
        self.assertEqual(len(self.payments()), 1)
        # One that was recorded before anything was left over.
        again = self.pay(30, order, reference="tx-early")
        self.org.receive("Overpayments", contact, 30, reference="tx-early", **money)
        self.pull("Overpayments")
        self.push()
        self.assertEqual(self.requests_of(again).state, "closed")
        refund = again._create_child_transaction(30, is_refund=True)
        refund._set_done()
        request = self.requests_of(refund)
        self.assertEqual((request.state, request.amount), ("refund", -30))
        self.assertIn("Open the overpayment tx-early in Xero", request.remedy)

    def test_part_payments_add_up(self):
        order, invoice = self.order, self.invoice
        for amount in (100.10, 200.20):
            self.pay(amount, order)
        self.push()
        self.assertEqual(
            sorted(p["Amount"] for p in self.payments()),
            [Decimal("100.10"), Decimal("200.20")],
        )
        self.assertEqual(invoice.amount_due, 274.70)
        self.assertEqual(invoice.payment_status, "partial")
        self.pay(300, order)
        self.push()
        self.assertEqual(invoice.payment_status, "paid")
        self.assertEqual(sum(p["Amount"] for p in self.payments()), 575)

    def test_two_payments_at_once_never_pay_more_than_is_due(self):
        order = self.order
        self.pay(575, order)
        second = self.pay(575, order)
        self.push()
        self.assertEqual([p["Amount"] for p in self.payments()], [575])
        self.assertEqual(self.requests_of(second).state, "rest")

    def test_an_invoice_that_was_paid_directly(self):
        order, invoice = self.order, self.invoice
        transaction = self.make_transaction(self.provider, 575, invoices=[invoice])
        transaction._set_done()
        self.push()
        self.assertEqual(self.payments()[0]["Reference"], invoice.number)
        self.assertEqual(self.requests_of(transaction).order_id, order)
        self.assertEqual(invoice.payment_status, "paid")

    def test_captured_in_parts(self):
        order = self.order
        source = self.make_transaction(self.provider, 575, [order])
        self.provider.support_manual_capture = "partial"
        source._set_authorized()
        for amount in (75, 500):
            source._create_child_transaction(amount)._set_done()
        self.assertEqual(source.state, "done")
        self.push()
        self.assertEqual(sorted(p["Amount"] for p in self.payments()), [75, 500])
        self.assertFalse(self.requests_of(source))

    def test_many_payments_in_one_call(self):
        orders = self.make_invoices(4)
        for order in orders:
            self.pay(575, order)
        self.xero.reset_calls()
        self.push()
        self.assertEqual(self.xero.calls, {"GET Invoices": 2, PUT: 1})
        self.assertEqual(len(self.payments()), 4)

    # === WHAT DOES NOT GO === #

    def test_nothing_goes_unless_it_is_wanted(self):
        order = self.order
        cases = {
            "no account": {"payment_account_id": False},
            "switched off": {"payment_push": False},
            "before day zero": {"date_start": "2999-01-01"},
        }
        for case, vals in cases.items():
            with self.subTest(case):
                before = self.connection.read(list(vals))[0]
                self.connection.write(vals)
                self.assertFalse(self.requests_of(self.pay(10, order)))
                self.set_accounts(self.connection)
                self.connection.write({"payment_push": True, "date_start": False})
                self.assertTrue(before)
        self.push()
        self.assertFalse(self.payments(), "nor later, when it is switched on")

    def test_read_only_waits(self):
        order = self.order
        self.connection.sync_mode = "read_only"
        self.pay(575, order)
        self.push()
        self.assertFalse(self.payments())
        self.connection.action_go_live()
        self.push()
        self.assertEqual(len(self.payments()), 1)

    def test_what_is_switched_off_meanwhile_waits(self):
        order = self.order
        request = self.requests_of(self.pay(575, order))
        self.connection.payment_push = False
        self.push()
        self.assertEqual(request.state, "waiting")
        self.assertIn("switched off", request.why)
        self.assertFalse(self.payments())
        self.connection.payment_push = True
        self.push()
        self.assertEqual(request.state, "sent")

    def test_excluded_orders_wait(self):
        order = self.order
        order.xero_do_not_sync = True
        request = self.requests_of(self.pay(575, order))
        self.push()
        self.assertEqual(request.state, "waiting")
        self.assertIn("excluded", request.why)
        order.xero_do_not_sync = False
        self.push()
        self.assertEqual(request.state, "sent")
        self.customer.xero_do_not_sync = True
        other = self.requests_of(self.pay(575, self._create_order()))
        self.push()
        self.customer.xero_do_not_sync = False
        self.assertFalse(other.is_to_look)
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["xero.invoice"]._cron_overdue()
        self.env.invalidate_all()
        self.assertTrue(other.is_to_look, "nothing else has told")

    def test_no_money_moves_in_test_mode(self):
        order = self.order
        self.provider.state = "test"
        request = self.requests_of(self.pay(75, order))
        self.assertEqual(request.state, "closed")
        self.assertIn("test mode", request.why)
        self.connection.payment_push_test = True
        self.pay(500, order)
        self.push()
        self.assertEqual([p["Amount"] for p in self.payments()], [500])

    def test_a_provider_with_a_feed_of_its_own_is_left_out(self):
        order = self.order
        self.env["xero.payment.map"].create(
            {
                "connection_id": self.connection.id,
                "provider_id": self.provider.id,
                "is_left_out": True,
            }
        )
        request = self.requests_of(self.pay(575, order))
        self.assertEqual(request.state, "closed")
        self.assertIn("tells Xero itself", request.why)

    def test_a_payment_that_xero_has_already_is_bound(self):
        for name in ("reference", "provider_reference"):
            with self.subTest(name):
                order, invoice = self.make_invoice()
                transaction = self.pay(575, order, provider_reference=f"ch_{order.id}")
                theirs = self.org.pay(invoice.xero_id, reference=transaction[name])
                self.push()
                self.assertEqual(
                    self.link_of(self.requests_of(transaction)).xero_id,
                    theirs["PaymentID"],
                )
                self.assertEqual(self.requests_of(transaction).state, "sent")
                self.pull("Invoices")
                self.assertEqual(len(invoice.payment_ids), 1)
        self.assertEqual(self.xero.calls[PUT], 0)

    def test_an_older_payment_of_the_same_name_is_another_one(self):
        order, invoice = self.order, self.invoice
        day = invoice.date - timedelta(days=20)
        self.org.pay(invoice.xero_id, 375, day, reference=order.name)
        transaction = self.pay(200, order)
        self.assertEqual(transaction.reference, order.name)
        self.push()
        self.assertEqual(sorted(p["Amount"] for p in self.payments()), [200, 375])
        self.assertEqual(invoice.payment_status, "paid")

    def test_the_same_reference_over_another_amount_is_told(self):
        order, invoice = self.order, self.invoice
        transaction = self.pay(575, order)
        self.org.pay(invoice.xero_id, 560, reference=transaction.reference)
        self.push()
        self.assertEqual(len(self.payments()), 1)
        request = self.requests_of(transaction)
        self.assertEqual(request.state, "failed")
        self.assertIn("560.00", request.why)
        self.assertEqual(self.open_rows().res_id, request.id)

    # === REFUNDS === #

    def test_a_refund_of_what_is_in_xero_is_told(self):
        order, invoice = self.order, self.invoice
        transaction = self.pay(575, order)
        self.push()
        refund = transaction._create_child_transaction(100, is_refund=True)
        refund._set_done()
        request = self.requests_of(refund)
        self.assertEqual((request.state, request.amount), ("refund", -100))
        row = self.open_rows()
        self.assertIn("100.00", row.message)
        self.assertIn("Credit Note", row.remedy)
        self.assertEqual(row.action_fix()["res_id"], invoice.id)
        self.push()
        self.assertEqual(len(self.payments()), 1)

    def test_what_is_paid_back_before_it_went_never_goes(self):
        self.map_reference_data()
        order = self._create_order()
        transaction = self.pay(575, order)
        transaction._create_child_transaction(75, is_refund=True)._set_done()
        self.assertFalse(self.open_rows())
        order.action_create_xero_invoice()
        self.push()
        self.assertEqual([p["Amount"] for p in self.payments()], [500])
        whole = self._create_order()
        transaction = self.pay(575, whole)
        transaction._create_child_transaction(575, is_refund=True)._set_done()
        whole.action_create_xero_invoice()
        self.push()
        self.assertEqual(len(self.payments()), 1)
        self.assertEqual(self.requests_of(transaction).state, "closed")
        self.assertFalse(self.open_rows())

    def test_an_order_that_is_cancelled_leaves_its_money_over(self):
        order = self._create_order()
        request = self.requests_of(self.pay(575, order))
        self.push()
        self.assertEqual(request.state, "waiting")
        order._action_cancel()
        self.push()
        self.assertEqual(request.state, "rest")
        self.assertIn("no invoice", request.why)

    # === ACCOUNTS === #

    def test_the_account_of_a_provider_method_and_currency(self):
        order = self.order
        method = self.get_method(self.env)
        maps = self.env["xero.payment.map"]
        vals = {"connection_id": self.connection.id, "provider_id": self.provider.id}
        whole = maps.create({**vals, "account_id": self.accounts("091").id})
        card = maps.create(
            {
                **vals,
                "account_id": self.accounts(CLEARING).id,
                "payment_method_id": method.id,
            }
        )
        self.pay(75, order)
        self.push()
        card.unlink()
        self.pay(100, order)
        self.push()
        whole.unlink()
        self.pay(400, order)
        self.push()
        self.assertEqual(
            [p["Account"]["Code"] for p in self.payments()], ["855", "091", "090"]
        )

    def test_an_account_that_takes_no_payments_cannot_be_chosen(self):
        sales = self.accounts("200")
        with self.assertRaises(ValidationError):
            self.connection.payment_account_id = sales
        with self.assertRaises(ValidationError):
            self.env["xero.payment.map"].create(
                {
                    "connection_id": self.connection.id,
                    "provider_id": self.provider.id,
                    "account_id": sales.id,
                }
            )

    def test_a_missing_account_is_told_and_once_chosen_it_goes(self):
        order = self.order
        other = self.make_provider(self.env, name="Other Pay")
        self.connection.payment_account_id = False
        self.env["xero.payment.map"].create(
            {
                "connection_id": self.connection.id,
                "provider_id": other.id,
                "account_id": self.accounts("091").id,
            }
        )
        request = self.requests_of(self.pay(575, order))
        self.push()
        self.assertEqual(request.state, "failed")
        self.assertIn("No account in Xero is chosen", request.why)
        action = self.open_rows().action_fix()
        self.assertEqual(action["res_model"], "xero.payment.map")
        self.assertEqual(action["context"]["default_provider_id"], self.provider.id)
        self.set_accounts(self.connection)
        self.push()
        self.assertEqual(request.state, "sent")
        self.assertFalse(self.open_rows())

    def test_a_foreign_account_takes_its_own_currency_only(self):
        euro = self.org.update("Accounts", Name="Euro", Type="BANK", CurrencyCode="EUR")
        self.pull("Accounts")
        account = self.connection.account_ids.filtered(
            lambda a: a.xero_key == euro["AccountID"]
        )
        self.assertEqual(account.currency_code, "EUR")
        self.connection.payment_account_id = account
        order, invoice = self.make_invoice()
        request = self.requests_of(self.pay(575, order))
        self.push()
        self.assertEqual(request.state, "failed")
        self.assertIn("is in EUR", request.why)
        with self.assertRaises(ValidationError):
            self.env["xero.payment.map"].create(
                {
                    "connection_id": self.connection.id,
                    "provider_id": self.provider.id,
                    "account_id": account.id,
                    "currency_id": self.env.ref("base.GBP").id,
                }
            )

    def test_another_currency_than_the_invoices_is_told(self):
        order = self.order
        other = self.env.ref("base.GBP")
        transaction = self.pay(575, order, currency_id=other.id)
        self.push()
        self.assertFalse(self.payments())
        self.assertEqual(self.requests_of(transaction).state, "rest")
        self.assertIn(order.currency_id.name, self.requests_of(transaction).why)

    def test_a_foreign_payment_carries_odoos_rate_where_that_is_wanted(self):
        self.connection.currency_rate_source = "odoo"
        order, invoice = self.make_invoice()
        base = self.connection.base_currency_id
        self.assertNotEqual(order.currency_id, base)
        self.env["res.currency.rate"].create(
            {
                "currency_id": base.id,
                "name": "2020-01-01",
                "rate": 1.6,
                "company_id": self.env.company.id,
            }
        )
        self.pay(575, order)
        self.push()
        self.assertEqual(self.payments()[0]["CurrencyRate"], Decimal("0.625000"))

    def test_the_day_is_that_of_the_organisation(self):
        self.connection.sudo().timezone = "NEWZEALANDSTANDARDTIME"
        order, invoice = self.make_invoice()
        late = datetime(2026, 11, 24, 20, 0)
        transaction = self.make_transaction(self.provider, 575, [order])
        transaction.write({"last_state_change": late, "state": "done"})
        self.push()
        self.assertEqual(str(self.requests_of(transaction).date), "2026-11-25")
        self.assertEqual(len(self.payments()), 1)

    # === REFUSED, AND CHANGED MEANWHILE === #

    def test_closed_books_and_then_they_are_opened(self):
        order = self.order
        request = self.requests_of(self.pay(575, order))
        self.org.details["PeriodLockDate"] = "/Date(32503593600000+0000)/"
        self.push()
        self.assertEqual(request.state, "failed")
        self.assertIn("The books are closed", request.why)
        self.assertEqual(self.open_rows().fix, "lock_date")
        del self.org.details["PeriodLockDate"]
        self.open_rows().with_user(self.user_accountant).action_resync()
        self.assertEqual(request.state, "sent")
        self.assertFalse(self.open_rows())

    def test_an_invoice_that_was_voided_meanwhile(self):
        order, invoice = self.order, self.invoice
        request = self.requests_of(self.pay(575, order))
        self.org.void(invoice.xero_id)
        self.push()
        self.assertFalse(self.payments())
        self.assertIn(request.state, ("waiting", "rest"))
        self.assertEqual(self.xero.calls[PUT], 0)

    def test_an_invoice_that_was_paid_in_part_meanwhile(self):
        order, invoice = self.order, self.invoice
        transaction = self.pay(575, order)
        self.org.pay(invoice.xero_id, 200, reference="at the counter")
        self.push()
        self.assertEqual(sorted(p["Amount"] for p in self.payments()), [200, 375])
        requests = self.requests_of(transaction)
        self.assertEqual(sum(requests.mapped("amount")), 575)
        self.assertEqual(set(requests.mapped("state")), {"sent", "rest"})

    def test_refused_by_xero_at_the_last_moment(self):
        order = self.order
        request = self.requests_of(self.pay(575, order))
        bank = self.org.account_by_code("090")
        self.org.update(
            "Accounts",
            AccountID=bank["AccountID"],
            Name=bank["Name"],
            Status="ARCHIVED",
        )
        self.push()
        self.assertEqual(request.state, "failed")
        self.assertEqual(self.open_rows().fix, "payment_account")
        self.connection.payment_account_id = self.accounts("091")
        self.push()
        self.assertEqual(request.state, "sent")

    # === WHO MAY === #

    def test_reps_see_the_order_accountants_see_the_payments(self):
        order, invoice = self.make_invoice(status="DRAFT")
        request = self.requests_of(self.pay(575, order))
        self.push()
        self.assertTrue(order.with_user(self.user_rep).xero_money_text)
        for user in (self.user_rep, self.user_outsider):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["amount"])
            for method in ("action_try_again", "action_close"):
                with self.assertRaises(AccessError):
                    getattr(request.with_user(user), method)()
        mine = request.with_user(self.user_accountant)
        spec = {"provider_id": {"fields": {"display_name": {}}}, "why": {}, "state": {}}
        [seen] = mine.web_read(spec)
        self.assertEqual(seen["provider_id"]["display_name"], "Test Pay")
        with self.assertRaises(AccessError):
            mine.write({"amount": 1})

    def test_what_is_on_its_way_cannot_be_settled_by_hand(self):
        order = self.order
        request = self.requests_of(self.pay(575, order))
        self.push()
        with self.assertRaises(UserError):
            request.with_user(self.user_accountant).action_close()

    # === EXACTLY ONCE === #

    def test_calls_that_fail(self):
        for kind in KINDS:
            with self.subTest(kind):
                order, invoice = self.make_invoice()
                request = self.requests_of(self.pay(575, order))
                self.xero.fail(PUT, kind)
                self.push()
                self.let_waits_pass()
                self.push()
                self.assertEqual(request.state, "sent")
                mine = [
                    p
                    for p in self.payments()
                    if p["Invoice"]["InvoiceID"] == invoice.xero_id
                ]
                self.assertEqual([p["Amount"] for p in mine], [575])
                self.assertFalse(self.open_rows())

    def test_one_refused_of_several(self):
        orders = self.make_invoices(3)
        requests = [self.requests_of(self.pay(575, order)) for order in orders]
        self.xero.fail(PUT, "bad_element", index=1)
        self.push()
        self.assertEqual([r.state for r in requests], ["sent", "failed", "sent"])
        self.open_rows().with_user(self.user_accountant).action_resync()
        self.assertEqual([r.state for r in requests], ["sent"] * 3)
        self.assertEqual(len(self.payments()), 3)

    @mute_logger("odoo.addons.xero_crm.models.xero_push")
    def test_killed_after_the_call(self):
        """The process ends while the answer is on its way; the link is `sending`."""
        order = self.order
        request = self.requests_of(self.pay(575, order))
        settle = type(self.env["xero.push"])._settle_call

        def die(*_args):
            raise SystemExit()

        with patch.object(type(self.env["xero.push"]), "_settle_call", die):
            try:
                self.push()
            except SystemExit:
                self.env.invalidate_all()
        self.assertTrue(settle)
        self.assertEqual(self.link_of(request).state, "sending")
        self.assertEqual(len(self.payments()), 1)
        self.pull("Invoices")  # a webhook tells of the payment first
        self.push()
        self.assertEqual(request.state, "sent")
        self.assertEqual(len(self.payments()), 1)

    def test_a_part_of_a_lost_call_waits_until_xero_forgets_the_key(self):
        """Xero may still be at work on the rest: what is missing is not sent anew."""
        orders = self.make_invoices(2)
        requests = [self.requests_of(self.pay(575, order)) for order in orders]
        self.xero.fail(PUT, "timeout_before")
        self.push()
        first = requests[0]
        self.org.pay(first.invoice_id.xero_id, reference=first.reference)
        self.push()
        self.assertEqual([r.state for r in requests], ["sent", "sending"])
        self.assertEqual(self.xero.calls[PUT], 1)
        link = self.link_of(requests[1])
        self.assertTrue(link.next_try, "after the life of the key")
        link.write({"next_try": False, "sent_at": "2020-01-01 00:00:00"})
        self.push()
        self.assertEqual([r.state for r in requests], ["sent", "sent"])
        self.assertEqual(len(self.payments()), 2)
