from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_items import ItemCase


class AuditCase(ItemCase):
    """Only the tests' own customer and product take part."""

    def prepare(self):
        super().prepare()
        others = self.env["res.partner"].search([("id", "!=", self.customer.id)])
        others.xero_do_not_sync = True
        # The database may hold the demo's connection as well.
        others = self.env["xero.connection"].search([("id", "!=", self.connection.id)])
        others.active = False
        action = self.open_audit()
        self.audit = self.env["xero.audit"].browse(action["res_id"])

    def open_audit(self):
        audits = self.env["xero.audit"].with_user(self.user_accountant)
        return audits.action_open()

    def run_audit(self):
        self.audit.with_user(self.user_accountant).action_run()

    def get_check(self, key):
        return self.audit.check_ids.filtered(lambda check: check.key == key)

    def get_found(self, key, user=None):
        """Press the button of a tile; return the records of the list it opens."""
        check = self.get_check(key).with_user(user or self.user_accountant)
        action = check.action_fix()
        return self.env[action["res_model"]].search(action["domain"])

    def add_partners(self, *vals_list):
        base = {"street": "1 Main St", "city": "Nelson", "country_id": self.nz.id}
        return self.env["res.partner"].create(
            [
                {"email": f"audit{n}@example.com", **base, **vals}
                for n, vals in enumerate(vals_list)
            ]
        )

    @property
    def nz(self):
        return self.env.ref("base.nz")


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    def test_each_kind_of_duplicate_is_found_and_opened(self):
        cases = {
            "same_tax_number": [
                {"name": "A1", "vat": "NZ 49-091-850"},
                {"name": "A2", "vat": "nz49091850"},
                {"name": "A3", "vat": "/"},
                {"name": "A4", "vat": "/"},
            ],
            "same_email": [
                {"name": "B1", "email": "Same@Example.com"},
                {"name": "B2", "email": "same@example.com"},
            ],
            "same_name": [
                {"name": "Harbour  Ltd."},
                {"name": "harbour ltd"},
            ],
            "same_phone": [
                {"name": "D1", "phone": "+64 9 555 7777"},
                {"name": "D2", "phone": "+64 (9) 555-7777"},
                {"name": "D3", "phone": "12"},
                {"name": "D4", "phone": "12"},
            ],
        }
        expected = {}
        for number, (key, vals_list) in enumerate(cases.items()):
            partners = self.add_partners(
                *(
                    {"email": f"{key}{n}@x{number}.example.com", **v}
                    for n, v in enumerate(vals_list)
                )
            )
            expected[key] = partners[:2]
        self.run_audit()
        for key, partners in expected.items():
            with self.subTest(check=key):
                check = self.get_check(key)
                self.assertEqual((check.count, check.groups), (2, 1))
                self.assertEqual(self.get_found(key), partners)

    def test_incomplete_customers(self):
        no_email, no_street, bad = self.add_partners(
            {"name": "No Mail", "email": False},
            {"name": "No Street", "street": " "},
            {"name": "A <b>"},
        )
        self.run_audit()
        self.assertEqual(self.get_found("no_email"), no_email)
        self.assertEqual(self.get_found("no_address"), no_street)
        self.assertEqual(self.get_found("bad_name"), bad)
        self.assertEqual(self.get_check("no_email").level, "warning")
        self.assertEqual(self.get_check("bad_name").level, "danger")

    def test_excluded_customers_and_addresses_of_others_do_not_count(self):
        partners = self.add_partners({"name": "Twin"}, {"name": "Twin"})
        partners[0].xero_do_not_sync = True
        self.add_partners({"name": "Twin", "parent_id": partners[1].id})
        self.run_audit()
        self.assertFalse(self.get_check("same_name").count)

    def test_products(self):
        create = self.env["product.product"].create
        no_code = create({"name": "No Code"})
        twins = create([{"name": f"T{n}", "default_code": "TWIN"} for n in range(2)])
        long_code = create({"name": "Long", "default_code": "L" * 31})
        long_name = create({"name": "N" * 51, "default_code": "N"})
        variants = self.create_variants(name="V" * 43)
        self.run_audit()
        self.assertEqual(self.get_found("no_code"), no_code)
        self.assertEqual(self.get_found("same_code"), twins)
        self.assertEqual(self.get_found("long_code"), long_code)
        # "V…V (Steel)" has 51 characters, and so has its sister more.
        self.assertEqual(self.get_found("long_product_name"), long_name | variants)
        cut = self.env["product.product"].search([("xero_do_not_sync", "=", False)])
        self.assertEqual(
            cut.filtered("xero_name_is_cut"), long_name | variants, "as it is sent"
        )
        self.assertFalse(self.get_check("other_currency").count)
        self.connection.base_currency_id = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        )
        self.run_audit()
        self.assertEqual(
            self.get_check("other_currency").count, len(cut | no_code | self.product)
        )

    def test_contacts_of_xero(self):
        self.org.add_contact(Name="Kauri  Builders", EmailAddress="one@example.com")
        self.org.add_contact(Name="Kauri Builders.", EmailAddress="ONE@example.com")
        self.org.add_contact(Name="T1", TaxNumber="49-091-850", EmailAddress="t1@x.nz")
        self.org.add_contact(Name="T2", TaxNumber="49091850")
        gone = self.org.add_contact(Name="T3", TaxNumber="49091850")
        gone["ContactStatus"] = "ARCHIVED"
        self.xero.reset_calls()
        self.run_audit()
        self.assertEqual(self.xero.calls, {"GET Contacts": 1})
        self.assertEqual(
            self.get_found("xero_same_tax_number").mapped("name"), ["T1", "T2"]
        )
        self.assertEqual(len(self.get_found("xero_same_email")), 2)
        self.assertEqual(len(self.get_found("xero_same_name")), 2)
        found = self.get_found("xero_no_email")
        self.assertEqual(found.mapped("name"), ["T2"])
        self.assertIn(found.xero_id, found.action_open_in_xero()["url"])
        self.run_audit()
        self.assertEqual(self.get_check("xero_no_email").count, 1, "not added up")

    def test_mapping_and_sync(self):
        self.customer.name = "K" * 300
        self.env["xero.link"]._ensure(self.connection, self.customer)
        self.push()
        self.connection.tax_map_ids.filtered(lambda r: r.tax_id == self.tax).unlink()
        self.connection.default_account_id = False
        self.run_audit()
        self.assertEqual(self.get_found("failing"), self.link_of(self.customer))
        self.assertEqual(self.get_found("no_account"), self.product)
        self.assertGreaterEqual(self.get_check("unmapped_taxes").count, 1)
        self.assertIn(self.tax, self.get_found("unmapped_taxes").tax_id)
        self.product.xero_account_id = self.other_sales
        self.run_audit()
        self.assertFalse(self.get_check("no_account").count)

    def test_the_figures_before_are_kept(self):
        partner = self.add_partners({"name": "No Mail", "email": False})
        self.run_audit()
        check = self.get_check("no_email")
        self.assertEqual((check.count, check.previous_count, check.change), (1, 1, 0))
        first = self.audit.run_at
        partner.email = "now@example.com"
        self.run_audit()
        self.assertEqual((check.count, check.previous_count, check.change), (0, 1, -1))
        self.assertEqual(check.level, "ok")
        self.assertEqual(self.audit.previous_run_at, first)

    def test_the_list_is_of_today_not_of_the_last_run(self):
        partner = self.add_partners({"name": "No Mail", "email": False})
        self.run_audit()
        self.assertEqual(self.get_found("no_email"), partner)
        partner.email = "now@example.com"
        self.assertFalse(self.get_found("no_email"))

    def test_queries_do_not_grow_with_the_records(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.run_audit()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        count()
        few = count()
        self.add_partners(*({"name": f"Q{n}", "email": False} for n in range(200)))
        self.org.add_contacts(150)
        for contact in list(self.org.contacts.values())[:50]:
            contact["EmailAddress"] = ""
        many = count()
        self.assertLess(many - few, 15, (few, many))

    def test_xero_out_of_order_leaves_the_figures(self):
        self.run_audit()
        before = self.audit.run_at, self.audit.check_ids.mapped("count")
        self.xero.fail("GET Contacts", "503", times=None)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.run_audit()
        self.assertEqual(
            (self.audit.run_at, self.audit.check_ids.mapped("count")), before
        )

    def test_only_accountants_and_only_their_companies(self):
        for user in (self.user_rep, self.user_outsider):
            with self.assertRaises(AccessError):
                self.env["xero.audit"].with_user(user).action_open()
            with self.assertRaises(AccessError):
                self.audit.with_user(user).action_run()
            with self.assertRaises(AccessError):
                self.get_check("no_email").with_user(user).action_fix()
            with self.assertRaises(AccessError):
                self.env["res.partner"].with_user(user).search(
                    [("xero_audit_check_id", "=", self.get_check("no_email").id)]
                )
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.connection.company_id = company
        audits = self.env["xero.audit"].with_user(self.user_accountant)
        self.assertFalse(audits.search([]))

    def test_without_an_organisation(self):
        self.connection.write({"tenant_id": False, "state": "draft"})
        with self.assertRaisesRegex(UserError, "No Xero organisation"):
            self.open_audit()

    def test_waiting_matches(self):
        self.add_partners(
            {"name": "Twin A", "email": "twin@example.com"},
            {"name": "Twin B", "email": "twin@example.com"},
        )
        self.org.add_contact(Name="Someone", EmailAddress="twin@example.com")
        self.pull("Contacts")
        self.run_audit()
        self.assertEqual(self.get_check("waiting_matches").count, 1)
        self.assertEqual(self.get_found("waiting_matches").name, "Someone")
