"""What follows once an invoice is in Xero: mail, payment link, files, note."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCommon


class FollowUpCase(XeroCommon):
    """An approved invoice of an order, and nothing that was not asked for."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.connection.write({"invoice_status": "authorised", "history_note": False})
        self.invoice = self.make_invoice()

    def make_invoice(self, **vals):
        order = self._create_order(**vals)
        order.action_create_xero_invoice()
        return order.xero_invoice_ids

    def work(self):
        """Do what is due, as the scheduled action does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection._push_waiting()
        self.env.invalidate_all()

    def send_and_die(self, invoice):
        """Press Send, and let the worker's process end in the middle."""
        try:  # not assertRaises, which would take back what was committed
            invoice.action_send()
        except SystemExit:
            self.env.invalidate_all()
        else:
            self.fail("the worker lives")

    def let_waits_pass(self):
        self.env["xero.invoice.task"].search([]).write({"next_try": False})
        self.connection.usage_ids.paused_until = False

    def open_rows(self):
        return self.env["xero.log"].search(
            [("res_model", "=", "xero.invoice.task"), ("state", "=", "error")]
        )

    def task(self, invoice, kind="email"):
        return invoice.task_ids.filtered(lambda task: task.kind == kind)

    def get_history(self, invoice):
        return self.org.history.get(("Invoices", invoice.xero_id), [])


