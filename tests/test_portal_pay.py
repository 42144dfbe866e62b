"""Paying an invoice in the portal, and what Xero is asked for meanwhile."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .common_money import MoneyMixin
from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalPay(MoneyMixin, PortalCase, PaymentHttpCommon):
    """With the dummy provider of Odoo's own tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.write(
            {
                "available_currency_ids": [Command.clear()],
                "state": "test",
                "company_id": cls.env.company.id,
            }
        )

    def get_form(self, **options):
        """Return what the payment form of the page was given."""
        answer = self.open(self.page(**options))
        self.assertEqual(answer.status_code, 200)
        return self._get_payment_context(answer)

    def begin(self, token=None, invoice=None, window="one", **kwargs):
        """Press Pay in the form; return the transaction.

        :param str window: of the browser
        """
        token = token or self.invoice._portal_ensure_token()
        self.env.flush_all()
        values = self.make_jsonrpc_request(
            f"{(invoice or self.invoice).access_url}/transaction/{window}",
            {
                "access_token": token,
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": 575.0,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "https://evil.example/",
                **kwargs,
            },
        )
        self.env.invalidate_all()
        return self._get_tx(values["reference"])

    def assertNotBegun(self, **kwargs):
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "odoo.exceptions.Validation"),
        ):
            self.begin(**kwargs)

    def test_customer_pays_what_is_due(self):
        self.login(self.user_clerk)
        form = self.get_form()
        self.assertEqual(form["amount"], 575.0)
        self.assertEqual(form["partner_id"], self.user_clerk.partner_id.id)
        transaction = self.begin()
        self.assertRecordValues(
            transaction,
            [
                {
                    "amount": 575.0,
                    "currency_id": self.invoice.currency_id.id,
                    "partner_id": self.user_clerk.partner_id.id,
                    "xero_invoice_ids": self.invoice.ids,
                    "state": "draft",
                    "landing_route": self.invoice.get_portal_url(),
                }
            ],
        )
        self.assertTrue(transaction.reference.startswith(self.invoice.number))
        # Going back and beginning anew is no second payment.
        self.begin()
        transaction._set_done()
        transaction._post_process()
        self.assertFalse(transaction.payment_id, "the books are Xero's")
        text = self.assertShown(self.page())
        self.assertIn("It is being recorded", text)
        self.assertFalse('name="xero_pay_now"' in text)
        self.assertNotBegun()

    def test_tour_of_a_customer_who_pays(self):
        self.invoice.due_date = fields.Date.subtract(fields.Date.today(), days=3)
        # Where a provider would lead back to.
        form = self.provider.redirect_form_view_id
        form.arch = '<form action="/payment/status" method="get"/>'
        self.start_tour("/my", "xero_crm_portal", login="portal_clerk")
        transaction = self.invoice.transaction_ids
        self.assertRecordValues(
            transaction,
            [
                {
                    "state": "draft",
                    "amount": 575.0,
                    "landing_route": self.page(token=self.invoice.access_token),
                }
            ],
        )
        self.assertTrue(self.invoice.viewed_on)

    def test_customer_pays_with_a_saved_card(self):
        self.login(self.user_boss)
        card = self._create_token(partner_id=self.customer.id)
        self.assertEqual(self.get_form()["token_ids"], card.ids)
        transaction = self.begin(flow="token", token_id=card.id)
        self.assertEqual(transaction.token_id, card)
        transaction.unlink()
        for login in (None, "xero_rep"):
            self.authenticate(login, login)
            form = self.get_form(token=self.invoice.access_token)
            self.assertFalse(form["token_ids"], "a link shows nobody's cards")

    def test_two_windows(self):
        """Who pays in one window cannot begin in the other."""
        self.login(self.user_boss)
        first = self.begin()
        first.state = "pending"
        self.assertNotBegun()
        self.assertIn("do not pay a second time", self.assertShown(self.page()))
        first.state = "error"
        self.begin()

    def test_what_was_begun_in_another_window(self):
        """It keeps the others from paying as long as it may be finished any moment."""
        self.login(self.user_boss)
        routes = {self.get_form()["transaction_route"] for _load in range(2)}
        self.assertEqual(len(routes), 2, "each page that is loaded is a window")
        first = self.begin()
        self.login(self.user_clerk)
        self.assertNotBegun(window="two")
        text = self.assertShown(f"{self.page()}?payment=1")
        self.assertIn("you can pay here in 10 min", text)
        self.assertFalse('name="xero_pay_now"' in text or 'id="pay_with"' in text)
        # A card that was refused on that page, or Back, is no second window.
        self.begin()
        for ended in ("cancel", "error"):
            self.invoice.transaction_ids.state = ended
            first = self.begin(window="two")
        first.last_state_change -= timedelta(minutes=9)
        self.assertIn("you can pay here in 1 min", self.assertShown(self.page()))
        first.last_state_change -= timedelta(minutes=1)
        self.assertIn('name="xero_pay_now"', self.assertShown(self.page()))
        self.begin(window="three")

    def test_payment_of_the_order_that_was_begun(self):
        self._create_transaction(
            "redirect",
            amount=575.0,
            currency_id=self.invoice.currency_id.id,
            sale_order_ids=[Command.set(self.order.ids)],
        )
        with self.assertRaisesRegex(ValidationError, "begun a few minutes ago"):
            self.invoice._check_payable(575.0, "one")

    def test_announced_transfer_keeps_nobody_from_paying(self):
        self.login(self.user_boss)
        first = self.begin()
        first.state = "pending"
        self.assertEqual(self.invoice._get_payable_amount(), 0.0)
        self.env.flush_all()
        # The code of a module that need not be there.
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s",
            [self.provider.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.invoice._get_payable_amount(), 575.0)

    def test_never_more_than_is_due(self):
        self.login(self.user_boss)
        for amount in (575.01, 574.99, 1000, 0, -5, "x", "nan", "inf", None):
            with self.subTest(amount=amount):
                self.assertNotBegun(amount=amount)
        self.org.pay(self.invoice.xero_id, "75.00", fields.Date.today())
        self.pull("Invoices")
        self.assertNotBegun()
        self.assertEqual(self.get_form()["amount"], 500.0)
        self.assertEqual(self.begin(amount=500.0).amount, 500.0)
        self.invoice.write({"status": "voided", "is_sent": True})
        self.assertNotBegun(amount=500.0)
        self.invoice.status = "paid"
        self.assertNotBegun(amount=500.0)

    def test_only_who_may_see_it_may_pay_it(self):
        self.invoice._portal_ensure_token()
        self.login(self.user_stranger)
        for token in ("wrong", "ü", ["x"], 1):
            self.assertNotBegun(token=token)
        self.authenticate(None, None)
        self.assertNotBegun(token="wrong")
        self.assertNotBegun(flow="token", token_id=1)
        transaction = self.begin()
        self.assertEqual(transaction.partner_id, self.customer)
        card = self._create_token(partner_id=self.customer.id)
        self.assertNotBegun(flow="token", token_id=card.id)
        self.login(self.user_boss)
        self.assertNotBegun(flow="token", token_id=card.id + 1)
        elsewhere = self.provider.copy(
            {"company_id": self.env["res.company"].create({"name": "Other"}).id}
        )
        self.assertNotBegun(provider_id=elsewhere.id)
        self.assertNotBegun(payment_method_id=self.payment_method_id + 999)
        for extra in ({"xero_invoice_ids": [1]}, {"currency_id": 1}):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.begin(**extra)

    def test_recorded_payment_is_not_counted_twice(self):
        self.login(self.user_boss)
        self.org.pay(self.invoice.xero_id, "75.00", fields.Date.today())
        self.pull("Invoices")
        transaction = self.begin(amount=500.0)
        transaction._set_done()
        self.assertEqual(self.invoice._get_payable_amount(), 0.0)
        self.invoice.payment_ids.write(
            {"amount": 500.0, "reference": transaction.reference}
        )
        self.assertEqual(self.invoice._get_payable_amount(), 500.0)

    def test_order_paid_online_leaves_nothing_to_pay(self):
        transaction = self._create_transaction(
            "redirect",
            amount=575.0,
            currency_id=self.invoice.currency_id.id,
            sale_order_ids=[Command.set(self.order.ids)],
            state="done",
            last_state_change=fields.Datetime.now(),
        )
        self.assertEqual(self.invoice._get_payable_amount(), 0.0)
        transaction.last_state_change -= timedelta(days=8)
        self.assertEqual(self.invoice._get_payable_amount(), 575.0)

    def test_payment_that_goes_to_xero_is_waited_for(self):
        """Until Xero has it, and not a moment longer."""
        self.pull("Accounts")
        self.set_accounts(self.connection, payment_push_test=True)
        self.login(self.user_boss)
        transaction = self.begin()
        transaction._set_done()
        self.assertEqual(self.invoice._get_payable_amount(), 0.0)
        self.assertIn("Payment Received", self.assertShown(self.page()))
        transaction.last_state_change -= timedelta(days=30)
        self.assertEqual(self.invoice._get_payable_amount(), 0.0, "it still waits")
        self.push()
        self.assertEqual(self.invoice.payment_status, "paid")
        self.org.unpay(next(iter(self.org.payments.values())))
        self.pull("Invoices")
        self.assertEqual(self.invoice._get_payable_amount(), 575.0)

    # === WITHOUT A PROVIDER === #

    def test_without_provider_xero_itself_is_paid_on(self):
        self.env["payment.provider"].search([]).state = "disabled"
        self.login(self.user_clerk)
        self.assertIn('name="xero_pay_online"', self.assertShown(self.page()))
        for _click in range(3):
            answer = self.open(f"{self.invoice.access_url}/online")
            self.assertEqual(answer.status_code, 303)
            self.assertEqual(answer.headers["Location"], self.invoice.online_url)
        self.assertEqual(self.xero.calls.total(), 1)

    # === PDF === #

    def get_pdf(self):
        return self.open(f"{self.invoice.access_url}/pdf")

    def test_pdf_costs_one_call_for_each_version(self):
        self.login(self.user_clerk)
        for _click in range(3):
            answer = self.get_pdf()
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertTrue(answer.content.startswith(b"%PDF"))
            self.assertIn(self.invoice.number, answer.headers["Content-Disposition"])
        self.assertEqual(self.xero.calls.total(), 1)
        self.org.pay(self.invoice.xero_id, "75.00", fields.Date.today())
        self.pull("Invoices")
        self.xero.reset_calls()
        self.get_pdf()
        self.get_pdf()
        self.assertEqual(self.xero.calls.total(), 1)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "xero.invoice"), ("res_id", "=", self.invoice.id)]
        )
        self.assertEqual(len(files), 1)
        self.login(self.user_stranger)
        self.assertHidden(f"{self.invoice.access_url}/pdf")
        self.assertEqual(self.open(f"/web/content/{files.id}").status_code, 404)

    def test_pdf_of_a_credit_note_for_who_sees_the_invoice(self):
        contact = self.customer.xero_contact_id
        wires = [self.org.add_credit_note(contact, amount) for amount in (50, 60)]
        self.org.allocate(wires[0], self.invoice.xero_id, "50.00")
        self.pull("Invoices", "CreditNotes")
        given, other = (
            self.env["xero.credit.note"].search([("xero_id", "=", w["CreditNoteID"])])
            for w in wires
        )
        self.xero.reset_calls()
        self.login(self.user_clerk)
        path = f"{self.invoice.access_url}/credit/{given.id}"
        self.assertTrue(path in self.assertShown(self.page()))
        for _click in range(2):
            answer = self.open(path)
            self.assertTrue(answer.content.startswith(b"%PDF"))
            self.assertIn(given.number, answer.headers["Content-Disposition"])
        self.assertEqual(self.xero.calls, {"GET CreditNotes/pdf": 1})
        self.env["ir.attachment"].create(
            {
                "name": "For colleagues only.pdf",
                "res_model": given._name,
                "res_id": given.id,
                "raw": b"%PDF-1.4 for colleagues only",
            }
        )
        self.assertNotIn(b"for colleagues only", self.open(path).content)
        self.assertHidden(f"{self.invoice.access_url}/credit/{other.id}")
        self.login(self.user_stranger)
        self.assertHidden(path)
        self.xero.fail("GET CreditNotes/pdf", "503", times=None)
        given.pdf_fingerprint = "older"
        answer = self.open(f"{path}?access_token={self.invoice._portal_ensure_token()}")
        self.assertIn("problem=pdf", answer.headers["Location"])

    def test_pdf_when_xero_does_not_answer(self):
        self.login(self.user_clerk)
        self.xero.fail("GET Invoices/pdf", "503", times=None)
        for _click in range(3):
            answer = self.get_pdf()
            self.assertEqual(answer.status_code, 303)
            self.assertIn("problem=pdf", answer.headers["Location"])
        self.assertEqual(self.xero.calls["GET Invoices/pdf"], 1)
        text = self.assertShown(f"{self.page()}?problem=pdf")
        self.assertIn("cannot be downloaded at this moment", text)
        self.xero.clear_faults()
        self.get_pdf()
        self.assertFalse(self.invoice.pdf_fingerprint)
        self.invoice.customer_pause_until = False
        self.connection.usage_ids.write({"day_remaining": 1})
        self.assertEqual(self.get_pdf().status_code, 303)
