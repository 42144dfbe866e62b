"""What customers see of their invoices, and who else does not."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_http import XeroHttpCase

MOZILLA = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}


class PortalCase(XeroHttpCase):
    """An approved invoice of a customer, and people of two customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.stranger = partners.create({"name": "Totara Ltd", "is_company": True})
        people = {
            "boss": cls.customer,
            "clerk": partners.create({"name": "Clerk", "parent_id": cls.customer.id}),
            "stranger": partners.create(
                {"name": "Stranger", "parent_id": cls.stranger.id}
            ),
        }
        users = cls.env["res.users"].create(
            [
                {
                    "partner_id": partner.id,
                    "login": f"portal_{name}",
                    "password": f"portal_{name}",
                    "email": f"{name}@example.com",
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
                for name, partner in people.items()
            ]
        )
        cls.user_boss, cls.user_clerk, cls.user_stranger = users

    def setUp(self):
        super().setUp()
        self.opener.headers.update(MOZILLA)
        self.order = self._create_order()
        self.invoice = self.add_invoice(self.customer, SentToContact=True)
        self.invoice.order_id = self.order
        self.xero.reset_calls()

    def add_invoice(self, partner, **fields):
        """Bill a partner in Xero: 500.00 and the tax."""
        if not partner.xero_contact_id:
            contact = self.org.add_contact(Name=partner.name)
            link = self.env["xero.link"]._ensure(self.connection, partner)
            link._mark_synced(contact["ContactID"])
        made = self.org.add_invoice(partner.xero_contact_id, "500.00", **fields)
        self.pull("Invoices")
        return self.env["xero.invoice"].search([("xero_id", "=", made["InvoiceID"])])

    def open(self, path, **options):
        """Open a page as the browser does; return the answer, not followed further."""
        self.env.flush_all()
        answer = self.url_open(path, allow_redirects=False, **options)
        self.env.invalidate_all()
        return answer

    def page(self, invoice=None, token=None):
        path = (invoice or self.invoice).access_url
        return f"{path}?access_token={token}" if token else path

    def assertShown(self, path):
        answer = self.open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self.invoice.number, answer.text)
        return answer.text

    def assertHidden(self, path):
        """Assert that the page leads away, and says nothing."""
        answer = self.open(path)
        self.assertIn(answer.status_code, (303, 404))
        self.assertNotIn(self.invoice.number, answer.text)


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def test_who_sees_an_invoice(self):
        token = self.invoice._portal_ensure_token()
        wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
        shown = {
            self.user_boss: True,
            self.user_clerk: True,
            self.user_stranger: False,
            self.user_rep: True,
            self.user_outsider: False,
            None: False,  # not logged in
        }
        for user, may in shown.items():
            with self.subTest(user=user and user.login):
                if user:
                    self.login(user)
                else:
                    self.authenticate(None, None)
                check = self.assertShown if may else self.assertHidden
                check(self.page())
                check(self.page(token=wrong))
                check(f"/xero_crm/pay/{self.invoice.id}" if not may else self.page())
                self.assertShown(self.page(token=token))

    def test_nobody_sees_what_is_not_theirs_by_guessing(self):
        other = self.add_invoice(self.stranger)
        self.login(self.user_boss)
        token = self.invoice._portal_ensure_token()
        self.assertEqual(self.open(self.page(other)).status_code, 303)
        self.assertEqual(self.open(self.page(other, token)).status_code, 303)
        for query in (
            f"partner_id={self.stranger.id}",
            f"commercial_partner_id={self.stranger.id}&domain=[]",
            "filterby=nonsense&sortby=amount_due;drop",
            "search=INV&search_in=all",
            "page=99",
        ):
            with self.subTest(query=query):
                text = self.assertShown(f"/my/xero/invoices?{query}")
                self.assertNotIn(other.number, text)

    def test_only_invoices_that_were_approved_are_shown(self):
        self.login(self.user_boss)
        draft = self.add_invoice(self.customer, Status="DRAFT")
        self.assertEqual(self.open(self.page(draft)).status_code, 303)
        token = draft._portal_ensure_token()
        self.assertEqual(self.open(self.page(draft, token)).status_code, 303)
        self.assertNotIn(draft.number, self.assertShown("/my/xero/invoices"))
        self.invoice.write({"status": "voided", "is_sent": False})
        self.assertHidden(self.page())
        self.invoice.is_sent = True
        self.assertIn("This invoice is void", self.assertShown(self.page()))

    def test_portal_users_call_nothing(self):
        self.login(self.user_boss)
        for method, arguments in {
            "read": [["number", "access_token"]],
            "get_portal_url": [],
            "action_preview_invoice": [],
        }.items():
            self.assertRefused("xero.invoice", method, self.invoice.ids, *arguments)
        self.assertRefused("xero.invoice", "search_read", [])
        self.assertRefused("xero.payment", "search_read", [])
        self.login(self.user_outsider)
        self.assertRefused("xero.invoice", "get_portal_url", self.invoice.ids)

    def test_invoices_of_companies_that_the_user_does_not_belong_to(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.connection.company_id = other
        self.login(self.user_boss)
        self.assertHidden(self.page())
        self.assertNotIn(self.invoice.number, self.open("/my/xero/invoices").text)
        self.user_boss.company_ids += other
        self.assertShown(self.page())

    def test_home_and_list_tell_what_is_due(self):
        self.login(self.user_clerk)
        text = self.open("/my").text
        self.assertTrue("/my/xero/invoices" in text)
        self.assertFalse("xero/invoices?filterby=overdue" in text)
        self.invoice.due_date = fields.Date.subtract(fields.Date.today(), days=3)
        self.assertTrue("xero/invoices?filterby=overdue" in self.open("/my").text)
        text = self.assertShown("/my/xero/invoices?filterby=overdue&sortby=due")
        self.assertIn("575.00", text)
        self.assertNotIn(
            self.invoice.number, self.open("/my/xero/invoices?filterby=paid").text
        )
        self.login(self.user_stranger)
        self.assertFalse("/my/xero/invoices" in self.open("/my").text)

    def test_list_costs_the_same_for_many_invoices(self):
        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.open("/my/xero/invoices")
            return self.cr.sql_log_count - before

        self.login(self.user_clerk)
        count_queries()
        few = count_queries()
        for number in range(10):
            self.invoice.copy(
                {"xero_id": f"x{number}", "number": f"X-{number}", "amount_due": 5}
            )
        self.assertTrue("X-9" in self.open("/my/xero/invoices").text)
        self.assertEqual(count_queries(), few)

    # === VIEWED === #

    def get_viewed_notes(self):
        return self.invoice.message_ids.filtered(lambda m: "viewed" in m.body)

    def look(self, invoice=None, token=None, **options):
        """Do what the page does once somebody moves on it."""
        self.env.flush_all()
        path = f"{(invoice or self.invoice).access_url}/seen"
        params = {"access_token": token} if token else {}
        answer = self.url_open(path, json={"params": params}, **options)
        self.env.invalidate_all()
        self.assertFalse("error" in answer.json(), answer.text)

    def test_first_look_of_the_customer_is_noted_once(self):
        self.assertEqual(self.order.xero_payment_status, "sent")
        self.login(self.user_clerk)
        self.assertTrue("data-xero-seen-route" in self.assertShown(self.page()))
        self.look()
        viewed_on = self.invoice.viewed_on
        self.assertTrue(viewed_on)
        self.assertFalse("data-xero-seen-route" in self.assertShown(self.page()))
        self.look()
        self.assertEqual(self.invoice.viewed_on, viewed_on)
        self.assertEqual(self.invoice.payment_status, "viewed")
        self.assertEqual(self.order.xero_payment_status, "viewed")
        self.assertEqual(len(self.get_viewed_notes()), 1)
        tracked = self.order.message_ids.sudo().tracking_value_ids
        texts = tracked.filtered("new_value_char").mapped("new_value_char")
        self.assertEqual(len([t for t in texts if "viewed by the customer" in t]), 1)
        self.org.pay(self.invoice.xero_id, "100.00", fields.Date.today())
        self.pull("Invoices")
        self.assertEqual(self.invoice.payment_status, "partial")

    def test_link_of_a_mail_leads_to_paying_where_the_look_is_noted(self):
        url = self.invoice._get_pay_url()
        self.assertTrue(url.startswith("http://localhost:8069/xero_crm/pay/"))
        self.authenticate(None, None)
        answer = self.open(url.replace("http://localhost:8069", ""))
        self.assertEqual(answer.status_code, 303)
        location = answer.headers["Location"]
        self.assertIn(self.page(), location)
        self.assertIn("payment=1", location)
        page = self.assertShown(location.removeprefix(self.base_url()))
        token = self.invoice.access_token
        self.assertTrue(f'data-xero-seen-token="{token}"' in page)
        self.assertFalse(self.invoice.viewed_on, "mail servers get so far as well")
        self.look(token=token)
        self.assertTrue(self.invoice.viewed_on)

    def test_what_is_no_look_of_the_customer(self):
        token = self.invoice._portal_ensure_token()
        self.authenticate(None, None)
        self.look()
        self.look(token="wrong")
        self.look(token=token, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
        for user in (self.user_rep, self.user_outsider):
            self.login(user)
            page = self.assertShown(self.page(token=token))
            self.assertFalse("data-xero-seen-route" in page)
            self.look(token=token)
        self.login(self.user_stranger)
        self.look()
        self.assertFalse(self.invoice.viewed_on)

    # === STAFF === #

    def test_staff_previews_and_shares_the_page(self):
        self.user_rep.group_ids += self.env.ref("base.group_partner_manager")
        invoice = self.invoice.with_user(self.user_rep)
        url = invoice.action_preview_invoice()["url"]
        self.assertIn(f"access_token={self.invoice.access_token}", url)
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.user_outsider).action_preview_invoice()
        share = self.env["portal.share"].with_user(self.user_rep)
        share = share.with_context(active_model="xero.invoice", active_id=invoice.id)
        wizard = share.create({"partner_ids": self.customer.ids})
        self.assertFalse(wizard.access_warning)
        wizard.action_send_mail()
        mail = self.invoice.message_ids[:1]
        self.assertIn(self.invoice.access_token, mail.body)
        self.assertEqual(mail.subject, f"Invoice {self.invoice.number}")
        self.assertNotIn("xero invoice", mail.body.lower())
        self.authenticate(None, None)
        link = wizard.share_link.replace("http://localhost:8069", "")
        answer = self.url_open(link)
        self.assertIn(self.invoice.number, answer.text)
