from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_field_map import FieldMapCase

# Kinds of fields a person may have added to customers, and a value of each.
CUSTOM = {
    "char": ("x_char", "Ext. 7"),
    "text": ("x_text", "Two\nlines"),
    "integer": ("x_integer", 12),
    "float": ("x_float", 1.5),
    "date": ("x_date", "2026-02-03"),
    "boolean": ("x_boolean", True),
    "selection": ("x_selection", "gold"),
    "many2one": ("x_many2one", None),
}


class FurtherCase(FieldMapCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In one go, and for the whole class: each time, Odoo sets up all models anew.
        model_id = cls.env["ir.model"]._get_id("res.partner")
        kinds = {name: kind for kind, (name, _value) in CUSTOM.items()}
        kinds.update(x_gone="char", x_computed="char", x_rule="many2one")
        extra = {
            "x_selection": {
                "selection_ids": [
                    Command.create({"value": value, "name": label, "sequence": place})
                    for place, (value, label) in enumerate(
                        (("gold", "Gold customer"), ("tin", "Tin customer"))
                    )
                ]
            },
            "x_many2one": {"relation": "res.country"},
            "x_rule": {"relation": "ir.config_parameter"},
            "x_computed": {
                "readonly": True,
                "depends": "comment",
                "compute": "for r in self: r['x_computed'] = r.comment and 'noted'",
            },
        }
        cls.fields_by_name = {
            field.name: field
            for field in cls.env["ir.model.fields"].create(
                [
                    {
                        "name": name,
                        "field_description": name.title(),
                        "ttype": kind,
                        "model_id": model_id,
                        **extra.get(name, {}),
                    }
                    for name, kind in kinds.items()
                ]
            )
        }

    def map(self, field_name, xero_field, direction="both", **vals):
        """Map an Odoo field to a free field of Xero's, as the accountant does."""
        rows = self.env["xero.field.map"].with_user(self.user_accountant)
        return rows.create(
            {
                "connection_id": self.connection.id,
                "resource": "Contacts",
                "field_name": field_name,
                "xero_field": xero_field,
                "direction": direction,
                **vals,
            }
        )

    def assertRefused(self, why, *args, **vals):
        """Mapping these fields is refused, and the sentence says why."""
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self.map(*args, **vals)
        self.assertIn(why, str(caught.exception))

    def phone_of(self, contact_id, kind):
        [phone] = [
            phone
            for phone in self.in_xero(contact_id)["Phones"]
            if phone["PhoneType"] == kind
        ]
        return phone["PhoneNumber"]

    def touch_phone(self, contact_id, kind, number):
        self.org.touch(
            self.in_xero(contact_id),
            Phones=[{"PhoneType": kind, "PhoneNumber": number}],
        )


@tagged("post_install", "-at_install")
class TestFurtherFields(FurtherCase):
    """An Odoo field of the user's choice meets a free field of Xero's."""

    def test_a_custom_field_goes_both_ways(self):
        partner, contact_id = self.make_contact()
        self.map("x_char", "mobile")
        partner.x_char = "+64 21 1"
        self.assertEqual(self.link_of(partner).state, "pending")
        self.sync()
        self.sync()
        self.assertEqual(self.phone_of(contact_id, "MOBILE"), "+64 21 1")
        self.touch_phone(contact_id, "MOBILE", "+64 21 2")
        self.sync()
        self.assertEqual(partner.x_char, "+64 21 2")
        partner.x_char = False
        self.sync()
        self.assertEqual(self.phone_of(contact_id, "MOBILE"), "")
        logs = self.env["xero.log"].search(
            [("res_id", "=", partner.id), ("operation", "=", "update")]
        )
        pulled = logs.filtered(lambda log: log.direction == "pull")
        self.assertIn(
            ["+64 21 1", "+64 21 2"],
            [(log.changes or {}).get("mobile", [])[:2] for log in pulled],
        )

    def test_values_that_were_there_before_meet_without_loss(self):
        ours, our_id = self.make_contact(Name="Ours")
        theirs, their_id = self.make_contact(Name="Theirs")
        ours.x_char = "+64 21 1"
        self.touch_phone(their_id, "MOBILE", "+64 21 2")
        self.map("x_char", "mobile")
        self.sync()
        self.assertEqual(self.phone_of(our_id, "MOBILE"), "+64 21 1")
        self.assertEqual(theirs.x_char, "+64 21 2")

    def test_a_new_contact_and_a_new_partner_have_it(self):
        self.map("x_char", "mobile")
        self.customer.x_char = "+64 21 1"
        self.customer.action_xero_push()
        [contact_id] = self.org.contacts
        self.assertEqual(self.phone_of(contact_id, "MOBILE"), "+64 21 1")
        phones = [{"PhoneType": "MOBILE", "PhoneNumber": "+64 21 2"}]
        partner, _contact_id = self.make_contact(Name="New", Phones=phones)
        self.assertEqual(partner.x_char, "+64 21 2")

    def test_one_way(self):
        for direction, odoo, xero in (
            ("to_xero", "ours", "ours"),
            ("from_xero", "theirs", "theirs"),
        ):
            with self.subTest(direction=direction):
                partner, contact_id = self.make_contact(Name=direction)
                row = self.map("x_char", "fax", direction)
                self.sync()
                partner.x_char = "ours"
                self.touch_phone(contact_id, "FAX", "theirs")
                self.sync()
                self.sync()
                self.assertEqual(partner.x_char, odoo)
                self.assertEqual(self.phone_of(contact_id, "FAX"), xero)
                row.unlink()

    def test_every_kind_that_fits_a_text_goes_there_and_back(self):
        for kind in ("char", "integer", "date", "selection"):
            name, value = CUSTOM[kind]
            with self.subTest(kind=kind):
                partner, contact_id = self.make_contact(Name=kind)
                row = self.map(name, "bank_account")
                partner[name] = value
                self.sync()
                self.sync()
                text = self.in_xero(contact_id)["BankAccountDetails"]
                self.assertTrue(text)
                partner.with_context(xero_no_enqueue=True)[name] = False
                self.link_of(partner).base = {
                    **self.link_of(partner).base,
                    "bank_account": "",
                }
                self.org.touch(self.in_xero(contact_id))
                self.pull("Contacts")
                self.assertEqual(str(partner[name]), str(value))
                row.unlink()

    def test_people_read_words_in_xero(self):
        partner, contact_id = self.make_contact()
        self.map("x_selection", "bank_account")
        self.map("x_many2one", "attention_to", "to_xero")
        partner.x_selection = "gold"
        partner.x_many2one = self.env.ref("base.nz")
        self.sync()
        self.sync()
        contact = self.in_xero(contact_id)
        self.assertEqual(contact["BankAccountDetails"], "Gold customer")
        self.assertIn(
            "New Zealand", [row.get("AttentionTo") for row in contact["Addresses"]]
        )

    def test_a_value_that_does_not_fit_fails_alone_with_a_sentence(self):
        self.map("x_integer", "bank_account")
        self.map("x_selection", "mobile")
        self.org.add_contact(Name="Good", BankAccountDetails="12")
        self.org.add_contact(Name="Bad", BankAccountDetails="12-34")
        phones = [{"PhoneType": "MOBILE", "PhoneNumber": "silver"}]
        self.org.add_contact(Name="Worse", Phones=phones)
        self.pull("Contacts")
        good = self.env["res.partner"].search([("name", "in", ("Good", "Bad"))])
        self.assertEqual((good.name, good.x_integer), ("Good", 12))
        logs = self.env["xero.log"].search(
            [("state", "=", "error"), ("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(set(logs.mapped("record_name")), {"Bad", "Worse"})
        messages = " ".join(logs.mapped("message"))
        self.assertIn("X_Integer cannot be 12-34, as Xero says", messages)
        self.assertIn("not one of the choices", messages)

    def test_too_long_a_value_is_not_sent(self):
        partner, contact_id = self.make_contact()
        self.map("x_char", "mobile")
        self.sync()
        partner.x_char = "0" * 51
        self.sync()
        link = self.link_of(partner)
        self.assertEqual(link.state, "error")
        self.assertIn("Mobile is longer than 50 characters", link.error)
        self.row("mobile").direction = "off"
        self.sync()
        self.assertEqual(link.state, "synced", "what failed goes on by itself")

    def test_two_connections_have_maps_of_their_own(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        org = self.xero.add_organisation("Other Organisation")
        other = self._connect(org, company)
        self.map("x_char", "mobile")
        self.set_direction("email", "off")
        self.env["xero.field.map"].create(
            {
                "connection_id": other.id,
                "resource": "Contacts",
                "field_name": "x_char",
                "xero_field": "fax",
            }
        )
        self.customer.x_char = "+64 21 1"
        links = self.env["xero.link"]
        for connection in (self.connection, other):
            links._ensure(connection, self.customer)
        self.push()
        with self.registry.cursor() as cr:
            connection = other.with_env(self.env(cr=cr))
            connection.env["xero.push"]._push(connection)
        numbers = [
            {row["PhoneType"]: row["PhoneNumber"] for row in contact["Phones"]}
            for organisation in (self.org, org)
            for contact in organisation.contacts.values()
        ]
        self.assertEqual([row["MOBILE"] for row in numbers], ["+64 21 1", ""])
        self.assertEqual([row["FAX"] for row in numbers], ["", "+64 21 1"])
        emails = [
            contact["EmailAddress"]
            for organisation in (self.org, org)
            for contact in organisation.contacts.values()
        ]
        self.assertEqual(emails, ["", self.customer.email])

    def test_a_deleted_field_takes_its_row_along(self):
        row = self.map("x_gone", "fax")
        self.env.flush_all()
        self.fields_by_name["x_gone"].unlink()
        self.assertFalse(row.exists())
        self.make_contact()

    def test_a_row_that_comes_again_starts_anew(self):
        """What was agreed on of another field must not count."""
        partner, contact_id = self.make_contact()
        row = self.map("x_char", "bank_account")
        partner.x_char = "1"
        self.sync()
        self.sync()
        row.unlink()
        self.map("x_text", "bank_account")
        self.sync()
        self.assertEqual(self.in_xero(contact_id)["BankAccountDetails"], "1")
        self.assertEqual(partner.x_text, "1")

    def test_a_stored_computed_field_goes_to_xero_when_it_changes(self):
        partner, contact_id = self.make_contact()
        self.assertRefused("cannot be filled from", "x_computed", "bank_account")
        self.map("x_computed", "bank_account", "to_xero")
        self.sync()
        partner.comment = "Careful"
        self.env.flush_all()
        self.sync()
        self.assertEqual(self.in_xero(contact_id)["BankAccountDetails"], "noted")

    def test_a_page_costs_the_same_however_many_contacts_it_has(self):
        """Custom fields are read together, in one query more."""
        counts = []
        for number, is_mapped in ((10, False), (10, True), (40, True)):
            self.org.add_contacts(number - len(self.org.contacts))
            if is_mapped and len(counts) == 1:
                self.map("x_char", "mobile")
                self.set_direction("email", "off")
            for _again in range(3):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.pull("Contacts")
                found = self.env.cr.sql_log_count - before
            counts.append(found)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
        self.assertEqual(counts[1], counts[2], counts)


@tagged("post_install", "-at_install")
class TestMappingChecks(FurtherCase):
    """What cannot be mapped is refused when it is mapped, in a sentence."""

    def test_types_have_to_fit(self):
        self.assertRefused("does not fit Mobile", "x_float", "mobile")
        self.assertRefused("does not fit Mobile", "x_boolean", "mobile")
        self.assertRefused("holds no single value", "category_id", "mobile")
        self.assertRefused("holds no single value", "bank_ids", "mobile")
        self.assertRefused("cannot be filled from Xero", "x_many2one", "mobile")
        self.assertRefused("There is no field", "x_nothing", "mobile")
        self.assertRefused("kept by the system", "write_date", "mobile")
        self.assertRefused("kept by the system", "create_uid", "mobile", "to_xero")
        self.assertRefused("worked out each time", "same_vat_partner_id", "mobile")

    def test_nothing_is_claimed_twice(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.map("x_char", "email")
        self.assertRefused("mapped already", "vat", "mobile")
        self.assertRefused("Choose a field of Xero's", "x_char", "nonsense")
        self.assertRefused("Choose the Odoo field", False, "mobile")
        self.map("x_char", "mobile")
        for again in (("x_char", "fax"), ("x_text", "mobile")):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.map(*again)

    def test_required_rows_cannot_be_off(self):
        for resource, field in (("Contacts", "name"), ("Items", "code")):
            with self.assertRaises(ValidationError) as caught:
                self.set_direction(field, "off", resource)
            self.assertIn("cannot be switched off", str(caught.exception))

    def test_fixed_rows_stay(self):
        for direction in ("both", "to_xero"):
            with self.assertRaises(ValidationError) as caught:
                self.set_direction("website", direction)
            self.assertIn("from outside Xero", str(caught.exception))
        self.set_direction("website", "off")
        for field in ("number", "reference", "amount_due"):
            row = self.row(field, "Invoices")
            for direction in ("both", "off"):
                with self.assertRaises(ValidationError) as caught:
                    row.direction = direction
                self.assertIn("is fixed", str(caught.exception))

    def test_rows_come_from_the_code(self):
        for resource, model in (
            ("Contacts", "res.partner"),
            ("Items", "product.product"),
            ("Invoices", "xero.invoice"),
        ):
            rows = self.env["xero.field.map"].search(
                [
                    ("connection_id", "=", self.connection.id),
                    ("resource", "=", resource),
                ]
            )
            self.assertEqual(
                set(rows.mapped("xero_field")), set(self.env[model]._xero_fields)
            )
            for row in rows:
                self.assertTrue(row.odoo_label and row.xero_label, row.xero_field)
                self.assertFalse(row.is_changed, row.xero_field)
        self.assertEqual(self.row("website").direction, "from_xero")
        self.assertEqual(self.row("email").max_length, 255)
        self.assertEqual(self.row("email").xero_element, "EmailAddress")
        self.assertEqual(self.row("reference", "Invoices").direction, "to_xero")
        self.assertEqual(self.row("amount_due", "Invoices").direction, "from_xero")
        required = self.env["xero.field.map"].search(
            [("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(
            set(required.filtered("is_required").mapped("xero_field")),
            {"name", "code", "contact_id", "lines", "date"},
        )

    def test_missing_rows_are_made(self):
        row = self.row("email")
        self.env.cr.execute("DELETE FROM xero_field_map WHERE id = %s", (row.id,))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        partner, contact_id = self.make_contact()
        partner.email = "new@tui.example.com"
        self.sync()
        self.assertEqual(
            self.in_xero(contact_id)["EmailAddress"], "new@tui.example.com"
        )
        self.connection.with_user(self.user_accountant).action_open_data_map()
        self.assertEqual(self.row("email").direction, "both")

    def test_default_rows_cannot_be_deleted_and_rows_keep_their_fields(self):
        rows = self.env["xero.field.map"].with_user(self.user_accountant)
        with self.assertRaises(UserError):
            self.row("email").with_env(rows.env).unlink()
        row = self.map("x_char", "mobile")
        for vals in (
            {"xero_field": "fax"},
            {"field_name": "x_text"},
            {"resource": "Items"},
            {"connection_id": self.connection.id},
        ):
            with self.assertRaises(UserError):
                row.write(vals)

    def test_reset(self):
        row = self.map("x_char", "mobile")
        self.set_direction("email", "off")
        self.assertTrue(self.row("email").is_changed)
        (row | self.row("email")).with_user(self.user_accountant).action_reset()
        self.assertFalse(row.exists())
        self.assertEqual(self.row("email").direction, "both")
        self.assertFalse(self.row("email").is_changed)

    def test_search_by_what_xero_calls_it(self):
        rows = self.env["xero.field.map"].search([("xero_label", "ilike", "tax num")])
        self.assertEqual(set(rows.mapped("xero_field")), {"tax_number"})

    # === THE SCREEN === #

    def test_the_form_offers_what_fits(self):
        rows = self.env["xero.field.map"].with_user(self.user_accountant)
        with Form(rows.with_context(default_resource="Contacts")) as form:
            names = {choice["value"] for choice in form.odoo_choices}
            self.assertIn("x_char", names)
            self.assertFalse({"email", "child_ids", "write_date"} & names)
            form.xero_field = "mobile"
            names = {choice["value"] for choice in form.odoo_choices}
            self.assertFalse({"x_float", "x_boolean"} & names)
            form.field_name = "x_many2one"
            self.assertEqual(form.direction, "to_xero")
        row = rows.search([("field_name", "=", "x_many2one")])
        self.assertEqual(row.directions, ["to_xero", "off"])
        self.assertEqual(row.odoo_label, "X_Many2One")
        with Form(rows.with_context(default_resource="Contacts")) as form:
            taken = {choice["value"] for choice in form.xero_choices}
            self.assertNotIn("mobile", taken)
            form.xero_field, form.field_name = "fax", "x_char"

    def test_a_switch_off_says_what_it_means(self):
        row = self.row("email").with_user(self.user_accountant)
        result = row.onchange({"direction": "off"}, ["direction"], {"direction": {}})
        self.assertIn("cannot send them their invoices", result["warning"]["message"])
        result = row.onchange({"direction": "both"}, ["direction"], {"direction": {}})
        self.assertNotIn("warning", result)
        row.direction = "off"
        self.assertIn("cannot send them their invoices", row.note)

    # === RIGHTS === #

    def test_a_field_that_not_all_accountants_may_read(self):
        """Its values would show in Xero and in the log."""
        boss = new_test_user(
            self.env, "boss", "base.group_system,xero_crm.group_xero_admin"
        )
        self.assertTrue(self.customer.with_user(boss).read(["signup_type"]))
        rows = self.env["xero.field.map"]
        for user in (self.user_accountant, boss, self.env.user):
            vals = {
                "connection_id": self.connection.id,
                "resource": "Contacts",
                "field_name": "signup_type",
                "xero_field": "mobile",
            }
            with self.subTest(user=user.login):
                with self.assertRaises(ValidationError) as caught:
                    rows.with_user(user).create(vals)
                self.assertIn("not for all accountants", str(caught.exception))
                row = rows.with_user(user).new({**vals, "field_name": False})
                names = {choice["value"] for choice in row.odoo_choices}
                self.assertIn("x_char", names)
                self.assertNotIn("signup_type", names)

    def test_a_record_that_the_accountant_may_not_read(self):
        self.assertRefused("not for all accountants", "x_rule", "mobile", "to_xero")

    def test_other_companies_maps_are_closed(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        org = self.xero.add_organisation("Other Organisation")
        other = self._connect(org, company)
        rows = self.env["xero.field.map"].with_user(self.user_accountant)
        self.assertFalse(rows.search([("connection_id", "=", other.id)]))
