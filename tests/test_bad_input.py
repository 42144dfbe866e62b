from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import XeroCommon


class BadInputCase(XeroCommon):
    """An order that would be fine, and what is done when something is not."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.order = self._create_order()
        self.xero.reset_calls()

    def assertNothingSent(self):
        """Nothing half-done in Xero: no customer, no item, no invoice."""
        written = [call for call in self.xero.calls if not call.startswith("GET ")]
        self.assertFalse(written)

    def assertHeld(self, sentence, order=None):
        """A click holds the invoice back, says why to the person, and logs a remedy.

        :return: the row of the log
        """
        order = order or self.order
        order.with_user(self.user_rep).action_create_xero_invoice()
        self.assertIn(sentence, order.xero_error)
        self.assertEqual(order.xero_payment_status, "none")
        self.assertFalse(order.xero_invoice_ids.xero_id)
        [log] = self.env["xero.log"].search(
            [
                ("state", "=", "error"),
                ("res_model", "=", "xero.invoice"),
                ("res_id", "=", order.xero_invoice_ids.id),
            ]
        )
        self.assertIn(sentence, log.message)
        self.assertTrue(log.remedy)
        self.assertEqual(order.xero_remedy, log.remedy)
        told = self.env["bus.bus"].search([], order="id desc", limit=1)
        self.assertIn("simple_notification", told.message)
        self.assertIn("danger", told.message)
        return log

    def assertFixOpens(self, log, model, res_id):
        action = log.action_fix()
        self.assertEqual((action["res_model"], action.get("res_id")), (model, res_id))

    def assertGoesOn(self, log, order=None):
        """After the correction, Resync makes the one invoice and closes the row."""
        order = order or self.order
        log.action_resync()
        self.assertFalse(order.xero_error)
        self.assertEqual(len(order.xero_invoice_ids), 1)
        self.assertIn(order.xero_invoice_ids.xero_id, self.org.invoices)
        self.assertEqual(len(self.org.invoices), 1)
        self.assertEqual(log.state, "resolved")
        open_rows = [
            ("connection_id", "=", self.connection.id),
            ("state", "=", "error"),
        ]
        self.assertFalse(self.env["xero.log"].search(open_rows))


@tagged("post_install", "-at_install")
class TestHeldInvoice(BadInputCase):
    """Refused before anything goes to Xero."""

    def test_customer_without_email(self):
        self.customer.email = False
        log = self.assertHeld("has no e-mail address")
        self.assertNothingSent()
        self.assertFixOpens(log, "res.partner", self.customer.id)
        self.customer.email = "accounts@kauri.example.com"
        self.assertGoesOn(log)

    def test_customer_without_email_where_none_is_required(self):
        self.customer.email = False
        self.connection.require_email = False
        self.order.action_create_xero_invoice()
        self.assertEqual(len(self.org.invoices), 1)

    def test_unmapped_tax(self):
        row = self.connection.tax_map_ids.filtered(lambda row: row.tax_id == self.tax)
        rate = row.tax_rate_id
        row.unlink()
        log = self.assertHeld("The tax GST 15% is not mapped")
        self.assertNothingSent()
        action = log.action_fix()
        self.assertEqual(action["res_model"], "xero.tax.map")
        row = self.env["xero.tax.map"].search(action["domain"])
        self.assertEqual(row.tax_id, self.tax)
        self.assertEqual(row.review_state, "missing")
        row.with_user(self.user_accountant).tax_rate_id = rate
        self.assertGoesOn(log)

    def test_tax_that_xero_has_archived(self):
        row = self.connection.tax_map_ids.filtered(lambda row: row.tax_id == self.tax)
        row.tax_rate_id.active = False
        log = self.assertHeld("is not mapped to a Xero tax rate any more")
        self.assertNothingSent()
        self.assertEqual(row.review_state, "missing")
        self.assertIn("archived in Xero", row.why)
        row.tax_rate_id = self.connection.tax_rate_ids.create(
            {
                "connection_id": self.connection.id,
                "xero_key": "TAX009",
                "name": "GST anew",
                "rate": 15,
                "for_revenue": True,
            }
        )
        self.assertEqual(log._get_link().state, "pending")

    def test_several_taxes_on_a_line(self):
        second = self.tax.copy({"name": "Levy", "amount": 1})
        self.order.order_line.tax_ids += second
        log = self.assertHeld("The taxes GST 15% + Levy are together on")
        self.assertNothingSent()
        row = self.env["xero.tax.map"].search(log.action_fix()["domain"])
        self.assertEqual(row.tax_id | row.further_tax_ids, self.tax | second)
        self.assertEqual(row.review_state, "missing")
        self.order.order_line.tax_ids = self.tax
        self.assertGoesOn(log)

    def test_no_account(self):
        account = self.connection.default_account_id
        self.connection.default_account_id = False
        log = self.assertHeld("No Xero account is known for")
        self.assertNothingSent()
        self.assertFixOpens(log, "xero.connection", self.connection.id)
        self.connection.default_account_id = account
        self.assertGoesOn(log)

    def test_name_of_300_characters(self):
        self.customer.name = "K" * 300
        log = self.assertHeld("255")
        self.assertNothingSent()
        self.assertLess(len(log.message), 300)
        self.assertFixOpens(log, "res.partner", self.customer.id)
        self.customer.name = "Kauri Builders"
        self.assertGoesOn(log)

    def test_product_code_over_30_characters(self):
        self.product.default_code = "R" * 31
        log = self.assertHeld("30")
        self.assertNothingSent()
        self.assertFixOpens(log, "product.product", self.product.id)
        self.product.default_code = "RIMU-1"
        self.assertGoesOn(log)

    def test_order_of_a_note_only(self):
        note = Command.create({"display_type": "line_note", "name": "Thanks"})
        order = self._create_order(order_line=[note])
        with self.assertRaisesRegex(UserError, "nothing to invoice"):
            order.with_user(self.user_rep).action_create_xero_invoice()
        self.assertNothingSent()
        self.assertFalse(order.xero_invoice_ids)

    def test_a_second_click_asks_no_second_invoice(self):
        self.customer.email = False
        log = self.assertHeld("has no e-mail address")
        again = self.assertHeld("has no e-mail address")
        self.assertEqual(len(self.order.xero_invoice_ids), 1)
        self.assertNotEqual(log, again)
        self.assertEqual(log.state, "resolved", "one open row a record")

    def test_correcting_the_customer_is_enough(self):
        """The row goes on by itself, without Resync."""
        self.customer.email = False
        log = self.assertHeld("has no e-mail address")
        self.customer.email = "accounts@kauri.example.com"
        self.push()
        self.assertEqual(len(self.org.invoices), 1)
        self.assertEqual(log.state, "resolved")

    def test_a_confirmation_is_not_blocked_by_a_bad_order(self):
        self.connection.invoice_trigger = "order_confirmed"
        self.customer.email = False
        order = self._create_order()
        self.assertEqual(order.state, "sale")
        self.push()
        self.assertIn("has no e-mail", order.xero_error)
        self.assertNothingSent()


@tagged("post_install", "-at_install")
class TestRefusedByXero(BadInputCase):
    """What only Xero can know."""

    def assertCustomerRefused(self, customer, sentence):
        [log] = self.env["xero.log"].search(
            [
                ("state", "in", ("error", "conflict")),
                ("res_model", "=", "res.partner"),
                ("res_id", "=", customer.id),
            ]
        )
        self.assertIn(sentence, log.message)
        self.assertTrue(log.remedy)
        self.assertFalse(self.org.invoices)
        self.assertIn("is not in Xero", self.order.xero_error)
        return log

    def test_name_that_another_contact_has(self):
        self.customer.action_xero_push()
        twin = self.customer.copy(
            {"name": "Kauri Builders", "email": "other@kauri.example.com"}
        )
        self.order = self._create_order(partner_id=twin.id)
        self.order.action_create_xero_invoice()
        log = self.assertCustomerRefused(twin, "already has an active contact named")
        self.assertEqual(len(self.org.contacts), 1)
        self.assertFixOpens(log, "res.partner", twin.id)
        twin.name = "Kauri Builders South"
        log.action_resync()
        self.push()
        self.assertEqual(len(self.org.contacts), 2)
        self.assertEqual(len(self.org.invoices), 1)
        self.assertFalse(self.order.xero_error)
        self.assertEqual(log.state, "resolved")

    def test_email_that_two_contacts_in_xero_have(self):
        for name in ("Kauri North", "Kauri South"):
            self.org.add_contact(Name=name, EmailAddress=self.customer.email)
        self.pull("Contacts")
        self.order.action_create_xero_invoice()
        self.assertEqual(len(self.org.contacts), 2, "nobody guesses which it is")
        self.assertIn("waits for matching", self.order.xero_error)
        matches = self.env["xero.match"].search([("state", "=", "waiting")])
        self.assertEqual(matches.partner_id, self.customer)
        matches.candidate_ids.action_reject()
        self.push()
        names = {contact["Name"] for contact in self.org.contacts.values()}
        self.assertEqual(names, {"Kauri North", "Kauri South", "Kauri Builders"})
        [invoice] = self.org.invoices.values()
        self.assertEqual(invoice["Contact"]["Name"], "Kauri Builders")

    def test_contact_that_is_known_to_be_archived(self):
        self.customer.action_xero_push()
        self.org.archive(self.customer.xero_contact_id)
        self.pull("Contacts")
        self.xero.reset_calls()
        log = self.assertHeld("is archived in Xero")
        self.assertNothingSent()
        self.assertFixOpens(log, "res.partner", self.customer.id)
        self.restore_contact()
        self.pull("Contacts")
        self.assertGoesOn(log)

    def test_contact_that_was_archived_since_the_last_fetch(self):
        self.customer.action_xero_push()
        self.org.archive(self.customer.xero_contact_id)
        log = self.assertHeld("archived")
        self.assertFalse(self.org.invoices)
        self.restore_contact()
        self.assertGoesOn(log)

    def restore_contact(self):
        self.org.update(
            "Contacts",
            ContactID=self.customer.xero_contact_id,
            ContactStatus="ACTIVE",
        )

    def test_books_that_are_closed(self):
        self.connection.invoice_status = "authorised"
        self.org.set_lock_date(date.today() + timedelta(days=1))
        log = self.assertHeld("books are closed")
        self.assertFalse(self.org.invoices)
        self.org.set_lock_date(None)
        self.assertGoesOn(log)


@tagged("post_install", "-at_install")
class TestRefusedClick(BadInputCase):
    """Refused at the click: one sentence, and nothing is left behind."""

    def assertSentence(self, sentence, order=None):
        order = order or self.order
        counts = self.count()
        with self.assertRaisesRegex(UserError, sentence):
            order.with_user(self.user_rep).action_create_xero_invoice()
        self.assertEqual(self.count(), counts)
        self.assertFalse(self.xero.calls)

    def count(self):
        return [
            self.env[name].search_count([])
            for name in ("xero.invoice", "xero.link", "xero.log")
        ]

    def test_order_that_is_not_confirmed(self):
        order = self._create_order(confirm=False)
        self.assertSentence("is not confirmed yet. Confirm it", order)

    def test_cancelled_order(self):
        self.order._action_cancel()
        self.assertSentence("is not confirmed yet")

    def test_read_only_connection(self):
        self.connection.action_set_read_only()
        self.assertSentence("read-only mode: nothing is sent.*Go Live")

    def test_no_connection(self):
        self.connection.state = "draft"
        self.assertSentence("No Xero organisation is connected.*administrator")

    def test_excluded_order(self):
        self.order.xero_do_not_sync = True
        self.assertSentence("excluded from Xero. Untick Do Not Sync")

    def test_excluded_customer(self):
        self.customer.xero_do_not_sync = True
        self.assertSentence("excluded from Xero")

    def test_order_of_a_contact_of_an_excluded_company(self):
        person = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.customer.id}
        )
        order = self._create_order(partner_id=person.id)
        self.customer.xero_do_not_sync = True
        self.assertSentence("excluded from Xero", order)

    def test_order_before_day_zero(self):
        self.connection.date_start = fields.Date.today() + timedelta(days=1)
        self.assertSentence("is older than day zero")

    def test_excluded_product_goes_without_an_item(self):
        self.product.xero_do_not_sync = True
        self.order.action_create_xero_invoice()
        self.assertFalse(self.org.items)
        [invoice] = self.org.invoices.values()
        self.assertFalse(invoice["LineItems"][0].get("ItemCode"))

    def test_one_bad_order_of_several_stops_the_click(self):
        draft = self._create_order(confirm=False)
        self.assertSentence("is not confirmed yet", self.order + draft)

    def test_customer_that_cannot_be_sent_by_a_click(self):
        self.customer.write({"name": "x" * 300})
        self.customer.with_user(self.user_rep).action_xero_push()
        self.assertEqual(self.customer.xero_sync_state, "error")
        self.assertIn("255", self.customer.xero_error)
        log = self.env["xero.log"].search([("res_id", "=", self.customer.id)], limit=1)
        self.assertTrue(log.remedy)
        self.assertNothingSent()

    def test_tax_map_of_another_rate(self):
        rate = self.connection.tax_rate_ids.filtered(lambda r: r.tax_type == "NONE")
        row = self.connection.tax_map_ids.filtered(lambda row: row.tax_id == self.tax)
        with self.assertRaisesRegex(UserError, "would not have the total"):
            row.tax_rate_id = rate
