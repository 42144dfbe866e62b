from odoo.tests import tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestContacts(XeroCommon):
    def test_pull_creates_partners_with_their_fields(self):
        self.org.add_contact(
            Name="Tui Tours",
            EmailAddress="hello@tui.example.com",
            TaxNumber="123-456-789",
            AccountNumber="C-77",
            Addresses=[
                {
                    "AddressType": "POBOX",
                    "AddressLine1": "5 Beach Road",
                    "City": "Nelson",
                    "PostalCode": "7010",
                    "Country": "New Zealand",
                }
            ],
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Tours")])
        self.assertRecordValues(
            partner,
            [
                {
                    "email": "hello@tui.example.com",
                    "vat": "123-456-789",
                    "ref": "C-77",
                    "street": "5 Beach Road",
                    "city": "Nelson",
                    "zip": "7010",
                    "country_id": self.env.ref("base.nz").id,
                    "is_company": True,
                    "xero_sync_state": "synced",
                }
            ],
        )

    def test_pull_matches_by_email_and_doubles_nothing(self):
        contact = self.org.add_contact(
            Name="Kauri Builders Ltd", EmailAddress="Accounts@Kauri.example.com"
        )
        count = self.env["res.partner"].search_count([])
        self.pull("Contacts")
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        self.assertEqual(self.customer.xero_contact_id, contact["ContactID"])

    def test_second_pull_writes_nothing_and_costs_one_call(self):
        self.org.add_contacts(3)
        self.pull("Contacts")
        stamps = self.env["res.partner"].search([]).mapped("write_date")
        self.xero.reset_calls()
        self.pull("Contacts")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(
            self.env["res.partner"].search([]).mapped("write_date"), stamps
        )

    def test_push_creates_then_updates_only_what_changed(self):
        self.customer.action_xero_push()
        self.assertEqual(self.customer.xero_sync_state, "synced")
        contact = self.org.contacts[self.customer.xero_contact_id]
        self.assertEqual(contact["Name"], "Kauri Builders")
        self.xero.reset_calls()
        self.customer.phone = "+64 9 555 0202"
        self.assertEqual(self.customer.xero_sync_state, "pending")
        self.push()
        [request] = [r for r in self.xero.requests if r.method == "POST"]
        self.assertNotIn("Name", request.body["Contacts"][0])
        self.assertEqual(self.customer.xero_sync_state, "synced")

    def test_fix_of_the_customer_sends_the_waiting_invoice(self):
        self.map_reference_data()
        self.customer.email = False
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertIn("no e-mail", order.xero_error)
        self.assertFalse(self.org.invoices)
        self.customer.email = "accounts@kauri.example.com"
        self.push()
        self.assertFalse(order.xero_error)
        self.assertEqual(len(self.org.invoices), 1)

    def test_website_that_xero_cannot_take_stays_in_odoo(self):
        self.customer.website = "http://kauri.example.com"
        self.customer.action_xero_push()
        self.pull("Contacts")
        self.customer.phone = "+64 9 555 0102"
        self.push()
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertEqual(self.customer.website, "http://kauri.example.com")

    def test_what_depends_on_changed_customers_follows(self):
        """Written together, each still counts as written by itself."""
        contacts = self.org.add_contacts(2)
        self.pull("Contacts")
        [first, second] = [
            self.env["xero.link"]
            ._find(self.connection, "Contacts", [contact["ContactID"]])
            .get(contact["ContactID"])
            ._get_record()
            for contact in contacts
        ]
        child = self.env["res.partner"].create({"name": "Ana", "parent_id": first.id})
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": second.id})
        self.assertEqual(lead.phone, second.phone)
        self.org.touch(contacts[0], Name="Tui Tours", TaxNumber="123-456-789")
        self.org.touch(
            contacts[1],
            Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "+64 9 555 0303"}],
        )
        self.pull("Contacts")
        self.assertEqual(first.complete_name, "Tui Tours")
        self.assertEqual(child.complete_name, "Tui Tours, Ana")
        self.assertEqual(child.vat, "123-456-789")
        self.assertEqual(lead.phone, "+64 9 555 0303")
