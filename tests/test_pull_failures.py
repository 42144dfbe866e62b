"""Fetching that is interrupted, repeated, disturbed, or meets what it cannot take."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..xero_api import XeroError
from .common import XeroCommon

PULL = "odoo.addons.xero_crm.models.xero_pull"
FAULTS = {
    "timeout_before": {"times": 2},  # a read is tried once more
    "timeout_after": {"times": 2},
    "500": {},
    "503": {},
    "429": {},
    "401": {"times": 2},
    "403": {},
    "truncated": {},
}


class PullFailureCase(XeroCommon):
    def setUp(self):
        super().setUp()
        patcher = patch(f"{PULL}.PAGE_SIZE", 10)
        patcher.start()
        self.addCleanup(patcher.stop)

    def cursor_of(self, resource="Contacts"):
        return self.connection._get_cursor(resource)

    def fetched(self):
        """Return the partners that came with `add_contacts`."""
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("email", "=like", "customer%@example.com")])

    def assert_all_here(self, number):
        """Each contact once: no partner is missing, none is doubled."""
        partners = self.fetched()
        self.assertEqual(len(partners), number)
        self.assertEqual(len(set(partners.mapped("name"))), number)
        links = self.link_of(partners)
        self.assertEqual(len(links), number)
        self.assertEqual(set(links.mapped("xero_id")), set(self.org.contacts))

    def open_rows(self):
        """Return the open rows of the log about this connection."""
        return self.env["xero.log"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("state", "in", ("error", "conflict")),
            ]
        )

    def pull_in_vain(self, *resources):
        """Fetch, and see it fail; what was committed before stays."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            try:
                connection.env["xero.pull"]._pull(connection, resources)
            except XeroError as error:
                failure = error
            else:
                self.fail("Fetching did not fail.")
        self.env.invalidate_all()
        return failure

    @contextmanager
    def during_page(self, number, change):
        """Change something in Xero between two pages, as a person there does."""
        pull = type(self.env["xero.pull"])
        work = pull._work_page

        def work_page(model, connection, resource, payloads, policy=None):
            changes = work(model, connection, resource, payloads, policy)
            if connection._get_cursor(resource).page == number:
                change()
            return changes

        with patch.object(pull, "_work_page", work_page):
            yield


@tagged("post_install", "-at_install")
class TestInterruptedPull(PullFailureCase):
    def test_each_fault_and_each_page(self):
        """Nothing is lost, nothing doubled, and it goes on at the page it reached."""
        every_kind = [(kind, 2) for kind in FAULTS]
        for kind, page in [*every_kind, ("503", 1), ("503", 3), ("truncated", 1)]:
            with self.subTest(kind=kind, page=page):
                self.check_fault(kind, page, FAULTS[kind])

    def check_fault(self, kind, page, options):
        partners = self.fetched()
        self.link_of(partners).unlink()
        partners.unlink()
        for xero_id in list(self.org.contacts):
            self.org.contacts.drop(xero_id)
        self.org.add_contacts(25)
        cursor = self.cursor_of()
        cursor._reset(self.connection, ["Contacts"])
        self.xero.fail("GET Contacts", kind, skip=page - 1, **options)
        self.pull_in_vain("Contacts")
        self.assertEqual(cursor.page, page)
        self.assertFalse(cursor.modified_since)
        self.assertTrue(cursor.error)
        self.assertEqual(len(self.fetched()), (page - 1) * 10)
        row = self.open_rows()
        self.assertEqual((len(row), row.operation), (1, "fetch"))
        self.assertTrue(row.remedy)
        self.connection.usage_ids.paused_until = False
        self.xero.reset_calls()
        self.pull("Contacts")
        self.assertEqual(self.xero.calls["GET Contacts"], 4 - page)
        self.assert_all_here(25)
        self.assertTrue(cursor.modified_since)
        self.assertFalse(cursor.error)
        self.assertEqual(row.state, "resolved")

    def test_record_that_is_edited_between_two_pages(self):
        """It keeps its place, and the next fetch brings the change."""
        self.org.add_contacts(25)
        first, last = min(self.org.contacts), max(self.org.contacts)

        def edit():
            for xero_id in (first, last):
                self.org.update(
                    "Contacts", ContactID=xero_id, AccountNumber=xero_id[:8]
                )

        with self.during_page(1, edit):
            self.pull("Contacts")
        self.assert_all_here(25)
        self.pull("Contacts")
        refs = set(self.fetched().mapped("ref")) - {False}
        self.assertEqual(refs, {first[:8], last[:8]})

    def test_record_that_appears_between_two_pages(self):
        self.org.add_contacts(25)
        with self.during_page(1, lambda: self.org.add_contacts(3)):
            self.pull("Contacts")
        self.pull("Contacts")
        self.assert_all_here(28)

    def test_next_fetch_starts_where_the_first_began(self):
        """By Xero's clock at the first page, and some minutes before."""
        self.org.add_contacts(25)
        began = self.xero.now.replace(tzinfo=None)
        with self.during_page(1, lambda: self.xero.advance(timedelta(hours=1))):
            self.pull("Contacts")
        self.assertLessEqual(self.cursor_of().modified_since, began)


