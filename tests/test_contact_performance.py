"""What persons, addresses and groups of contacts cost: queries, whatever the number."""

import itertools

from odoo.tests import tagged

from .test_performance import PerformanceCase


@tagged("post_install", "-at_install")
class TestContactPerformance(PerformanceCase):
    def make_contacts(self, number, prefix):
        """Return contacts with two persons and a delivery address of their own."""
        made = self.org.add_contacts(number, prefix)
        with self.org.transaction():
            for index, contact in enumerate(made):
                self.org.update(
                    "Contacts",
                    ContactID=contact["ContactID"],
                    ContactPersons=[
                        {
                            "FirstName": "Ann",
                            "LastName": f"{prefix} {index}",
                            "EmailAddress": f"ann{index}@{prefix}.example.com".lower(),
                        },
                        {"FirstName": "Bob", "LastName": f"{prefix} {index}"},
                    ],
                    Addresses=[
                        {
                            "AddressType": "STREET",
                            "AddressLine1": f"{index} Depot Road",
                            "City": "Nelson",
                            "Country": "New Zealand",
                        }
                    ],
                )
        return made

    def children(self, prefix):
        return self.env["res.partner"].search(
            [("parent_id.name", "=like", f"{prefix}%")]
        )

    def test_page_of_new_contacts_with_children(self):
        """Three children each are made in one batch, beside Odoo's own inserts."""
        self.make_contacts(2, "Warm")
        self.pull("Contacts")
        counts = {}
        for number, prefix in ((10, "Pukeko"), (100, "Takahe")):
            self.make_contacts(number, prefix)
            counts[number] = self.count_pull("Contacts")
            self.assertEqual(len(self.children(prefix)), 3 * number)
        self.assertLess(counts[100] - counts[10], 30, counts)

    def test_page_of_unchanged_contacts_with_children(self):
        counts = {}
        for number, prefix in ((10, "Pukeko"), (90, "Takahe")):
            self.make_contacts(number, prefix)
            self.pull("Contacts")
            counts[number] = self.count_pull("Contacts")
        self.assertEqual(counts[10], counts[90], counts)

    def test_defaults_that_differ_stay_different(self):
        """What Odoo's defaults have in common is asked once; a number is each one's."""
        numbers = itertools.count(1)
        field = self.env["res.partner"]._fields["function"]
        self.patch(field, "default", lambda model: f"No. {next(numbers)}")
        self.org.add_contacts(20, "Weka")
        self.pull("Contacts")
        partners = self.env["res.partner"].search([("name", "=like", "Weka%")])
        self.assertEqual(len(set(partners.mapped("function"))), 20)

    def test_fifty_customers_with_changed_persons_are_two_calls(self):
        """One to see whom Xero got meanwhile, one to send all."""
        self.make_contacts(50, "Kaka")
        self.pull("Contacts")
        children = self.children("Kaka").filtered(lambda c: c.type == "contact")
        children.write({"email": "all@kaka.example.com"})
        self.xero.reset_calls()
        self.push()
        # Xero takes 40 ids in one address.
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 2, "POST Contacts": 1})
        persons = [
            person["EmailAddress"]
            for contact in self.org.contacts.values()
            for person in contact["ContactPersons"]
        ]
        self.assertEqual(set(persons), {"all@kaka.example.com"})