@tagged("post_install", "-at_install")
class TestEmailByXero(FollowUpCase):
    def test_send_mails_the_invoice_once(self):
        invoice = self.invoice
        self.assertTrue(invoice.can_send)
        invoice.with_user(self.user_rep).action_send()
        self.assertEqual(
            [mail["to"] for mail in self.org.emails], ["accounts@kauri.example.com"]
        )
        self.assertRecordValues(
            invoice,
            [
                {
                    "is_sent": True,
                    "email_state": "sent",
                    "email_sent_to": "accounts@kauri.example.com",
                    "can_send": False,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "sent already"):
            invoice.action_send()
        self.work()
        self.assertEqual(len(self.org.emails), 1)

    def test_order_sends_it_and_says_where_to(self):
        order = self.invoice.order_id.with_user(self.user_rep)
        self.assertTrue(order.xero_can_send)
        order.action_send_xero_invoice()
        self.assertEqual(len(self.org.emails), 1)
        self.assertFalse(order.xero_can_send)
        self.assertEqual(order.xero_email_sent_to, "accounts@kauri.example.com")
        self.assertEqual(order.message_ids[0].author_id, self.user_rep.partner_id)
        tracked = order.sudo().message_ids.tracking_value_ids.mapped("new_value_char")
        self.assertTrue([text for text in tracked if "e-mailed to accounts@" in text])

    def test_nothing_is_mailed_unless_asked_for(self):
        self.work()
        self.assertFalse(self.org.emails)

    def test_mailed_at_once_when_it_is_made_approved(self):
        self.connection.email_mode = "approved"
        invoice = self.make_invoice()
        self.assertFalse(self.org.emails, "the click does not wait for the mail")
        self.work()
        self.work()
        self.assertEqual(len(self.org.emails), 1)
        self.assertEqual(invoice.email_state, "sent")

    def test_mailed_at_once_when_somebody_approves_it_in_xero(self):
        self.connection.write({"email_mode": "approved", "invoice_status": "draft"})
        invoice = self.make_invoice()
        self.work()
        self.assertFalse(self.org.emails)
        self.org.update("Invoices", InvoiceID=invoice.xero_id, Status="AUTHORISED")
        self.pull("Invoices")
        self.work()
        self.assertEqual(len(self.org.emails), 1)
        self.pull("Invoices")
        self.work()
        self.assertEqual(len(self.org.emails), 1)

    def test_what_the_accountant_has_sent_is_not_sent_again(self):
        self.connection.write({"email_mode": "approved", "invoice_status": "draft"})
        invoice = self.make_invoice()
        self.org.update(
            "Invoices",
            InvoiceID=invoice.xero_id,
            Status="AUTHORISED",
            SentToContact=True,
        )
        self.pull("Invoices")
        self.work()
        self.assertFalse(self.org.emails)
        self.assertEqual(invoice.email_state, "sent")

    def test_old_invoices_are_not_mailed_when_the_setting_is_changed(self):
        invoice = self.invoice
        self.connection.email_mode = "approved"
        self.org.pay(invoice.xero_id, "100.00", fields.Date.today())
        self.pull("Invoices")
        self.work()
        self.assertFalse(self.org.emails)

    def test_invoices_that_xero_made_itself_are_left_alone(self):
        self.connection.email_mode = "approved"
        self.customer.action_xero_push()
        self.org.add_invoice(self.org.contacts[self.customer.xero_contact_id], "100.00")
        self.pull("Invoices")
        self.work()
        self.assertFalse(self.org.emails)
        self.assertFalse(self.env["xero.invoice.task"].search([]))

    def test_draft_cannot_be_sent(self):
        self.connection.invoice_status = "draft"
        invoice = self.make_invoice()
        self.assertFalse(invoice.can_send)
        with self.assertRaisesRegex(UserError, "not approved in Xero yet"):
            invoice.action_send()

    def test_sending_can_be_switched_off(self):
        self.connection.email_mode = "none"
        invoice = self.make_invoice()
        self.assertFalse(invoice.can_send)
        with self.assertRaisesRegex(UserError, "switched off"):
            invoice.action_send()

    def test_never_mailed_while_the_totals_differ(self):
        self.connection.email_mode = "approved"
        invoice = self.make_invoice()
        invoice.order_id.order_line.price_unit = 260
        self.work()
        self.assertFalse(self.org.emails)
        self.assertEqual(invoice.email_state, "error")
        self.assertIn("not found equal", self.open_rows().message)
        with self.assertRaisesRegex(UserError, "not found equal"):
            invoice.action_send()
        invoice.order_id.order_line.price_unit = 250
        self.open_rows().with_user(self.user_accountant).action_resync()
        self.assertEqual(len(self.org.emails), 1)
        self.assertFalse(self.open_rows())

    def test_a_difference_that_a_person_has_accepted_may_be_mailed(self):
        self.connection.invoice_status = "draft"
        invoice = self.make_invoice()
        theirs = self.org.invoices[invoice.xero_id]
        line = {"LineItemID": theirs["LineItems"][0]["LineItemID"], "UnitAmount": 240}
        xero_id = invoice.xero_id
        self.org.update("Invoices", InvoiceID=xero_id, LineItems=[line])
        self.org.update("Invoices", InvoiceID=xero_id, Status="AUTHORISED")
        self.pull("Invoices")
        with self.assertRaisesRegex(UserError, "not found equal"):
            invoice.action_send()
        invoice.action_accept()
        invoice.action_send()
        self.assertEqual(len(self.org.emails), 1)

    def test_never_mailed_while_the_invoice_is_in_error(self):
        invoice = self.invoice
        self.link_of(invoice)._mark_error("Something is wrong")
        with self.assertRaisesRegex(UserError, "not found equal"):
            invoice.action_send()
        self.assertFalse(self.org.emails)

    def test_voided_before_its_turn(self):
        self.connection.email_mode = "approved"
        invoice = self.make_invoice()
        self.org.update("Invoices", InvoiceID=invoice.xero_id, Status="VOIDED")
        self.pull("Invoices")
        self.work()
        self.assertFalse(self.org.emails)
        self.assertFalse(invoice.task_ids)

    def test_demo_company_is_explained_without_a_call(self):
        self.connection.is_demo_company = True
        invoice = self.make_invoice()
        self.xero.reset_calls()
        invoice.action_send()
        self.assertFalse(self.xero.calls)
        self.assertIn("demo company sends no e-mails", invoice.email_problem)
        row = self.open_rows()
        self.assertEqual(row.action_fix()["res_model"], "xero.connection")
        self.connection.email_sender = "odoo"
        self.work()
        self.assertEqual(invoice.email_state, "sent", "it goes on by itself")
        self.assertFalse(self.org.emails)
        self.assertFalse(self.open_rows())

    def test_daily_allowance_waits_for_the_next_day(self):
        self.org.email_limit = 1
        first, second, third = (self.make_invoice() for _index in range(3))
        first.action_send()
        (second | third).action_send()
        self.assertEqual(len(self.org.emails), 1)
        self.assertEqual(self.xero.calls["POST Invoices/Email"], 2, "one was refused")
        self.assertEqual(second.email_state, "waiting")
        self.assertIn("as many e-mails as it allows", second.email_problem)
        self.work()
        self.assertEqual(self.xero.calls["POST Invoices/Email"], 2)
        self.org.email_limit = 10
        self.let_waits_pass()
        self.work()
        self.assertEqual(len(self.org.emails), 3)
        self.assertFalse(self.open_rows())

    def test_customer_without_an_address(self):
        self.connection.require_email = False
        self.customer.email = False
        invoice = self.make_invoice()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            invoice.action_send()
        self.connection.email_mode = "approved"
        other = self.make_invoice()
        self.work()
        self.assertEqual(other.email_state, "error")
        action = other.order_id.with_user(self.user_rep).action_fix_xero_email()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.customer.id)
        )
        self.customer.email = "new@kauri.example.com"
        self.work()
        self.assertEqual(
            [mail["to"] for mail in self.org.emails], ["new@kauri.example.com"]
        )
        self.assertFalse(self.open_rows())

    def test_address_that_xero_lacks(self):
        invoice = self.invoice
        contact = self.org.contacts[self.customer.xero_contact_id]
        self.org.touch(contact, EmailAddress="")
        invoice.action_send()
        self.assertIn("has no e-mail address in Xero", invoice.email_problem)
        self.org.touch(contact, EmailAddress="accounts@kauri.example.com")
        self.open_rows().action_resync()
        self.assertEqual(len(self.org.emails), 1)

    def test_who_may_send(self):
        invoice = self.invoice
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_outsider).action_send()
        self.env["ir.rule"].create(
            {
                "name": "Orders are read-only",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": f"[('id', '!=', {invoice.order_id.id})]",
                "perm_read": False,
            }
        )
        for record, method in (
            (invoice, "action_send"),
            (invoice.order_id, "action_send_xero_invoice"),
        ):
            with self.assertRaises(AccessError):
                getattr(record.with_user(self.user_rep), method)()
        self.assertFalse(self.org.emails)

    def test_invoice_without_an_order_is_the_accountants(self):
        contact = self.org.contacts[self.customer.xero_contact_id]
        self.org.add_invoice(contact, "100.00", Status="AUTHORISED")
        self.pull("Invoices")
        invoice = self.customer.xero_invoice_ids - self.invoice
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_rep).action_send()
        invoice.with_user(self.user_accountant).action_send()
        self.assertEqual(len(self.org.emails), 1)


