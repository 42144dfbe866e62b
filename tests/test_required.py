from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_items import ItemCase


@tagged("post_install", "-at_install")
class TestRequiredFields(ItemCase):
    """What is missing is listed, filled in place by its own rights, and sent."""

    def prepare(self):
        super().prepare()
        others = self.env["res.partner"].search([("id", "!=", self.customer.id)])
        others.xero_do_not_sync = True
        connections = self.env["xero.connection"].search([])
        (connections - self.connection).active = False

    def check(self, user=None):
        checks = self.env["xero.required.check"].with_user(user or self.user_accountant)
        action = checks.action_open()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.user_accountant)
            .search(action["domain"])
        )

    def spoil(self):
        """Make one of each kind of mistake."""
        self.no_email = self.customer.copy({"name": "No Mail", "email": False})
        self.bad_email = self.customer.copy({"name": "Bad", "email": "not an e-mail"})
        self.bad_name = self.customer.copy({"name": "A <b>"})
        self.no_code = self.env["product.product"].create({"name": "No Code"})
        self.long_code = self.env["product.product"].create(
            {"name": "Long", "default_code": "L" * 31}
        )

    def test_all_that_is_missing_is_listed_and_nothing_else(self):
        self.assertFalse(self.check())
        self.spoil()
        self.assertEqual(
            {(line.res_model, line.res_id, line.field_name) for line in self.check()},
            {
                ("res.partner", self.no_email.id, "email"),
                ("res.partner", self.bad_email.id, "email"),
                ("res.partner", self.bad_name.id, "name"),
                ("product.product", self.no_code.id, "default_code"),
                ("product.product", self.long_code.id, "default_code"),
            },
        )
        self.connection.require_email = False
        self.assertNotIn(self.no_email.id, self.check().mapped("res_id"))

    def test_the_check_says_what_a_push_says(self):
        self.spoil()
        lines = self.check()
        for record in (self.bad_email, self.bad_name, self.long_code):
            problem = record._get_xero_problem(self.connection)
            line = lines.filtered(
                lambda line, r=record: (line.res_model, line.res_id) == (r._name, r.id)
            )
            self.assertIn(line.problem, problem.message)

    def test_filled_in_place_and_sent(self):
        self.spoil()
        line = self.check().filtered(lambda line: line.res_id == self.no_email.id)
        line.value = "now@example.com"
        self.assertEqual(self.no_email.email, "now@example.com")
        self.assertRecordValues(line, [{"state": "ready", "problem": False}])
        line.action_send()
        self.assertEqual(line.state, "sent")
        self.assertEqual(
            [row["EmailAddress"] for row in self.org.contacts.values()],
            ["now@example.com"],
        )

    def test_products_are_filled_and_sent(self):
        self.spoil()
        lines = self.check().filtered(lambda line: line.res_model == "product.product")
        self.user_accountant.group_ids += self.env.ref("product.group_product_manager")
        for number, line in enumerate(lines):
            line.value = f"CODE-{number}"
        lines.action_send()
        self.assertEqual(
            {row["Code"] for row in self.org.items.values()}, {"CODE-0", "CODE-1"}
        )

    def test_a_wrong_value_is_said_at_once(self):
        self.spoil()
        line = self.check().filtered(lambda line: line.res_id == self.no_email.id)
        line.value = "still not"
        self.assertEqual(line.state, "missing")
        self.assertIn("still not", line.problem)
        message = line.action_send()
        self.assertEqual(message["params"]["type"], "warning")
        self.assertFalse(self.org.contacts)

    def test_one_field_of_two_does_not_make_it_ready(self):
        partner = self.customer.copy({"name": "A <b>", "email": False})
        lines = self.check()
        line = lines.filtered(lambda line: line.field_name == "email")
        line.value = "both@example.com"
        self.assertEqual(line.state, "missing")
        self.assertFalse(line.problem)
        (lines - line).value = "A b"
        self.assertEqual((lines - line).state, "ready")
        self.assertEqual(partner.name, "A b")

    def test_written_with_the_persons_own_rights(self):
        self.spoil()
        bookkeeper = new_test_user(
            self.env, "xero_reader", "base.group_user,xero_crm.group_xero_accountant"
        )
        line = self.check(bookkeeper).filtered(
            lambda line: line.res_id == self.no_email.id
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.value = "x@example.com"
            self.env.flush_all()
        self.assertFalse(self.no_email.email)

    def test_the_list_writes_nothing_but_the_missing_value(self):
        self.spoil()
        line = self.check()[0]
        for vals in (
            {"res_id": self.customer.id},
            {"res_model": "product.product"},
            {"field_name": "comment"},
            {"state": "ready", "value": "x"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                line.write(vals)
        line.sudo().field_name = "comment"
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.value = "x"

    def test_nobody_but_accountants(self):
        self.spoil()
        lines = self.check()
        for user in (self.user_rep, self.user_outsider):
            with self.assertRaises(AccessError):
                self.check(user)
            for method in ("action_send", "action_open_record"):
                with self.assertRaises(AccessError):
                    getattr(lines[:1].with_user(user), method)()

    def test_read_only_connection_sends_nothing(self):
        self.spoil()
        lines = self.check()
        self.connection.sync_mode = "read_only"
        with self.assertRaisesRegex(UserError, "read-only"):
            lines.action_send()

    def test_queries_do_not_grow_with_the_records(self):
        def count(size):
            self.env["res.partner"].create(
                [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(size)]
            )
            self.env["product.product"].create(
                [{"name": f"P{n}", "default_code": f"Q{size}-{n}"} for n in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.check()
            return self.cr.sql_log_count - start

        count(2)
        few, many = count(5), count(150)
        self.assertLess(many - few, 10, (few, many))
