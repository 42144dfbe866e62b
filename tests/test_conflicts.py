"""What both sides changed: shown, chosen field by field, never overwritten stale."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCommon


class ConflictCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.connection.conflict_policy = "ask"
        self.customer.action_xero_push()
        self.pull("Contacts")
        self.link = self.link_of(self.customer)
        self.xero.reset_calls()

    @property
    def contact(self):
        """The customer's contact, as Xero has it now."""
        return self.org.contacts[self.link.xero_id]

    def update_xero(self, **fields):
        if city := fields.pop("City", None):
            fields["Addresses"] = [
                {**address, "City": city}
                if address["AddressType"] == "POBOX"
                else address
                for address in self.contact["Addresses"]
            ]
        self.org.update("Contacts", ContactID=self.link.xero_id, **fields)

    def get_city(self):
        [address] = [
            row for row in self.contact["Addresses"] if row["AddressType"] == "POBOX"
        ]
        return address["City"]

    def dispute(self):
        """E-mail and city are changed on both sides, the tax number in Xero only."""
        self.customer.write({"email": "odoo@example.com", "city": "Napier"})
        self.update_xero(
            EmailAddress="xero@example.com", City="Oamaru", TaxNumber="12-345-678"
        )
        self.pull("Contacts")
        self.xero.reset_calls()

    def get_conflicts(self, **values):
        """Open conflicts as the accountant sees them, by field."""
        rows = self.env["xero.conflict"].with_user(self.user_accountant)
        domain = [("state", "=", "open"), *((n, "=", v) for n, v in values.items())]
        return {row.field: row for row in rows.search(domain)}

    def get_logs(self):
        """The log's open rows about conflicts."""
        return self.env["xero.log"].search(
            [("state", "=", "conflict"), ("connection_id", "=", self.connection.id)]
        )

    def count_writes(self):
        return sum(n for route, n in self.xero.calls.items() if route[:3] != "GET")

    def assert_at_rest(self):
        """Both sides agree: another round writes nothing anywhere."""
        self.assertEqual(self.link.state, "synced")
        self.pull("Contacts")
        self.push()
        stamps = self.customer.write_date, self.link.write_date
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertFalse(self.count_writes())
        self.env.invalidate_all()
        self.assertEqual((self.customer.write_date, self.link.write_date), stamps)


