from odoo.tests import tagged

from .test_bad_input import BadInputCase


@tagged("post_install", "-at_install")
class TestAccounts(BadInputCase):
    """The account of a line: product, category upwards, connection; by fiscal
    position."""

    def prepare(self):
        super().prepare()
        self.sales = self.account("200")
        self.other = self.account("260")
        self.parent = self.env["product.category"].create({"name": "Furniture"})
        self.category = self.env["product.category"].create(
            {"name": "Tables", "parent_id": self.parent.id}
        )
        self.product.categ_id = self.category

    def account(self, code):
        accounts = self.connection.account_ids
        return accounts.filtered(lambda account: account.code == code)

    def get_code(self, order=None):
        order = order or self._create_order()
        order.action_create_xero_invoice()
        self.assertFalse(order.xero_error)
        [line] = self.org.invoices[order.xero_invoice_ids.xero_id]["LineItems"]
        return line["AccountCode"]

    def archive(self, account):
        self.org.update(
            "Accounts", AccountID=account.xero_key, Status="ARCHIVED", Name=account.name
        )
        self.pull("Accounts")
        self.assertFalse(account.active)

    def test_category_names_the_account_of_all_below_it(self):
        self.assertEqual(self.get_code(), "200")
        self.parent.xero_account_id = self.other
        self.assertEqual(self.get_code(), "260")
        self.category.xero_account_id = self.sales
        self.assertEqual(self.get_code(), "200")
        self.product.xero_account_id = self.other
        self.assertEqual(self.get_code(), "260")

    def test_category_suffices_without_a_default(self):
        self.connection.default_account_id = False
        self.parent.xero_account_id = self.other
        self.env["xero.audit"].action_open()
        audit = self.env["xero.audit"].search(
            [("connection_id", "=", self.connection.id)]
        )
        audit.action_run()
        check = audit.check_ids.filtered(lambda check: check.key == "no_account")
        found = self.env["product.product"].search(
            [("xero_audit_check_id", "=", check.id)]
        )
        self.assertNotIn(self.product, found)
        self.assertEqual(self.get_code(), "260")

    def test_fiscal_position_replaces_the_account(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        maps = self.env["xero.account.map"].with_user(self.user_accountant)
        row = maps.create(
            {
                "connection_id": self.connection.id,
                "fiscal_position_id": position.id,
                "source_id": self.sales.id,
                "account_id": self.other.id,
            }
        )
        self.assertEqual(self.get_code(), "200")
        abroad = self._create_order(fiscal_position_id=position.id)
        self.assertEqual(self.get_code(abroad), "260")
        self.product.xero_account_id = self.account("270")
        order = self._create_order(fiscal_position_id=position.id)
        self.assertEqual(self.get_code(order), "270")
        row.source_id = False
        order = self._create_order(fiscal_position_id=position.id)
        self.assertEqual(self.get_code(order), "260")

    def test_archived_account_is_refused_where_it_was_chosen(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.product.xero_account_id = self.other
        self.archive(self.other)
        [message] = self.connection.message_ids.filtered(
            lambda m: "260 Other Revenue" in (m.body or "")
        )
        self.assertIn("No longer to be used", message.body)
        log = self.assertHeld("260 Other Revenue, which the product")
        self.assertNothingSent()
        self.assertFixOpens(log, "product.product", self.product.id)
        self.product.xero_account_id = False
        self.category.xero_account_id = self.other
        log.action_resync()
        log = self.assertHeld("which the product category Furniture / Tables names")
        self.assertFixOpens(log, "product.category", self.category.id)
        self.category.xero_account_id = False
        self.env["xero.account.map"].create(
            {
                "connection_id": self.connection.id,
                "fiscal_position_id": position.id,
                "account_id": self.other.id,
            }
        )
        self.order.fiscal_position_id = position
        log.action_resync()
        log = self.assertHeld("which fiscal position Export names")
        self.assertEqual(log.action_fix()["res_model"], "xero.account.map")
        # Taking the row away is a correction: the invoice goes on by itself.
        self.env["xero.account.map"].search([]).unlink()
        self.assertEqual(log._get_link().state, "pending")
        self.assertGoesOn(log)

    def test_archived_default_account(self):
        self.connection.default_account_id = self.other
        self.archive(self.other)
        log = self.assertHeld("which the connection")
        self.assertFixOpens(log, "xero.connection", self.connection.id)
        self.connection.default_account_id = self.sales
        self.assertEqual(log._get_link().state, "pending")

    def test_xero_refuses_the_account_all_the_same(self):
        # Archived in Xero since the last fetch.
        self.org.update(
            "Accounts", AccountID=self.sales.xero_key, Status="ARCHIVED", Name="Sales"
        )
        self.order.action_create_xero_invoice()
        self.assertIn("has no account that Xero accepts", self.order.xero_error)
