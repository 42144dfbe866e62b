"""What becomes of webhooks: fetched in batches, once, whatever comes in between."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..const import WEBHOOK_CHECK
from .common import XeroCommon
from .common_webhook import WebhookMixin


@tagged("post_install", "-at_install")
class TestWebhookWork(WebhookMixin, XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.contact = self.org.add_contact(
            Name="Tui Tours", EmailAddress="hi@tui.example.com"
        )
        self.pull("Contacts", "Invoices", "CreditNotes", "Overpayments", "Prepayments")
        self.take_body()
        self.xero.reset_calls()

    def invoices(self):
        return self.env["xero.invoice"].search(
            [("connection_id", "=", self.connection.id)]
        )

    def open_rows(self):
        return self.env["xero.log"].search(
            [("connection_id", "=", self.connection.id), ("state", "=", "error")]
        )

    def test_payment_is_seen(self):
        invoice = self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        self.receive(self.take_body())
        self.work()
        self.assertEqual(self.invoices().status, "authorised")
        self.org.pay(invoice)
        self.receive(self.take_body())
        self.work()
        self.assertEqual(self.invoices().status, "paid")
        self.assertFalse(self.events(state="waiting"))

    def test_open_forms_are_told_and_no_money_is(self):
        """What is told goes to all who may see money at all: so ids only."""
        self.connection.invoice_status = "authorised"
        order = self._create_order()
        order.action_create_xero_invoice()
        invoice = self.org.invoices[order.xero_invoice_ids.xero_id]
        self.take_body()
        self.org.pay(invoice)
        self.receive(self.take_body())
        group = self.env.ref("xero_crm.group_xero_user")
        sent = []
        listener = type(group)
        self.patch(
            listener, "_bus_send", lambda who, *what, **_kw: sent.append((who, what))
        )
        self.work()
        self.assertEqual(order.xero_payment_status, "paid")
        told = {
            "xero.invoice": order.xero_invoice_ids.ids,
            "sale.order": order.ids,
            "crm.lead": [],
            "res.partner": order.partner_id.ids,
        }
        self.assertEqual(sent, [(group, ("xero_crm.changed", told))])

    def test_new_contact_and_its_invoice(self):
        """The contact is fetched first, whatever the order of the events."""
        contact = self.org.add_contact(Name="Weka Wool")
        self.org.add_invoice(contact, 100, Status="AUTHORISED")
        events = [("INVOICE", xero_id) for xero_id in self.org.invoices]
        events += [("CONTACT", contact["ContactID"])]
        self.receive(self.make_body(*events))
        self.work()
        self.assertEqual(self.invoices().partner_id.name, "Weka Wool")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1, "GET Invoices": 1})

    def test_many_events_are_one_call_for_forty_records(self):
        invoices = [self.org.add_invoice(self.contact, 100) for _n in range(90)]
        for invoice in invoices:
            self.org.pay(invoice, 10)
            self.org.pay(invoice, 10)
        body = self.take_body()
        for _time in range(2):
            self.receive(body)
        self.work()
        self.assertEqual(dict(self.xero.calls), {"GET Invoices": 3})
        self.assertEqual(len(self.invoices()), 90)
        self.assertEqual(set(self.invoices().mapped("amount_paid")), {20})
        self.xero.reset_calls()
        self.work()
        self.receive(body)
        self.work()
        self.assertFalse(self.xero.calls, "all of it was done")

    def test_order_does_not_matter(self):
        invoice = self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        first = self.take_body()
        self.org.pay(invoice)
        self.receive(self.take_body())
        self.work()
        self.receive(first)
        self.work()
        self.assertEqual(self.invoices().status, "paid")

    def test_what_never_came_is_brought_by_the_fetch(self):
        invoice = self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        self.org.pay(invoice)
        self.take_body()
        self.pull("Invoices")
        self.assertEqual(self.invoices().status, "paid")

    def test_credits(self):
        """Xero lists these by no ids: one call for all of them."""
        for _number in range(3):
            self.org.add_credit_note(self.contact, 10, Status="AUTHORISED")
        self.receive(self.take_body())
        self.receive(self.make_body(("OVERPAYMENT", "o-1"), ("PREPAYMENT", "p-1")))
        self.work()
        credit_notes = self.env["xero.credit.note"].search(
            [("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(len(credit_notes), 3)
        self.assertEqual(
            dict(self.xero.calls),
            {"GET CreditNotes": 1, "GET Overpayments": 1, "GET Prepayments": 1},
        )
        self.assertFalse(self.events(state="waiting"))

    def test_archived_contact(self):
        self.org.update(
            "Contacts",
            ContactID=self.contact["ContactID"],
            ContactStatus="ARCHIVED",
        )
        self.receive(self.take_body())
        self.work()
        partner = self.env["res.partner"].with_context(active_test=False)
        self.assertFalse(partner.search([("name", "=", "Tui Tours")]).active)

    def test_bill_and_unknown_id_make_nothing(self):
        self.org.add_invoice(self.contact, 100, Type="ACCPAY")
        self.receive(self.take_body())
        self.receive(
            self.make_body(("INVOICE", "00000000-0000-4000-8000-00000000dead"))
        )
        self.work()
        self.assertFalse(self.invoices())
        self.assertFalse(self.events(state="waiting"))
        self.assertFalse(self.open_rows())

    def test_failure_is_told_and_tried_again(self):
        self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        self.receive(self.take_body())
        for kind, options in (("503", {"times": 9}), ("429", {"retry_after": 30})):
            self.xero.fail("GET Invoices", kind, **options)
            self.work()
            self.xero.faults.remove()
            event = self.events()
            self.assertEqual(event.state, "waiting")
            self.assertGreater(event.next_try, fields.Datetime.now())
            self.assertTrue(event.error)
            self.assertEqual(len(self.open_rows()), 1)
            self.assertTrue(self.open_rows().remedy)
            self.xero.reset_calls()
            self.work()
            self.assertFalse(self.xero.calls, "not before its time")
            self.connection.usage_ids.paused_until = False
            event.with_user(self.user_accountant).action_try_again()
        event.next_try = fields.Datetime.now() + timedelta(hours=1)
        self.open_rows().with_user(self.user_accountant).action_resync()
        self.work()
        self.assertEqual(self.events().state, "done")
        self.assertEqual(len(self.invoices()), 1)
        self.assertFalse(self.open_rows())

    def test_bad_element_fails_alone(self):
        contacts = self.org.add_contacts(3)
        self.org.touch(contacts[1], Addresses="what?")
        events = [("CONTACT", contact["ContactID"]) for contact in contacts]
        self.receive(self.make_body(*events))
        self.work()
        names = [contact["Name"] for contact in contacts]
        self.assertEqual(
            self.env["res.partner"].search_count([("name", "in", names)]), 2
        )
        self.assertFalse(self.events(state="waiting"))
        self.assertEqual(self.open_rows().xero_id, contacts[1]["ContactID"])

    def test_killed_between_work_and_commit(self):
        self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        self.receive(self.take_body())
        inbox = type(self.env["xero.webhook.event"])
        finish = inbox._finish

        def die(*args):
            finish(*args)
            raise KeyboardInterrupt

        with patch.object(inbox, "_finish", die):
            with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
                self.env["xero.webhook.event"]._work_due(self.connection)
        self.assertFalse(self.invoices())
        self.assertEqual(self.events().state, "waiting")
        self.work()
        self.assertEqual(len(self.invoices()), 1)

    def test_event_that_comes_while_its_record_is_fetched(self):
        """It is newer than what is on its way, and fetched once more."""
        invoice = self.org.add_invoice(self.contact, 100, Status="AUTHORISED")
        self.receive(self.take_body())
        pull = type(self.env["xero.pull"])
        work_page = pull._work_page

        def pay_meanwhile(model, *args, **kwargs):
            if invoice["Status"] != "PAID":
                self.org.pay(invoice)
                self.receive(self.take_body())
            return work_page(model, *args, **kwargs)

        with patch.object(pull, "_work_page", pay_meanwhile):
            self.work()
        self.assertEqual(self.invoices().status, "paid")
        self.assertEqual(self.xero.calls["GET Invoices"], 2)

    def test_calls_are_left_for_people(self):
        self.org.add_invoice(self.contact, 100)
        self.receive(self.take_body())
        self.env["xero.usage"]._record(
            self.connection, {"day_remaining": 100, "updated_at": self.env.cr.now()}
        )
        self.work()
        self.assertFalse(self.xero.calls)
        self.assertEqual(self.events().state, "waiting")

    # === POLLING === #

    def is_due_after(self, resource, minutes):
        cursor = self.connection._get_cursor(resource)
        cursor.last_run = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.invalidate_all()
        return cursor._is_due()

    def test_polling_becomes_rarer_while_webhooks_arrive(self):
        self.assertTrue(self.is_due_after("Invoices", 6))
        self.assertTrue(self.is_due_after("Contacts", 11))
        self.org.add_invoice(self.contact, 100)
        self.receive(self.take_body())
        self.env.invalidate_all()
        self.assertEqual(self.connection.webhook_state, "arriving")
        for resource in ("Invoices", "Contacts"):
            self.assertFalse(self.is_due_after(resource, 59))
            self.assertTrue(self.is_due_after(resource, 61))
        self.assertTrue(self.is_due_after("Items", 61))

    def test_polling_comes_back_when_they_stop(self):
        self.org.add_invoice(self.contact, 100)
        self.receive(self.take_body())
        self.age(self.events(), timedelta(hours=25))
        self.assertEqual(self.connection.webhook_state, "silent")
        self.assertTrue(self.is_due_after("Invoices", 6))

    def test_polling_stays_rarer_settings(self):
        """Who asks less often anyway is not made to ask more."""
        self.connection.invoice_minutes = 600
        self.receive(self.make_body(("INVOICE", "a-1")))
        self.assertFalse(self.is_due_after("Invoices", 599))

    def age(self, events, age):
        """Let events have been received so long ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_webhook_event SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - age, events.ids],
        )
        self.env.invalidate_all()

    # === KEEPING === #

    def test_old_events_are_forgotten_and_the_last_sign_of_life_is_kept(self):
        body = self.xero.webhooks._encode([], 0, 0)
        self.receive(body)
        self.receive(body)
        self.receive(self.make_body(("CONTACT", "a-1"), ("CONTACT", "a-2")))
        self.receive(self.make_body(("INVOICE", "b-1"), ("INVOICE", "b-2")))
        rows = self.events()
        rows.filtered(lambda event: event.category == "CONTACT").state = "done"
        self.age(rows, timedelta(days=8))
        self.env["xero.webhook.event"]._gc_events()
        self.assertEqual(
            sorted(self.events().mapped(lambda e: (e.category, e.xero_id or ""))),
            [
                ("CONTACT", "a-2"),
                ("INTENT TO RECEIVE", ""),
                ("INVOICE", "b-1"),
                ("INVOICE", "b-2"),
            ],
        )
        self.age(rows.exists(), timedelta(days=32))
        self.env["xero.webhook.event"]._gc_events()
        self.assertFalse(self.events(xero_id="b-1"))
        self.assertTrue(self.events(category=WEBHOOK_CHECK))

    def test_another_companys_events_are_not_seen(self):
        self.receive(self.make_body(("INVOICE", "a-1")))
        company = self.env["res.company"].create({"name": "Other"})
        self.user_accountant.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        inbox = self.env["xero.webhook.event"].with_user(self.user_accountant)
        self.assertFalse(inbox.search([]))
        with self.assertRaises(AccessError):
            self.events().with_user(self.user_accountant).action_try_again()
        with self.assertRaises(AccessError):
            self.events().with_user(self.user_rep).action_try_again()
