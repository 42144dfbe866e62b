import inspect

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CLIENT_SECRET, XeroCommon
from .common_http import XeroHttpCase
from .common_money import MoneyMixin

# Every method of the addon that a client can call, and the least group that may.
# A method that is new here has to be looked at as an attacker would, then listed.
METHODS = {
    "res.partner": {
        "action_xero_push": "user",
        "action_xero_pull": "user",
        "action_view_xero_invoices": "harmless",
        "action_view_xero_credits": "harmless",
        "action_view_xero_history": "harmless",
        "action_view_xero_products": "harmless",
        "action_view_xero_aging": "user",
        "action_view_xero_purchases": "harmless",
        "action_open_in_xero": "user",
        "action_review_xero_conflicts": "accountant",
    },
    "product.product": {
        "action_view_xero_history": "harmless",
        "action_review_xero_conflicts": "accountant",
        "action_check_xero_mapping": "accountant",
    },
    "product.template": {
        "action_view_xero_history": "harmless",
        "action_review_xero_conflicts": "accountant",
        "action_check_xero_mapping": "accountant",
    },
    "sale.advance.payment.inv": {"create_xero_invoices": "user"},
    "sale.order": {
        "action_create_xero_invoice": "user",
        "action_view_xero_invoices": "user",
        "action_view_xero_credit_notes": "user",
        "action_change_xero_invoice": "accountant",
        "action_open_in_xero": "user",
        "action_fix_xero": "user",
        "action_open_xero_log": "user",
        "action_send_xero_invoice": "user",
        "action_get_xero_online_url": "user",
        "action_fix_xero_email": "user",
        "action_create_xero_quote": "user",
        "action_view_xero_quote": "user",
        "action_open_quote_in_xero": "user",
        "action_fix_xero_quote": "user",
        "action_open_xero_quote_log": "user",
        "action_fix_xero_point": "user",
        "action_check_xero_again": "user",
        "action_view_xero_payments": "harmless",
        "action_confirm": "harmless",
        # Sales managers, or who is named; none of the users here.
        "action_approve_xero_policy": "admin",
        "action_refuse_xero_policy": "admin",
    },
    "xero.connection": {
        "action_connect": "admin",
        "action_connect_other_scopes": "admin",
        "action_disconnect": "admin",
        "action_choose_tenant": "admin",
        "action_go_live": "accountant",
        "action_set_read_only": "accountant",
        "action_sync": "accountant",
        "action_open_wizard": "accountant",
        "action_open_data_map": "accountant",
        "action_open_organisation": "harmless",
        "action_open_links": "harmless",
        "action_open_excluded": "harmless",
        "action_open_errors": "harmless",
        "action_open_matches": "harmless",
        "action_open_conflicts": "harmless",
        "action_check_items": "accountant",
        "action_open_audit": "accountant",
        "action_open_payments": "harmless",
        "action_open_webhook_events": "harmless",
        "action_open_alerts": "harmless",
        "action_make_reminder_stages": "accountant",
        "action_preview_reminders": "accountant",
    },
    "xero.webhook.event": {"action_try_again": "accountant"},
    "xero.conflict": {
        "action_keep_odoo": "accountant",
        "action_keep_xero": "accountant",
        "action_apply": "accountant",
        "action_review": "accountant",
        "action_open_record": "accountant",
    },
    "xero.conflict.review": {
        "action_keep_odoo": "accountant",
        "action_keep_xero": "accountant",
        "action_apply": "accountant",
        "action_open_record": "accountant",
        "action_open_in_xero": "accountant",
    },
    "xero.audit": {
        "action_open": "accountant",
        "action_run": "accountant",
        "action_view_checks": "accountant",
    },
    "xero.audit.check": {"action_fix": "accountant"},
    "xero.audit.contact": {"action_open_in_xero": "accountant"},
    "xero.required.check": {"action_open": "accountant"},
    "xero.required.line": {
        "action_check_again": "accountant",
        "action_send": "accountant",
        "action_open_record": "accountant",
    },
    "xero.item.check": {
        "action_apply_all": "accountant",
        "action_check_again": "accountant",
        "action_test_sale": "accountant",
    },
    "xero.item.check.line": {
        "action_apply": "accountant",
        "action_open_record": "accountant",
    },
    "xero.field.map": {"action_open": "accountant", "action_reset": "accountant"},
    "xero.invoice": {
        "action_open_in_xero": "user",
        "action_open_order": "user",
        "action_refresh": "user",
        "action_send": "user",
        "action_get_online_url": "user",
        "action_download_pdf": "user",
        "action_preview_invoice": "user",
        "action_credit": "accountant",
        "action_change": "accountant",
        "action_accept": "accountant",
        "action_bind": "accountant",
        "action_send_reminder": "user",
        "action_dispute": "user",
        "action_end_dispute": "user",
        "action_pause_reminders": "user",
        "action_resume_reminders": "user",
    },
    "xero.reminder.pause": {"action_pause": "user"},
    "xero.reminder.preview": {
        "action_open": "accountant",
        "action_open_mail": "accountant",
        "action_send_now": "accountant",
        "action_skip": "accountant",
        "action_pause": "accountant",
    },
    "xero.quote": {
        "action_keep_odoo": "user",
        "action_keep_xero": "user",
        "action_open_in_xero": "user",
        "action_open_order": "user",
        "action_refresh": "user",
    },
    "xero.invoice.number": {"action_use": "accountant"},
    "xero.credit.note": {
        "action_open_in_xero": "user",
        "action_download_pdf": "user",
        "action_refresh": "user",
        "action_open_origin": "user",
        "action_refund": "accountant",
        "action_discard": "accountant",
    },
    "xero.credit.wizard": {"action_credit": "accountant"},
    "xero.refund.wizard": {"action_refund": "accountant"},
    "xero.invoice.bind": {"action_bind": "accountant"},
    "xero.invoice.change": {
        "action_update": "accountant",
        "action_delete": "accountant",
        "action_void": "accountant",
        "action_move_due_date": "accountant",
        "action_open_in_xero": "accountant",
        "action_credit": "accountant",
        "action_credit_difference": "accountant",
        "action_invoice_rest": "accountant",
        "action_keep": "accountant",
    },
    "xero.payment.request": {
        "action_try_again": "accountant",
        "action_fix": "accountant",
        "action_close": "accountant",
    },
    "xero.partner.history": {
        "action_open_document": "user",
        "action_open_in_xero": "user",
        "action_download_pdf": "user",
    },
    "xero.product.history": {"action_open_document": "user"},
    "xero.link": {
        "action_resync": "accountant",
        "action_do_not_sync": "accountant",
        "action_open_record": "accountant",
        "action_open_in_xero": "accountant",
        "action_keep_odoo": "accountant",
        "action_keep_xero": "accountant",
        "action_review_conflicts": "accountant",
    },
    "xero.log": {
        "action_resync": "accountant",
        "action_resolve": "accountant",
        "action_do_not_sync": "accountant",
        "action_keep_odoo": "accountant",
        "action_keep_xero": "accountant",
        "action_review_conflicts": "accountant",
        "action_open_record": "accountant",
        "action_fix": "accountant",
    },
    "xero.match": {
        "action_confirm": "accountant",
        "action_create": "accountant",
        "action_merge": "accountant",
        "action_ignore": "accountant",
        "action_undo": "accountant",
        "action_find_similar": "accountant",
        "action_open_in_xero": "accountant",
        "action_open_invoices": "accountant",
    },
    "xero.match.candidate": {
        "action_choose": "accountant",
        "action_reject": "accountant",
        "action_undo_reject": "accountant",
        "action_open_partner": "accountant",
    },
    "xero.match.merge": {"action_merge": "accountant"},
    "xero.match.confirm": {"action_confirm": "accountant"},
    "xero.contact.group": {
        "action_accept_proposal": "accountant",
        "action_create_tag": "accountant",
    },
    "xero.sync.cursor": {"action_fetch_all": "accountant"},
    "xero.sync.run": {
        "action_cancel": "accountant",
        "action_open_result": "accountant",
        "action_resume": "accountant",
    },
    "xero.sync.run.line": {"action_open_log": "accountant"},
    "xero.tax.map": {
        "action_accept": "accountant",
        "action_accept_all": "accountant",
        "get_banner": "user",
    },
    "xero.term.map": {
        "action_accept": "accountant",
        "action_accept_all": "accountant",
        "get_banner": "user",
    },
    "xero.tracking.map": {
        "action_match_names": "accountant",
        "get_banner": "user",
    },
    "xero.sync.wizard": {
        "action_run": "accountant",
        "action_back": "accountant",
        "action_open_running": "accountant",
        "get_summary": "accountant",
        "action_run_test": "accountant",
        "action_continue": "accountant",
    },
    "xero.sync.wizard.line": {
        "action_open_record": "accountant",
        "action_open_in_xero": "accountant",
        "action_test": "accountant",
    },
    "xero.tenant.wizard": {"action_choose": "admin"},
}
# What is passed to methods that ask for something.
ARGUMENTS = {
    "action_view_xero_aging": ("current",),
    "action_fix_xero_point": ("connection", 1),
}
# What every model has.
INHERITED = {
    "get_all_currencies",
    "default_get",
    "create",
    "write",
    "unlink",
    "message_post_with_source",
}
LEVELS = ("harmless", "user", "accountant", "admin")