@tagged("post_install", "-at_install")
class TestEmailFaults(FollowUpCase):
    """Whatever happens on the way, the customer gets one mail."""

    def check_fault(self, kind, state, route="POST Invoices/Email", **options):
        with self.subTest(kind=kind, route=route):
            self.org.emails.clear()
            invoice = self.make_invoice()
            self.xero.fail(route, kind, **options)
            invoice.action_send()
            task = self.task(invoice)
            self.assertEqual(task.state, state)
            self.assertEqual(len(self.open_rows()), 1)
            self.let_waits_pass()
            self.work()
            self.assertEqual(task.state, "done")
            self.assertEqual(len(self.org.emails), 1)
            self.assertTrue(invoice.is_sent)
            self.assertFalse(self.open_rows())

    def test_answer_is_missing(self):
        for kind in ("timeout_before", "timeout_after", "500", "500_after", "503"):
            self.check_fault(kind, "sending")

    def test_nothing_was_done(self):
        self.check_fault("429", "pending", retry_after=26)
        self.check_fault("429", "pending")
        self.check_fault("403", "pending")
        self.check_fault("401", "pending", times=2)

    def test_lost_mail_is_looked_for_even_when_xero_does_not_answer(self):
        invoice = self.invoice
        self.xero.fail("POST Invoices/Email", "timeout_after")
        invoice.action_send()
        self.xero.fail("GET Invoices", "503")
        self.work()
        self.assertEqual(self.task(invoice).state, "sending", "still unknown")
        self.let_waits_pass()
        self.work()
        self.assertEqual(self.task(invoice).state, "done")
        self.assertEqual(self.xero.calls["POST Invoices/Email"], 1)

    def test_history_tells_when_the_mark_is_missing(self):
        invoice = self.invoice
        self.xero.fail("POST Invoices/Email", "timeout_after")
        invoice.action_send()
        self.org.touch(self.org.invoices[invoice.xero_id], SentToContact=False)
        self.work()
        self.assertEqual(self.task(invoice).state, "done")
        self.assertEqual(self.xero.calls["POST Invoices/Email"], 1)

    def test_repeated_under_its_key_while_xero_remembers_it(self):
        invoice = self.invoice
        self.xero.fail("POST Invoices/Email", "timeout_before")
        invoice.action_send()
        key = self.task(invoice).idempotency_key
        self.work()
        sent = [
            request.headers["Idempotency-Key"]
            for request in self.xero.requests
            if request.route == "POST Invoices/Email"
        ]
        self.assertEqual(sent, [key, key])

    def test_a_new_key_once_xero_has_forgotten(self):
        invoice = self.invoice
        self.xero.fail("POST Invoices/Email", "timeout_before")
        invoice.action_send()
        task = self.task(invoice)
        key = task.idempotency_key
        task.sent_at = fields.Datetime.now() - timedelta(minutes=7)
        self.work()
        last = list(self.xero.requests)[-1]
        self.assertEqual(last.route, "POST Invoices/Email")
        self.assertNotEqual(last.headers["Idempotency-Key"], key)
        self.assertEqual(len(self.org.emails), 1)

    def test_worker_dies_between_the_call_and_its_commit(self):
        invoice = self.invoice
        tasks = type(self.env["xero.invoice.task"])

        def die(*_args):
            raise SystemExit

        with patch.object(tasks, "_settle_done", die):
            self.send_and_die(invoice)
        self.assertEqual(self.task(invoice).state, "sending", "committed before")
        self.assertEqual(len(self.org.emails), 1)
        self.work()
        self.assertEqual(self.task(invoice).state, "done")
        self.assertEqual(len(self.org.emails), 1)

    def test_second_click_while_the_first_is_under_way(self):
        invoice = self.invoice
        self.xero.fail("POST Invoices/Email", "timeout_before", times=2)
        invoice.action_send()
        invoice.action_send()
        self.let_waits_pass()
        self.work()
        self.assertEqual(len(self.task(invoice)), 1)
        self.assertEqual(len(self.org.emails), 1)


