from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CLIENT_SECRET, XeroCommon

# What people may do with each model: r(ead), w(rite), c(reate), u(nlink).
# The outsider (sales rights, no Xero group), portal and public may do nothing at all.
# model: (rep, accountant, administrator)
RIGHTS = {
    "xero.account": ("r", "r", "r"),
    "xero.account.map": ("r", "rwcu", "rwcu"),
    "xero.alert": ("", "r", "r"),
    "xero.audit": ("", "r", "r"),
    "xero.audit.check": ("", "r", "r"),
    "xero.audit.contact": ("", "r", "r"),
    "xero.branding.theme": ("r", "rw", "rw"),
    "xero.contact.group": ("r", "rw", "rw"),
    "xero.conflict": ("", "rw", "rw"),
    "xero.conflict.review": ("", "rwcu", "rwcu"),
    "xero.connection": ("r", "rw", "rwcu"),
    "xero.allocation.request": ("r", "r", "r"),
    "xero.refund.request": ("r", "r", "r"),
    "xero.credit.wizard": ("", "rwcu", "rwcu"),
    "xero.credit.wizard.line": ("", "rwcu", "rwcu"),
    "xero.invoice.bind": ("", "rwcu", "rwcu"),
    "xero.invoice.bind.line": ("", "rwcu", "rwcu"),
    "xero.invoice.change": ("", "rwcu", "rwcu"),
    "xero.invoice.change.line": ("", "rwcu", "rwcu"),
    "xero.refund.wizard": ("", "rwcu", "rwcu"),
    "xero.credit.allocation": ("r", "r", "r"),
    "xero.credit.note": ("r", "r", "r"),
    "xero.credit.note.line": ("r", "r", "r"),
    "xero.currency": ("r", "r", "r"),
    "xero.field.map": ("", "rwcu", "rwcu"),
    "xero.history.cursor": ("", "r", "r"),
    "xero.invoice": ("r", "r", "r"),
    "xero.billed.line": ("r", "r", "r"),
    "xero.invoice.line": ("r", "r", "r"),
    "xero.invoice.number": ("", "rwc", "rwc"),
    "xero.invoice.task": ("", "r", "r"),
    "xero.item.check": ("", "rw", "rw"),
    "xero.item.check.line": ("", "rw", "rw"),
    "xero.item.check.sale": ("", "r", "r"),
    "xero.link": ("", "r", "r"),
    "xero.log": ("", "r", "r"),
    "xero.match": ("", "rw", "rw"),
    "xero.match.candidate": ("", "r", "r"),
    "xero.match.confirm": ("", "rwcu", "rwcu"),
    "xero.match.key": ("", "", ""),
    "xero.match.merge": ("", "rwcu", "rwcu"),
    "xero.payment.map": ("r", "rwcu", "rwcu"),
    "xero.payment.request": ("", "r", "r"),
    "xero.partner.history": ("r", "r", "r"),
    "xero.payment": ("r", "r", "r"),
    "xero.product.history": ("r", "r", "r"),
    "xero.quote": ("r", "r", "r"),
    "xero.quote.line": ("r", "r", "r"),
    "xero.reminder": ("r", "r", "r"),
    "xero.reminder.pause": ("rwc", "rwc", "rwc"),
    "xero.reminder.preview": ("", "rwcu", "rwcu"),
    "xero.reminder.stage": ("r", "rwcu", "rwcu"),
    "xero.required.check": ("", "r", "r"),
    "xero.required.line": ("", "rw", "rw"),
    "xero.sync.cursor": ("", "r", "r"),
    "xero.sync.run": ("", "r", "r"),
    "xero.sync.run.line": ("", "r", "r"),
    "xero.sync.wizard": ("", "rwc", "rwc"),
    "xero.sync.wizard.line": ("", "r", "r"),
    "xero.tax.map": ("r", "rwcu", "rwcu"),
    "xero.tax.rate": ("r", "r", "r"),
    "xero.tenant.wizard": ("", "", "rwcu"),
    "xero.tenant.wizard.option": ("", "", "rwcu"),
    "xero.term.map": ("r", "rwcu", "rwcu"),
    "xero.token": ("", "", ""),
    "xero.tracking.category": ("r", "rw", "rw"),
    "xero.tracking.map": ("r", "rwcu", "rwcu"),
    "xero.tracking.option": ("r", "r", "r"),
    "xero.usage": ("", "r", "r"),
    "xero.webhook.event": ("", "r", "r"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestRights(XeroCommon):
    """Each group x model x operation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_portal = new_test_user(cls.env, "xero_portal", "base.group_portal")
        cls.user_public = cls.env.ref("base.public_user")
        cls.user_system = new_test_user(
            cls.env, "xero_system", "base.group_system,base.group_erp_manager"
        )

    def get_rights(self, model, user):
        model = self.env[model].with_user(user)
        return "".join(
            letter for letter, name in OPERATIONS.items() if model.has_access(name)
        )

    def test_the_table_names_every_model(self):
        models = self.env["ir.model"].search([("model", "=like", "xero.%")])
        stored = models.filtered(lambda model: not self.env[model.model]._abstract)
        self.assertEqual(set(stored.mapped("model")), set(RIGHTS))

    def test_rights_of_each_group(self):
        for model, (rep, accountant, admin) in RIGHTS.items():
            expected = {
                self.user_outsider: "",
                self.user_portal: "",
                self.user_public: "",
                self.user_rep: rep,
                self.user_accountant: accountant,
                self.user_xero_admin: admin,
            }
            for user, rights in expected.items():
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self.get_rights(model, user), rights)

    def test_every_model_has_a_rule_for_rows_of_others(self):
        models = {name for name, rights in RIGHTS.items() if any(rights)}
        rules = self.env["ir.rule"].search(
            [("model_id.model", "in", list(models)), ("groups", "=", False)]
        )
        self.assertEqual(set(rules.model_id.mapped("model")), models)

    def test_review_of_another_companys_conflict(self):
        connection = self._connect(
            self.xero.add_organisation("Other (NZ)"),
            self.env["res.company"].create({"name": "Other"}),
        )
        partner = self.env["res.partner"].create({"name": "Secret Ltd"})
        link = self.env["xero.link"]._ensure(connection, partner)
        reviews = self.env["xero.conflict.review"].with_user(self.user_accountant)
        with self.assertRaises(AccessError):
            reviews.create({"link_id": link.id})

    def test_secrets_are_for_nobody_but_the_code(self):
        token = self.connection._get_token()
        for user in (
            self.user_xero_admin,
            self.user_system,
            self.env.ref("base.user_admin"),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.get_rights("xero.token", user), "")
                with self.assertRaises(AccessError):
                    token.with_user(user).read(["refresh_token"])
                with self.assertRaises(AccessError):
                    token.with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.env["xero.token"].with_user(user).create(
                        {"connection_id": self.connection.id}
                    )

    def test_only_settings_administrators_change_the_addresses(self):
        name = "xero_crm.api_url"
        parameter = self.env["ir.config_parameter"].search([("key", "=", name)])
        for user in (
            self.user_outsider,
            self.user_rep,
            self.user_accountant,
            self.user_xero_admin,
            self.user_portal,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    parameter.with_user(user).write({"value": "https://evil.example"})
                with self.assertRaises(AccessError):
                    parameter.with_user(user).set_param(name, "https://evil.example")
        parameter.with_user(self.user_system).write({"value": self.server.url})

    def test_wizards_belong_to_who_opened_them(self):
        other = new_test_user(
            self.env, "xero_acc_two", "base.group_user,xero_crm.group_xero_accountant"
        )
        wizard = self.env["xero.sync.wizard"].with_user(self.user_accountant).create({})
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["connection_id"])
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_run()


@tagged("post_install", "-at_install")
class TestConnectionFields(XeroCommon):
    """Who may change what of a connection."""

    def test_nobody_types_in_another_organisation(self):
        for user in (self.user_accountant, self.user_xero_admin):
            connection = self.connection.with_user(user)
            for vals in (
                {"tenant_id": "1"},
                {"state": "connected"},
                {"short_code": "!x"},
                {"tenant_name": "x"},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(AccessError):
                        connection.write(vals)
        with self.assertRaises(AccessError):
            self.connection.with_user(self.user_xero_admin).create({"tenant_id": "1"})

    def test_accountant_keeps_settings_but_not_the_app(self):
        connection = self.connection.with_user(self.user_accountant)
        connection.write({"invoice_status": "authorised", "conflict_policy": "ask"})
        for vals in (
            {"client_id": "x"},
            {"client_secret": "x"},
            {"webhook_key": "x"},
            {"company_id": self.env.company.id},
            {"use_broad_scopes": True},
            {"active": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                connection.write(vals)
        for name in ("client_id", "client_secret", "webhook_key", "available_tenants"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                connection.read([name])

    def test_secret_is_never_read_back(self):
        connection = self.connection.with_user(self.user_xero_admin)
        connection.write({"client_secret": "brand-new-secret", "webhook_key": "key-2"})
        names = ["client_secret", "webhook_key"]
        for record in (connection, self.connection, self.connection.sudo()):
            self.assertEqual(
                record.read(names),
                [{"id": connection.id, "client_secret": False, "webhook_key": False}],
            )
        self.assertEqual(
            self.connection._get_token()._read_secret("client_secret"),
            "brand-new-secret",
        )
        self.user_xero_admin.group_ids += self.env.ref("base.group_allow_export")
        rows = connection.export_data(names)["datas"]
        self.assertNotIn("brand-new-secret", str(rows))
        self.assertTrue(connection.has_client_secret)
        self.assertFalse(connection.search([("name", "ilike", "brand-new")]))
        connection.write({"client_secret": False})
        self.assertTrue(connection.has_client_secret, "an empty field replaces nothing")

    def test_saving_the_form_does_not_answer_with_the_secret(self):
        connections = self.env["xero.connection"].with_user(self.user_xero_admin)
        spec = {"client_secret": {}, "webhook_key": {}, "has_client_secret": {}}
        vals = {"client_id": "a", "client_secret": CLIENT_SECRET, "webhook_key": "k-9"}
        [answer] = connections.web_save(vals, spec)
        self.assertNotIn(CLIENT_SECRET, str(answer))
        self.assertNotIn("k-9", str(answer))
        connection = connections.browse(answer["id"])
        self.assertEqual(
            connection._get_token()._read_secret("client_secret"), CLIENT_SECRET
        )
        [answer] = connection.web_save({"client_secret": "second"}, spec)
        self.assertFalse(answer["client_secret"])
        copied = connection.copy()
        self.assertFalse(copied.has_client_secret, "a copy has no secrets")