@tagged("post_install", "-at_install")
class TestReview(ConflictCase):
    def test_each_disputed_field_waits_with_its_three_values(self):
        self.dispute()
        rows = self.get_conflicts()
        self.assertEqual(set(rows), {"email", "city"})
        row = rows["email"]
        self.assertEqual(row.label, "Email")
        self.assertEqual(row.record_name, "Kauri Builders")
        self.assertEqual(row.base_text, "accounts@kauri.example.com")
        self.assertEqual(row.odoo_text, "odoo@example.com")
        self.assertEqual(row.xero_text, "xero@example.com")
        self.assertFalse(row.choice)
        self.assertEqual(self.customer.vat, "12-345-678", "nobody disputes it")
        self.assertEqual(self.customer.xero_sync_state, "conflict")
        self.assertEqual(self.customer.xero_conflict_count, 2)
        self.assertEqual(self.connection.conflict_count, 2)
        partners = self.env["res.partner"].search(
            [("xero_sync_state", "=", "conflict")]
        )
        self.assertEqual(partners, self.customer)

    def test_choice_by_field(self):
        self.dispute()
        rows = self.get_conflicts()
        rows["email"].choice = "odoo"
        rows["city"].choice = "xero"
        self.assertEqual(self.customer.city, "Napier", "not before Apply")
        self.assertFalse(self.xero.calls)
        answer = (rows["email"] + rows["city"]).action_apply()
        self.assertEqual(answer["params"]["type"], "success")
        self.assertEqual(self.customer.email, "odoo@example.com")
        self.assertEqual(self.contact["EmailAddress"], "odoo@example.com")
        self.assertEqual(self.customer.city, "Oamaru")
        self.assertEqual(self.get_city(), "Oamaru")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1, "POST Contacts": 1})
        self.assertEqual(
            {row.field: row.outcome for row in rows["email"] + rows["city"]},
            {"email": "odoo", "city": "xero"},
        )
        self.assertEqual(rows["city"].settled_by_id, self.user_accountant)
        self.assertEqual(self.customer.xero_conflict_count, 0)
        self.assert_at_rest()

    def test_apply_without_a_selection_takes_all_that_is_chosen(self):
        self.dispute()
        conflicts = self.env["xero.conflict"].with_user(self.user_accountant)
        with self.assertRaisesRegex(UserError, "Choose first"):
            conflicts.action_apply()
        self.get_conflicts()["city"].choice = "odoo"
        conflicts.action_apply()
        self.assertEqual(set(self.get_conflicts()), {"email"})
        self.assertEqual(self.get_city(), "Napier")
        self.assertEqual(self.contact["EmailAddress"], "xero@example.com")
        self.assertEqual(self.customer.email, "odoo@example.com")
        self.assertEqual(self.link.state, "conflict", "the e-mail still waits")

    def check_keeping_the_city(self, verb, city):
        self.dispute()
        getattr(self.get_conflicts()["city"], verb)()
        self.assertEqual(set(self.get_conflicts()), {"email"})
        self.assertEqual((self.customer.city, self.get_city()), (city, city))
        self.assertEqual(self.customer.xero_sync_state, "conflict")

    def test_keeping_odoos_value_settles_that_field_alone(self):
        self.check_keeping_the_city("action_keep_odoo", "Napier")

    def test_keeping_xeros_value_settles_that_field_alone(self):
        self.check_keeping_the_city("action_keep_xero", "Oamaru")

    def test_all_of_a_record_from_each_screen(self):
        screens = {
            "records": lambda: self.link,
            "log": self.get_logs,
            "dialog": self.open_review,
            "list": lambda: self.env["xero.conflict"].search([("state", "=", "open")]),
        }
        for name, screen in screens.items():
            with self.subTest(name):
                self.dispute()
                screen().with_user(self.user_accountant).action_keep_xero()
                self.assertFalse(self.get_conflicts())
                self.assertEqual(self.customer.email, "xero@example.com")
                self.assertFalse(self.get_logs())
                self.assert_at_rest()
                self.update_xero(EmailAddress="accounts@kauri.example.com", City="Tawa")
                self.pull("Contacts")

    def open_review(self):
        partner = self.customer.with_user(self.user_accountant)
        action = partner.action_review_xero_conflicts()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_dialog_of_a_record(self):
        self.dispute()
        review = self.open_review().with_user(self.user_accountant)
        self.assertEqual(len(review.conflict_ids), 2)
        [email] = review.conflict_ids.filtered(lambda row: row.field == "email")
        review.write({"conflict_ids": [(1, email.id, {"choice": "xero"})]})
        answer = review.action_apply()
        self.assertEqual(
            answer["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        self.assertEqual(self.customer.email, "xero@example.com")
        self.assertEqual(set(self.get_conflicts()), {"city"})

    def test_only_the_choice_can_be_changed_and_only_by_accountants(self):
        self.dispute()
        row = self.get_conflicts()["email"]
        for vals in ({"values": {}}, {"state": "settled"}, {"field": "name"}):
            with self.assertRaises(AccessError):
                row.write({"choice": "xero", **vals})
        for user in (self.user_rep, self.user_outsider):
            with self.assertRaises(AccessError):
                row.with_user(user).choice = "xero"
            with self.assertRaises(AccessError):
                row.with_user(user).action_keep_xero()
        self.assertFalse(self.xero.calls)

    def test_two_hundred_conflicts_are_a_few_calls(self):
        self.org.add_contacts(100)
        self.pull("Contacts")
        partners = self.env["res.partner"].search([("email", "=like", "customer0%")])
        self.assertEqual(len(partners), 100)
        partners.write({"vat": "1-1", "ref": "R"})
        for contact in list(self.org.contacts.values()):
            self.org.touch(contact, TaxNumber="2-2", AccountNumber="X")
        self.pull("Contacts")
        rows = self.get_conflicts()
        rows = self.env["xero.conflict"].search([("state", "=", "open")])
        self.assertEqual(len(rows), 200)
        self.xero.reset_calls()
        rows.with_user(self.user_accountant).action_keep_odoo()
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 4, "POST Contacts": 2})
        self.assertEqual(
            {contact["TaxNumber"] for contact in self.org.contacts.values()},
            {"1-1", "2-2"},
        )
        self.assertFalse(self.get_conflicts())

    def test_preview_notes_no_conflict(self):
        self.customer.email = "odoo@example.com"
        self.update_xero(EmailAddress="xero@example.com")
        wizards = self.env["xero.sync.wizard"].with_user(self.user_accountant)
        wizard = wizards.create(
            {
                "connection_id": self.connection.id,
                "sync_items": False,
                "sync_invoices": False,
            }
        )
        wizard.action_run()
        self.assertEqual(wizard.line_ids.mapped("operation"), ["conflict"])
        self.assertFalse(self.get_conflicts())
        self.assertEqual(self.link.state, "pending")


