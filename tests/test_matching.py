"""Who waits for matching, in both directions, and what becomes of it."""

from datetime import timedelta

from odoo.tests import tagged

from ..mapping.similarity import compare
from ..mapping.traits import Traits
from .common import XeroCommon


class MatchingCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.partners = self.env["res.partner"]
        self.matches = self.env["xero.match"]

    def add_partner(self, name, **vals):
        return self.partners.create({"name": name, "is_company": True, **vals})

    def add_contact(self, name, **fields):
        return self.org.add_contact(Name=name, **fields)

    def match_of(self, contact):
        """Return the `xero.match` of a contact, if it has one."""
        return self.matches.search([("xero_id", "=", contact["ContactID"])])

    def partner_of(self, contact):
        """Return the customer that a contact is linked to."""
        link = self.env["xero.link"]._find(
            self.connection, "Contacts", [contact["ContactID"]]
        )
        return link and link[contact["ContactID"]]._get_record()

    def assertWaits(self, contact, *partners, rule=None):
        """The contact waits with these candidates, the first of them the best."""
        match = self.match_of(contact)
        self.assertEqual(match.state, "waiting")
        self.assertFalse(self.partner_of(contact))
        candidates = match.candidate_ids.filtered(lambda c: not c.rejected)
        self.assertEqual(candidates.partner_id, self.partners.union(*partners))
        self.assertEqual(match.partner_id, partners[0])
        if rule:
            self.assertEqual(match.rule, rule)
        return match


@tagged("post_install", "-at_install")
class TestHold(MatchingCase):
    """From Xero: who has to wait."""

    def test_ambiguous_by_each_rule(self):
        self.connection.match_hold_score = 0
        cases = {
            "account_number": ({"ref": "C-9"}, {"AccountNumber": "C-9"}),
            "tax_number": ({"vat": "49-091-850"}, {"TaxNumber": "49091850"}),
            "email": ({"email": "a@totara.nz"}, {"EmailAddress": "A@Totara.nz"}),
            "name": ({}, {}),
        }
        for number, (rule, (vals, fields)) in enumerate(cases.items()):
            with self.subTest(rule=rule):
                names = ["Totara", "Totara"] if rule == "name" else ["Aaa", "Bbb"]
                two = [
                    self.with_no_check().create({"name": f"{n} {number}", **vals})
                    for n in names
                ]
                contact = self.add_contact(f"{names[0]} {number}", **fields)
                if rule != "name":
                    # Else the name would settle what the rule leaves open.
                    self.org.touch(contact, Name=f"Ccc {number}")
                self.pull("Contacts")
                match = self.assertWaits(contact, *two, rule=rule)
                self.assertEqual(set(match.candidate_ids.mapped("source")), {"rule"})

    def with_no_check(self):
        return self.partners.with_context(no_vat_validation=True)

    def test_legal_form_accents_and_punctuation_hold(self):
        partner = self.add_partner("Kōwhai & Söhne Limited")
        contact = self.add_contact("Kowhai und Sohne GmbH")
        self.pull("Contacts")
        match = self.assertWaits(contact, partner, rule="similar")
        self.assertEqual(match.hints, "same name")
        self.assertEqual(match.candidate_ids.score, match.score)

    def test_hints_are_reasons_that_a_person_reads(self):
        partner = self.add_partner(
            "Kowhai Nurseries",
            email="info@kowhai.nz",
            phone="(09) 555 0777",
            street="12 Marine Parade",
            zip="5010",
        )
        contact = self.add_contact(
            "Kowhai Nurserys Ltd",
            EmailAddress="accounts@kowhai.nz",
            Phones=[
                {
                    "PhoneType": "DEFAULT",
                    "PhoneNumber": "5550777",
                    "PhoneAreaCode": "9",
                    "PhoneCountryCode": "64",
                }
            ],
            Addresses=[
                {
                    "AddressType": "POBOX",
                    "AddressLine1": "Level 2, 12 Marine Parade",
                    "PostalCode": "5010",
                }
            ],
        )
        self.pull("Contacts")
        match = self.assertWaits(contact, partner)
        self.assertRegex(
            match.hints,
            r"similar name \d\d %, same e-mail domain, same phone, "
            "same street and postal code",
        )

    def test_threshold_is_a_setting(self):
        names = [f"{word} Nursery" for word in ("Aroha", "Bidibid", "Cabbage")]
        partners = [self.add_partner(name.replace("y", "ies")) for name in names]
        for name, partner, more in zip(names, partners, (0, 1, -20), strict=True):
            likeness = compare(Traits(name=name), Traits(name=partner.name)).score
            contact, waits = self.add_contact(name), more <= 0
            self.connection.match_hold_score = likeness + more
            self.pull("Contacts")
            with self.subTest(more=more):
                self.assertEqual(self.match_of(contact).partner_id == partner, waits)
                self.assertEqual(bool(self.partner_of(contact)), not waits)

    def test_zero_never_asks(self):
        self.connection.match_hold_score = 0
        self.add_partner("Kowhai Limited")
        contact = self.add_contact("Kowhai Ltd")
        self.pull("Contacts")
        self.assertEqual(self.partner_of(contact).name, "Kowhai Ltd")

    def test_others_are_not_held(self):
        self.add_partner("North Shore Plumbing", email="a@gmail.com", phone="911")
        self.add_partner("Branch 1")
        contacts = [
            self.add_contact(
                "South Shore Plumbing",
                EmailAddress="b@gmail.com",
                Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "911"}],
            ),
            self.add_contact("Branch 2"),
        ]
        self.pull("Contacts")
        for contact in contacts:
            self.assertTrue(self.partner_of(contact))
            self.assertFalse(self.match_of(contact))

    def test_companies_of_a_group_with_one_email_address(self):
        """Each goes to its own company by name; the one that is none of them waits."""
        mail = "office@rata.nz"
        one, two = (self.add_partner(name, email=mail) for name in ("Rata A", "Rata B"))
        contacts = [
            self.add_contact(name, EmailAddress=mail)
            for name in ("Rata B", "Rata A", "Rimu Holdings")
        ]
        self.pull("Contacts")
        self.assertEqual(self.partner_of(contacts[0]), two)
        self.assertEqual(self.partner_of(contacts[1]), one)
        self.assertEqual(len(self.partner_of(contacts[2])), 1)
        self.assertEqual(self.partners.search_count([("email", "=", mail)]), 3)

    def test_contacts_with_equal_claims_wait_both(self):
        partner = self.add_partner("Rata Group", email="office@rata.nz")
        contacts = [
            self.add_contact(name, EmailAddress="office@rata.nz")
            for name in ("Xenon East", "Yttrium West")
        ]
        self.pull("Contacts")
        for contact in contacts:
            self.assertWaits(contact, partner, rule="email")
        self.match_of(contacts[0]).action_confirm()
        self.assertEqual(self.partner_of(contacts[0]), partner)
        self.pull("Contacts")
        self.assertEqual(self.partner_of(contacts[1]).name, "Yttrium West")

    def test_archived_contact_is_not_asked_about(self):
        self.add_partner("Kowhai Limited")
        contact = self.org.archive(self.add_contact("Kowhai Ltd"))
        self.pull("Contacts")
        self.assertFalse(self.match_of(contact))

    def test_linked_and_excluded_customers_and_contact_persons_are_no_candidates(self):
        linked = self.add_partner("Kowhai Limited")
        linked.action_xero_push()
        self.add_partner("Kowhai Inc", xero_do_not_sync=True)
        self.add_partner("Kowhai GmbH", parent_id=self.customer.id)
        contact = self.add_contact("Kowhai Ltd")
        self.pull("Contacts")
        self.assertEqual(self.partner_of(contact).name, "Kowhai Ltd")

    def test_what_hundreds_share_is_no_reason(self):
        self.partners.create(
            [
                {"name": f"Abc{n} Xyz{n}", "email": f"{n}@big.example.com", "zip": "1"}
                for n in range(40)
            ]
        )
        self.connection.match_hold_score = 30
        contact = self.add_contact("Klm", EmailAddress="new@big.example.com")
        self.pull("Contacts")
        self.assertTrue(self.partner_of(contact))


