"""Where two parts meet: what one of them leaves behind, the other has to cope with."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ..xero_api import XeroTransientError
from .common import XeroCommon
from .test_contact_groups import GroupCase
from .test_contact_merges import MergeCase
from .test_field_map_further import FurtherCase
from .test_matching import MatchingCase
from .test_matching_decide import DecideCase

LOOK_FOR = "odoo.addons.xero_crm.models.xero_push_recover"


@tagged("post_install", "-at_install")
class TestGroupsAndOutbox(GroupCase):
    def test_group_that_is_gone_in_xero_does_not_stop_the_items(self):
        self.choose()
        with self.org.transaction():
            self.org.contact_groups.drop(self.group.xero_key)
        self.tui.category_id = self.vip
        product = self.env["product.product"].create(
            {"name": "Kayak", "default_code": "KAYAK"}
        )
        self.env["xero.link"]._ensure(self.connection, product)
        self.push()
        self.assertEqual(self.link_of(product).state, "synced")
        rows = self.env["xero.log"].search([("resource", "=", "ContactGroups")])
        self.assertIn("error", rows.mapped("state"))
        self.assertTrue(self.connection._get_cursor("ContactGroups")._is_due())
        self.pull("ContactGroups")
        self.assertNotIn("error", rows.mapped("state"))
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_failed_group_call_is_told_until_it_works(self):
        self.choose()
        self.tui.category_id = self.vip
        self.xero.fail("PUT ContactGroups*", "503")
        self.push()
        rows = self.env["xero.log"].search([("resource", "=", "ContactGroups")])
        self.assertIn("error", rows.mapped("state"))
        self.push()
        self.assertEqual(self.members(), ["Tui"])
        self.assertNotIn("error", rows.mapped("state"))


@tagged("post_install", "-at_install")
class TestMergesAndFailures(MergeCase):
    def test_call_limit_while_the_surviving_contact_is_asked_for(self):
        [tui, kea] = self.make_linked("Tui", "Kea")
        old, new = self.contact_of(tui), self.org.add_contact(Name="Tui Tours Ltd")
        self.pull("Contacts")
        made = self.env["res.partner"].search([("name", "=", "Tui Tours Ltd")])
        self.link_of(made).unlink()
        made.unlink()
        self.xero.advance(timedelta(minutes=10))
        self.org.merge(old, new)
        self.org.touch(self.contact_of(kea), Name="Kea Ltd")
        cursor = self.connection._get_cursor("Contacts")
        cursor.modified_since = self.xero.now.replace(tzinfo=None, microsecond=0)
        # The page itself comes, the question about the other contact does not.
        self.xero.fail("GET Contacts", "503", skip=1)
        self.xero.reset_calls()
        with self.assertRaises(XeroTransientError):
            self.pull("Contacts")
        self.assertEqual(self.xero.calls.total(), 2)
        self.assertFalse(self.open_rows(tui))
        self.pull("Contacts")
        self.assertEqual(tui.xero_contact_id, new["ContactID"])
        self.assertEqual(kea.name, "Kea Ltd")
        self.assertFalse(self.open_rows())

    def test_sync_of_everything_keeps_what_is_left_to_merge_in_xero(self):
        tui, kea = self.make_linked("Tui", "Kea")
        link = self.link_of(kea)
        self.merge_here(tui, kea)
        row = self.open_rows()
        self.assertEqual(row.fix, "xero_contact")
        self.env["xero.push"]._queue_all(self.connection, "Contacts")
        row.action_resync()
        self.push()
        self.assertEqual(self.open_rows(), row)
        self.assertEqual(link.state, "error")


@tagged("post_install", "-at_install")
class TestDecisionsAndLinks(DecideCase):
    def test_chosen_customer_that_has_got_a_contact_meanwhile(self):
        _contact, partner, match = self.make_waiting(EmailAddress="office@kowhai.nz")
        other = self.add_contact("Pohutukawa")
        match.sudo().decision = "link"
        link = self.env["xero.link"]._ensure(self.connection, partner)
        link.write({"xero_id": other["ContactID"], "state": "synced", "base": {}})
        link.base = partner._get_mapped_values(self.connection)
        self.pull("Contacts")
        self.assertEqual(link.xero_id, other["ContactID"])
        self.assertFalse(partner.email)
        self.assertRecordValues(match, [{"state": "waiting", "decision": False}])
        self.assertIn("another Xero contact", match.message)


@tagged("post_install", "-at_install")
class TestRejectionsAndOutbox(MatchingCase):
    def test_lost_create_does_not_take_a_contact_that_is_somebody_else(self):
        self.connection.match_hold_score = 0
        partner, *others = (
            self.add_partner("Kowhai", email="office@kowhai.nz") for _turn in range(3)
        )
        contact = self.add_contact("Totara", EmailAddress="office@kowhai.nz")
        self.pull("Contacts")
        match = self.assertWaits(contact, partner, *others, rule="email")
        match.candidate_ids.filtered(lambda c: c.partner_id == partner).action_reject()
        self.xero.fail("PUT Contacts", "timeout_before")
        self.env["xero.link"]._ensure(self.connection, partner)
        self.push()
        self.assertEqual(self.link_of(partner).state, "sending")
        self.push()
        self.assertFalse(self.partner_of(contact))
        self.assertEqual(match.state, "waiting")
        self.assertEqual(self.link_of(partner).state, "synced")


@tagged("post_install", "-at_install")
class TestFoundAndDisputed(XeroCommon):
    def test_what_a_found_contact_says_otherwise_is_asked(self):
        self.connection.conflict_policy = "ask"
        contact = self.org.add_contact(
            Name="Tui", EmailAddress="tui@example.com", AccountNumber="X-1"
        )
        partner = self.env["res.partner"].create(
            {"name": "Tui", "email": "tui@example.com", "ref": "O-1"}
        )
        partner.action_xero_push()
        link = self.link_of(partner)
        self.assertEqual(link.xero_id, contact["ContactID"])
        self.assertEqual(link.conflict_ids.mapped("field"), ["account_number"])
        self.assertEqual(link.state, "conflict")
        link.conflict_ids.action_keep_odoo()
        self.assertEqual(contact["AccountNumber"], "O-1")


@tagged("post_install", "-at_install")
class TestChangedDuringTheCall(XeroCommon):
    def test_other_field_that_is_changed_during_the_call_is_sent_too(self):
        contact = self.org.add_contact(Name="Tui", EmailAddress="tui@example.com")
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui")])
        partner.email = "new@example.com"
        link, push = self.link_of(partner), self.env["xero.push"]
        [change] = push._plan_links(self.connection, link)
        link._mark_sending("key")
        partner.ref = "C-7"
        [element] = self.env["xero.gateway"]._call(
            self.connection,
            "update",
            "Contacts",
            [change.payload],
            idempotency_key="key",
        )
        push._settle_answers(self.connection, [(change, element)])
        self.push()
        self.assertEqual(contact["EmailAddress"], "new@example.com")
        self.assertEqual(contact["AccountNumber"], "C-7")
        self.assertEqual(link.state, "synced")


@tagged("post_install", "-at_install")
class TestUnreadableAndOutbox(FurtherCase):
    """What cannot be read of one record stops no other."""

    def make_partner(self, name, **fields):
        self.org.add_contact(Name=name, **fields)
        self.pull("Contacts")
        return self.env["res.partner"].search([("name", "=", name)])

    def test_found_contact_that_does_not_fit_fails_alone(self):
        self.map("x_integer", "fax")
        self.org.add_contact(
            Name="Tui",
            EmailAddress="tui@example.com",
            Phones=[{"PhoneType": "FAX", "PhoneNumber": "ask for Bob"}],
        )
        partners = self.env["res.partner"].create(
            [
                {"name": "Tui", "email": "tui@example.com"},
                {"name": "Kea", "email": "kea@example.com"},
            ]
        )
        with self.assertLogs(LOOK_FOR, "WARNING"):
            partners.action_xero_push()
        tui, kea = (self.link_of(partner) for partner in partners)
        self.assertEqual(kea.state, "synced")
        self.assertEqual(tui.state, "error")
        self.assertFalse(tui.xero_id)
        self.assertTrue(tui.error)


@tagged("post_install", "-at_install")
class TestNewestAndChildren(XeroCommon):
    def test_newer_change_of_a_person_counts_by_its_own_time(self):
        self.connection.conflict_policy = "newest"
        persons = [{"FirstName": "Ann", "LastName": "Lee", "EmailAddress": "a@tui.nz"}]
        contact = self.org.add_contact(Name="Tui", ContactPersons=persons)
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui")])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s WHERE id = %s",
            [datetime.now() - timedelta(days=1), partner.id],
        )
        self.env.invalidate_all()
        self.xero.advance(timedelta(minutes=-2))
        persons = [{**persons[0], "EmailAddress": "xero@tui.nz"}]
        self.org.touch(contact, ContactPersons=persons)
        partner.child_ids.email = "odoo@tui.nz"
        self.pull("Contacts")
        self.push()
        self.assertEqual(partner.child_ids.email, "odoo@tui.nz")
        [person] = contact["ContactPersons"]
        self.assertEqual(person["EmailAddress"], "odoo@tui.nz")


@tagged("post_install", "-at_install")
class TestItemsAndRecovery(XeroCommon):
    def test_lost_item_does_not_take_the_item_of_another_product(self):
        self.map_reference_data()
        item = self.org.create("Items", Code="KAYAK", Name="Kayak", IsSold=True)
        self.pull("Items")
        products = self.env["product.product"]
        first = products.search([("default_code", "=", "KAYAK")])
        self.assertEqual(first.xero_item_id, item["ItemID"])
        # Told to Xero later; meanwhile another product gets the code.
        first.default_code = "KAYAK-OLD"
        second = products.create({"name": "New kayak", "default_code": "KAYAK"})
        link = self.env["xero.link"]._ensure(self.connection, second)
        link._mark_sending("lost-0")
        link.sent_at = False
        self.push()
        self.assertEqual(first.xero_item_id, item["ItemID"])
        self.assertNotEqual(second.xero_item_id, item["ItemID"])
        self.assertEqual(self.link_of(first).state, "synced")
        self.assertEqual(item["Code"], "KAYAK-OLD")

    def test_linked_product_that_cannot_be_read_fails_alone(self):
        self.map_reference_data()
        for code in ("KAYAK", "PADDLE"):
            self.org.create("Items", Code=code, Name=code, IsSold=True)
        self.pull("Items")
        products = self.env["product.product"]
        bad, good = (
            products.search([("default_code", "=", code)])
            for code in ("KAYAK", "PADDLE")
        )
        bad.list_price = 1e40  # no number for Xero
        good.list_price = 12
        self.push()
        self.assertEqual(self.link_of(bad).state, "error")
        self.assertEqual(self.link_of(good).state, "synced")