@tagged("post_install", "-at_install")
class TestBadRecord(PullFailureCase):
    """One bad record fails alone, with a row in the log."""

    def assert_only_one_is_refused(self, contact, number):
        self.assertEqual(len(self.fetched()), number - 1)
        row = self.open_rows()
        self.assertEqual(row.xero_id, contact["ContactID"])
        self.assertTrue(row.message and row.remedy)
        self.assertTrue(self.cursor_of().modified_since)
        return row

    def test_unreadable_element(self):
        contact = self.org.add_contacts(25)[12]
        self.org.touch(contact, Addresses="what?")
        self.pull("Contacts")
        row = self.assert_only_one_is_refused(contact, 25)
        self.org.touch(contact, Addresses=[])
        row.action_resync()
        self.assertEqual(row.state, "resolved")
        self.assert_all_here(25)

    def test_element_that_odoo_refuses(self):
        """A contact whose partner has a user cannot be archived here."""
        contact = self.org.add_contacts(25)[12]
        self.pull("Contacts")
        partner = self.fetched().filtered(lambda p: p.name == contact["Name"])
        user = self.user_rep
        user.partner_id = partner
        others = [c for c in self.org.contacts.values() if c != contact]
        self.org.archive(contact)
        self.org.touch(others[3], TaxNumber="12-345-678")
        with self.assertLogs(PULL, "WARNING"):
            self.pull("Contacts")
        self.assertTrue(partner.active)
        self.assertIn("12-345-678", self.fetched().mapped("vat"))
        self.assertEqual(self.open_rows().xero_id, contact["ContactID"])
        user.partner_id = self.customer
        self.pull("Contacts")
        self.assertFalse(partner.active)
        self.assertFalse(self.open_rows())

    def test_bad_record_is_logged_once_however_often_it_comes(self):
        contact = self.org.add_contacts(5)[2]
        self.org.touch(contact, Addresses="what?")
        logs = self.env["xero.log"]
        self.pull("Contacts")
        count = logs.search_count([])
        self.pull("Contacts")
        self.assertEqual(logs.search_count([]), count)