@tagged("post_install", "-at_install")
class TestLookAgain(MatchingCase):
    """Who waits is looked at again with each fetch."""

    def prepare(self):
        super().prepare()
        self.partner = self.add_partner("Kowhai Limited")
        self.contact = self.add_contact("Kowhai Ltd")
        self.pull("Contacts")
        self.match = self.assertWaits(self.contact, self.partner)

    def test_waiting_costs_no_call_and_writes_nothing(self):
        self.pull("Contacts")
        logs = self.env["xero.log"].search([])
        self.env.flush_all()
        self.xero.reset_calls()
        self.pull("Contacts")
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(self.env["xero.log"].search([]), logs)
        self.assertWaits(self.contact, self.partner)

    def test_corrected_customer_settles_it(self):
        self.partner.email = "office@kowhai.nz"
        self.org.touch(self.contact, EmailAddress="office@kowhai.nz")
        self.pull("Contacts")
        self.assertEqual(self.partner_of(self.contact), self.partner)
        self.assertEqual(self.match.state, "linked")
        self.assertFalse(self.match.decided_by_id)

    def test_customer_renamed_in_odoo_settles_it_without_a_change_in_xero(self):
        self.xero.advance(timedelta(minutes=10))
        self.pull("Contacts")
        self.partner.name = "Totally Different"
        self.xero.reset_calls()
        self.pull("Contacts")
        self.assertEqual(self.partner_of(self.contact).name, "Kowhai Ltd")
        self.assertEqual(self.match.state, "created")
        self.assertEqual(self.xero.calls["GET Contacts"], 2)

    def test_exact_match_that_appears_in_odoo_settles_it(self):
        self.partner.name = "Kowhai Ltd"
        self.pull("Contacts")
        self.assertEqual(self.partner_of(self.contact), self.partner)

    def test_deleted_customer_settles_it(self):
        self.partner.unlink()
        self.pull("Contacts")
        self.assertEqual(self.partner_of(self.contact).name, "Kowhai Ltd")

    def test_archived_in_xero_meanwhile(self):
        self.org.archive(self.contact)
        self.pull("Contacts")
        self.assertEqual(self.match.state, "gone")
        self.assertFalse(self.partner_of(self.contact))
        self.org.touch(self.contact, ContactStatus="ACTIVE")
        self.pull("Contacts")
        self.assertWaits(self.contact, self.partner)

    def test_log_and_counter_tell_it_once(self):
        self.pull("Contacts")
        rows = self.env["xero.log"].search(
            [("xero_id", "=", self.contact["ContactID"]), ("state", "=", "held")]
        )
        self.assertEqual(len(rows), 1)
        self.assertIn("Kowhai Limited (same name)", rows.message)
        self.assertEqual(rows.action_fix()["res_id"], self.match.id)
        self.assertEqual(self.connection.match_count, 1)
        self.assertEqual(self.connection.error_count, 0)
        self.match.action_confirm()
        self.assertEqual(rows.state, "resolved")
        self.connection.invalidate_recordset(["match_count"])
        self.assertEqual(self.connection.match_count, 0)

    def test_what_a_person_chose_stays_chosen(self):
        other = self.add_partner("Rimu")
        self.match.partner_id = other
        self.org.touch(self.contact, AccountNumber="K-1")
        self.pull("Contacts")
        self.assertEqual(self.match.partner_id, other)
        self.assertEqual(self.match.contact_values["account_number"], "K-1")