@tagged("post_install", "-at_install")
class TestWhatMovesMeanwhile(ConflictCase):
    def choose(self, side):
        row = self.get_conflicts()["email"]
        row.choice = side
        return row

    def test_choice_that_xero_has_left_behind_is_asked_again(self):
        for side in ("odoo", "xero"):
            with self.subTest(side):
                self.dispute()
                row = self.choose(side)
                self.update_xero(EmailAddress=f"later-{side}@example.com")
                answer = row.action_apply()
                self.assertEqual(answer["params"]["type"], "warning")
                self.assertEqual(row.state, "open")
                self.assertFalse(row.choice)
                self.assertEqual(row.xero_text, f"later-{side}@example.com")
                self.assertEqual(self.customer.email, "odoo@example.com")
                self.assertFalse(self.count_writes())

    def test_choice_that_odoo_has_left_behind_is_asked_again(self):
        for side in ("odoo", "xero"):
            with self.subTest(side):
                self.dispute()
                row = self.choose(side)
                self.customer.email = f"later-{side}@example.com"
                row.action_apply()
                self.assertEqual(row.odoo_text, f"later-{side}@example.com")
                self.assertEqual(row.state, "open")
                self.assertEqual(self.customer.email, f"later-{side}@example.com")
                self.assertEqual(self.contact["EmailAddress"], "xero@example.com")

    def test_fetch_that_brings_other_values_takes_the_choice_back(self):
        self.dispute()
        row = self.choose("odoo")
        self.update_xero(EmailAddress="later@example.com")
        self.pull("Contacts")
        self.assertFalse(row.choice)
        self.assertEqual(row.xero_text, "later@example.com")

    def test_fetch_that_brings_the_same_leaves_the_choice(self):
        self.dispute()
        row = self.choose("odoo")
        self.update_xero(CompanyNumber="77")
        self.pull("Contacts")
        self.assertEqual(row.choice, "odoo")
        self.assertEqual(self.customer.company_registry, "77")

    def test_conflict_ends_when_odoo_takes_xeros_value(self):
        self.dispute()
        row = self.choose("odoo")
        self.customer.email = "xero@example.com"
        self.push()
        self.assertEqual((row.state, row.outcome), ("settled", "equal"))
        self.assertFalse(row.settled_by_id)
        self.assertEqual(set(self.get_conflicts()), {"city"})

    def test_conflict_ends_when_xero_takes_odoos_value(self):
        self.dispute()
        row = self.choose("xero")
        self.update_xero(EmailAddress="odoo@example.com", City="Napier")
        self.pull("Contacts")
        self.assertEqual((row.state, row.outcome), ("settled", "equal"))
        self.assertFalse(self.get_logs())
        self.assert_at_rest()

    def test_change_that_odoo_takes_back_lets_xeros_through(self):
        self.dispute()
        row = self.choose("odoo")
        self.customer.email = "accounts@kauri.example.com"
        self.push()
        self.assertEqual(self.customer.email, "xero@example.com")
        self.assertEqual((row.state, row.outcome), ("settled", "xero"))

    def test_change_that_xero_takes_back_lets_odoos_through(self):
        self.dispute()
        row = self.choose("xero")
        self.update_xero(EmailAddress="accounts@kauri.example.com")
        self.pull("Contacts")
        self.push()
        self.assertEqual(self.contact["EmailAddress"], "odoo@example.com")
        self.assertEqual((row.state, row.outcome), ("settled", "odoo"))

    def test_other_fields_go_on_while_one_is_disputed(self):
        self.dispute()
        self.customer.write({"phone": "+64 9 555 0909", "street": "9 Marine Parade"})
        self.assertEqual(self.customer.xero_sync_state, "conflict")
        self.push()
        self.assertIn("+64 9 555 0909", str(self.contact["Phones"]))
        self.assertIn("9 Marine Parade", str(self.contact["Addresses"]))
        self.assertEqual(self.contact["EmailAddress"], "xero@example.com")
        self.assertEqual(self.get_city(), "Oamaru", "an address goes as a whole")
        self.assertEqual(set(self.get_conflicts()), {"email", "city"})
        self.assertEqual(self.link.state, "conflict")
        self.assertEqual(len(self.get_logs()), 1)
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertFalse(self.count_writes())

    def test_deleted_record_is_disputed_no_more(self):
        self.dispute()
        row = self.get_conflicts()["email"]
        self.customer.unlink()
        self.assertEqual((row.state, row.outcome), ("settled", "gone"))

    def test_without_an_answer_of_xero_nothing_is_settled(self):
        self.dispute()
        row = self.choose("odoo")
        self.xero.fail("GET Contacts", "500", times=5)
        with self.assertRaises(UserError):
            row.action_apply()
        self.assertEqual((row.state, row.choice), ("open", "odoo"))
        self.xero.clear_faults()
        self.env["xero.usage"].search([]).paused_until = False
        row.action_apply()
        self.assertEqual(self.contact["EmailAddress"], "odoo@example.com")

    def test_read_only_connection_keeps_the_choice_till_it_goes_live(self):
        self.dispute()
        self.connection.sync_mode = "read_only"
        self.get_conflicts()["email"].action_keep_odoo()
        self.get_conflicts()["city"].action_keep_odoo()
        self.assertFalse(self.count_writes())
        self.connection.sync_mode = "live"
        self.push()
        self.assertEqual(self.contact["EmailAddress"], "odoo@example.com")
        self.assert_at_rest()

    def test_item_is_disputed_like_a_contact(self):
        self.product.name = "Rimu Table"
        self.env["xero.link"]._ensure(self.connection, self.product)
        self.push()
        self.pull("Items")
        self.product.list_price = 300
        [item] = self.org.items.values()
        self.org.update(
            "Items",
            ItemID=item["ItemID"],
            Code="RIMU-1",
            SalesDetails={"UnitPrice": 275},
        )
        self.pull("Items")
        row = self.get_conflicts()["sale_price"]
        self.assertEqual((row.odoo_text, row.xero_text), ("300", "275"))
        self.assertEqual(self.product.product_tmpl_id.xero_conflict_count, 1)
        row.action_keep_xero()
        self.assertEqual(self.product.list_price, 275)
        self.assertEqual(self.link_of(self.product).state, "synced")