@tagged("post_install", "-at_install")
class TestTwoWays(PullFailureCase):
    """Both sides change, and neither drives the other round in circles."""

    def prepare(self):
        super().prepare()
        self.customer.website = "https://kauri.example.com"
        self.customer.action_xero_push()
        self.contact = self.org.contacts[self.customer.xero_contact_id]
        self.link = self.link_of(self.customer)

    def update_xero(self, **fields):
        self.org.update("Contacts", ContactID=self.contact["ContactID"], **fields)

    def count_writes(self):
        return sum(
            count for route, count in self.xero.calls.items() if route[:3] != "GET"
        )

    def test_own_echo_is_not_sent_back(self):
        self.pull("Contacts")
        stamp = self.customer.write_date
        for _round in range(3):
            self.customer.phone = f"+64 9 555 03{_round}0"
            self.push()
            self.xero.reset_calls()
            self.pull("Contacts")
            self.push()
            self.pull("Contacts")
            self.push()
            self.assertEqual(dict(self.xero.calls), {"GET Contacts": 2})
        self.assertEqual(self.customer.website, "https://kauri.example.com")
        self.assertGreaterEqual(self.customer.write_date, stamp)

    def test_change_that_waits_is_not_lost_when_a_fetch_comes_between(self):
        self.customer.phone = "+64 9 555 0777"
        self.update_xero(EmailAddress="new@kauri.example.com")
        self.pull("Contacts")
        self.assertEqual(self.link.state, "pending")
        self.push()
        self.pull("Contacts")
        self.assertEqual(self.customer.email, "new@kauri.example.com")
        self.assertEqual(self.customer.phone, "+64 9 555 0777")
        contact = self.org.contacts[self.contact["ContactID"]]
        phones = [row["PhoneNumber"] for row in contact["Phones"]]
        self.assertIn("+64 9 555 0777", phones)
        self.assertEqual(contact["EmailAddress"], "new@kauri.example.com")
        self.assertEqual(self.link.state, "synced")

    def change_both(self, policy):
        self.connection.conflict_policy = policy
        self.customer.email = "odoo@kauri.example.com"
        self.update_xero(EmailAddress="xero@kauri.example.com")
        self.pull("Contacts")

    def assert_agreed(self, email):
        self.push()
        self.assertEqual(self.customer.email, email)
        contact = self.org.contacts[self.contact["ContactID"]]
        self.assertEqual(contact["EmailAddress"], email)
        self.assertEqual(self.link.state, "synced")
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertFalse(self.count_writes())

    def test_xero_wins(self):
        self.change_both("xero")
        self.assert_agreed("xero@kauri.example.com")

    def test_odoo_wins(self):
        self.change_both("odoo")
        self.assert_agreed("odoo@kauri.example.com")

    def test_newer_change_wins(self):
        self.xero.advance(timedelta(minutes=10))
        self.change_both("newest")
        self.assert_agreed("xero@kauri.example.com")

    def change_both_unfetched(self, policy):
        """Xero's change has not been fetched when Odoo's is sent."""
        self.connection.conflict_policy = policy
        self.update_xero(EmailAddress="xero@kauri.example.com")
        self.customer.email = "odoo@kauri.example.com"
        self.push()

    def test_xero_wins_though_its_change_is_not_fetched_yet(self):
        self.change_both_unfetched("xero")
        self.assert_agreed("xero@kauri.example.com")

    def test_person_is_asked_though_the_change_in_xero_is_not_fetched_yet(self):
        self.change_both_unfetched("ask")
        self.assertEqual(self.link.state, "conflict")
        contact = self.org.contacts[self.contact["ContactID"]]
        self.assertEqual(contact["EmailAddress"], "xero@kauri.example.com")
        self.assertEqual(self.customer.email, "odoo@kauri.example.com")
        self.open_rows().action_keep_odoo()
        self.assert_agreed("odoo@kauri.example.com")

    def test_looking_for_changes_in_xero_costs_a_call_for_all_that_waits(self):
        self.connection.conflict_policy = "ask"
        self.customer.phone = "+64 9 555 0909"
        self.xero.reset_calls()
        self.push()
        expected = {"GET Contacts": 1, "POST Contacts": 1}
        self.assertEqual(dict(self.xero.calls), expected)

    def check_asking(self, keep, email):
        self.change_both("ask")
        self.assertEqual(self.link.state, "conflict")
        self.assertEqual(self.customer.email, "odoo@kauri.example.com")
        row = self.open_rows()
        self.assertIn("xero@kauri.example.com", row.message)
        logs = self.env["xero.log"]
        count = logs.search_count([])
        self.pull("Contacts")
        self.assertEqual(logs.search_count([]), count, "told once")
        getattr(row, keep)()
        self.assertEqual(row.state, "resolved")
        self.assert_agreed(email)

    def test_person_keeps_what_odoo_has(self):
        self.check_asking("action_keep_odoo", "odoo@kauri.example.com")

    def test_person_keeps_what_xero_has(self):
        self.check_asking("action_keep_xero", "xero@kauri.example.com")

    def test_excluded_record_is_left_alone_by_both_sides(self):
        self.customer.xero_do_not_sync = True
        self.customer.phone = "+64 9 555 0888"
        self.update_xero(EmailAddress="new@kauri.example.com")
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertFalse(self.count_writes())
        self.assertEqual(self.customer.email, "accounts@kauri.example.com")
        self.assertEqual(self.customer.xero_sync_state, "excluded")

    def test_deleted_partner_does_not_come_back(self):
        self.customer.unlink()
        self.update_xero(EmailAddress="new@kauri.example.com")
        self.pull("Contacts")
        partners = self.env["res.partner"].search([("name", "=", "Kauri Builders")])
        self.assertFalse(partners)

    def test_archived_in_xero_then_restored(self):
        self.org.archive(self.contact)
        self.pull("Contacts")
        self.assertFalse(self.customer.active)
        self.update_xero(ContactStatus="ACTIVE")
        self.pull("Contacts")
        self.assertTrue(self.customer.active)
        self.push()
        self.assertEqual(self.link.state, "synced")

    def test_archived_in_odoo_then_restored(self):
        for active, status in ((False, "ARCHIVED"), (True, "ACTIVE")):
            self.customer.active = active
            self.push()
            contact = self.org.contacts[self.contact["ContactID"]]
            self.assertEqual(contact["ContactStatus"], status)
            self.pull("Contacts")
            self.assertEqual(self.customer.active, active)

    def test_merged_contact_of_another_customer_waits_for_a_person(self):
        """Two customers became one in Xero: nobody here is archived or doubled, and
        nothing is sent back."""
        target = self.org.add_contact(Name="Kauri Group", EmailAddress="g@example.com")
        self.pull("Contacts")
        group = self.env["res.partner"].search([("name", "=", "Kauri Group")])
        self.org.merge(self.contact, target)
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertTrue(self.customer.active)
        self.assertTrue(group.active)
        self.assertFalse(self.count_writes())
        row = self.env["xero.log"].search(
            [("state", "=", "conflict"), ("res_id", "=", self.customer.id)]
        )
        self.assertIn("merged", row.message)
        merge = "base.partner.merge.automatic.wizard"
        self.assertEqual(row.action_fix()["res_model"], merge)

    def test_item_without_a_price_stays_so(self):
        self.org.add_item(Code="TOTARA", Name="Totara Stool")
        for _round in range(2):
            self.pull("Items")
            self.push()
        self.assertFalse(self.xero.calls["POST Items"])
        product = self.env["product.product"].search([("default_code", "=", "TOTARA")])
        self.assertEqual(product.list_price, 0)
        product.list_price = 12.5
        self.push()
        [item] = self.org.items.values()
        self.assertEqual(float(item["SalesDetails"]["UnitPrice"]), 12.5)
