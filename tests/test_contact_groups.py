"""Contact groups in Xero and tags in Odoo, where a tag was chosen."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import XeroCommon


class GroupCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.vip = self.env["res.partner.category"].create({"name": "VIP"})
        self.other = self.env["res.partner.category"].create({"name": "Other"})
        self.org.create("ContactGroups", Name="vip")
        self.org.create("ContactGroups", Name="Trade")
        for name in ("Tui", "Kea", "Weka"):
            self.org.add_contact(Name=name)
        self.pull("Contacts", "ContactGroups")
        self.group = self.env["xero.contact.group"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", "vip")]
        )
        self.tui, self.kea, self.weka = (
            self.env["res.partner"].search([("name", "=", name)])
            for name in ("Tui", "Kea", "Weka")
        )

    def members(self):
        group = self.org.contact_groups[self.group.xero_key]
        return sorted(self.org.contacts[i]["Name"] for i in group["_members"])

    def join(self, *partners):
        """Somebody puts contacts into the group in Xero."""
        group = self.org.contact_groups[self.group.xero_key]
        members = {*group["_members"], *(p.xero_contact_id for p in partners)}
        self.set_members(members)

    def leave(self, *partners):
        group = self.org.contact_groups[self.group.xero_key]
        members = set(group["_members"]) - {p.xero_contact_id for p in partners}
        self.set_members(members)

    def set_members(self, members):
        group = self.org.contact_groups[self.group.xero_key]
        with self.org.transaction():
            self.org.contact_groups.put({**group, "_members": sorted(members)})

    def tagged(self):
        partners = self.env["res.partner"].search([("category_id", "=", self.vip.id)])
        return sorted(partners.mapped("name"))

    def choose(self):
        self.group.action_accept_proposal()
        self.pull("ContactGroups")

    def touch(self, partner):
        """Something else changes in Xero, so that the contact is read."""
        self.org.touch(self.org.contacts[partner.xero_contact_id])


@tagged("post_install", "-at_install")
class TestContactGroups(GroupCase):
    def test_nothing_happens_until_a_tag_is_chosen(self):
        self.assertEqual(self.group.proposed_category_id, self.vip)
        self.join(self.tui)
        self.kea.category_id = self.vip
        self.xero.reset_calls()
        self.pull("Contacts", "ContactGroups")
        self.push()
        self.assertEqual(
            dict(self.xero.calls), {"GET Contacts": 1, "GET ContactGroups": 1}
        )
        self.assertEqual((self.members(), self.tagged()), (["Tui"], ["Kea"]))

    def test_choosing_a_tag_joins_both_and_removes_nobody(self):
        self.join(self.tui)
        self.kea.category_id = self.vip
        self.choose()
        self.assertEqual(self.tagged(), ["Kea", "Tui"])
        self.push()
        self.assertEqual(self.members(), ["Kea", "Tui"])
        self.assertEqual(self.group.member_count, 2)

    def test_tags_go_to_xero_in_one_call_a_group(self):
        self.choose()
        (self.tui | self.kea | self.weka).category_id = self.vip
        self.tui.category_id = [(4, self.other.id)]
        self.xero.reset_calls()
        self.push()
        self.assertEqual(sum(self.xero.calls.values()), 1)
        self.assertEqual(self.members(), ["Kea", "Tui", "Weka"])
        self.push()
        self.assertEqual(sum(self.xero.calls.values()), 1)
        self.kea.category_id = False
        self.push()
        self.assertEqual(self.members(), ["Tui", "Weka"])
        self.assertEqual(self.tui.xero_sync_state, "synced")

    def test_scheduled_action_sends_tags_although_no_link_waits(self):
        self.choose()
        self.tui.category_id = self.vip
        self.env.flush_all()
        self.env.ref("xero_crm.ir_cron_xero_push").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.members(), ["Tui"])

    def test_page_of_contacts_sets_and_removes_mapped_tags_only(self):
        self.choose()
        self.tui.category_id = self.other
        self.join(self.tui)
        self.touch(self.tui)
        self.pull("Contacts")
        self.assertEqual(self.tui.category_id, self.vip | self.other)
        self.leave(self.tui)
        self.touch(self.tui)
        self.pull("Contacts")
        self.assertEqual(self.tui.category_id, self.other)
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_new_contact_of_a_group_comes_with_its_tag(self):
        self.choose()
        ruru = self.org.add_contact(Name="Ruru")
        self.set_members({ruru["ContactID"]})
        self.pull("Contacts")
        self.assertEqual(self.tagged(), ["Ruru"])
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_both_sides_change_different_members(self):
        self.choose()
        (self.tui | self.kea).category_id = self.vip
        self.push()
        self.leave(self.tui)
        self.join(self.weka)
        self.kea.category_id = False
        self.push()
        self.pull("ContactGroups")
        self.assertEqual((self.members(), self.tagged()), (["Weka"], ["Weka"]))

    def test_other_tag_for_a_group_removes_nobody(self):
        self.choose()
        self.tui.category_id = self.vip
        self.push()
        self.group.category_id = self.other
        self.push()
        self.pull("ContactGroups")
        self.push()
        self.assertEqual(self.members(), ["Tui"])
        self.assertEqual(self.tui.category_id, self.vip | self.other)

    def test_group_deleted_in_xero_leaves_the_tags(self):
        self.choose()
        self.tui.category_id = self.vip
        self.push()
        for group in list(self.org.contact_groups.values()):
            self.org.update(
                "ContactGroups",
                ContactGroupID=group["ContactGroupID"],
                Status="DELETED",
            )
        self.pull("ContactGroups")
        self.assertFalse(self.group.active)
        self.assertEqual(self.tagged(), ["Tui"])
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_archived_and_excluded_customers_take_no_part(self):
        self.choose()
        (self.tui | self.kea).category_id = self.vip
        self.push()
        self.tui.xero_do_not_sync = True
        self.kea.action_archive()
        self.push()
        self.leave(self.tui, self.kea)
        self.pull("ContactGroups")
        self.assertEqual(self.tui.category_id, self.vip)
        self.assertEqual(self.kea.category_id, self.vip)
        self.push()
        self.assertEqual(self.members(), [])

    def test_one_refused_member_fails_alone(self):
        self.choose()
        with self.org.transaction():
            self.org.contacts.drop(self.kea.xero_contact_id)
        (self.tui | self.kea | self.weka).category_id = self.vip
        self.push()
        self.assertEqual(self.members(), ["Tui", "Weka"])
        row = self.env["xero.log"].search(
            [("res_id", "=", self.kea.id), ("state", "=", "error")]
        )
        self.assertIn("vip", row.message)
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)

    def test_group_call_that_fails_is_repeated(self):
        self.choose()
        self.tui.category_id = self.vip
        self.xero.fail("PUT ContactGroups*", "503")
        self.push()
        self.assertEqual(self.members(), [])
        self.push()
        self.assertEqual(self.members(), ["Tui"])

    def test_accountant_chooses_tags_and_nothing_else(self):
        group = self.group.with_user(self.user_accountant)
        group.category_id = self.other
        with self.assertRaises(AccessError):
            group.name = "Mine"
        with self.assertRaises(AccessError):
            self.group.with_user(self.user_rep).category_id = False
        self.group.category_id = False
        self.vip.unlink()
        group.action_create_tag()
        self.assertEqual(group.category_id.name, "vip")

    def test_page_costs_the_same_whatever_the_group_holds(self):
        self.choose()
        counts = {}
        for number in (5, 50):
            made = self.org.add_contacts(number, f"Member{number}")
            self.pull("Contacts")
            self.set_members({contact["ContactID"] for contact in made})
            for contact in made:
                self.org.touch(contact)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.pull("Contacts")
            counts[number] = self.env.cr.sql_log_count - before
        self.assertEqual(len(self.tagged()), 50)
        self.assertLess(counts[50] - counts[5], 50 * 4, counts)
