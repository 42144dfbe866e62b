"""Persons and addresses of a customer, both ways."""

from odoo.tests import tagged

from .common import XeroCommon


def person(first, last="", email="", include=False):
    return {
        "FirstName": first,
        "LastName": last,
        "EmailAddress": email,
        "IncludeInEmails": include,
    }


def address(kind, street, **fields):
    return {
        "AddressType": kind,
        "AddressLine1": street,
        "City": "Nelson",
        "PostalCode": "7010",
        "Country": "New Zealand",
        **fields,
    }


class ChildrenCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.customer.action_xero_push()
        self.xero_id = self.customer.xero_contact_id

    @property
    def contact(self):
        return self.org.contacts[self.xero_id]

    @property
    def people_there(self):
        return sorted(
            f"{p['FirstName']} {p['LastName']}".strip()
            for p in self.contact["ContactPersons"]
        )

    @property
    def people_here(self):
        self.customer.invalidate_recordset(["child_ids"])
        children = self.customer.child_ids.filtered(lambda c: c.type == "contact")
        return sorted(children.mapped("name"))

    def address_there(self, kind):
        return self.whole_address_there(kind).get("AddressLine1", "")

    def whole_address_there(self, kind):
        [found] = [a for a in self.contact["Addresses"] if a["AddressType"] == kind]
        return found

    def child(self, name, **vals):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, **vals}
        )

    def update(self, **fields):
        self.org.update("Contacts", ContactID=self.xero_id, **fields)

    def sync(self):
        self.pull("Contacts")
        self.push()


