"""Ten years of messy customers: what each oddity becomes on the other side."""

from odoo.tests import tagged

from .common import XeroCommon

ARABIC = "شركة النور للتجارة"
HEBREW = "אבגד \u200fבע\u05f4מ"
EMOJI = "Kiwi 🥝 & 👩‍👩‍👧 Söhne – O'Neil"


class MessyCase(XeroCommon):
    def make(self, name, **vals):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, **vals}
        )

    def find(self, **fields):
        """Return the partner of a contact in Xero."""
        contact = self.org.add_contact(**fields)
        self.pull("Contacts")
        link = self.env["xero.link"].search([("xero_id", "=", contact["ContactID"])])
        return self.env["res.partner"].browse(link.res_id)

    def assertSettled(self):
        """Both sides agree: nothing is written and nothing is sent any more."""
        self.push()
        self.env["xero.sync.cursor"]._reset(self.connection, ["Contacts"])
        partners = self.env["res.partner"].with_context(active_test=False)
        stamps = partners.search([]).mapped(lambda p: (p.id, p.write_date))
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertEqual(dict(self.xero.calls), {"GET Contacts": 1})
        self.assertEqual(
            partners.search([]).mapped(lambda p: (p.id, p.write_date)), stamps
        )

    def problem_of(self, partner):
        [row] = self.env["xero.log"].search(
            [("res_id", "=", partner.id), ("state", "=", "error")]
        )
        self.assertTrue(row.remedy)
        return row.message


@tagged("post_install", "-at_install")
class TestMessyFromXero(MessyCase):
    def test_every_script_and_emoji_arrives_as_it_is(self):
        for name in (ARABIC, HEBREW, EMOJI, "株式会社ニュージーランド", "Ñandú ½ ©"):
            with self.subTest(name=name):
                partner = self.find(
                    Name=name,
                    ContactPersons=[
                        {"FirstName": ARABIC, "LastName": "🥝", "EmailAddress": ""}
                    ],
                    Addresses=[
                        {
                            "AddressType": "POBOX",
                            "AddressLine1": f"12 {name}",
                            "City": "القاهرة",
                            "Country": "Egypt",
                        }
                    ],
                )
                self.assertEqual(partner.name, name)
                self.assertEqual(partner.street, f"12 {name}")
                self.assertEqual(partner.country_id.code, "EG")
                self.assertEqual(partner.child_ids.name, f"{ARABIC} 🥝")
        self.assertSettled()

    def test_spaces_and_control_characters_are_cleaned(self):
        contact = self.org.add_contact(Name="Tidy")
        self.org.touch(
            contact,
            Name="  Tui\u00a0 \x07Tours\x00 ",
            TaxNumber="\t123 ",
            ContactPersons=[{"FirstName": " \x0bAnn ", "LastName": "\r\nLee"}],
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Tours")])
        self.assertEqual((partner.vat, partner.child_ids.name), ("123", "Ann Lee"))
        self.assertSettled()

    def test_markup_is_text_and_stays_there(self):
        contact = self.org.add_contact(Name="Plain")
        self.org.touch(
            contact,
            Name="<script>alert(1)</script> & Co",
            Addresses=[
                {"AddressType": "POBOX", "AddressLine1": "<b>1</b> &amp; Queen St"}
            ],
        )
        self.pull("Contacts")
        link = self.env["xero.link"].search([("xero_id", "=", contact["ContactID"])])
        partner = self.env["res.partner"].browse(link.res_id)
        self.assertEqual(partner.name, "<script>alert(1)</script> & Co")
        self.assertEqual(partner.street, "<b>1</b> &amp; Queen St")
        self.assertSettled()

    def test_more_than_255_characters_arrive_and_are_explained_on_the_way_back(self):
        contact = self.org.add_contact(Name="Short")
        self.org.touch(contact, Name="ب" * 300, FirstName="x" * 400)
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "ب" * 300)])
        self.assertSettled()
        partner.city = "Napier"
        self.push()
        self.assertIn("Name is longer than 255", self.problem_of(partner))

    def test_many_contacts_with_one_email_become_one_partner_each(self):
        for number in range(6):
            self.org.add_contact(
                Name=f"Branch {'ABCDEF'[number]} of Moa", EmailAddress="hq@moa.example"
            )
        self.pull("Contacts")
        partners = self.env["res.partner"].search([("email", "=", "hq@moa.example")])
        self.assertEqual(len(partners), 6)
        self.assertSettled()

    def test_many_contacts_with_the_email_of_one_customer_wait_for_a_person(self):
        count = self.env["res.partner"].search_count([])
        for letter in "AB":
            self.org.add_contact(
                Name=f"Branch {letter}", EmailAddress=self.customer.email
            )
        self.pull("Contacts")
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        self.assertFalse(self.customer.xero_contact_id)

    def test_contact_without_anything_but_a_name(self):
        contact = self.org.add_contact(Name="Bare")
        self.org.touch(
            contact,
            EmailAddress=None,
            Addresses=None,
            Phones=[],
            ContactPersons=None,
            ContactGroups=None,
        )
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Bare")])
        self.assertFalse(partner.email or partner.street or partner.child_ids)
        self.assertSettled()

    def test_missing_country_and_unknown_state(self):
        partner = self.find(
            Name="Somewhere",
            Addresses=[
                {
                    "AddressType": "POBOX",
                    "AddressLine1": "1 A",
                    "Region": "Bay of Plenty",
                    "Country": "",
                }
            ],
        )
        self.assertFalse(partner.country_id or partner.state_id)
        other = self.find(
            Name="Elsewhere",
            Addresses=[
                {
                    "AddressType": "POBOX",
                    "AddressLine1": "1 A",
                    "Region": "No Such State",
                    "Country": "USA",
                }
            ],
        )
        self.assertEqual(other.country_id.code, "US")
        self.assertFalse(other.state_id)
        row = self.env["xero.log"].search([("res_id", "=", other.id)], limit=1)
        self.assertIn("No Such State", row.message)
        other.street = "2 A"
        self.push()
        contact = self.org.contacts[other.xero_contact_id]
        [pobox] = [a for a in contact["Addresses"] if a["AddressType"] == "POBOX"]
        self.assertEqual(
            (pobox["Region"], pobox["Country"]), ("No Such State", "United States")
        )
        self.assertSettled()

    def test_contact_that_cannot_be_read_fails_alone(self):
        bad = self.org.add_contact(Name="Bad")
        self.org.add_contact(Name="Good")
        self.org.touch(bad, ContactPersons=[{"FirstName": ["not", "text"]}])
        self.pull("Contacts")
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Good")]))
        row = self.env["xero.log"].search([("xero_id", "=", bad["ContactID"])])
        self.assertIn("Persons 1", row.message)


