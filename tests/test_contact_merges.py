"""Contacts that are merged or archived, in Xero or in Odoo."""

from datetime import timedelta

from odoo.tests import tagged

from .common import XeroCommon


class MergeCase(XeroCommon):
    def make_linked(self, *names):
        """Return customers that are in Xero, with their contacts."""
        for name in names:
            self.org.add_contact(Name=name, EmailAddress=f"{name.lower()}@example.com")
        self.pull("Contacts")
        partners = self.env["res.partner"].search([("name", "in", names)])
        return [partners.filtered(lambda p, n=name: p.name == n) for name in names]

    def contact_of(self, partner):
        return self.org.contacts[partner.xero_contact_id]

    def open_rows(self, partner=None):
        domain = [
            ("connection_id", "=", self.connection.id),
            ("state", "in", ("error", "conflict")),
        ]
        if partner:
            domain.append(("res_id", "=", partner.id))
        return self.env["xero.log"].search(domain)

    def merge_here(self, survivor, *sources):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"dst_partner_id": survivor.id}
        )
        partners = survivor.union(*sources)
        wizard._merge(partners.ids, survivor)


@tagged("post_install", "-at_install")
class TestMergedInXero(MergeCase):
    def test_link_moves_to_a_contact_that_nobody_has(self):
        [tui] = self.make_linked("Tui")
        old = self.contact_of(tui)
        self.map_reference_data()
        self.org.add_invoice(old, "100.00")
        self.pull("Invoices")
        new = self.org.add_contact(Name="Tui Tours Ltd", EmailAddress="t@example.com")
        count = self.env["res.partner"].search_count([])
        self.org.merge(old, new)
        self.pull("Contacts", "Invoices")
        self.assertEqual(tui.xero_contact_id, new["ContactID"])
        self.assertEqual(tui.xero_sync_state, "synced")
        self.assertTrue(tui.active)
        self.assertEqual(tui.name, "Tui Tours Ltd")
        self.assertEqual(tui.xero_invoice_ids.xero_contact_id, new["ContactID"])
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        # Settled: neither of the two makes a partner later.
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        self.assertFalse(self.open_rows())

    def test_target_that_is_not_on_the_page_is_fetched_once(self):
        [tui] = self.make_linked("Tui")
        new = self.org.add_contact(Name="Tui Tours Ltd")
        self.pull("Contacts")
        made = self.env["res.partner"].search([("name", "=", "Tui Tours Ltd")])
        self.link_of(made).unlink()
        made.unlink()
        self.xero.advance(timedelta(minutes=10))
        self.org.merge(self.contact_of(tui), new)
        cursor = self.connection._get_cursor("Contacts")
        cursor.modified_since = self.xero.now.replace(tzinfo=None, microsecond=0)
        self.xero.reset_calls()
        self.pull("Contacts")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 2})
        self.assertEqual(tui.xero_contact_id, new["ContactID"])

    def test_chain_of_merges_is_followed(self):
        [tui] = self.make_linked("Tui")
        middle = self.org.add_contact(Name="Middle")
        last = self.org.add_contact(Name="Last")
        self.org.merge(self.contact_of(tui), middle)
        self.org.merge(middle, last)
        self.pull("Contacts")
        self.assertEqual(tui.xero_contact_id, last["ContactID"])

    def test_circle_of_merges_is_told_and_changes_nothing(self):
        tui, kea = self.make_linked("Tui", "Kea")
        one, two = self.contact_of(tui), self.contact_of(kea)
        self.org.touch(
            one, ContactStatus="ARCHIVED", MergedToContactID=two["ContactID"]
        )
        self.org.touch(
            two, ContactStatus="ARCHIVED", MergedToContactID=one["ContactID"]
        )
        self.pull("Contacts")
        self.assertEqual(tui.xero_contact_id, one["ContactID"])
        self.assertTrue(tui.active and kea.active)
        self.assertIn("merged into another contact", self.open_rows(tui).message)
        self.assertIn("Restore one", self.open_rows(kea).remedy)

    def test_lost_target_is_told(self):
        [tui] = self.make_linked("Tui")
        gone = "9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01"
        self.org.touch(
            self.contact_of(tui), ContactStatus="ARCHIVED", MergedToContactID=gone
        )
        self.pull("Contacts")
        self.assertTrue(tui.active)
        self.assertEqual(len(self.open_rows(tui)), 1)

    def test_two_customers_of_one_contact_are_told_and_none_is_lost(self):
        tui, kea = self.make_linked("Tui", "Kea")
        old, new = self.contact_of(tui), self.contact_of(kea)
        self.map_reference_data()
        self.org.add_invoice(old, "100.00")
        self.pull("Invoices")
        self.org.merge(old, new)
        self.pull("Contacts")
        self.assertTrue(tui.active and kea.active)
        self.assertEqual(tui.xero_contact_id, old["ContactID"])
        self.assertEqual(tui.xero_sync_state, "conflict")
        self.assertEqual(kea.xero_invoice_ids.xero_contact_id, new["ContactID"])
        row = self.open_rows(tui)
        self.assertIn("two customers", row.message)
        action = row.action_fix()
        self.assertEqual(action["context"]["active_ids"], [tui.id, kea.id])
        # The other way round as well: who is left has the contact that is left.
        self.merge_here(tui, kea)
        self.push()
        self.assertEqual(tui.xero_contact_id, new["ContactID"])
        self.assertEqual(tui.xero_sync_state, "synced")
        self.assertFalse(self.open_rows())
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertFalse(self.open_rows())
        self.assertEqual(tui.xero_contact_id, new["ContactID"])

    def test_merged_contact_that_was_never_linked_makes_nothing(self):
        old = self.org.add_contact(Name="Old", EmailAddress=self.customer.email)
        new = self.org.add_contact(Name="New")
        self.org.merge(old, new)
        self.pull("Contacts")
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Old")]))
        self.assertTrue(self.customer.active)
        self.assertFalse(self.customer.xero_contact_id)