@tagged("post_install", "-at_install")
class TestPersons(ChildrenCase):
    def test_new_child_goes_to_xero(self):
        self.child("Ann Lee", email="ann@example.com")
        self.assertEqual(self.customer.xero_sync_state, "pending")
        self.push()
        self.assertEqual(
            self.contact["ContactPersons"], [person("Ann", "Lee", "ann@example.com")]
        )
        self.assertEqual(self.customer.xero_sync_state, "synced")

    def test_children_go_with_a_new_customer(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Weka Ltd",
                "is_company": True,
                "child_ids": [(0, 0, {"name": "Ann Lee", "email": "a@example.com"})],
            }
        )
        partner.action_xero_push()
        contact = self.org.contacts[partner.xero_contact_id]
        self.assertEqual(len(contact["ContactPersons"]), 1)
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_persons_of_a_new_contact_become_children(self):
        self.org.add_contact(
            Name="Tui Tours",
            ContactPersons=[
                person("Ann Maria", "Lee", "ann@tui.example.com", True),
                person("", "", "desk@tui.example.com"),
            ],
            Addresses=[address("POBOX", "5 Beach Road")],
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Tours")])
        self.assertRecordValues(
            partner.child_ids.sorted("name"),
            [
                {
                    "name": "Ann Maria Lee",
                    "email": "ann@tui.example.com",
                    "xero_include_in_emails": True,
                    "type": "contact",
                    "street": "5 Beach Road",
                },
                {
                    "name": "desk@tui.example.com",
                    "email": "desk@tui.example.com",
                    "xero_include_in_emails": False,
                    "type": "contact",
                    "street": "5 Beach Road",
                },
            ],
        )

    def test_person_added_on_each_side_survives(self):
        self.child("Ann Lee", email="ann@example.com")
        self.update(ContactPersons=[person("Bob", "Ray", "bob@example.com")])
        self.sync()
        self.assertEqual(self.people_here, ["Ann Lee", "Bob Ray"])
        self.assertEqual(self.people_there, ["Ann Lee", "Bob Ray"])

    def test_push_first_does_not_lose_who_was_added_there(self):
        self.child("Ann Lee", email="ann@example.com")
        self.update(ContactPersons=[person("Bob", "Ray", "bob@example.com")])
        self.push()
        self.assertEqual(self.people_here, ["Ann Lee", "Bob Ray"])
        self.assertEqual(self.people_there, ["Ann Lee", "Bob Ray"])

    def test_person_removed_there_is_archived_here(self):
        ann = self.child("Ann Lee", email="ann@example.com")
        self.child("Bob Ray")
        self.push()
        self.update(ContactPersons=[person("Bob", "Ray")])
        self.sync()
        self.assertFalse(ann.active)
        self.assertEqual(self.people_here, ["Bob Ray"])
        self.assertEqual(self.people_there, ["Bob Ray"])

    def test_person_deleted_here_goes_there(self):
        ann = self.child("Ann Lee", email="ann@example.com")
        self.child("Bob Ray")
        self.push()
        ann.unlink()
        self.push()
        self.assertEqual(self.people_there, ["Bob Ray"])
        self.child("Cat Moe").parent_id = self.env["res.partner"].create({"name": "X"})
        self.push()
        self.assertEqual(self.people_there, ["Bob Ray"])

    def test_person_who_moves_leaves_the_old_customer(self):
        ann = self.child("Ann Lee")
        self.push()
        self.assertEqual(self.people_there, ["Ann Lee"])
        ann.parent_id = False
        self.push()
        self.assertEqual(self.people_there, [])

    def test_changed_address_of_a_person_keeps_the_person(self):
        ann = self.child("Ann Lee", email="ann@example.com", function="Manager")
        self.push()
        self.update(ContactPersons=[person("Ann", "Lee", "a.lee@example.com")])
        self.sync()
        self.assertRecordValues(
            ann, [{"active": True, "email": "a.lee@example.com", "function": "Manager"}]
        )
        self.assertEqual(self.people_here, ["Ann Lee"])

    def test_seven_children_are_no_failure_and_are_told(self):
        for number in range(7):
            self.child(f"Person {number}")
        self.push()
        self.assertEqual(self.customer.xero_sync_state, "synced")
        self.assertEqual(len(self.people_there), 5)
        log = self.env["xero.log"].search([("res_id", "=", self.customer.id)], limit=1)
        self.assertIn("Person 5, Person 6", log.message)
        self.sync()
        self.assertEqual(len(self.people_here), 7)
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_with_seven_children_a_new_person_in_xero_is_not_pushed_out(self):
        children = [self.child(f"Person {number}") for number in range(7)]
        self.push()
        there = self.contact["ContactPersons"]
        self.update(ContactPersons=[*there[1:], person("Zoe", "New")])
        self.sync()
        self.push()
        self.assertIn("Zoe New", self.people_there)
        self.assertIn("Zoe New", self.people_here)
        self.assertFalse(children[0].active)

    def test_bad_address_of_a_person_does_not_stop_the_customer(self):
        ann = self.child("Ann Lee", email="ask reception")
        self.push()
        self.assertEqual(self.customer.xero_sync_state, "synced")
        self.assertEqual(self.contact["ContactPersons"], [person("Ann", "Lee")])
        self.sync()
        self.assertEqual(ann.email, "ask reception")

    def test_first_names_stay_divided_as_in_xero(self):
        self.update(ContactPersons=[person("Ann Maria", "Lee")])
        self.sync()
        self.child("Bob Ray")
        self.push()
        self.assertIn(person("Ann Maria", "Lee"), self.contact["ContactPersons"])

    def test_unchanged_persons_cost_nothing(self):
        self.update(ContactPersons=[person("Ann Maria", "Lee", "a@example.com", True)])
        self.sync()
        self.xero.reset_calls()
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        stamps = self.customer.child_ids.mapped("write_date")
        self.sync()
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(self.customer.child_ids.mapped("write_date"), stamps)

    def test_company_inside_a_company_is_no_person(self):
        self.child("Kauri Timber Ltd", is_company=True)
        self.push()
        self.assertEqual(self.people_there, [])


@tagged("post_install", "-at_install")
class TestAddresses(ChildrenCase):
    def test_invoice_and_delivery_addresses_go_to_xero(self):
        self.child("Accounts", type="invoice", street="PO Box 9", city="Nelson")
        self.child("Depot", type="delivery", street="1 Depot Road", city="Nelson")
        self.push()
        self.assertEqual(self.address_there("POBOX"), "PO Box 9")
        self.assertEqual(self.address_there("STREET"), "1 Depot Road")
        self.xero.reset_calls()
        self.sync()
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(self.customer.street, "1 Queen Street")

    def test_street_of_its_own_becomes_a_delivery_address(self):
        self.org.add_contact(
            Name="Tui Tours",
            Addresses=[
                address("POBOX", "PO Box 9"),
                address("STREET", "1 Depot Road", AttentionTo="Depot"),
            ],
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Tours")])
        self.assertEqual(partner.street, "PO Box 9")
        self.assertRecordValues(
            partner.child_ids,
            [{"type": "delivery", "name": "Depot", "street": "1 Depot Road"}],
        )

    def test_one_address_in_both_places_is_one(self):
        self.update(
            Addresses=[address("POBOX", "9 New Road"), address("STREET", "9 New Road")]
        )
        self.pull("Contacts")
        self.assertEqual(self.customer.street, "9 New Road")
        self.assertFalse(self.customer.child_ids)
        self.customer.street = "10 New Road"
        self.push()
        self.assertEqual(self.address_there("POBOX"), "10 New Road")
        self.assertEqual(self.address_there("STREET"), "10 New Road")

    def test_physical_address_alone_is_the_main_one_and_stays_so(self):
        contact = self.org.add_contact(
            Name="Tui Tours", Addresses=[address("STREET", "1 Depot Road")]
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Tours")])
        self.assertEqual(partner.street, "1 Depot Road")
        self.assertFalse(partner.child_ids)
        self.xero_id = contact["ContactID"]
        self.env["res.partner"].create(
            {
                "parent_id": partner.id,
                "type": "delivery",
                "street": "2 Yard Road",
                "city": "Nelson",
            }
        )
        self.push()
        self.assertEqual(self.address_there("POBOX"), "1 Depot Road")
        self.assertEqual(self.address_there("STREET"), "2 Yard Road")
        self.sync()
        self.assertEqual(partner.street, "1 Depot Road")

    def test_changed_addresses_reach_the_children(self):
        invoice = self.child("Accounts", type="invoice", street="PO Box 9")
        depot = self.child("Depot", type="delivery", street="1 Depot Road")
        self.push()
        self.update(
            Addresses=[address("POBOX", "PO Box 10"), address("STREET", "2 Depot Road")]
        )
        self.sync()
        self.assertEqual(invoice.street, "PO Box 10")
        self.assertEqual(depot.street, "2 Depot Road")
        self.assertEqual(self.customer.street, "1 Queen Street")

    def test_delivery_address_that_is_cleared_there_is_archived_here(self):
        depot = self.child("Depot", type="delivery", street="1 Depot Road")
        self.push()
        self.update(Addresses=[{"AddressType": "STREET", "City": ""}])
        self.sync()
        self.assertFalse(depot.active)
        depot.active = True
        self.push()
        self.assertEqual(self.address_there("STREET"), "1 Depot Road")
        depot.unlink()
        self.push()
        self.assertEqual(self.address_there("STREET"), "")

    def test_unknown_country_and_state_stay_in_xero_and_are_told(self):
        self.update(
            Addresses=[
                address("POBOX", "1 Sea Lane", Country="Atlantis", Region="Deep"),
                address("STREET", "2 Sea Lane", Country="Atlantis", AttentionTo="Al"),
            ]
        )
        self.pull("Contacts")
        self.assertEqual(self.customer.country_id.code, "NZ", "nobody cleared it")
        log = self.env["xero.log"].search([("res_id", "=", self.customer.id)], limit=1)
        self.assertIn("Atlantis", log.message)
        self.customer.street = "3 Sea Lane"
        self.customer.child_ids.city = "Deep City"
        self.push()
        pobox = self.whole_address_there("POBOX")
        self.assertEqual(
            (pobox["AddressLine1"], pobox["Country"], pobox["Region"]),
            ("3 Sea Lane", "Atlantis", "Deep"),
        )
        street = self.whole_address_there("STREET")
        self.assertEqual(
            (street["City"], street["Country"], street["AttentionTo"]),
            ("Deep City", "Atlantis", "Al"),
        )


@tagged("post_install", "-at_install")
class TestDisputedPersons(ChildrenCase):
    def test_both_sides_changed_one_person_and_people_read_it(self):
        self.connection.conflict_policy = "ask"
        ann = self.child("Ann Lee", email="ann@example.com")
        self.push()
        ann.email = "1@example.com"
        self.update(ContactPersons=[person("Ann", "Lee", "2@example.com")])
        self.pull("Contacts")
        self.assertEqual(self.customer.xero_sync_state, "conflict")
        row = self.env["xero.conflict"].search(
            [("link_id.res_id", "=", self.customer.id)]
        )
        self.assertEqual(row.label, "Contacts of the company")
        self.assertEqual(row.odoo_text, "Ann Lee <1@example.com>")
        self.assertEqual(row.xero_text, "Ann Lee <2@example.com>")
        self.assertEqual(row.base_text, "Ann Lee <ann@example.com>")
        self.link_of(self.customer).action_keep_xero()
        self.assertEqual(ann.email, "2@example.com")
        self.assertEqual(self.people_there, ["Ann Lee"])

    def test_moves_of_children_read_well_in_the_log(self):
        self.update(
            ContactPersons=[person("Ann", "Lee", "ann@example.com")],
            Addresses=[address("STREET", "1 Depot Road")],
        )
        self.pull("Contacts")
        log = self.env["xero.log"].search([("res_id", "=", self.customer.id)], limit=1)
        self.assertIn("Contacts of the company: Ann Lee <ann@", log.changes_text)
        self.assertIn("Delivery address: street: 1 Depot Road", log.changes_text)
