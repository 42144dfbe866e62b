"""Every refusal by Xero: what it means, and the way to the field to fix; after that,
Resync succeeds."""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestRefusals(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.pull("Contacts", "Items")
        self.connection.invoice_status = "authorised"

    def refuse(self, order, message, remedy):
        """Press the button, be refused; return the row of the error log."""
        order.action_create_xero_invoice()
        log = self.env["xero.log"].search(
            [
                ("res_model", "=", "xero.invoice"),
                ("res_id", "=", order.xero_invoice_ids.id),
                ("state", "=", "error"),
            ]
        )
        self.assertEqual(len(log), 1)
        self.assertIn(message, log.message)
        self.assertIn(remedy, log.remedy)
        self.assertEqual(order.with_user(self.user_rep).xero_error, log.message)
        return log.with_user(self.user_accountant)

    def open_form(self, action):
        """Return the form that a fix leads to: a dialog with the field."""
        self.assertEqual(action["target"], "new")
        record = self.env[action["res_model"]].browse(action["res_id"])
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        return Form(record.with_user(self.user_accountant), view=view)

    def assert_resync(self, log, status="authorised"):
        """Resync makes one invoice, and closes the row."""
        order = self.env["xero.invoice"].browse(log.res_id).order_id
        log.action_resync()
        self.assertFalse(order.xero_error)
        self.assertEqual(log.state, "resolved")
        self.assertEqual(order.xero_invoice_ids.status, status)
        self.assertEqual(len(self.org.invoices), 1)

    def put(self, store, record, **vals):
        with self.org.transaction():
            store.put({**record, **vals})

    def test_missing_account(self):
        account = self.org.account_by_code("200")
        self.put(self.org.accounts, account, Status="ARCHIVED")
        order = self._create_order()
        log = self.refuse(
            order, "no account that Xero accepts", "default sales account"
        )
        form = self.open_form(log.action_fix())
        form.default_account_id = self.connection.account_ids.filtered(
            lambda account: account.code == "260"
        )
        form.save()
        self.assert_resync(log)

    def test_missing_account_of_a_product(self):
        accounts = self.connection.account_ids
        self.product.xero_account_id = accounts.filtered(lambda a: a.code == "260")
        account = self.org.account_by_code("260")
        self.put(self.org.accounts, account, Status="ARCHIVED")
        order = self._create_order()
        self.product.default_code = False
        log = self.refuse(order, "account of Rimu Table", "another account")
        action = log.action_fix()
        self.assertEqual(action["res_model"], "product.product")
        self.product.xero_account_id = accounts.filtered(lambda a: a.code == "200")
        self.assert_resync(log)

    def test_locked_period(self):
        day = fields.Date.today() + timedelta(days=2)
        ms = (day - fields.Date.to_date("1970-01-01")).days * 86400000
        self.org.details["PeriodLockDate"] = f"/Date({ms}+0000)/"
        order = self._create_order()
        log = self.refuse(order, "books are closed", "move the lock date")
        self.assertIn("go.xero.com", log.action_fix()["url"])
        self.assertEqual(self.connection.period_lock_date, day, "known from now on")
        del self.org.details["PeriodLockDate"]
        self.assert_resync(log)

    def test_archived_contact(self):
        self.customer.action_xero_push()
        contact = self.org.contacts[self.customer.xero_contact_id]
        self.put(self.org.contacts, contact, ContactStatus="ARCHIVED")
        order = self._create_order()
        log = self.refuse(order, "Kauri Builders is archived", "Restore the contact")
        self.assertIn(self.customer.xero_contact_id, log.action_fix()["url"])
        self.put(self.org.contacts, contact, ContactStatus="ACTIVE")
        self.assert_resync(log)

    def test_duplicate_number(self):
        sequence = self.env["ir.sequence"].create(
            {"name": "Xero", "prefix": "OD-", "padding": 3}
        )
        self.connection.write(
            {"number_source": "odoo", "number_sequence_id": sequence.id}
        )
        contact = self.org.add_contact(Name="Somebody Else")
        taken = self.org.add_invoice(contact, "10.00", InvoiceNumber="OD-001")
        order = self._create_order()
        log = self.refuse(order, "the number OD-001", "next number of the sequence")
        action = log.action_fix()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(dialog.number, "OD-002")
        dialog.with_user(self.user_accountant).action_use()
        self.assertEqual(log.state, "resolved")
        self.assertEqual(order.xero_invoice_ids.number, "OD-002")
        self.assertEqual(len(self.org.invoices), 2)
        self.assertTrue(taken)

    def test_duplicate_number_that_is_typed_in_by_hand(self):
        """The dialog is no way to change a number that Xero has taken over."""
        order = self._create_order()
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        number = invoice.number
        dialogs = self.env["xero.invoice.number"].with_user(self.user_accountant)
        dialog = dialogs.create({"invoice_id": invoice.id, "number": "OD-9"})
        dialog.action_use()
        self.assertFalse(invoice.wanted_number)
        self.assertEqual(invoice.number, number)

    def test_tax_that_the_account_does_not_take(self):
        rate = self.org.tax_rates["OUTPUT2"]
        self.put(self.org.tax_rates, rate, CanApplyToRevenue=False)
        order = self._create_order()
        log = self.refuse(order, "this tax on this account", "Map the tax")
        action = log.action_fix()
        row = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(row.tax_id, self.tax)
        self.put(self.org.tax_rates, rate, CanApplyToRevenue=True)
        self.assert_resync(log)

    def test_tax_that_xero_does_not_have(self):
        rate = self.org.tax_rates["OUTPUT2"]
        self.put(self.org.tax_rates, rate, Status="DELETED")
        order = self._create_order()
        log = self.refuse(order, "does not accept the tax", "Map the tax")
        action = log.action_fix()
        row = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(row.tax_id, self.tax)
        other = self.org.tax_rates.put(
            {**rate, "TaxType": "TAX099", "Name": "GST 2", "Status": "ACTIVE"}
        )
        self.assertTrue(other)
        self.pull("TaxRates")
        row.tax_rate_id = self.env["xero.tax.rate"].search(
            [("connection_id", "=", self.connection.id), ("tax_type", "=", "TAX099")]
        )
        self.assertTrue(row.tax_rate_id)
        self.assert_resync(log)

    def test_currency_that_is_not_enabled(self):
        currency = self.env.ref("base.JPY")
        currency.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Yen", "currency_id": currency.id}
        )
        order = self._create_order(pricelist_id=pricelist.id)
        log = self.refuse(order, "does not use this currency", "Add the currency")
        self.assertIn("go.xero.com", log.action_fix()["url"])
        with self.org.transaction():
            self.org.currencies.put({"Code": "JPY", "Description": "Yen"})
        self.assert_resync(log)

    def test_plan_limit(self):
        self.org.approvals_left = 0
        order = self._create_order()
        log = self.refuse(order, "plan allows no more invoices", "create drafts")
        form = self.open_form(log.action_fix())
        form.invoice_status = "draft"
        form.save()
        self.assert_resync(log, status="draft")

    def test_total_mismatch(self):
        """The rate was changed in Xero, and Odoo has not heard of it."""
        rate = self.org.tax_rates["OUTPUT2"]
        self.put(self.org.tax_rates, rate, EffectiveRate=12, DisplayTaxRate=12)
        order = self._create_order()
        log = self.refuse(order, "is over", "Correct the invoice in Xero")
        self.assertEqual(log.action_fix()["res_id"], order.id)
        log.action_resync()
        self.assertTrue(order.xero_error, "trying again makes no difference go away")
        self.put(self.org.tax_rates, rate, EffectiveRate=15, DisplayTaxRate=15)
        invoice = self.org.invoices[order.xero_invoice_ids.xero_id]
        lines = [
            {k: v for k, v in line.items() if k not in ("TaxAmount", "LineAmount")}
            for line in invoice["LineItems"]
        ]
        self.org.update("Invoices", InvoiceID=invoice["InvoiceID"], LineItems=lines)
        log = self.env["xero.log"].search(
            [
                ("res_model", "=", "xero.invoice"),
                ("res_id", "=", order.xero_invoice_ids.id),
                ("state", "=", "error"),
            ]
        )
        self.assert_resync(log)

    def test_rep_is_led_to_what_he_may_fix(self):
        self.customer.email = False
        order = self._create_order()
        log = self.refuse(order, "no e-mail address", "Enter the e-mail")
        action = order.with_user(self.user_rep).action_fix_xero()
        self.assertEqual(action["res_id"], self.customer.id)
        form = self.open_form(action)
        form.email = "new@kauri.example.com"
        form.save()
        self.assert_resync(log)