@tagged("post_install", "-at_install")
class TestHoldPush(MatchingCase):
    """To Xero: a customer who is probably a contact that waits is not sent."""

    def prepare(self):
        super().prepare()
        self.partner = self.add_partner("Kowhai Limited")
        self.contact = self.add_contact("Kowhai Ltd")
        self.pull("Contacts")
        self.match = self.match_of(self.contact)

    def test_candidate_is_held_with_the_way_to_the_screen(self):
        self.partner.action_xero_push()
        self.assertEqual(len(self.org.contacts), 1)
        self.assertEqual(self.partner.xero_sync_state, "error")
        self.assertIn("is probably Kowhai Ltd", self.partner.xero_error)
        row = self.env["xero.log"].search(
            [("res_id", "=", self.partner.id), ("state", "=", "error")]
        )
        self.assertEqual(row.action_fix()["res_id"], self.match.id)

    def test_new_customer_that_is_similar_is_held_and_proposed(self):
        new = self.add_partner("Kowhai Inc.")
        self.env["xero.link"]._ensure(self.connection, new)
        self.push()
        self.assertEqual(len(self.org.contacts), 1)
        self.assertIn(new, self.match.candidate_ids.partner_id)

    def test_others_go_through_in_the_same_batch(self):
        rimu = self.add_partner("Rimu")
        (self.partner + rimu).action_xero_push()
        self.assertEqual(rimu.xero_sync_state, "synced")
        self.assertEqual(self.partner.xero_sync_state, "error")

    def test_goes_on_by_itself_after_the_match(self):
        self.partner.action_xero_push()
        self.match.action_confirm()
        self.push()
        self.assertEqual(self.partner.xero_sync_state, "synced")
        self.assertEqual(self.partner.xero_contact_id, self.contact["ContactID"])
        self.assertEqual(len(self.org.contacts), 1)

    def test_goes_on_by_itself_when_it_is_somebody_else(self):
        self.partner.action_xero_push()
        self.match.candidate_ids.action_reject()
        self.push()
        self.assertEqual(self.partner.xero_sync_state, "synced")
        self.assertEqual(len(self.org.contacts), 2)

    def test_goes_on_by_itself_after_create_and_after_ignore(self):
        for action in ("action_create", "action_ignore"):
            with self.subTest(action=action):
                name = f"Totara {action[7:10]}"
                partner = self.add_partner(f"{name} Limited")
                contact = self.add_contact(f"{name} Ltd")
                self.pull("Contacts")
                partner.action_xero_push()
                self.assertEqual(partner.xero_sync_state, "error")
                getattr(self.match_of(contact), action)()
                self.push()
                self.assertEqual(partner.xero_sync_state, "synced")

    def test_invoice_of_a_held_customer_waits_and_follows(self):
        self.map_reference_data()
        self.partner.email = "office@kowhai.nz"
        order = self._create_order(partner_id=self.partner.id)
        order.action_create_xero_invoice()
        self.assertFalse(self.org.invoices)
        self.match.action_confirm()
        links = self.link_of(order.xero_invoice_ids)
        links.next_try = False
        self.push()
        [invoice] = self.org.invoices.values()
        self.assertEqual(invoice["Contact"]["ContactID"], self.contact["ContactID"])

    def test_zero_holds_only_what_a_rule_names(self):
        self.connection.match_hold_score = 0
        self.partner.action_xero_push()
        self.assertEqual(self.partner.xero_sync_state, "synced")