@tagged("post_install", "-at_install")
class TestReasons(ConflictCase):
    """The log tells of every field: before, after, and why."""

    def get_rows(self, direction):
        log = self.env["xero.log"].search(
            [("direction", "=", direction), ("res_id", "=", self.customer.id)], limit=1
        )
        return {
            row["label"]: (row["old"], row["new"], row["why"])
            for row in log._get_change_rows()
        }

    def test_only_xero_changed(self):
        self.update_xero(EmailAddress="xero@example.com", ContactStatus="ARCHIVED")
        self.pull("Contacts")
        self.assertEqual(
            self.get_rows("pull"),
            {
                "Email": (
                    "accounts@kauri.example.com",
                    "xero@example.com",
                    "Only Xero had changed it",
                ),
                "Archived": ("No", "Yes", "Only Xero had changed it"),
            },
        )

    def test_only_odoo_changed(self):
        self.customer.phone = False
        self.push()
        self.assertEqual(
            self.get_rows("push"),
            {"Phone": ("+64 9 555 0101", "", "Only Odoo had changed it")},
        )

    def test_first_match(self):
        contact = self.org.add_contact(Name="Tui Tours", TaxNumber="33-3")
        self.customer = self.env["res.partner"].create(
            {"name": "Tui Tours", "email": "tui@example.com"}
        )
        self.pull("Contacts")
        self.assertEqual(self.customer.xero_contact_id, contact["ContactID"])
        label = self.customer._get_xero_field_label("tax_number")
        self.assertEqual(
            self.get_rows("pull"),
            {label: ("", "33-3", "First match: it was empty in Odoo")},
        )
        self.push()
        self.assertEqual(
            self.get_rows("push"),
            {"Email": ("", "tui@example.com", "First match: it was empty in Xero")},
        )

    def test_policies(self):
        for policy, direction, why in (
            ("xero", "pull", "the rule is that Xero wins"),
            ("odoo", "push", "the rule is that Odoo wins"),
            ("newest", "pull", "Xero's change was newer by 30 minutes"),
        ):
            with self.subTest(policy):
                self.connection.conflict_policy = policy
                self.customer.email = f"odoo-{policy}@example.com"
                self.xero.advance(timedelta(minutes=10))
                self.update_xero(EmailAddress=f"xero-{policy}@example.com")
                self.pull("Contacts")
                self.push()
                self.assertIn(why, self.get_rows(direction)["Email"][2])

    def test_choice_of_a_person(self):
        self.dispute()
        rows = self.get_conflicts()
        rows["email"].action_keep_odoo()
        rows["city"].action_keep_xero()
        self.assertEqual(
            self.get_rows("push")["Email"],
            (
                "xero@example.com",
                "odoo@example.com",
                "Both had changed it; a person chose Odoo's value",
            ),
        )
        self.assertEqual(
            self.get_rows("pull")["City"],
            ("Napier", "Oamaru", "Both had changed it; a person chose Xero's value"),
        )

    def test_table_on_the_form(self):
        self.update_xero(AccountNumber="<b>x</b>")
        self.pull("Contacts")
        log = self.env["xero.log"].search([("direction", "=", "pull")], limit=1)
        log = log.with_user(self.user_accountant)
        self.assertIn("<td", log.changes_html)
        self.assertIn("Only Xero had changed it", log.changes_html)
        self.assertIn("&lt;b&gt;x&lt;/b&gt;", log.changes_html)

    def test_rows_of_before_there_were_reasons(self):
        log = self.env["xero.log"].search([], limit=1)
        log.changes = {"email": ["a@example.com", "b@example.com"]}
        self.assertEqual(log.changes_text, "Email: a@example.com → b@example.com")
        self.assertNotIn("Why", log.changes_html)