@tagged("post_install", "-at_install")
class TestMergedInOdoo(MergeCase):
    def test_survivor_without_a_link_gets_the_others(self):
        [tui] = self.make_linked("Tui")
        xero_id = tui.xero_contact_id
        self.merge_here(self.customer, tui)
        self.assertEqual(self.customer.xero_contact_id, xero_id)
        self.push()
        self.assertEqual(self.customer.xero_sync_state, "synced")

    def test_second_contact_is_told_and_followed(self):
        tui, kea = self.make_linked("Tui", "Kea")
        one, two = self.contact_of(tui), self.contact_of(kea)
        self.merge_here(tui, kea)
        self.push()
        self.assertEqual(tui.xero_contact_id, one["ContactID"])
        row = self.open_rows()
        self.assertIn("two contacts still", row.message)
        self.assertIn(two["ContactID"], row.action_fix()["url"])
        # Its invoices are the survivor's, and it makes no new partner.
        self.map_reference_data()
        count = self.env["res.partner"].search_count([])
        self.org.add_invoice(two, "100.00")
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts", "Invoices")
        self.assertEqual(len(tui.xero_invoice_ids), 1)
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        self.assertEqual(self.open_rows(), row)
        self.org.merge(two, one)
        self.pull("Contacts")
        self.assertFalse(self.open_rows())

    def test_customer_that_was_never_sent_leaves_nothing_behind(self):
        [tui] = self.make_linked("Tui")
        self.env["xero.link"]._ensure(self.connection, self.customer)
        self.merge_here(tui, self.customer)
        self.assertEqual(len(self.link_of(tui)), 1)
        self.assertFalse(self.open_rows())


