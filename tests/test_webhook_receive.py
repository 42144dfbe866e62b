"""The address that Xero calls: who is let in, what is kept, what it costs."""

import json
import logging

from odoo.tests import tagged

from ..controllers.webhook import MAX_BODY, failures
from ..xero_api import sign
from .common import CLIENT_ID
from .common_http import XeroHttpCase
from .common_webhook import KEY, WebhookMixin


@tagged("post_install", "-at_install")
class TestWebhookReceive(WebhookMixin, XeroHttpCase):
    def post(self, body, signature, **headers):
        self.env.flush_all()
        if signature is not None:
            headers["x-xero-signature"] = signature
        headers.setdefault("Content-Type", "application/json")
        return self.url_open("/xero_crm/webhook", data=body, headers=headers)

    def assertAnswer(self, answer, status):
        """What Xero demands: the status, no body, no cookie, and that soon."""
        self.assertEqual(answer.status_code, status)
        self.assertEqual(answer.content, b"")
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertLess(answer.elapsed.total_seconds(), 5)

    def triggers(self):
        cron = self.env.ref("xero_crm.ir_cron_xero_webhook")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_right_signature_is_kept_and_wakes_the_worker(self):
        contact = self.org.add_contact(Name="Tui Tours")
        invoice = self.org.add_invoice(contact, 100)
        before = self.triggers()
        body = self.take_body()
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertEqual(
            set(self.events().mapped(lambda e: (e.category, e.xero_id, e.state))),
            {
                ("CONTACT", contact["ContactID"], "waiting"),
                ("INVOICE", invoice["InvoiceID"], "waiting"),
            },
        )
        self.assertEqual(self.triggers(), before + 1)
        self.org.pay(invoice, 10)
        body = self.take_body()
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertEqual(self.triggers(), before + 1, "it is about to begin anyway")

    def test_wrong_signatures(self):
        body = self.make_body(("INVOICE", "a-1"))
        good = sign(body, KEY)
        for signature in (
            None,
            "",
            "x",
            "ü" * 20,
            sign(body, KEY + "x"),
            sign(body + b" ", KEY),
            good.lower(),
            good[:-2],
        ):
            with self.subTest(signature=signature):
                sent = signature and signature.encode()
                self.assertAnswer(self.post(body, sent), 401)
        self.assertAnswer(self.post(body.replace(b"a-1", b"a-2"), good), 401)
        self.assertFalse(self.events())

    def test_no_key_means_that_nothing_is_right(self):
        self.connection._get_token()._write_secrets(webhook_key=None)
        body = self.make_body(("INVOICE", "a-1"))
        for key in ("", KEY):
            self.assertAnswer(self.post(body, sign(body, key)), 401)
        self.assertFalse(self.events())

    def test_replaced_key_counts_at_once(self):
        body = self.make_body(("INVOICE", "a-1"))
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.connection.webhook_key = "another-key"
        self.assertAnswer(self.post(body, sign(body, KEY)), 401)
        self.assertAnswer(self.post(body, sign(body, "another-key")), 200)

    def test_intent_to_receive(self):
        """Some of Xero's calls are well signed and some are not, all without events."""
        body = self.xero.webhooks._encode([], 0, 0)
        self.assertEqual(self.connection.webhook_state, "key")
        for key, status in ((KEY, 200), ("wrong", 401), (KEY, 200), ("", 401)):
            self.assertAnswer(self.post(body, sign(body, key)), status)
        self.env.invalidate_all()
        self.assertTrue(self.connection.webhook_last_check)
        self.assertEqual(self.connection.webhook_state, "checked")
        self.assertFalse(self.events(state="waiting"))

    def test_one_app_serves_several_organisations(self):
        """One key is enough; each event goes to its own organisation's connection."""
        org = self.xero.add_organisation("Second (NZ)")
        company = self.env["res.company"].create({"name": "Second"})
        second = self._connect(org, company)
        body = json.loads(self.make_body(("CONTACT", "a-1"), ("CONTACT", "a-2")))
        body["events"][1]["tenantId"] = org.tenant_id.upper()
        body = json.dumps(body).encode()
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertEqual(self.events().mapped("xero_id"), ["a-1"])
        events = self.env["xero.webhook.event"].search(
            [("connection_id", "=", second.id)]
        )
        self.assertRecordValues(events, [{"xero_id": "a-2", "company_id": company.id}])
        self.assertTrue(second.has_webhook_key)

    def test_another_apps_key_speaks_for_its_own_organisations_only(self):
        company = self.env["res.company"].create({"name": "Second"})
        org = self.xero.add_organisation("Second (NZ)")
        second = self._connect(org, company, client_id="OTHERAPP")
        second.webhook_key = "key-of-the-other-app"
        body = self.make_body(("CONTACT", "a-1"))
        self.assertAnswer(self.post(body, sign(body, "key-of-the-other-app")), 200)
        self.assertFalse(self.events())

    def test_unknown_organisation_and_strange_events(self):
        body = self.make_body(("CONTACT", "a-1"), tenantId="nobody")
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        for text in ("[]", "{}", "no json"):
            with self.subTest(text=text), self.assertLogs(level="WARNING"):
                answer = self.post(text.encode(), sign(text.encode(), KEY))
                self.assertAnswer(answer, 200)
        body = b'{"events": [1, {}, {"resourceId": 5}]}'
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertFalse(self.events())

    def test_event_that_comes_again_is_kept_once(self):
        body = self.make_body(("INVOICE", "a-1"), ("INVOICE", "a-1"))
        for _time in range(2):
            self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertEqual(len(self.events()), 2, "two changes of one invoice")

    def test_unknown_category_is_ignored_and_visible(self):
        body = self.make_body(("SUBSCRIPTION", "a-1"))
        before = self.triggers()
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        self.assertEqual(self.events().state, "ignored")
        self.assertEqual(self.triggers(), before)

    def test_too_large(self):
        body = b"x" * (MAX_BODY + 1)
        self.assertEqual(self.post(body, sign(body, KEY)).status_code, 413)

    def test_only_post(self):
        self.assertEqual(self.url_open("/xero_crm/webhook").status_code, 405)

    def test_flood_costs_no_question_to_the_database_and_harms_nobody(self):
        """Behind a proxy, who floods has the same address as Xero."""
        body = self.make_body(("INVOICE", "a-1"))
        self.assertAnswer(self.post(body, sign(body, KEY)), 200)
        asked = []
        inbox = type(self.env["xero.webhook.event"])
        receive = inbox._receive

        def count(*args):
            asked.append(args)
            return receive(*args)

        self.patch(inbox, "_receive", count)
        self.patch(failures, "limit", 3)
        for _number in range(6):
            self.assertAnswer(self.post(body, "forged"), 401)
        self.assertEqual(len(asked), 3)
        later = self.make_body(("INVOICE", "a-2"))
        self.assertAnswer(self.post(later, sign(later, KEY)), 200)
        self.assertEqual(set(self.events().mapped("xero_id")), {"a-1", "a-2"})

    def test_hundred_events_cost_as_many_queries_as_one(self):
        counts = {}
        for number in (1, 100):
            body = self.make_body(
                *(("INVOICE", f"{number}-{n}") for n in range(number))
            )
            self.receive(self.make_body(("CONTACT", f"warm-{number}")))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.receive(body)
            counts[number] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[1], counts[100])
        self.assertLessEqual(counts[1], 4)

    def test_no_secret_in_the_log(self):
        body = self.make_body(("INVOICE", "a-1"))
        # By number: Odoo gives the name INFO to a level of its own.
        with self.assertLogs(level=logging.INFO) as caught:
            self.post(body, sign(body, KEY))
            self.post(body, "forged-signature")
        text = "\n".join(caught.output)
        self.assertNotIn(KEY, text)
        self.assertNotIn("forged-signature", text)
        self.assertEqual(self.connection.webhook_key, False)
        self.assertNotIn(KEY, self.connection._get_token().webhook_key)
        self.assertEqual(self.xero.oauth.apps[CLIENT_ID].webhook_key, KEY)