@tagged("post_install", "-at_install")
class TestEmailByOdoo(FollowUpCase):
    def prepare(self):
        super().prepare()
        self.connection.email_sender = "odoo"

    def get_mails(self):
        return self.env["mail.mail"].search([("model", "=", "xero.invoice")])

    def test_mail_carries_xeros_pdf_and_the_payment_link(self):
        invoice = self.invoice
        invoice.with_user(self.user_rep).action_send()
        mail = self.get_mails()
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.res_id, invoice.id)
        self.assertIn(invoice.number, mail.subject)
        self.assertTrue(invoice.online_url)
        self.assertIn(invoice._get_pay_url(), mail.body_html)
        self.assertIn(invoice.order_id.name, mail.body_html)
        self.assertIn("575.00", mail.body_html)
        self.assertIn("Your Invoice", mail.body_html)
        self.assertNotIn("Xero Invoice", mail.body_html)
        self.assertEqual(mail.attachment_ids.name, f"{invoice.number}.pdf")
        self.assertTrue(mail.attachment_ids.raw.startswith(b"%PDF"))
        self.assertFalse(self.org.emails)
        self.assertEqual(invoice.email_state, "sent")

    def test_xero_shows_it_as_sent(self):
        invoice = self.invoice
        invoice.action_send()
        self.work()
        self.assertTrue(self.org.invoices[invoice.xero_id]["SentToContact"])
        self.assertTrue(invoice.is_sent)
        self.assertEqual(len(self.get_mails()), 1)

    def test_in_the_customers_language_to_the_address_that_is_billed(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.connection._get_email_template()
        template.with_context(lang="fr_FR").subject = "Facture {{ object.number }}"
        billed = self.env["res.partner"].create(
            {
                "name": "Comptabilité",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "compta@kauri.example.com",
                "lang": "fr_FR",
            }
        )
        invoice = self.make_invoice(partner_invoice_id=billed.id)
        invoice.action_send()
        mail = self.get_mails()
        self.assertEqual(mail.subject, f"Facture {invoice.number}")
        self.assertEqual(mail.recipient_ids, billed)
        self.assertEqual(invoice.email_sent_to, "compta@kauri.example.com")

    def test_own_template(self):
        self.connection.email_template_id = self.env["mail.template"].create(
            {
                "name": "Ours",
                "model_id": self.env["ir.model"]._get_id("xero.invoice"),
                "subject": "Our own {{ object.number }}",
                "body_html": "<p>Kia ora</p>",
            }
        )
        self.make_invoice().action_send()
        self.assertIn("Our own", self.get_mails().subject)

    def test_faults(self):
        for route in ("GET Invoices/pdf", "GET Invoices/OnlineInvoice"):
            for kind in ("timeout_before", "500", "429", "truncated"):
                with self.subTest(route=route, kind=kind):
                    invoice = self.make_invoice()
                    self.xero.fail(route, kind, times=2)
                    invoice.action_send()
                    self.xero.clear_faults()
                    self.let_waits_pass()
                    self.work()
                    mails = self.get_mails().filtered(
                        lambda mail, invoice=invoice: mail.res_id == invoice.id
                    )
                    self.assertEqual(len(mails), 1)
                    self.assertFalse(self.open_rows())

    def test_worker_dies_before_its_commit(self):
        invoice = self.invoice
        invoices = type(invoice)

        def die(*_args):
            raise SystemExit

        with patch.object(invoices, "_post_sent", die):
            self.send_and_die(invoice)
        self.assertFalse(self.get_mails())
        self.work()
        self.assertEqual(len(self.get_mails()), 1)
        self.assertEqual(self.task(invoice).state, "done")


@tagged("post_install", "-at_install")
class TestOnlineInvoice(FollowUpCase):
    def test_fetched_when_somebody_wants_it_and_once(self):
        order = self.invoice.order_id.with_user(self.user_rep)
        self.work()
        self.assertFalse(order.xero_online_url)
        self.assertFalse(self.xero.calls["GET Invoices/OnlineInvoice"])
        order.action_get_xero_online_url()
        order.action_get_xero_online_url()
        self.assertEqual(
            order.xero_online_url,
            self.xero.online_url(self.org.invoices[order.xero_invoice_ids.xero_id]),
        )
        self.assertEqual(self.xero.calls["GET Invoices/OnlineInvoice"], 1)

    def test_fetched_when_approved_by_the_setting(self):
        self.connection.online_link_mode = "approved"
        invoice = self.make_invoice()
        self.work()
        self.assertTrue(invoice.online_url)

    def test_draft_has_none(self):
        self.connection.invoice_status = "draft"
        order = self.make_invoice().order_id
        with self.assertRaisesRegex(UserError, "approved in Xero"):
            order.action_get_xero_online_url()

    def test_xero_is_away(self):
        order = self.invoice.order_id
        self.xero.fail("GET Invoices/OnlineInvoice", "503", times=2)
        with self.assertRaisesRegex(UserError, "could not be reached"):
            order.action_get_xero_online_url()

    def test_address_is_a_web_address(self):
        invoice = self.invoice
        invoice._keep_online_url("javascript:alert(1)")
        self.assertFalse(invoice.online_url)

    def test_pdf_straight_from_xero(self):
        invoice = self.invoice.with_user(self.user_rep)
        action = invoice.action_download_pdf()
        invoice.action_download_pdf()
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "xero.invoice"), ("res_id", "=", invoice.id)]
        )
        self.assertEqual(len(files), 1)
        self.assertIn(f"/web/content/{files.id}", action["url"])
        self.assertTrue(files.with_user(self.user_rep).raw.startswith(b"%PDF"))
        with self.assertRaises(AccessError):
            files.with_user(self.user_outsider).read(["raw"])