@tagged("post_install", "-at_install")
class TestArchived(MergeCase):
    def test_archived_and_restored_in_xero(self):
        [tui] = self.make_linked("Tui")
        self.org.archive(self.contact_of(tui))
        self.pull("Contacts")
        self.assertFalse(tui.active)
        self.org.update(
            "Contacts", ContactID=tui.xero_contact_id, ContactStatus="ACTIVE"
        )
        self.pull("Contacts")
        self.assertTrue(tui.active)

    def test_archived_and_restored_in_odoo(self):
        [tui] = self.make_linked("Tui")
        tui.action_archive()
        self.push()
        self.assertEqual(self.contact_of(tui)["ContactStatus"], "ARCHIVED")
        tui.action_unarchive()
        self.push()
        self.assertEqual(self.contact_of(tui)["ContactStatus"], "ACTIVE")

    def test_customer_with_a_balance_stays_in_xero_and_says_why(self):
        [tui] = self.make_linked("Tui")
        self.map_reference_data()
        invoice = self.org.add_invoice(self.contact_of(tui), "100.00")
        self.pull("Invoices")
        tui.action_archive()
        self.push()
        self.assertEqual(self.contact_of(tui)["ContactStatus"], "ACTIVE")
        self.assertEqual(tui.xero_sync_state, "error")
        row = self.open_rows(tui)
        self.assertIn(invoice["InvoiceNumber"], row.message)
        self.assertIn("restore", row.remedy)
        self.org.pay(invoice)
        self.pull("Invoices")
        row.action_resync()
        self.assertEqual(self.contact_of(tui)["ContactStatus"], "ARCHIVED")
        self.assertFalse(self.open_rows())

    def test_balance_that_odoo_does_not_know_is_explained(self):
        [tui] = self.make_linked("Tui")
        self.org.add_invoice(self.contact_of(tui), "100.00")
        tui.action_archive()
        self.push()
        self.assertEqual(tui.xero_sync_state, "error")
        self.assertIn("balance", self.open_rows(tui).message)
        self.assertIn("Settle", self.open_rows(tui).remedy)

    def test_archived_stranger_neither_comes_nor_takes_a_customer(self):
        stranger = self.org.add_contact(Name="Gone", EmailAddress=self.customer.email)
        self.org.archive(stranger)
        self.pull("Contacts")
        self.assertTrue(self.customer.active)
        self.assertFalse(self.customer.xero_contact_id)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Gone")]))


@tagged("post_install", "-at_install")
class TestCustomersAndSuppliers(MergeCase):
    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.buyer = self.org.add_contact(Name="Buyer")
        self.seller = self.org.add_contact(Name="Seller")
        self.org.add_contact(Name="Prospect")
        self.org.add_invoice(self.buyer)
        self.org.add_invoice(self.seller, Type="ACCPAY", InvoiceNumber="B-1")

    def names(self):
        names = ("Buyer", "Seller", "Prospect")
        partners = self.env["res.partner"].search([("name", "in", names)])
        return sorted(partners.mapped("name"))

    def test_pure_suppliers_stay_out_at_first_and_can_be_let_in(self):
        self.pull("Contacts")
        self.assertEqual(self.names(), ["Buyer", "Prospect"])
        buyer = self.env["res.partner"].search([("name", "=", "Buyer")])
        self.assertTrue(buyer.customer_rank)
        self.assertFalse(buyer.supplier_rank)
        self.connection.contact_filter = "all"
        self.pull("Contacts")
        self.assertEqual(self.names(), ["Buyer", "Prospect", "Seller"])
        seller = self.env["res.partner"].search([("name", "=", "Seller")])
        self.assertTrue(seller.supplier_rank)
        self.assertFalse(seller.customer_rank)

    def test_customers_only(self):
        self.connection.contact_filter = "customers"
        self.pull("Contacts")
        self.assertEqual(self.names(), ["Buyer"])

    def test_known_supplier_is_linked_and_ranked_whatever_the_filter(self):
        partner = self.env["res.partner"].create({"name": "Seller"})
        self.pull("Contacts")
        self.assertEqual(partner.xero_contact_id, self.seller["ContactID"])
        self.assertTrue(partner.supplier_rank)

    def test_rank_is_raised_when_the_first_invoice_comes(self):
        self.pull("Contacts")
        prospect = self.env["res.partner"].search([("name", "=", "Prospect")])
        self.assertFalse(prospect.customer_rank)
        self.org.add_invoice(self.org.contacts[prospect.xero_contact_id])
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertTrue(prospect.customer_rank)
        stamp = prospect.write_date
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertEqual(prospect.write_date, stamp)

    def test_person_and_company(self):
        self.org.add_contact(Name="Ann Lee", FirstName="Ann", LastName="Lee")
        self.org.add_contact(Name="Lee, Bob", FirstName="Bob", LastName="Lee")
        self.org.add_contact(Name="Quokka Yards", FirstName="Ann", LastName="Lee")
        self.pull("Contacts")
        partners = self.env["res.partner"].search(
            [("name", "in", ("Ann Lee", "Lee, Bob", "Quokka Yards"))], order="name"
        )
        self.assertEqual(partners.mapped("is_company"), [False, False, True])
        quokka = partners[2]
        quokka.name = "Quokka Yards Ltd"
        self.push()
        contact = self.org.contacts[quokka.xero_contact_id]
        self.assertEqual(contact["FirstName"], "Ann")
