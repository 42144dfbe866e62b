"""What a person says about contacts that wait: match, merge, create, ignore."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models import xero_match_decide
from .test_matching import MatchingCase


class DecideCase(MatchingCase):
    def prepare(self):
        super().prepare()
        self.accountant = new_test_user(
            self.env,
            "xero_matcher",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
            "xero_crm.group_xero_accountant",
        )

    def make_waiting(self, name="Kowhai", **fields):
        """Return a contact that waits, its likely customer, and its `xero.match`."""
        partner = self.add_partner(f"{name} Limited")
        contact = self.add_contact(f"{name} Ltd", **fields)
        self.pull("Contacts")
        match = self.assertWaits(contact, partner).with_user(self.accountant)
        return contact, partner, match

    def message_of(self, action):
        return action["params"]["message"]


@tagged("post_install", "-at_install")
class TestConfirm(DecideCase):
    def test_match_merges_both_sides_as_the_sync_does(self):
        contact, partner, match = self.make_waiting(EmailAddress="office@kowhai.nz")
        partner.write({"phone": "+64 9 555 0303", "city": "Nelson"})
        self.assertEqual(self.message_of(match.action_confirm()), "1 matched.")
        self.assertEqual(self.partner_of(contact), partner)
        self.assertEqual(partner.email, "office@kowhai.nz")
        self.assertEqual(self.link_of(partner).rule, "person")
        self.push()
        phones = {p["PhoneType"]: p for p in contact["Phones"]}
        self.assertIn("5550303", phones["DEFAULT"]["PhoneNumber"].replace(" ", ""))
        self.assertRecordValues(
            match, [{"state": "linked", "decided_by_id": self.accountant.id}]
        )

    def test_comparison_says_what_the_match_then_does(self):
        contact, partner, match = self.make_waiting(EmailAddress="office@kowhai.nz")
        self.connection.conflict_policy = "xero"
        partner.city = "Nelson"
        table = str(match.comparison)
        self.assertIn("office@kowhai.nz", table)
        self.assertIn("changes in Odoo", table)
        self.assertIn("goes to Xero", table)
        match.action_confirm()
        self.assertRecordValues(
            partner,
            [{"email": "office@kowhai.nz", "city": "Nelson", "name": "Kowhai Ltd"}],
        )

    def test_contact_is_fetched_once_more(self):
        contact, partner, match = self.make_waiting()
        self.org.touch(contact, AccountNumber="K-77")
        self.xero.reset_calls()
        match.action_confirm()
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(partner.ref, "K-77")

    def test_any_other_customer_can_be_chosen(self):
        contact, _partner, match = self.make_waiting()
        other = self.add_partner("Pohutukawa")
        with Form(match, "xero_crm.xero_match_view_form") as form:
            form.partner_id = other
        match.action_confirm()
        self.assertEqual(self.partner_of(contact), other)

    def test_decided_ones_are_left_alone_by_the_next_fetch(self):
        contact, partner, match = self.make_waiting()
        match.action_confirm()
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertEqual(match.state, "linked")
        self.assertEqual(self.partner_of(contact), partner)

    def test_invoices_find_their_customer_and_order(self):
        contact, partner, match = self.make_waiting()
        for amount in (100, 50):
            self.org.add_invoice(contact, amount, Status="AUTHORISED")
        order = self._create_order(partner_id=partner.id)
        self.org.add_invoice(contact, 575, Status="AUTHORISED", Reference=order.name)
        self.map_reference_data()
        self.pull("Invoices")
        invoices = self.env["xero.invoice"].search(
            [("xero_contact_id", "=", contact["ContactID"])]
        )
        self.assertFalse(invoices.partner_id)
        self.assertEqual(match.invoice_count, 3)
        match.action_confirm()
        self.assertEqual(invoices.partner_id, partner)
        self.assertEqual(invoices.commercial_partner_id, partner)
        self.assertEqual(partner.xero_balance, sum(invoices.mapped("amount_due")))
        self.assertEqual(order.xero_invoice_ids.reference, order.name)

    def test_two_people_at_once(self):
        contact, partner, match = self.make_waiting()
        match.action_confirm()
        message = self.message_of(match.with_user(self.user_accountant).action_create())
        self.assertEqual(message, "1 had been decided meanwhile.")
        self.assertEqual(self.partner_of(contact), partner)

    def test_chosen_customer_is_deleted_before_the_match_is_made(self):
        contact, partner, match = self.make_waiting()
        with patch.object(xero_match_decide, "AT_ONCE", 0):
            said = self.message_of(match.action_confirm())
        self.assertEqual(said, "1 go on in the background.")
        partner.unlink()
        before = self.env["res.partner"].search_count([])
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.work_decided()
        self.assertFalse(self.partner_of(contact))
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertEqual((match.state, match.decision), ("waiting", False))
        self.assertIn("was chosen for Kowhai Ltd was deleted", match.message)
        match.action_create()
        self.assertEqual(self.partner_of(contact).name, "Kowhai Ltd")
        self.assertFalse(match.message)

    def work_decided(self):
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection.env["xero.match"]._work_decided(connection)
        self.env.invalidate_all()

    def test_archived_in_xero_meanwhile(self):
        contact, partner, match = self.make_waiting()
        self.org.archive(contact)
        message = self.message_of(match.action_confirm())
        self.assertIn("archived in Xero meanwhile", message)
        self.assertEqual(match.state, "gone")
        self.assertTrue(partner.active)
        self.assertFalse(partner.xero_contact_id)

    def test_merged_in_xero_meanwhile(self):
        contact, partner, match = self.make_waiting()
        target = self.add_contact("Kanuka")
        self.org.merge(contact, target)
        match.action_confirm()
        self.assertEqual(match.state, "gone")
        self.assertNotEqual(self.partner_of(target), partner)

    def test_linked_elsewhere_meanwhile(self):
        contact, partner, match = self.make_waiting()
        other = self.add_contact("Anything")
        self.env["xero.link"].create(
            {
                "connection_id": self.connection.id,
                "resource": "Contacts",
                "res_model": "res.partner",
                "res_id": partner.id,
                "xero_id": other["ContactID"],
                "state": "synced",
            }
        )
        with self.assertRaisesRegex(UserError, "matched with another Xero contact"):
            match.action_confirm()
        self.assertEqual(match.state, "waiting")
        self.assertEqual(self.partner_of(other), partner)

    def test_unsuitable_choices_are_explained(self):
        _contact, _partner, match = self.make_waiting()
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        company = self.env["res.company"].create({"name": "Another Company"})
        self.accountant.company_ids += company
        match = match.with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        )
        cases = {
            person: "choose the company",
            self.add_partner("Old", active=False): "restore it first",
            self.add_partner("Out", xero_do_not_sync=True): "excluded from Xero",
            self.add_partner("Far", company_id=company.id): "another company",
            self.env["res.partner"]: "Choose a customer",
        }
        for partner, sentence in cases.items():
            match.sudo().partner_id = partner
            with self.subTest(sentence=sentence):
                with self.assertRaisesRegex(UserError, sentence):
                    match.sudo().action_confirm()
                self.assertEqual(match.state, "waiting")

    def test_xero_out_of_order(self):
        contact, _partner, match = self.make_waiting()
        self.xero.fail("GET Contacts", "503")
        with self.assertRaisesRegex(UserError, "could not be reached"):
            match.action_confirm()
        self.assertFalse(self.partner_of(contact))

    def test_refused_record_stays_with_its_reason(self):
        contact, partner, match = self.make_waiting()
        self.org.touch(contact, Name=None)
        action = match.action_confirm()
        self.assertIn("no name", self.message_of(action))
        self.assertEqual(match.state, "waiting")
        self.assertFalse(match.decision)
        self.assertFalse(partner.xero_contact_id)


@tagged("post_install", "-at_install")
class TestOtherDecisions(DecideCase):
    def test_create(self):
        contact, partner, match = self.make_waiting()
        self.assertEqual(self.message_of(match.action_create()), "1 created.")
        self.assertEqual(match.state, "created")
        self.assertEqual(self.partner_of(contact).name, "Kowhai Ltd")
        self.assertNotEqual(self.partner_of(contact), partner)
        self.pull("Contacts")
        self.assertEqual(match.state, "created")

    def test_ignore_never_asks_again_and_can_be_undone(self):
        contact, partner, match = self.make_waiting()
        match.action_ignore()
        self.org.touch(contact, AccountNumber="K-1")
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        self.pull("Contacts")
        self.assertEqual(match.state, "ignored")
        self.assertFalse(self.partner_of(contact))
        open_rows = self.env["xero.log"].search(
            [("xero_id", "=", contact["ContactID"]), ("state", "=", "held")]
        )
        self.assertFalse(open_rows)
        match.action_undo()
        self.pull("Contacts")
        self.assertWaits(contact, partner)

    def test_somebody_else_is_not_proposed_again(self):
        contact, partner, match = self.make_waiting()
        other = self.add_partner("Kowhai GmbH")
        self.pull("Contacts")
        self.assertEqual(match.candidate_ids.partner_id, partner + other)
        match.candidate_ids.filtered(lambda c: c.partner_id == partner).action_reject()
        self.assertEqual(match.partner_id, other)
        self.pull("Contacts")
        self.assertWaits(contact, other)
        match.candidate_ids.filtered(lambda c: c.rejected).action_undo_reject()
        self.pull("Contacts")
        self.assertWaits(contact, other, partner)

    def test_everybody_else_rejected_makes_it_new(self):
        contact, partner, match = self.make_waiting()
        match.candidate_ids.action_reject()
        self.pull("Contacts")
        self.assertEqual(match.state, "created")
        self.assertNotIn(self.partner_of(contact), partner)

    def test_find_similar_looks_wider(self):
        """With PostgreSQL's trigrams and without; what was found stays."""
        far = self.add_partner("Kowhai Tree Nursery & Garden Centre")
        _contact, partner, match = self.make_waiting("Kowhai Trix")
        for has_trigram in {self.env.registry.has_trigram, False}:
            match.candidate_ids.sudo().filtered(lambda c: c.source == "search").unlink()
            self.patch(self.env.registry, "has_trigram", has_trigram)
            with self.subTest(has_trigram=has_trigram):
                match.action_find_similar()
                self.assertEqual(match.candidate_ids.partner_id, partner + far)
                self.assertEqual(match.partner_id, partner)
                self.pull("Contacts")
                self.assertEqual(match.candidate_ids.partner_id, partner + far)
        message = self.message_of(match.action_find_similar())
        self.assertEqual(message, "Nobody else has a similar name.")

    def test_merge_makes_one_customer_and_matches(self):
        partners = self.add_partner("Rata A", email="o@rata.nz") + self.add_partner(
            "Rata B", email="o@rata.nz", city="Nelson"
        )
        contact = self.add_contact("Xyz", EmailAddress="o@rata.nz")
        self.pull("Contacts")
        match = self.match_of(contact).with_user(self.accountant)
        order = self._create_order(partner_id=partners[1].id)
        action = match.action_merge()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .with_context(**action["context"])
        )
        with Form(wizard) as form:
            form.keep_id = partners[0]
        self.assertEqual(form.record.partner_ids, partners)
        self.assertEqual(self.message_of(form.record.action_merge()), "1 merged.")
        self.assertEqual(partners.exists(), partners[0])
        self.assertEqual(self.partner_of(contact), partners[0])
        self.assertEqual(order.partner_id, partners[0])
        self.assertEqual(partners[0].city, "Nelson")
        self.assertEqual(match.state, "merged")

    def test_merge_of_a_customer_with_a_contact_of_its_own_is_refused(self):
        _contact, partner, match = self.make_waiting()
        linked = self.add_partner("Kowhai Linked")
        linked.xero_do_not_sync = True
        self.env["xero.link"].create(
            {
                "connection_id": self.connection.id,
                "resource": "Contacts",
                "res_model": "res.partner",
                "res_id": linked.id,
                "xero_id": "11111111-1111-4111-8111-111111111111",
                "state": "synced",
            }
        )
        wizard = self.env["xero.match.merge"].create(
            {
                "match_ids": match.ids,
                "partner_ids": (partner + linked).ids,
                "keep_id": partner.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Merge the two contacts in Xero first"):
            wizard.action_merge()
        self.assertTrue(linked.exists())

    def test_merge_in_bulk(self):
        contacts = []
        for name in ("Rata", "Rimu"):
            for part in "AB":
                self.add_partner(f"{name} {part}", email=f"o@{name}.nz".lower())
            mail = f"o@{name}.nz".lower()
            contacts.append(self.add_contact(f"{name} Xyz", EmailAddress=mail))
        self.pull("Contacts")
        matches = self.matches.union(*(self.match_of(c) for c in contacts))
        wizard = (
            self.env["xero.match.merge"]
            .with_user(self.accountant)
            .create({"match_ids": matches.ids})
        )
        self.assertEqual(self.message_of(wizard.action_merge()), "2 merged.")
        for contact in contacts:
            self.assertEqual(len(self.partner_of(contact)), 1)
        self.assertEqual(self.partners.search_count([("email", "=", "o@rata.nz")]), 1)

    def test_merge_needs_odoos_own_right(self):
        _contact, _partner, match = self.make_waiting()
        with self.assertRaises(AccessError):
            match.with_user(self.user_accountant).action_merge()


@tagged("post_install", "-at_install")
class TestBulk(DecideCase):
    def make_many(self, count):
        pairs = []
        for number in range(count):
            name = f"{'Abcdefghijklmnop'[number] * 3}ora"
            pairs.append(
                (self.add_contact(f"{name} Ltd"), self.add_partner(f"{name} Limited"))
            )
        self.pull("Contacts")
        matches = self.matches.search([("state", "=", "waiting")])
        self.assertEqual(len(matches), count)
        return pairs, matches.with_user(self.accountant)

    def test_confirm_many_costs_one_call(self):
        pairs, matches = self.make_many(12)
        self.xero.reset_calls()
        self.assertEqual(self.message_of(matches.action_confirm()), "12 matched.")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        for contact, partner in pairs:
            self.assertEqual(self.partner_of(contact), partner)

    def test_one_that_cannot_be_matched_does_not_stop_the_others(self):
        pairs, matches = self.make_many(3)
        matches[1].sudo().partner_id = matches[0].partner_id
        message = self.message_of(matches.action_confirm())
        self.assertIn("2 matched.", message)
        self.assertIn("chosen for two contacts", message)
        self.assertEqual(matches.mapped("state").count("waiting"), 1)
        self.assertTrue(matches[1].message)

    def test_twice(self):
        _pairs, matches = self.make_many(3)
        matches.action_create()
        count = self.partners.search_count([])
        message = self.message_of(matches.action_create())
        self.assertEqual(message, "3 had been decided meanwhile.")
        self.assertEqual(self.partners.search_count([]), count)

    def test_confirm_clear_matches(self):
        pairs, matches = self.make_many(3)
        second = self.add_partner(pairs[0][1].name.replace("Limited", "GmbH"))
        self.pull("Contacts")
        wizard = (
            self.env["xero.match.confirm"]
            .with_user(self.accountant)
            .create({"minimum": 85})
        )
        self.assertEqual(wizard.match_count, 2)
        self.assertEqual(self.message_of(wizard.action_confirm()), "2 matched.")
        self.assertFalse(self.partner_of(pairs[0][0]))
        self.assertTrue(second.exists())
        with self.assertRaisesRegex(UserError, "No contact has one"):
            wizard.action_confirm()

    def test_more_than_a_click_can_take_goes_on_in_the_background(self):
        _pairs, matches = self.make_many(5)
        self.patch(xero_match_decide, "AT_ONCE", 2)
        message = self.message_of(matches.action_confirm())
        self.assertEqual(message, "2 matched. 3 go on in the background.")
        waiting = matches.filtered(lambda m: m.state == "waiting")
        self.assertEqual(set(waiting.mapped("decision")), {"link"})
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection.env["xero.match"]._work_decided(connection)
        self.env.invalidate_all()
        self.assertEqual(set(matches.mapped("state")), {"linked"})

    def test_rights(self):
        _pairs, matches = self.make_many(1)
        for user in (self.user_rep, self.user_outsider):
            for method in ("action_confirm", "action_create", "action_ignore"):
                with self.assertRaises(AccessError):
                    getattr(matches.with_user(user), method)()
        for vals in ({"state": "linked"}, {"decision": "create"}, {"xero_id": "1"}):
            with self.assertRaises(AccessError):
                matches.write(vals)
        with self.assertRaises(AccessError):
            matches.candidate_ids.write({"score": 100})

    def test_other_companies_are_not_seen(self):
        _pairs, matches = self.make_many(1)
        company = self.env["res.company"].create({"name": "Another Company"})
        stranger = new_test_user(
            self.env,
            "xero_stranger",
            "base.group_user,xero_crm.group_xero_accountant",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.matches.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            matches.with_user(stranger).action_confirm()