@tagged("post_install", "-at_install")
class TestNote(FollowUpCase):
    def prepare(self):
        super().prepare()
        self.connection.history_note = True

    def get_notes(self, invoice):
        rows = self.get_history(invoice)
        return [row["Details"] for row in rows if row["Changes"] == "Note"]

    def test_note_names_the_order_and_the_salesperson(self):
        invoice = self.make_invoice(user_id=self.user_rep.id)
        self.work()
        self.assertEqual(
            self.get_notes(invoice),
            [
                f"Created from Odoo order {invoice.order_id.name} by "
                f"{self.user_rep.name}."
            ],
        )
        self.work()
        self.assertEqual(self.xero.calls["PUT Invoices/History"], 1)

    def test_xero_leads_back_to_the_order(self):
        invoice = self.make_invoice()
        url = self.org.invoices[invoice.xero_id]["Url"]
        self.assertIn(f"model=sale.order&res_id={invoice.order_id.id}", url)

    def test_draft_gets_its_note_as_well(self):
        self.connection.invoice_status = "draft"
        invoice = self.make_invoice()
        self.work()
        self.assertEqual(len(self.get_notes(invoice)), 1)

    def test_once_whatever_happens(self):
        for kind in ("timeout_before", "timeout_after", "500", "500_after", "429"):
            with self.subTest(kind=kind):
                invoice = self.make_invoice()
                self.xero.fail("PUT Invoices/History", kind)
                self.work()
                self.let_waits_pass()
                self.work()
                self.assertEqual(len(self.get_notes(invoice)), 1)
                self.assertFalse(self.open_rows())

    def test_calls_kept_for_people_are_not_used(self):
        invoice = self.make_invoice()
        self.connection.usage_ids.day_remaining = 10
        self.work()
        self.assertFalse(self.get_notes(invoice))
        self.connection.usage_ids.day_remaining = 900
        self.work()
        self.assertEqual(len(self.get_notes(invoice)), 1)


