"""Reminders to customers: which go out, which never, and that each goes out once."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.mail.tools.discuss import Store

from .test_performance import PerformanceCase


class ReminderCase(PerformanceCase):
    """Reminders on since long ago, every day; invoices that Xero has of a customer."""

    def prepare(self):
        super().prepare()
        self.today = fields.Date.today()
        self.connection.write({"reminders_weekdays_only": False, "reminders_tz": "UTC"})
        self.switch_on()
        self.contact = self.org.add_contact(
            name=self.customer.name, email=self.customer.email
        )
        links = self.env["xero.link"]._ensure(self.connection, self.customer)
        links._mark_synced(self.contact["ContactID"])
        self.stages.attach_pdf = False

    @property
    def stages(self):
        return self.connection.reminder_stage_ids

    def switch_on(self, **vals):
        """Switch reminders on, as if that had been a year ago."""
        self.connection.write({"reminders_enabled": True, **vals})
        long_ago = self.today - timedelta(days=365)
        self.connection.reminders_since = long_ago
        self.stages.date_from = long_ago

    def bill(self, days, amount="100.00", contact=None, **vals):
        """Make an invoice in Xero that is due so many days ago."""
        due = str(self.today - timedelta(days=days))
        issued = str(self.today - timedelta(days=days + 30))
        return self.org.add_invoice(
            contact or self.contact,
            amount,
            Status="AUTHORISED",
            Date=issued,
            DueDate=due,
            LineAmountTypes="Inclusive",
            **vals,
        )

    def pulled(self, *documents, others=()):
        self.pull(*others, "Invoices")
        return self.get_invoices(*documents)

    def get_invoices(self, *documents):
        ids = [document["InvoiceID"] for document in documents]
        return self.env["xero.invoice"].search([("xero_id", "in", ids)])

    def billed(self, *args, **kwargs):
        return self.pulled(self.bill(*args, **kwargs))

    def plan(self, day=None, **kwargs):
        planner = self.env["xero.reminder.planner"]
        return planner._plan(self.connection, day or self.today, **kwargs)

    def reasons(self, **kwargs):
        return [(mail.state, mail.reason) for mail in self.plan(**kwargs)]

    def remind(self, day=None):
        """Send what is due, as the scheduled action does; return the new mails."""
        before = self.mails()
        self.env.flush_all()
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection.env["xero.reminder"]._send_day(connection, day or self.today)
        self.env.invalidate_all()
        return self.mails() - before

    def run_scheduled(self, hour):
        """Let the scheduled action run today at an hour."""
        moment = datetime.combine(self.today, datetime.min.time())
        self.env.flush_all()
        with self.registry.cursor() as cr:
            with freeze_time(moment + timedelta(hours=hour), tick=True):
                self.env(cr=cr)["xero.reminder"]._cron_send()
        self.env.invalidate_all()

    def reminders(self, domain=()):
        mine = [("connection_id", "=", self.connection.id), *domain]
        return self.env["xero.reminder"].search(mine)

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "xero.invoice")])


@tagged("post_install", "-at_install")
class TestReminderStages(ReminderCase):
    def test_off_by_default(self):
        connection = self._connect(
            self.xero.add_organisation("Other (NZ)"), self.env.company
        )
        self.assertFalse(connection.reminders_enabled)
        self.assertFalse(connection.reminder_stage_ids)
        self.connection.reminders_enabled = False
        self.billed(7)
        self.run_scheduled(10)
        self.assertFalse(self.mails())

    def test_each_stage_has_its_day(self):
        self.assertEqual(self.stages.mapped("days"), [-3, 0, 7, 14, 30])
        overdue = (-4, -3, 0, 3, 4, 7, 14, 22, 23, 40)
        documents = {days: self.bill(days) for days in overdue}
        self.pulled()
        invoices = {days: self.get_invoices(documents[days]) for days in overdue}
        due = {
            invoice: stage.days
            for mail in self.plan()
            for invoice, stage in mail.entries
        }
        # What is late waits for the next stage, once that is the nearer one.
        expected = {-3: -3, 0: 0, 3: 0, 7: 7, 14: 14, 22: 14, 40: 30}
        self.assertEqual(due, {invoices[d]: days for d, days in expected.items()})

    def test_never_twice_and_only_the_latest(self):
        invoice = self.billed(40)
        [mail] = self.remind()
        self.assertIn("long overdue", html2plaintext(mail.body_html))
        self.assertEqual(invoice.reminder_ids.stage_id.days, 30)
        self.assertFalse(self.remind())
        self.assertFalse(self.remind(self.today + timedelta(days=100)))

    def test_goes_on_with_the_next_stage(self):
        invoice = self.billed(0)
        self.assertEqual(len(self.remind()), 1)
        for days in (1, 7, 8, 14, 15, 30, 31):
            self.remind(self.today + timedelta(days=days))
        self.assertEqual(
            invoice.reminder_ids.sorted("days").mapped("days"), [0, 7, 14, 30]
        )

    def test_before_due_is_not_said_afterwards(self):
        self.stages.filtered(lambda stage: stage.days == 0).active = False
        self.billed(1)
        self.assertFalse(self.plan())

    def test_switching_on_mails_nothing_that_is_old(self):
        old, soon = self.bill(20), self.bill(13)
        old, soon = self.pulled(old), self.pulled(soon)
        self.connection.reminders_enabled = False
        self.connection.reminders_enabled = True
        self.assertFalse(self.plan(), "today is for looking at what is going to go out")
        tomorrow = self.today + timedelta(days=1)
        [mail] = self.plan(tomorrow)
        self.assertEqual(mail.invoices, soon)
        [mail] = self.plan(self.today + timedelta(days=10))
        self.assertEqual(mail.invoices, old)

    def test_switching_on_may_remind_once_of_what_is_old(self):
        invoice = self.billed(20)
        self.connection.reminders_enabled = False
        self.connection.write(
            {"reminders_enabled": True, "reminders_backlog": "latest"}
        )
        tomorrow = self.today + timedelta(days=1)
        self.assertEqual(len(self.remind(tomorrow)), 1)
        self.assertEqual(invoice.reminder_ids.mapped("days"), [14])

    def test_a_new_stage_is_for_what_reaches_it_from_now_on(self):
        self.billed(90)
        self.remind()
        self.stages.create(
            {
                "connection_id": self.connection.id,
                "days": 60,
                "template_id": self.stages[-1].template_id.id,
            }
        )
        self.assertFalse(self.plan(self.today + timedelta(days=1)))

    def test_minimum_amount(self):
        self.stages.amount_min = 100.01
        self.billed(7, "100.00")
        self.assertFalse(self.plan())
        self.stages.amount_min = 100
        self.assertTrue(self.plan())

    def test_days_and_hours(self):
        connection = self.connection
        connection.write(
            {
                "reminders_weekdays_only": True,
                "reminders_hour": 9.5,
                "reminders_tz": "Pacific/Auckland",  # UTC+12 in June
            }
        )
        connection.reminders_since = date(2020, 1, 1)
        for now, day in {
            (2026, 6, 3, 21, 29): None,
            (2026, 6, 3, 21, 30): date(2026, 6, 4),
            (2026, 6, 4, 5, 29): date(2026, 6, 4),
            (2026, 6, 4, 5, 30): None,
            (2026, 6, 5, 22, 0): None,  # Saturday there
            (2026, 6, 7, 22, 0): date(2026, 6, 8),
        }.items():
            self.assertEqual(connection._get_sending_day(datetime(*now)), day, now)

    def test_scheduled_action_sends_when_it_is_time(self):
        self.connection.reminders_hour = 9
        self.billed(7)
        for hour, number in ((8, 0), (10, 1), (11, 1)):
            self.run_scheduled(hour)
            self.assertEqual(len(self.mails()), number)
        self.assertIn("mails sent: 1.", self.connection.reminders_note)


@tagged("post_install", "-at_install")
class TestReminderHolds(ReminderCase):
    """What must never be asked for."""

    def assertHeld(self, text):
        [(state, reason)] = self.reasons()
        self.assertEqual(state, "held")
        self.assertIn(text, reason)
        self.assertFalse(self.remind())

    def test_what_changed_in_xero_since_the_last_fetch(self):
        paid, voided, part = self.bill(7), self.bill(7), self.bill(7)
        self.pulled()
        self.org.pay(paid, "100.00")
        self.org.pay(part, "40.00")
        xero_id = voided["InvoiceID"]
        self.org.update("Invoices", InvoiceID=xero_id, Status="VOIDED")
        self.xero.reset_calls()
        [mail] = self.remind()
        self.assertEqual(dict(self.xero.calls), {"GET Invoices": 1})
        self.assertEqual(self.reminders().mapped("amount_due"), [60.0])
        text = html2plaintext(mail.body_html)
        self.assertIn(part["InvoiceNumber"], text)
        self.assertNotIn(voided["InvoiceNumber"], text)
        self.assertNotIn(paid["InvoiceNumber"], text)

    def test_nothing_is_sent_while_xero_cannot_be_asked(self):
        self.billed(7)
        for kind in ("503", "timeout_before", "429"):
            self.xero.fail("GET Invoices", kind, times=9)
            self.assertFalse(self.remind(), kind)
            self.xero.clear_faults()
            self.connection.usage_ids.paused_until = False
        self.assertIn("mails sent: 0.", self.connection.reminders_note)
        self.assertEqual(len(self.remind()), 1)

    def test_disputed(self):
        invoice = self.billed(7)
        action = invoice.with_user(self.user_rep).action_dispute()
        wizard = self.env[action["res_model"]].with_user(self.user_rep)
        wizard = wizard.with_context(**action["context"])
        wizard.create({"reason": "Two legs are missing"}).action_pause()
        self.assertEqual(invoice.disputed_by_id, self.user_rep)
        self.assertIn("Two legs", invoice.message_ids[0].body)
        self.assertEqual(invoice.message_ids[0].author_id, self.user_rep.partner_id)
        self.assertHeld("Two legs are missing")
        invoice.with_user(self.user_rep).action_end_dispute()
        self.assertEqual(len(self.remind()), 1)

    def test_paused_invoice(self):
        invoice = self.billed(7)
        until = self.today + timedelta(days=3)
        invoice.with_user(self.user_rep)._set_paused(until, "Will pay on Friday")
        self.assertHeld("Will pay on Friday")
        self.assertEqual(len(self.remind(until)), 1)
        other = self.billed(7)
        other.with_user(self.user_rep)._set_paused(False, "Barter")
        self.assertHeld("No reminders. Barter")
        other.with_user(self.user_rep).action_resume_reminders()
        self.assertEqual(len(self.remind()), 1)

    def test_paused_customer(self):
        self.billed(7)
        person = self.customer.create(
            {"name": "Ann", "parent_id": self.customer.id, "type": "contact"}
        )
        until = self.today + timedelta(days=3)
        wizard = self.env["xero.reminder.pause"].with_user(self.user_rep)
        wizard.create(
            {
                "kind": "customer",
                "partner_id": person.id,
                "until": until,
                "reason": "Is on holiday",
            }
        ).action_pause()
        self.assertEqual(self.customer.xero_reminders_paused_until, until)
        self.assertHeld("Is on holiday")
        self.assertEqual(self.plan(until)[0].state, "ready")
        self.customer.write(
            {"xero_no_reminders": True, "xero_reminders_paused_until": False}
        )
        self.assertHeld("No reminders")

    def test_a_pause_must_end_in_the_future(self):
        invoice = self.billed(7)
        wizard = self.env["xero.reminder.pause"].create(
            {"invoice_ids": invoice.ids, "until": self.today, "reason": "x"}
        )
        with self.assertRaisesRegex(UserError, "still to come"):
            wizard.action_pause()

    def test_credit_that_covers_it(self):
        self.bill(7, "60.00")
        self.org.add_credit_note(self.contact, "60.00", LineAmountTypes="Inclusive")
        self.pulled(others=["CreditNotes"])
        self.assertHeld("has credit of")
        self.bill(7, "0.50")
        self.pulled()
        self.assertEqual(len(self.remind()), 1, "the credit does not cover both")

    def test_invoice_that_is_being_changed(self):
        invoice = self.billed(7)
        invoice.wanted_change = "void"
        [(state, reason)] = self.reasons()
        self.assertEqual((state, reason), ("held", "It is being changed in Xero."))

    def test_payment_on_its_way(self):
        invoice = self.billed(7)
        provider = self.env["payment.provider"].create({"name": "Test"})
        methods = self.env["payment.method"].with_context(active_test=False)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "amount": 100,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.customer.id,
                "xero_invoice_ids": [Command.set(invoice.ids)],
            }
        )
        transaction.is_live = True
        self.assertEqual(self.plan()[0].state, "ready", "it is a draft, not a payment")
        for state in ("pending", "done"):
            transaction.state = state
            self.assertHeld("on its way to Xero")
        transaction.is_live = False
        self.assertEqual(self.plan()[0].state, "ready", "no money has moved")
        transaction.is_live = True
        self.org.pay(invoice.xero_id, "100.00")
        self.pull("Invoices")
        self.assertFalse(self.plan())

    def test_an_announced_transfer_holds_for_a_week(self):
        provider = self.env["payment.provider"].create({"name": "Test"})
        self.env.cr.execute(  # comes with an app of its own
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s", [provider.id]
        )
        provider.invalidate_recordset()
        methods = self.env["payment.method"].with_context(active_test=False)
        order = self._create_order()
        invoice = self.billed(7)
        invoice.order_id = order
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "amount": 100,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "pending",
            }
        )
        self.assertHeld("on its way to Xero")
        transaction.last_state_change -= timedelta(days=8)
        self.assertEqual(len(self.remind()), 1)

    def test_who_cannot_be_reminded_is_told_once(self):
        self.billed(7)
        self.customer.email = False
        self.assertFalse(self.remind())
        self.remind()
        logs = self.env["xero.log"]
        row = logs.search([("operation", "=", "remind")])
        self.assertIn("has no e-mail address", row.message)
        self.assertEqual(row.action_fix()["res_id"], self.customer.id)
        for email, text in (
            ("nobody", "is no e-mail address"),
            ("away@kauri.example.com", "is on the blacklist"),
        ):
            self.env["mail.blacklist"]._add("away@kauri.example.com")
            self.customer.email = email
            [(state, reason)] = self.reasons()
            self.assertEqual(state, "blocked")
            self.assertIn(text, reason)
        self.customer.email = "ok@kauri.example.com"
        self.assertEqual(len(self.remind()), 1)
        rows = logs.search([("operation", "=", "remind")])
        self.assertEqual(set(rows.mapped("state")), {"resolved"})

    def test_contact_without_a_customer(self):
        self.connection.match_hold_score = 0
        invoice = self.billed(7)
        invoice.partner_id = False
        [(state, reason)] = self.reasons()
        self.assertEqual(state, "blocked")
        self.assertIn("is not linked to a customer", reason)

    def test_one_bad_mail_does_not_stop_the_others(self):
        contact = self.org.add_contact(
            name="Rata Ltd", EmailAddress="a@rata.example.com"
        )
        other = self.bill(7, contact=contact)
        self.bill(14, "33.00")
        self.pulled(others=["Contacts"])
        template = self.stages.filtered(lambda s: s.days == 14).template_id
        good, template.body_html = (
            template.body_html,
            "<p t-out='1 / (33 - object.amount_due)'/>",
        )
        with mute_logger(
            "odoo.addons.mail.models.mail_render_mixin",
            "odoo.addons.xero_crm.models.xero_reminder_send",
        ):
            [mail] = self.remind()
        self.assertEqual(mail.recipient_ids.email, "a@rata.example.com")
        self.assertIn(other["InvoiceNumber"], mail.body_html)
        row = self.env["xero.log"].search([("operation", "=", "remind")])
        self.assertEqual(row.state, "error")
        self.assertEqual(row.action_fix()["res_model"], "mail.template")
        template.body_html = good
        self.assertEqual(len(self.remind()), 1)
        self.assertEqual(row.state, "resolved")


@tagged("post_install", "-at_install")
class TestReminderMails(ReminderCase):
    def test_one_mail_for_a_customer_and_the_highest_stage_decides(self):
        invoices = self.pulled(self.bill(14, "20.00"), self.bill(7), self.bill(0))
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        woken = [("cron_id", "=", queue.id)]
        before = self.env["ir.cron.trigger"].search_count(woken)
        [mail] = self.remind()
        self.assertGreater(self.env["ir.cron.trigger"].search_count(woken), before)
        text = html2plaintext(mail.body_html)
        for invoice in invoices:
            self.assertIn(invoice.number, text)
        self.assertIn("220.00", text)
        self.assertIn("have not received your payment", text)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.state, "outgoing")
        reminders = self.reminders()
        self.assertEqual(set(reminders.mapped("delivery")), {"waiting"})
        mail.write({"state": "exception", "failure_reason": "No such host"})
        self.env.invalidate_all()
        failed = self.reminders([("delivery", "=", "failed")])
        self.assertEqual(failed, reminders)
        self.assertEqual(set(failed.mapped("delivery_error")), {"No such host"})
        mail.state = "sent"
        self.env.invalidate_all()
        self.assertEqual(set(reminders.mapped("delivery")), {"sent"})
        self.assertFalse(self.reminders([("delivery", "=", "failed")]))
        self.assertEqual(sorted(reminders.mapped("days")), [0, 7, 14])
        self.assertEqual(reminders.mail_message_id, mail.mail_message_id)

    def test_recipients(self):
        self.billed(7)
        child = {"parent_id": self.customer.id, "email": "bills@kauri.example.com"}
        contact = self.customer.create({"name": "A Bills", "type": "invoice", **child})
        self.assertEqual(self.plan()[0].recipient, contact)
        self.map_reference_data()
        self.connection.invoice_status = "authorised"
        branch = self.customer.create({"name": "Branch", "type": "invoice", **child})
        company = self.env["res.company"].create({"name": "Other"})
        self.customer.create(  # another company's own
            {"name": "Theirs", "type": "invoice", "company_id": company.id, **child}
        )
        self.assertEqual(self.plan()[0].recipient, contact)
        order = self._create_order(partner_invoice_id=branch.id)
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        day = invoice.due_date
        by_recipient = {mail.recipient: mail.invoices for mail in self.plan(day)}
        self.assertEqual(by_recipient[branch], invoice)

    def test_senders(self):
        invoice = self.billed(7)
        self.env.company.email = "hello@company.example.com"
        self.assertIn("hello@company.example.com", invoice.reminder_email_from)
        self.connection.reminders_email_from = "accounts@company.example.com"
        invoice.order_id = self._create_order(user_id=self.user_rep.id)
        [mail] = self.remind()
        self.assertIn("accounts@company.example.com", mail.email_from)
        self.assertIn(self.user_rep.email, mail.reply_to)
        self.connection.reminders_reply_to = "company"
        self.env.invalidate_all()
        self.assertIn("accounts@company.example.com", invoice.reminder_reply_to)

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.stages.filtered(lambda s: s.days == 7).template_id
        french = template.with_context(lang="fr_FR")
        french.subject = "Rappel {{ object.reminder_numbers }}"
        french.body_html = "<p>Bonjour, <t t-out='object.reminder_table'/></p>"
        contact = self.org.add_contact(
            name="Le Bois", EmailAddress="a@bois.example.com"
        )
        self.bill(7, "1234.50", contact=contact)
        self.bill(7, "1234.50")
        self.pulled(others=["Contacts"])
        partner = self.env["res.partner"].search([("name", "=", "Le Bois")])
        partner.lang = "fr_FR"
        mails = {mail.recipient_ids: mail for mail in self.remind()}
        text = html2plaintext(mails[partner].body_html).replace("\xa0", " ")
        self.assertIn("Bonjour", text)
        self.assertRegex(text, r"1.234,50")
        self.assertIn("Rappel", mails[partner].subject)
        text = html2plaintext(mails[self.customer].body_html)
        self.assertIn("slipped your attention", text)
        self.assertIn("1,234.50", text)

    def test_pdf_goes_with_it_where_the_stage_says_so(self):
        self.stages.attach_pdf = True
        self.pulled(self.bill(7), self.bill(7))
        self.xero.reset_calls()
        [mail] = self.remind()
        self.assertEqual(len(mail.attachment_ids), 2)
        self.assertEqual(
            dict(self.xero.calls), {"GET Invoices": 1, "GET Invoices/pdf": 2}
        )
        self.assertTrue(mail.attachment_ids[0].raw.startswith(b"%PDF"))

    def test_without_its_pdf_it_waits(self):
        self.stages.attach_pdf = True
        self.billed(7)
        self.xero.fail("GET Invoices/pdf", "503", times=9)
        self.assertFalse(self.remind())
        self.xero.clear_faults()
        self.assertEqual(len(self.remind()), 1)

    def test_chatters(self):
        self.map_reference_data()
        self.connection.invoice_status = "authorised"
        order = self._create_order()
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        other = self.billed((self.today - invoice.due_date).days)
        [mail] = self.remind(invoice.due_date)
        self.assertEqual(len(mail.mail_message_id), 1)
        hung_on = self.env["xero.invoice"].browse(mail.res_id)
        beside = (invoice | other) - hung_on
        self.assertIn("reminder sent to", beside.message_ids[0].body)
        self.assertIn("/xero_crm/pay/", mail.body_html)
        for record, name in (
            (order, "xero_invoice_number"),
            (self.customer, "xero_reminder"),
        ):
            values = record.message_ids[0].sudo().tracking_value_ids
            self.assertEqual(values.field_id.name, name)
            self.assertIn("reminder sent to", values.new_value_char)
            for user, assertion in (
                (self.user_outsider, self.assertNotIn),
                (self.user_rep, self.assertIn),
            ):
                messages = record.with_user(user).message_ids
                shown = str(Store().add(messages).get_result())
                assertion("reminder sent to", shown)

    def test_two_at_once_send_one(self):
        invoice = self.billed(7)
        [mail] = self.plan()
        rows = [{"invoice": invoice, "stage": mail.stage, "state": "skipped"}]
        reminders = self.env["xero.reminder"]
        self.assertTrue(reminders._record(rows))
        self.assertEqual(reminders._make_mails([mail], {}), 0)
        self.assertFalse(self.mails())

    def test_forty_five_cost_as_much_as_five_but_for_the_mails(self):
        counts, calls = {}, {}
        for number in (5, 45):
            for contact in self.org.add_contacts(number):
                self.bill(7, contact=contact)
            self.pulled(others=["Contacts"])
            self.xero.reset_calls()
            with self.counted() as queries:
                self.assertEqual(len(self.remind()), number)
            counts[number] = queries[0]
            calls[number] = self.xero.calls["GET Invoices"]
        self.assertEqual(calls, {5: 1, 45: 2})
        self.assertLess((counts[45] - counts[5]) / 40, 3, counts)


@tagged("post_install", "-at_install")
class TestReminderScreens(ReminderCase):
    def preview(self, user=None):
        model = self.env["xero.reminder.preview"].with_user(
            user or self.user_accountant
        )
        action = model.action_open(self.connection.ids)
        return model.search([("create_uid", "=", model.env.uid)]), action

    def test_preview_is_what_goes_out(self):
        ready = self.bill(7, "20.00")
        soon = self.bill(5, "30.00")
        held = self.bill(14)
        self.pulled(ready, soon, held)
        disputed = self.pulled(held)
        disputed._set_disputed("Broken")
        self.connection.reminders_hour = 23.9  # today is still to come
        rows, action = self.preview()
        self.assertEqual(action["res_model"], "xero.reminder.preview")
        self.assertEqual(
            [(row.date, row.state, row.invoice_id.number) for row in rows[:3]],
            [
                (self.today, "ready", ready["InvoiceNumber"]),
                (self.today, "held", held["InvoiceNumber"]),
                (
                    self.today + timedelta(days=2),
                    "ready",
                    soon["InvoiceNumber"],
                ),
            ],
        )
        row = rows[0]
        [mail] = self.remind()
        self.assertEqual(row.subject, mail.subject)
        self.assertIn(ready["InvoiceNumber"], row.body)
        self.assertEqual(
            html2plaintext(row.body).split(), html2plaintext(mail.body_html).split()
        )

    def test_preview_before_it_is_switched_on(self):
        self.billed(6)
        self.connection.reminders_enabled = False
        rows, _action = self.preview()
        self.assertEqual(rows.date, self.today + timedelta(days=1))

    def test_send_now_and_skip(self):
        first = self.bill(6)
        contact = self.org.add_contact(
            name="Rata Ltd", EmailAddress="a@rata.example.com"
        )
        second = self.bill(6, contact=contact)
        self.pulled(others=["Contacts"])
        first, second = self.get_invoices(first), self.get_invoices(second)
        rows, _action = self.preview()
        row = rows.filtered(lambda r: r.invoice_ids == first)
        row.action_send_now()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(first.reminder_ids.user_id, self.user_accountant)
        rows, _action = self.preview()
        rows.filtered(lambda r: r.invoice_ids == second).action_skip()
        self.assertEqual(second.reminder_ids.state, "skipped")
        rows, _action = self.preview()
        self.assertFalse(rows)
        self.assertFalse(self.remind(self.today + timedelta(days=1)))
        self.assertEqual(len(self.plan(self.today + timedelta(days=8))), 2)

    def test_send_now_sends_the_next_stage_and_says_what_is_true(self):
        invoice = self.billed(-1)
        rows, _action = self.preview()
        self.assertEqual(rows.mapped("days"), [0])
        invoice.due_date = self.today - timedelta(days=6)
        rows, _action = self.preview()
        self.assertEqual(rows.mapped("days"), [7])
        invoice.due_date = self.today
        rows[0].date = self.today + timedelta(days=7)
        with self.assertRaisesRegex(UserError, "not overdue yet"):
            rows.action_send_now()
        later = rows.copy({"date": self.today + timedelta(days=14)})
        self.assertEqual((rows | later)._keep_first(), rows)

    def test_send_now_minds_a_pause_that_ends_later(self):
        invoice = self.billed(6)
        invoice._set_paused(self.today + timedelta(days=2), "Will pay tomorrow")
        rows, _action = self.preview()
        ready = rows.filtered(lambda row: row.state == "ready")
        self.assertEqual(ready.date, self.today + timedelta(days=2))
        with self.assertRaisesRegex(UserError, "Will pay tomorrow"):
            ready.action_send_now()
        self.assertFalse(self.mails())

    def test_send_now_asks_xero_first(self):
        invoice = self.billed(6)
        rows, _action = self.preview()
        self.org.pay(invoice.xero_id, "100.00")
        with self.assertRaisesRegex(UserError, "nothing to remind of"):
            rows.action_send_now()
        self.assertFalse(self.mails())

    def test_by_hand(self):
        self.map_reference_data()
        self.connection.invoice_status = "authorised"
        order = self._create_order(user_id=self.user_rep.id)
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids.with_user(self.user_rep)
        action = invoice.action_send_reminder()
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(self.user_rep)
            .with_context(**action["context"])
        ).save()
        self.assertEqual(composer.partner_ids, self.customer)
        self.assertIn(invoice.number, composer.body)
        composer.action_send_mail()
        self.assertEqual(invoice.reminder_ids.state, "by_hand")
        self.assertEqual(invoice.reminder_ids.user_id, self.user_rep)
        self.assertIn(self.customer, invoice.message_ids[0].notified_partner_ids)
        sent = invoice.reminder_ids.stage_id.days
        day = invoice.due_date + timedelta(days=sent)
        self.assertFalse(self.plan(day), "that stage is done")
        invoice.sudo()._set_disputed("Broken")
        with self.assertRaisesRegex(UserError, "Broken"):
            invoice.action_send_reminder()

    def test_who_may(self):
        invoice = self.billed(7)
        outsider = invoice.with_user(self.user_outsider)
        for method in (
            "action_dispute",
            "action_end_dispute",
            "action_pause_reminders",
            "action_resume_reminders",
            "action_send_reminder",
        ):
            with self.assertRaises(AccessError):
                getattr(outsider, method)()
        with self.assertRaises(AccessError):
            self.preview(self.user_rep)
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_rep).write({"is_disputed": True})
        rows, _action = self.preview()
        with self.assertRaises(AccessError):
            rows.with_user(self.user_xero_admin).read(["body"])
        self.env["ir.rule"].create(
            {
                "name": "Not this customer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.customer.id})]",
                "groups": [
                    Command.link(
                        self.env.ref("sales_team.group_sale_salesman_all_leads").id
                    )
                ],
            }
        )
        self.remind()
        mine = self.reminders()
        self.assertTrue(mine)
        self.assertFalse(mine.with_user(self.user_rep).search([("id", "in", mine.ids)]))
        with self.assertRaises(AccessError):
            invoice.with_user(self.user_rep).action_dispute()

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        org = self.xero.add_organisation("Other (NZ)")
        other = self._connect(org, company, reminders_tz="UTC")
        self.billed(7)
        planner = self.env["xero.reminder.planner"]
        other.reminders_enabled = True
        other.reminders_since = self.today - timedelta(days=9)
        self.assertFalse(planner._plan(other, self.today))
        self.assertEqual(len(self.plan()), 1)
        preview = self.env["xero.reminder.preview"].with_user(self.user_accountant)
        row = preview.create(
            {
                "connection_id": self.connection.id,
                "stage_id": self.stages[0].id,
                "recipient_id": self.customer.id,
                "invoice_id": self.env["xero.invoice"]
                .create({"connection_id": other.id, "number": "SECRET-1"})
                .id,
            }
        )
        with self.assertRaises(AccessError):
            row.read(["body"])
        stages = self.env["xero.reminder.stage"].with_user(self.user_accountant)
        self.assertFalse(stages.search([("connection_id", "=", other.id)]))