@tagged("post_install", "-at_install")
class TestNewest(ConflictCase):
    def prepare(self):
        super().prepare()
        self.connection.conflict_policy = "newest"

    def age(self, hours):
        """What was changed in Odoo was changed so long ago."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE xero_link SET changed_at = (
                   SELECT jsonb_object_agg(key, to_char(value::timestamp
                          - make_interval(hours => %s), 'YYYY-MM-DD HH24:MI:SS'))
                     FROM jsonb_each_text(changed_at))
                WHERE changed_at IS NOT NULL""",
            [hours],
        )
        self.env.invalidate_all()

    def test_what_has_nothing_to_do_with_the_field_makes_it_no_newer(self):
        self.customer.email = "odoo@example.com"
        self.age(2)
        self.xero.advance(timedelta(minutes=-2))
        self.update_xero(EmailAddress="xero@example.com")
        # Moves the record's write_date, and another tracked field.
        self.customer.write({"comment": "Called today", "phone": "+64 9 555 0909"})
        self.pull("Contacts")
        self.assertEqual(self.customer.email, "xero@example.com")
        self.push()
        self.assertIn("+64 9 555 0909", str(self.contact["Phones"]))

    def test_newer_change_of_the_field_in_odoo_wins(self):
        self.xero.advance(timedelta(minutes=-2))
        self.update_xero(EmailAddress="xero@example.com")
        self.customer.email = "odoo@example.com"
        self.pull("Contacts")
        self.push()
        self.assertEqual(self.contact["EmailAddress"], "odoo@example.com")

    def test_what_arrives_from_xero_counts_as_no_change_in_odoo(self):
        self.update_xero(EmailAddress="xero@example.com")
        self.pull("Contacts")
        self.assertNotIn("email", self.link.changed_at or {})