def own_methods(model):
    """Return the names of the public methods that the addon itself gives a model."""
    names = set()
    for cls in type(model).mro():
        if cls.__module__.startswith("odoo.addons.xero_crm."):
            names |= {
                name for name, value in vars(cls).items() if inspect.isfunction(value)
            }
    return {name for name in names if not name.startswith("_")} - INHERITED


@tagged("post_install", "-at_install")
class TestMethods(XeroCommon):
    """Nobody does more by calling a method than by pressing their buttons."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.connection.invoice_status = "authorised"
        self.order = self._create_order()
        self.quotation = self._create_order(confirm=False)
        self.quotation.action_create_xero_quote()
        self.order.action_create_xero_invoice()
        self.org.add_credit_note(self.customer.xero_contact_id)
        self.pull("CreditNotes")
        self.credit = self.customer.xero_credit_note_ids
        wizards = self.env["xero.sync.wizard"].with_user(self.user_accountant)
        wizard = wizards.create({"connection_id": self.connection.id})
        wizard.action_run()
        action = self.env["xero.sync.run"]._start(self.connection, ["Currencies"])
        run = self.env["xero.sync.run"].browse(action["res_id"])
        self.connection.available_tenants = [
            {"name": "x", "tenant_id": "y", "connection_id": "z"}
        ]
        choice = self.connection.with_user(self.user_xero_admin).action_choose_tenant()
        match = self._make_match()
        link = self.link_of(self.customer)
        conflict = self.env["xero.conflict"].create(
            {
                "link_id": link.id,
                "company_id": link.company_id.id,
                "field": "email",
                "values": {"base": "a", "odoo": "b", "xero": "c"},
            }
        )
        reviews = self.env["xero.conflict.review"].with_user(self.user_accountant)
        self.records = {
            "res.partner": self.customer,
            "product.product": self.product,
            "product.template": self.product.product_tmpl_id,
            "xero.conflict": conflict,
            "xero.conflict.review": reviews.create({"link_id": link.id}),
            "sale.order": self.order,
            "sale.advance.payment.inv": self.env["sale.advance.payment.inv"]
            .with_user(self.user_rep)
            .create({"sale_order_ids": self.order.ids}),
            "xero.connection": self.connection,
            "xero.field.map": self.env["xero.field.map"].search([], limit=1),
            "xero.invoice": self.order.xero_invoice_ids,
            "xero.quote": self.quotation.xero_quote_ids,
            "xero.invoice.number": self.env["xero.invoice.number"].create(
                {"invoice_id": self.order.xero_invoice_ids.id, "number": "INV-9"}
            ),
            "xero.credit.note": self.credit,
            "xero.partner.history": self.env["xero.partner.history"].search(
                [("res_model", "=", "xero.credit.note")], limit=1
            ),
            "xero.product.history": self.env["xero.product.history"].search(
                [], limit=1
            ),
            "xero.webhook.event": self._make_webhook_event(),
            "xero.payment.request": self._make_payment_request(),
            "xero.contact.group": self.env["xero.contact.group"].create(
                {"connection_id": self.connection.id, "xero_key": "x", "name": "VIP"}
            ),
            "xero.link": self.link_of(self.customer),
            "xero.reminder.pause": self.env["xero.reminder.pause"].create(
                {"invoice_ids": self.order.xero_invoice_ids.ids, "reason": "x"}
            ),
            "xero.reminder.preview": self.env["xero.reminder.preview"].create(
                {
                    "connection_id": self.connection.id,
                    "invoice_id": self.order.xero_invoice_ids.id,
                }
            ),
            "xero.log": self.env["xero.log"].search(
                [("res_model", "=", "res.partner")], limit=1
            ),
            "xero.match": match,
            "xero.match.candidate": match.candidate_ids,
            "xero.match.merge": self.env["xero.match.merge"].create(
                {"match_ids": match.ids}
            ),
            "xero.match.confirm": self.env["xero.match.confirm"].create({}),
            "xero.sync.cursor": self.connection.cursor_ids[:1],
            "xero.sync.run": run,
            "xero.sync.run.line": run.line_ids[:1],
            "xero.tax.map": self.connection.tax_map_ids[:1],
            "xero.term.map": self.env["xero.term.map"].search([], limit=1),
            "xero.tracking.map": self.env["xero.tracking.map"],
            "xero.sync.wizard": wizard,
            "xero.sync.wizard.line": wizard.line_ids[:1],
            **self.open_dialogs(),
            "xero.tenant.wizard": self.env[choice["res_model"]].browse(
                choice["res_id"]
            ),
            **self.open_checks(),
        }
        self.xero.reset_calls()

    def _make_match(self):
        """Return a contact that waits for matching."""
        self.env["res.partner"].create({"name": "Kowhai Limited"})
        contact = self.org.add_contact(Name="Kowhai Ltd")
        self.pull("Contacts")
        return self.env["xero.match"].search([("xero_id", "=", contact["ContactID"])])

    def _make_payment_request(self):
        """Return a payment of the order that waits for it to be settled."""
        provider = MoneyMixin.make_provider(self.env)
        paid = MoneyMixin.make_transaction(provider, 1, [self.order], state="done")
        return self.env["xero.payment.request"].create(
            {
                "connection_id": self.connection.id,
                "company_id": self.connection.company_id.id,
                "transaction_id": paid.id,
                "reference": paid.reference,
                "date": "2026-01-01",
                "currency_id": paid.currency_id.id,
                "amount": 1,
                "phase": "waiting",
            }
        )

    def _make_webhook_event(self):
        return self.env["xero.webhook.event"].create(
            {
                "connection_id": self.connection.id,
                "category": "INVOICE",
                "state": "waiting",
            }
        )

    def open_dialogs(self):
        """What accountants give money back with."""
        invoice = self.order.xero_invoice_ids
        action = invoice.with_user(self.user_accountant).action_credit()
        change = invoice.with_user(self.user_accountant).action_change()
        refund = {
            "credit_note_id": self.credit.id,
            "account_id": self.connection.account_ids[:1].id,
            "amount": 1,
            "reference": "x",
        }
        return {
            "xero.credit.wizard": self.env[action["res_model"]].browse(
                action["res_id"]
            ),
            "xero.invoice.bind": self.env["xero.invoice.bind"].create(
                {"invoice_id": invoice.id}
            ),
            "xero.invoice.change": self.env[change["res_model"]].browse(
                change["res_id"]
            ),
            "xero.refund.wizard": self.env["xero.refund.wizard"].create(refund),
        }

    def open_checks(self):
        """What accountants check the data with, each opened once."""
        self.env["product.product"].create({"name": "No Code"})
        self.env["xero.audit"].action_open()
        audit = self.env["xero.audit"].search(
            [("connection_id", "=", self.connection.id)]
        )
        audit.action_run()
        contact = {"audit_id": audit.id, "kind": "xero_no_email", "name": "x"}
        required = self.env["xero.required.check"].create(
            {"connection_id": self.connection.id}
        )
        required._find_all()
        action = self.product.action_check_xero_mapping()
        items = self.env[action["res_model"]].browse(action["res_id"])
        return {
            "xero.audit": audit,
            "xero.audit.check": audit.check_ids[:1],
            "xero.audit.contact": self.env["xero.audit.contact"].create(contact),
            "xero.required.check": required,
            "xero.required.line": required.line_ids[:1],
            "xero.item.check": items,
            "xero.item.check.line": items.line_ids[:1],
        }

    def test_the_table_names_every_public_method(self):
        for name in self.env.registry:
            model = self.env[name]
            public = set()
            for method in own_methods(model):
                try:
                    get_public_method(model, method)
                except AccessError:
                    continue  # @api.private
                public.add(method)
            if name in METHODS or not model._abstract:
                with self.subTest(model=name):
                    self.assertEqual(public, set(METHODS.get(name, ())))

    def test_no_method_does_anything_for_who_has_no_group(self):
        self.assertRefusedBelow("user", self.user_outsider)

    def test_portal_and_public_can_call_nothing(self):
        portal = new_test_user(self.env, "xero_portal_m", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            self.assertRefusedBelow("user", user)

    def test_no_accountants_method_for_a_rep(self):
        self.assertRefusedBelow("accountant", self.user_rep)

    def test_no_administrators_method_for_an_accountant(self):
        self.assertRefusedBelow("admin", self.user_accountant)

    def assertRefusedBelow(self, level, user):
        """The user is refused all methods of a level and above; nothing happens."""
        before = self.get_state()
        for name, methods in METHODS.items():
            for method, least in methods.items():
                if LEVELS.index(least) < LEVELS.index(level):
                    continue
                record = self.records[name].with_user(user)
                with self.subTest(model=name, method=method, user=user.login):
                    with self.assertRaises(AccessError), mute_logger("odoo.addons"):
                        getattr(record, method)(*ARGUMENTS.get(method, ()))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.xero.calls)
        self.assertEqual(self.get_state(), before)

    def get_state(self):
        counts = {
            name: self.env[name].search_count([])
            for name in (
                "xero.log",
                "xero.link",
                "xero.invoice",
                "xero.quote",
                "xero.sync.run",
            )
        }
        links = self.env["xero.link"].search([]).mapped("state")
        return counts, links, self.connection.read(["state", "sync_mode"])

    def test_rep_needs_the_right_to_write_the_order(self):
        order = self._create_order()
        self.env["ir.rule"].create(
            {
                "name": "Orders are read-only",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": f"[('id', '!=', {order.id})]",
                "perm_read": False,
            }
        )
        with self.assertRaises(AccessError):
            order.with_user(self.user_rep).action_create_xero_invoice()
        self.assertFalse(order.xero_invoice_ids)

    def test_rep_creates_an_invoice_and_sees_it(self):
        order = self._create_order().with_user(self.user_rep)
        order.action_create_xero_invoice()
        self.assertEqual(order.xero_payment_status, "sent")
        self.assertTrue(order.xero_invoice_number)

    def test_accountant_does_the_accountants_work(self):
        records = {
            name: record.with_user(self.user_accountant)
            for name, record in self.records.items()
        }
        connection = records["xero.connection"]
        connection.action_set_read_only()
        connection.action_go_live()
        connection.action_sync()
        records["xero.sync.cursor"].action_fetch_all()
        records["xero.link"].action_resync()
        records["xero.log"].action_resync()
        records["xero.log"].action_resolve()
        records["xero.sync.run"].action_cancel()
        records["xero.tax.map"].action_accept()
        records["xero.sync.wizard"].action_continue()
        self.assertEqual(self.link_of(self.customer).state, "synced")
        records["xero.link"].action_do_not_sync()
        self.assertEqual(self.customer.xero_sync_state, "excluded")

    def test_runs_and_cursors_cannot_be_made_up(self):
        for name, vals in (
            ("xero.sync.run", {"message": "Nonsense"}),
            ("xero.sync.cursor", {"resource": "Contacts", "page": 99}),
            ("xero.log", {"direction": "push", "state": "error"}),
            ("xero.link", {"res_model": "res.users", "res_id": 1}),
        ):
            model = self.env[name].with_user(self.user_accountant)
            with self.subTest(model=name), self.assertRaises(AccessError):
                model.create({"connection_id": self.connection.id, **vals})


@tagged("post_install", "-at_install")
class TestOverHttp(XeroHttpCase):
    """The same through the door that a browser takes."""

    def test_private_methods_have_no_address(self):
        self.login(self.user_xero_admin)
        for model, method, args in (
            ("xero.gateway", "_call", [1, "get_page", "Contacts"]),
            ("xero.token", "_read_secret", [[1], "refresh_token"]),
            ("xero.connection", "_get_token", [self.connection.ids]),
            ("xero.connection", "_set_reconnect", [self.connection.ids, "x"]),
            ("xero.push", "_push", []),
            ("xero.log", "_add", []),
        ):
            with self.subTest(model=model, method=method):
                self.assertRefused(model, method, *args)

    def test_money_over_http(self):
        self.login(self.user_outsider)
        ids = self.customer.ids
        for method, args in (
            ("read", [ids, ["xero_balance"]]),
            ("web_read", [ids, {"xero_balance": {}}]),
            ("search_read", [[], ["xero_overdue_balance"]]),
            ("web_search_read", [[], {"xero_overdue_balance": {}}]),
            ("search_count", [[["xero_balance", ">", 0]]]),
        ):
            with self.subTest(method=method):
                self.assertRefused("res.partner", method, *args)
        self.assertRefused("xero.invoice", "search_read", [], ["amount_due"])
        self.assertRefused("xero.connection", "action_sync", self.connection.ids)
        self.assertRefused("res.partner", "action_xero_push", ids)
        self.assertFalse(self.xero.calls)

    def test_secrets_over_http(self):
        self.login(self.user_xero_admin)
        names = ["client_secret", "webhook_key"]
        self.rpc("xero.connection", "write", self.connection.ids, {"webhook_key": "k1"})
        [row] = self.rpc("xero.connection", "read", self.connection.ids, names)
        self.assertEqual([row[name] for name in names], [False, False])
        self.assertRefused("xero.token", "search_read", [], ["refresh_token"])
        self.login(self.user_accountant)
        self.assertRefused("xero.connection", "read", self.connection.ids, names)

    def test_secrets_are_in_no_log(self):
        """A connect, calls that fail in every way, and the texts they leave behind."""
        sales = "sales_team.group_sale_salesman_all_leads"
        self.user_xero_admin.group_ids += self.env.ref(sales)
        self.login(self.user_xero_admin)
        token = self.connection._get_token()
        secrets = [
            CLIENT_SECRET,
            token._read_secret("access_token"),
            token._read_secret("refresh_token"),
        ]
        with self.assertLogs(level="DEBUG") as captured:
            self.consent()
            secrets += [
                token._read_secret("access_token"),
                token._read_secret("refresh_token"),
            ]
            for kind in ("401", "403", "429", "500", "truncated", "timeout_after"):
                self.xero.fail("* Contacts", kind, times=2)
                self.rpc("res.partner", "action_xero_push", self.customer.ids)
                self.env["xero.usage"].search([]).paused_until = False
                self.env["xero.link"].search([]).next_try = False
            self.xero.fail("POST token", "500")
            token.expires_at = "2020-01-01"
            self.rpc("res.partner", "action_xero_push", self.customer.ids)
        self.assertGreater(self.xero.calls["GET Contacts"], 5, "each fault was met")
        texts = " ".join(captured.output)
        logs = self.env["xero.log"].search([])
        texts += str(logs.mapped("message") + logs.mapped("remedy"))
        texts += str(logs.mapped("changes"))
        texts += str(self.env["mail.message"].search([]).mapped("body"))
        for secret in secrets:
            self.assertNotIn(secret, texts)
        self.assertNotIn("Bearer ey", texts)

    def test_own_exception_carries_no_secret(self):
        self.login(self.user_xero_admin)
        with self.assertRaises(UserError) as caught:
            self.connection.client_id = "WRONG"
            self.connection.action_connect()
        self.assertNotIn(CLIENT_SECRET, str(caught.exception))
