"""Batches to Xero: calls counted, and what becomes of one that Xero refuses whole."""

from odoo.tests import tagged

from .common import XeroCommon

BAD_VALUE = "Unreadable"


class BatchCase(XeroCommon):
    def make_partners(self, number):
        """Return customers that Xero knows, and that have been changed since."""
        partners = self.env["res.partner"].create(
            [
                {"name": f"Batch {index:03}", "email": f"batch{index}@example.com"}
                for index in range(number)
            ]
        )
        self.env["xero.link"]._ensure(self.connection, partners)
        self.push()
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"synced"})
        partners.write({"city": "Napier"})
        self.xero.reset_calls()
        return partners

    def spoil(self, partners):
        """Make Xero unable to read these records, wherever they are sent."""
        partners.write({"city": BAD_VALUE})
        self.xero.fail("POST Contacts", "unreadable", times=None, text=BAD_VALUE)

    def city_of(self, partner):
        """Return the city that Xero has of a customer."""
        contact = self.org.contacts[self.link_of(partner).xero_id]
        cities = {row["City"] for row in contact["Addresses"] if row.get("City")}
        return cities.pop() if cities else ""

    def get_keys(self):
        """Return the idempotency keys of the calls, in their order."""
        return [
            request.headers["Idempotency-Key"]
            for request in self.xero.requests
            if request.route == "POST Contacts"
        ]

    def open_rows(self, partner):
        """Return the open rows of the log about a customer."""
        return self.env["xero.log"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", partner.id),
                ("state", "=", "error"),
            ]
        )

    def assert_sent(self, partners):
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"synced"})
        self.assertEqual({self.city_of(partner) for partner in partners}, {"Napier"})

    def assert_failing(self, partner):
        """It fails alone, in words of its own."""
        link = self.link_of(partner)
        self.assertEqual(link.state, "error")
        [row] = self.open_rows(partner)
        self.assertEqual(row.message, link.error)
        self.assertIn(partner.name, row.message)
        self.assertIn("cannot read a value", row.message)
        self.assertIn("press Resync", row.remedy)
        self.assertFalse(self.city_of(partner))


@tagged("post_install", "-at_install")
class TestBatches(BatchCase):
    def test_a_call_for_each_fifty_changed_customers(self):
        """5,000 of them cost 100 calls."""
        partners = self.make_partners(120)
        self.push()
        self.assertEqual(dict(self.xero.calls), {"POST Contacts": 3})
        self.assert_sent(partners)

    def test_new_customers_are_looked_for_with_one_fetch_for_all_batches(self):
        """5,000 of them cost 101 calls; who is in Xero already is not sent again."""
        self.pull("Contacts")
        partners = self.env["res.partner"].create(
            [{"name": f"New {n:03}", "email": f"n{n}@example.com"} for n in range(120)]
        )
        known = self.org.add_contact(Name="Old", EmailAddress="n119@example.com")
        self.env["xero.link"]._ensure(self.connection, partners)
        self.xero.reset_calls()
        self.push()
        self.assertEqual(self.xero.calls["GET Contacts"], 1)
        self.assertEqual(self.xero.calls["PUT Contacts"], 3)
        self.assertEqual(len(self.org.contacts), 120)
        self.assertEqual(self.link_of(partners[119]).xero_id, known["ContactID"])
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"synced"})

    def test_refused_element_fails_alone_in_the_same_call(self):
        partners = self.make_partners(50)
        self.xero.fail("POST Contacts", "bad_element", index=17)
        self.push()
        self.assertEqual(dict(self.xero.calls), {"POST Contacts": 1})
        self.assert_sent(partners - partners[17])
        self.assertEqual(self.link_of(partners[17]).state, "error")
        [row] = self.open_rows(partners[17])
        self.assertIn("simulated fault refuses", row.message)


@tagged("post_install", "-at_install")
class TestUnreadableBatch(BatchCase):
    """One 400 for the whole call, without a word on who is to blame."""

    def test_bad_one_is_found_and_the_others_go_through(self):
        partners = self.make_partners(50)
        bad = partners[30]
        self.spoil(bad)
        self.push()
        self.assert_sent(partners - bad)
        self.assert_failing(bad)
        # Halving 50 takes six steps, of two calls each.
        self.assertLessEqual(self.xero.calls["POST Contacts"], 1 + 2 * 6)
        keys = self.get_keys()
        self.assertEqual(len(set(keys)), len(keys))
        bad.city = "Napier"
        self.push()
        self.assert_sent(partners)
        self.assertFalse(self.open_rows(bad))

    def test_several_bad_ones(self):
        partners = self.make_partners(20)
        bad = partners[0] | partners[7] | partners[19]
        self.spoil(bad)
        self.push()
        self.assert_sent(partners - bad)
        for partner in bad:
            self.assert_failing(partner)

    def test_value_that_is_no_guid(self):
        """Not by a fault: an id that was damaged, as Xero itself refuses it."""
        partners = self.make_partners(6)
        self.link_of(partners[2]).xero_id = "damaged"
        self.push()
        self.assert_sent(partners - partners[2])
        self.assertEqual(self.link_of(partners[2]).state, "error")
        [row] = self.open_rows(partners[2])
        self.assertIn("not a valid GUID", row.message)
        violations = self.xero.contract_violations
        self.assertTrue(all("ContactID" in text for text in violations))
        violations.clear()

    def test_half_of_which_the_answer_is_lost(self):
        """It is repeated under its own key, before the rest goes on."""
        partners = self.make_partners(8)
        bad = partners[7]
        self.xero.fail("POST Contacts", "timeout_after", skip=1)
        self.spoil(bad)
        self.push()
        states = self.link_of(partners).mapped("state")
        self.assertEqual(states, ["sending"] * 4 + ["pending"] * 4)
        self.push()
        self.assert_sent(partners - bad)
        self.assert_failing(bad)
        keys = self.get_keys()
        self.assertEqual(keys[1], keys[2])
        self.assertEqual(len(set(keys)), len(keys) - 1)

    def test_call_limit_in_the_middle(self):
        """What was not sent any more waits; nothing is taken for refused."""
        partners = self.make_partners(8)
        bad = partners[0]
        self.xero.fail("POST Contacts", "429", skip=2, retry_after=30)
        self.spoil(bad)
        self.push()
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"pending"})
        self.assertFalse(self.open_rows(partners[7]))
        self.link_of(partners).next_try = False
        self.connection.usage_ids.paused_until = False
        self.push()
        self.assert_sent(partners - bad)
        self.assert_failing(bad)

    def test_nothing_is_accepted(self):
        """No fault of the records: the day's calls are not spent on each of them."""
        partners = self.make_partners(50)
        self.spoil(partners)
        self.push()
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"error"})
        self.assertLess(self.xero.calls["POST Contacts"], 25)
        for partner in partners:
            self.assertEqual(len(self.open_rows(partner)), 1)

    def test_new_customers_are_made_once(self):
        partners = self.env["res.partner"].create(
            [{"name": f"New {index:02}"} for index in range(20)]
        )
        bad = partners[11]
        bad.name = f"{BAD_VALUE} 11"
        self.xero.fail("PUT Contacts", "unreadable", times=None, text=BAD_VALUE)
        self.env["xero.link"]._ensure(self.connection, partners)
        self.push()
        self.assertEqual(len(self.org.contacts), 19)
        self.assertEqual(self.link_of(bad).state, "error")
        self.xero.clear_faults()
        self.link_of(bad).action_resync()
        names = sorted(row["Name"] for row in self.org.contacts.values())
        self.assertEqual(names, sorted(partners.mapped("name")))