@tagged("post_install", "-at_install")
class TestFiles(FollowUpCase):
    def attach(self, order, name, content=b"hello"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "res_model": "sale.order",
                "res_id": order.id,
                "raw": content,
            }
        )

    def get_files(self, invoice):
        attached = self.org.attachments.get(("Invoices", invoice.xero_id), {})
        return {name: content for name, (_meta, content) in attached.items()}

    def test_quotation_is_attached(self):
        self.connection.attach_quotation = True
        invoice = self.make_invoice()
        self.work()
        [name] = self.get_files(invoice)
        self.assertEqual(name, f"{invoice.order_id.name}.pdf")
        self.assertTrue(self.get_files(invoice)[name])

    def test_signed_quotation_says_so(self):
        self.connection.attach_quotation = True
        order = self._create_order(confirm=False)
        order.signature = "R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="
        order.action_confirm()
        order.action_create_xero_invoice()
        self.work()
        self.assertEqual(
            list(self.get_files(order.xero_invoice_ids)), [f"{order.name} signed.pdf"]
        )

    def test_chosen_files_byte_for_byte_under_clean_names(self):
        self.connection.write({"attach_files": "chosen", "attach_online": True})
        order = self._create_order()
        content = bytes(range(256))
        chosen = self.attach(order, 'Plan: "A/B"+?.bin', content)
        self.attach(order, "other.txt")
        order.xero_attachment_ids = chosen
        order.action_create_xero_invoice()
        self.work()
        invoice = order.xero_invoice_ids
        self.assertEqual(self.get_files(invoice), {"Plan- -A-B-.bin": content})
        [(meta, _content)] = self.org.attachments[
            ("Invoices", invoice.xero_id)
        ].values()
        self.assertTrue(meta["IncludeOnline"])

    def test_file_chosen_later_follows_and_none_goes_twice(self):
        self.connection.attach_files = "chosen"
        order = self._create_order()
        first = self.attach(order, "plan.txt", b"one")
        same = self.attach(order, "copy of plan.txt", b"one")
        order.xero_attachment_ids = first
        order.action_create_xero_invoice()
        self.work()
        second = self.attach(order, "PLAN.txt", b"two")
        order.with_user(self.user_rep).xero_attachment_ids = first | same | second
        self.work()
        self.work()
        self.assertEqual(
            self.get_files(order.xero_invoice_ids),
            {"plan.txt": b"one", "PLAN (2).txt": b"two"},
        )
        self.assertEqual(self.xero.calls["PUT Invoices/Attachments"], 2)

    def test_all_files_of_the_order(self):
        self.connection.attach_files = "all"
        order = self._create_order()
        for number in range(3):
            self.attach(order, f"{number}.txt", b"%d" % number)
        order.action_create_xero_invoice()
        self.work()
        self.assertEqual(len(self.get_files(order.xero_invoice_ids)), 3)

    def test_a_file_of_another_record_cannot_be_smuggled_out(self):
        self.connection.attach_files = "chosen"
        order, other = self._create_order(), self._create_order()
        order.xero_attachment_ids = self.attach(other, "secret.txt")
        order.action_create_xero_invoice()
        self.work()
        self.assertFalse(self.get_files(order.xero_invoice_ids))

    def test_more_than_ten_are_left_out_and_said_so(self):
        self.connection.attach_files = "all"
        order = self._create_order()
        for number in range(12):
            self.attach(order, f"{number}.txt", b"%d" % number)
        order.action_create_xero_invoice()
        self.work()
        self.assertEqual(len(self.get_files(order.xero_invoice_ids)), 10)
        rows = self.open_rows()
        self.assertEqual(len(rows), 2)
        self.assertIn("a Xero invoice takes 10 files", rows[0].message)

    def test_too_large_a_file_is_left_out_and_said_so(self):
        self.connection.attach_files = "all"
        order = self._create_order()
        self.attach(order, "film.mp4", b"x" * (10 * 1024 * 1024 + 1))
        order.action_create_xero_invoice()
        self.work()
        self.assertFalse(self.xero.calls["PUT Invoices/Attachments"])
        self.assertIn("up to 10 MB", self.open_rows().message)

    def test_once_whatever_happens(self):
        self.connection.attach_files = "all"
        for kind in ("timeout_before", "timeout_after", "500", "500_after", "429"):
            with self.subTest(kind=kind):
                order = self._create_order()
                self.attach(order, "plan.txt", kind.encode())
                order.action_create_xero_invoice()
                self.xero.fail("PUT Invoices/Attachments", kind)
                self.work()
                self.let_waits_pass()
                self.work()
                files = self.get_files(order.xero_invoice_ids)
                self.assertEqual(files, {"plan.txt": kind.encode()})
                self.assertFalse(self.open_rows())

    def test_missing_permission_is_told_and_stops_nothing_else(self):
        self.connection.write({"attach_files": "all", "history_note": True})
        scopes = self.connection._get_needed_scopes()
        self.assertIn("accounting.attachments", scopes)
        answer = self.xero.issue_token(
            "TESTCLIENT",
            [self.org.tenant_id],
            scopes=[scope for scope in scopes if scope != "accounting.attachments"],
        )
        token = self.connection._get_token()
        token._write_secrets(
            access_token=answer["access_token"], refresh_token=answer["refresh_token"]
        )
        token.scopes = answer["scope"]
        order = self._create_order()
        self.attach(order, "plan.txt")
        order.action_create_xero_invoice()
        self.work()
        self.assertIn("does not cover this kind of data", self.open_rows().message)
        notes = self.task(order.xero_invoice_ids, "note")
        self.assertEqual(notes.state, "done")

    def test_report_that_cannot_be_printed(self):
        self.connection.attach_quotation = True
        invoice = self.make_invoice()
        reports = type(self.env["ir.actions.report"])

        def fail(*_args, **_kwargs):
            raise UserError(self.env._("Unable to find Wkhtmltopdf"))

        with patch.object(reports, "_render_qweb_pdf", fail):
            self.work()
        self.assertIn("could not be printed", self.open_rows().message)
        self.open_rows().action_resync()
        self.assertEqual(len(self.get_files(invoice)), 1)


@tagged("post_install", "-at_install")
class TestFollowUpQueries(FollowUpCase):
    def test_a_page_of_changed_invoices_costs_the_same_however_many(self):
        self.connection.write({"history_note": True, "email_mode": "approved"})
        counts = []
        for size in (1, 2, 12):
            orders = self.env["sale.order"]
            for _index in range(size):
                orders |= self._create_order()
            links = orders._request_xero_invoice()
            self.assertTrue(links)
            self.env.flush_all()
            self.env.invalidate_all()
            self.push()
            invoices = orders.xero_invoice_ids
            changes = invoices.ids
            before = dict.fromkeys(changes, False)
            invoices.task_ids.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            invoices.browse(changes)._queue_follow_ups(before)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(invoices.task_ids), 2 * size)
        self.assertEqual(counts[1], counts[2], "the first one fills the caches")
