"""Ten years of messy customers on both sides, joined without a duplicate; the cost."""

import random

from odoo.tests import tagged
from odoo.tools import SQL

from .test_matching import MatchingCase
from .test_performance import PerformanceCase

FIRST = (
    "Kauri Rimu Totara Matai Kowhai Rata Tawa Puriri Miro Kanuka Manuka Nikau Ponga "
    "Titoki Karaka Mahoe Hinau Pukatea Akeake Ngaio"
).split()
SECOND = (
    "Builders Transport Printing Joinery Catering Plumbing Electrical Landscapes "
    "Consulting Engineering"
).split()
FORMS_HERE = ("Ltd", "Limited", "", "Pty Ltd", "GmbH")
FORMS_THERE = ("Limited", "Ltd.", "LTD", "& Co Ltd", "Inc.")


class Mess:
    """A fixed mess: 200 companies, as each side wrote them down."""

    def __init__(self):
        self.dice = random.Random(3)
        names = [f"{first} {second}" for first in FIRST for second in SECOND]
        self.companies = [self.make(*pair) for pair in enumerate(names)]

    def make(self, number, name):
        """Return (fields in Odoo or None, fields in Xero or None) of a company."""
        digits = f"{5550000 + number * 37}"
        here = {
            "name": f"{name} {self.dice.choice(FORMS_HERE)}".strip(),
            "is_company": True,
            "phone": f"+64 9 {digits[:3]} {digits[3:]}",
            "email": f"info@{name.replace(' ', '').lower()}.nz",
            "street": f"{number + 1} Queen Street",
            "zip": f"{1000 + number % 7}",
        }
        there = {
            "Name": f"{self.slip(name)} {self.dice.choice(FORMS_THERE)}",
            **self.one_of_three(here, digits),
        }
        side = number % 4
        return (None if side == 3 else here), (None if side == 2 else there)

    def slip(self, name):
        """Return the name with a slip of the pen in it, or in other letters."""
        place = self.dice.randrange(1, len(name) - 2)
        kind = self.dice.choice("swap drop double upper same".split())
        if kind == "swap":
            pair = name[place + 1] + name[place]
            return name[:place] + pair + name[place + 2 :]
        if kind == "drop":
            return name[:place] + name[place + 1 :]
        if kind == "double":
            return name[:place] + name[place] + name[place:]
        return name.upper() if kind == "upper" else name

    def one_of_three(self, here, digits):
        """Return a phone, an address or an e-mail, written in another way."""
        phone = self.dice.choice((f"(09) {digits}", f"0064-9-{digits}", f"09{digits}"))
        street = here["street"].replace("Street", "St")
        return self.dice.choice(
            (
                {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": phone}]},
                {"EmailAddress": here["email"].replace("info", "accounts")},
                {
                    "Addresses": [
                        {
                            "AddressType": "POBOX",
                            "AddressLine1": f"Level 2, {street}",
                            "PostalCode": here["zip"],
                        }
                    ]
                },
            )
        )


@tagged("post_install", "-at_install")
class TestMess(MatchingCase):
    def test_two_hundred_messy_companies_are_joined_without_a_duplicate(self):
        mess = Mess().companies
        partners = {
            number: self.partners.create(here)
            for number, (here, _there) in enumerate(mess)
            if here
        }
        contacts = {
            number: self.org.add_contact(**there)
            for number, (_here, there) in enumerate(mess)
            if there
        }
        before = self.partners.search_count([])
        self.pull("Contacts")
        only_in_xero = contacts.keys() - partners.keys()
        same, new = self.matches.browse(), self.matches.browse()
        for number, contact in contacts.items():
            waiting = self.match_of(contact)
            if waiting and number in partners:
                # What a person sees at once: the right one is the best fit.
                self.assertEqual(waiting.partner_id, partners[number], mess[number])
                same |= waiting
            else:
                new |= waiting
        # A person is asked about few who are nobody's counterpart.
        self.assertGreater(len(same), 90)
        self.assertLess(len(new), 10)
        same.action_confirm()
        new.action_create()
        for number in contacts.keys() & partners.keys():
            found = self.partner_of(contacts[number])
            self.assertEqual(found, partners[number], mess[number])
        self.assertFalse(self.matches.search([("state", "=", "waiting")]))
        for number in only_in_xero:
            self.assertTrue(self.partner_of(contacts[number]), mess[number])
        after = self.partners.search_count([])
        self.assertEqual(after - before, len(only_in_xero))

    def test_then_odoos_customers_go_to_xero_without_a_duplicate(self):
        mess = Mess().companies[:40]
        partners = self.partners.create([here for here, _there in mess if here])
        for _here, there in mess:
            if there:
                self.org.add_contact(**there)
        self.pull("Contacts")
        self.env["xero.link"]._ensure(self.connection, partners)
        self.push()
        self.matches.search([("state", "=", "waiting")]).action_confirm()
        self.push()
        self.assertEqual(len(self.org.contacts), len(mess))
        self.assertEqual(set(partners.mapped("xero_sync_state")), {"synced"})


@tagged("post_install", "-at_install")
class TestMatchingPerformance(PerformanceCase):
    def make_partners(self, count):
        """Make companies, not through the ORM: a test has no time for that."""
        self.env.execute_query(
            SQL(
                """INSERT INTO res_partner
                    (name, complete_name, active, is_company, type, lang, email, phone,
                     street, zip, autopost_bills, create_date, write_date)
                SELECT name, name, true, true, 'contact', 'en_US', name || '@x.nz',
                       '09' || 5000000 + n, n || ' Queen Street', '1010', 'ask',
                       now(), now()
                  FROM (SELECT n, md5(n::text) || ' Limited' AS name
                          FROM generate_series(1, %s) n) names
                RETURNING id""",
                count,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET commercial_partner_id = id "
                "WHERE commercial_partner_id IS NULL RETURNING id"
            )
        )
        self.env.invalidate_all()

    def add_alike(self, names):
        for name in names:
            self.org.add_contact(Name=f"{name} GmbH")

    def test_a_thousand_contacts_against_five_thousand_customers(self):
        """Half of a full page waits: a few queries more than for ten contacts."""
        self.make_partners(5000)
        rows = self.env.execute_query(
            SQL("SELECT left(name, 32) FROM res_partner WHERE name LIKE '%% Limited'")
        )
        names = [row[0] for row in rows if len(row[0]) == 32]
        self.org.add_contacts(1, "Warm")
        self.pull("Contacts")
        self.add_alike(names[:5])
        self.org.add_contacts(5, "Few")
        counts = [self.count_pull("Contacts")]
        self.add_alike(names[100:590])
        self.org.add_contacts(490, "Many")
        counts.append(self.count_pull("Contacts"))
        waiting = self.env["xero.match"].search_count([("state", "=", "waiting")])
        self.assertEqual(waiting, 495)
        self.assertLess(counts[1] - counts[0], 25, counts)
        self.assertEqual(self.count_pull("Contacts"), self.count_pull("Contacts"))

    def test_push_of_a_batch_looks_up_once(self):
        """Fifty new customers against a thousand contacts that wait."""
        self.make_partners(300)
        rows = self.env.execute_query(
            SQL("SELECT left(name, 32) FROM res_partner WHERE name LIKE '%% Limited'")
        )
        self.add_alike(row[0] for row in rows)
        self.pull("Contacts")
        self.assertGreater(self.env["xero.match"].search_count([]), 290)
        counts = {}
        for count in (5, 45):
            partners = self.env["res.partner"].create(
                [{"name": f"Kea {count} {number}"} for number in range(count)]
            )
            with self.counted() as queries:
                partners._get_xero_held(self.connection)
            counts[count] = queries[0]
        self.assertEqual(counts[5], counts[45])
        self.assertLess(counts[45], 10)