@tagged("post_install", "-at_install")
class TestMessyFromOdoo(MessyCase):
    def send(self, partner):
        partner.action_xero_push()
        return self.org.contacts.get(partner.xero_contact_id)

    def test_every_script_and_emoji_goes_as_it_is(self):
        for name in (ARABIC, HEBREW, EMOJI, "株式会社ニュージーランド", "Ñandú ½ ©"):
            with self.subTest(name=name):
                partner = self.make(
                    name,
                    street=name,
                    child_ids=[(0, 0, {"name": f"Zoë {name}"})],
                )
                contact = self.send(partner)
                self.assertEqual(contact["Name"], " ".join(name.split()))
                self.assertEqual(partner.xero_sync_state, "synced")
        self.assertSettled()

    def test_spaces_are_cleaned_and_do_not_go_back_and_forth(self):
        partner = self.make("  Tui   Tours ", street=" 1  A ", ref=" C  7 ")
        contact = self.send(partner)
        self.assertEqual(
            (contact["Name"], contact["AccountNumber"]), ("Tui Tours", "C 7")
        )
        self.assertSettled()

    def test_what_xero_refuses_is_told_in_one_sentence_and_fails_alone(self):
        cases = {
            "Tui <b>Tours</b>": ({}, "< or >"),
            "A" * 256: ({}, "longer than 255"),
            "🥝" * 128: ({}, "longer than 255"),
            "Umlaut": ({"email": "jürgen@example.com"}, "as an e-mail"),
            "Nonsense": ({"email": "call me"}, "as an e-mail"),
            "Long Tax": ({"vat": "1" * 51}, "longer than 50"),
        }
        partners = {
            name: self.make(name, **vals) for name, (vals, _why) in cases.items()
        }
        good = self.make("Good Customer")
        every = good.union(*partners.values())
        every.action_xero_push()
        self.assertEqual(good.xero_sync_state, "synced")
        for name, (_vals, why) in cases.items():
            with self.subTest(name=name):
                self.assertEqual(partners[name].xero_sync_state, "error")
                self.assertIn(why, self.problem_of(partners[name]))

    def test_equal_emails_and_no_email_at_all(self):
        same = [
            self.make(f"Moa Branch {letter}", email="hq@moa.example")
            for letter in "ABC"
        ]
        bare = self.make("Bare Customer")
        bare.union(*same).action_xero_push()
        ids = {partner.xero_contact_id for partner in [bare, *same]}
        self.assertEqual(len(ids - {False}), 4)
        self.assertSettled()

    def test_country_that_xero_cannot_spell_comes_back_as_the_same(self):
        for code, sent in (("CI", "Cote dIvoire"), ("CW", "Curacao")):
            with self.subTest(code=code):
                country = self.env.ref(f"base.{code.lower()}")
                partner = self.make(f"From {code}", country_id=country.id)
                contact = self.send(partner)
                [pobox] = [
                    a for a in contact["Addresses"] if a["AddressType"] == "POBOX"
                ]
                self.assertEqual(pobox["Country"], sent)
                self.pull("Contacts")
                self.assertEqual(partner.country_id, country)
        self.assertSettled()

    def test_children_with_equal_names_and_emails(self):
        partner = self.make("Twins Ltd")
        for name, email in (
            ("Ann Lee", "info@twins.example"),
            ("Ann Lee", "info@twins.example"),
            ("Bob Lee", "info@twins.example"),
            ("Bob Lee", False),
        ):
            self.env["res.partner"].create(
                {"name": name, "email": email, "parent_id": partner.id}
            )
        contact = self.send(partner)
        self.assertEqual(len(contact["ContactPersons"]), 4)
        self.assertSettled()
        self.assertEqual(len(partner.child_ids), 4)
