from odoo.tests import tagged

from ..mapping.field_map import RESUMED
from .common import XeroCommon


class FieldMapCase(XeroCommon):
    """A customer and an item that both sides have."""

    def prepare(self):
        super().prepare()
        self.connection.conflict_policy = "xero"

    def row(self, field, resource="Contacts", connection=None):
        """Return the row of a field of the dataclass."""
        return self.env["xero.field.map"].search(
            [
                ("connection_id", "=", (connection or self.connection).id),
                ("resource", "=", resource),
                ("xero_field", "=", field),
            ]
        )

    def set_direction(self, field, direction, resource="Contacts"):
        self.row(field, resource).direction = direction

    def make_contact(self, **values):
        """Have a contact that both sides know and agree on; returns both."""
        values = {
            "Name": "Tui Traders",
            "EmailAddress": "old@tui.example.com",
            **values,
        }
        contact = self.org.add_contact(**values)
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", values["Name"])])
        self.assertEqual(self.link_of(partner).state, "synced")
        self.xero.reset_calls()
        return partner, contact["ContactID"]

    def sync(self):
        """Fetch and send, as the scheduled actions do."""
        self.pull("Contacts", "Items")
        self.push()

    def in_xero(self, contact_id):
        return self.org.contacts[contact_id]


@tagged("post_install", "-at_install")
class TestDirections(FieldMapCase):
    """Each direction, and who of both edits."""

    def edit(self, direction, in_odoo=None, in_xero=None):
        """Agree, set a direction, edit, sync; return e-mail in Odoo and in Xero."""
        partner, contact_id = self.make_contact()
        self.set_direction("email", direction)
        if in_odoo is not None:
            partner.email = in_odoo
        if in_xero is not None:
            self.org.touch(self.in_xero(contact_id), EmailAddress=in_xero)
        self.sync()
        self.sync()
        self.assertEqual(self.link_of(partner).state, "synced")
        return partner.email or "", self.in_xero(contact_id)["EmailAddress"]

    def test_both_ways(self):
        new = "new@tui.example.com"
        self.assertEqual(self.edit("both", in_odoo=new), (new, new))

    def test_both_ways_from_xero(self):
        new = "new@tui.example.com"
        self.assertEqual(self.edit("both", in_xero=new), (new, new))

    def test_to_xero_takes_an_edit_in_odoo(self):
        new = "new@tui.example.com"
        self.assertEqual(self.edit("to_xero", in_odoo=new), (new, new))

    def test_to_xero_leaves_odoo_alone(self):
        old, new = "old@tui.example.com", "new@tui.example.com"
        self.assertEqual(self.edit("to_xero", in_xero=new), (old, new))

    def test_from_xero_leaves_xero_alone(self):
        old, new = "old@tui.example.com", "new@tui.example.com"
        self.assertEqual(self.edit("from_xero", in_odoo=new), (new, old))
        self.assertFalse(self.xero.calls["POST Contacts"])

    def test_from_xero_takes_an_edit_in_xero(self):
        new = "new@tui.example.com"
        self.assertEqual(self.edit("from_xero", in_xero=new), (new, new))

    def test_off_is_silent_on_both_sides(self):
        ours, theirs = "odoo@tui.example.com", "xero@tui.example.com"
        self.assertEqual(self.edit("off", ours, theirs), (ours, theirs))
        self.assertFalse(self.xero.calls["POST Contacts"])
        wizard = self.env["xero.sync.wizard"].create(
            {"connection_id": self.connection.id, "sync_items": False}
        )
        wizard.action_run()
        [line] = wizard.line_ids.filtered(lambda line: line.resource == "Contacts")
        self.assertEqual((line.operation, line.changes), ("unchanged", ""))

    def test_other_fields_still_flow_past_one_that_is_off(self):
        partner, contact_id = self.make_contact(TaxNumber="1")
        self.set_direction("email", "off")
        partner.write({"email": "odoo@tui.example.com", "vat": "2"})
        self.sync()
        contact = self.in_xero(contact_id)
        self.assertEqual(contact["TaxNumber"], "2")
        self.assertEqual(contact["EmailAddress"], "old@tui.example.com")

    def test_a_new_contact_is_sent_what_may_go_and_what_xero_needs(self):
        self.set_direction("name", "from_xero")
        self.set_direction("email", "from_xero")
        self.set_direction("tax_number", "off")
        self.set_direction("city", "off")
        self.customer.vat = "12-345-678"
        self.customer.action_xero_push()
        [contact] = self.org.contacts.values()
        self.assertEqual(contact["Name"], "Kauri Builders")
        self.assertFalse(contact["EmailAddress"])
        self.assertNotIn("TaxNumber", contact)
        address = contact["Addresses"][1]
        self.assertEqual(address["AddressType"], "POBOX")
        self.assertEqual(
            (address["AddressLine1"], address["City"]), ("1 Queen Street", "")
        )
        self.sync()
        self.assertEqual(self.customer.email, "accounts@kauri.example.com")
        self.assertEqual(self.customer.city, "Auckland")

    def test_a_new_record_takes_what_may_come(self):
        self.set_direction("email", "to_xero")
        self.set_direction("tax_number", "off")
        partner, contact_id = self.make_contact(TaxNumber="12", AccountNumber="A-1")
        self.assertEqual((partner.email, partner.vat), (False, False))
        self.assertEqual(partner.ref, "A-1")
        self.sync()
        contact = self.in_xero(contact_id)
        self.assertEqual(contact["EmailAddress"], "old@tui.example.com")
        partner.write({"email": "odoo@tui.example.com", "vat": "99"})
        self.sync()
        self.assertEqual(contact["EmailAddress"], "odoo@tui.example.com")
        self.assertEqual(contact["TaxNumber"], "12")

    def test_lines_of_an_address_go_together_and_keep_what_is_off(self):
        """Xero replaces an address as a whole."""
        for direction in ("off", "from_xero"):
            with self.subTest(direction=direction):
                street = f"9 {direction} Road"
                address = {"AddressType": "POBOX", "AddressLine1": street, "City": "A"}
                partner, contact_id = self.make_contact(
                    Name=f"Moa {direction}", Addresses=[address]
                )
                self.set_direction("street", direction)
                partner.write({"street": "Somewhere else", "city": "Napier"})
                self.sync()
                [sent] = [
                    row
                    for row in self.in_xero(contact_id)["Addresses"]
                    if row["AddressType"] == "POBOX"
                ]
                self.assertEqual(
                    (sent["AddressLine1"], sent["City"]), (street, "Napier")
                )

    def test_what_is_off_goes_as_xero_has_it_by_now(self):
        address = {"AddressType": "POBOX", "AddressLine1": "1 Old Road", "City": "A"}
        partner, contact_id = self.make_contact(Addresses=[address])
        self.set_direction("street", "off")
        address = {**address, "AddressLine1": "2 New Road"}
        self.org.touch(self.in_xero(contact_id), Addresses=[address])
        self.sync()
        partner.city = "Napier"
        self.sync()
        [sent] = [
            row
            for row in self.in_xero(contact_id)["Addresses"]
            if row["AddressType"] == "POBOX"
        ]
        self.assertEqual((sent["AddressLine1"], sent["City"]), ("2 New Road", "Napier"))
        self.assertEqual(partner.street, "1 Old Road")

    def test_a_switched_off_field_is_no_reason_to_refuse(self):
        self.customer.email = "näme@kauri.example.com"
        self.assertTrue(self.customer._get_xero_problem(self.connection))
        self.set_direction("email", "off")
        self.assertFalse(self.customer._get_xero_problem(self.connection))

    def test_a_conflict_goes_when_its_field_is_switched_off(self):
        self.connection.conflict_policy = "ask"
        partner, contact_id = self.make_contact()
        partner.email = "odoo@tui.example.com"
        self.org.touch(self.in_xero(contact_id), EmailAddress="xero@tui.example.com")
        self.pull("Contacts")
        self.assertEqual(self.link_of(partner).state, "conflict")
        self.set_direction("email", "off")
        self.sync()
        self.assertEqual(self.link_of(partner).state, "synced")
        self.assertEqual(partner.email, "odoo@tui.example.com")


@tagged("post_install", "-at_install")
class TestSwitchedOnAgain(FieldMapCase):
    """Off for a while, both sides changed meanwhile."""

    def away(self, ours, theirs, back="both", away="off"):
        """Agree, switch off, edit, switch on again; return what both sides hold."""
        partner, contact_id = self.make_contact()
        self.set_direction("email", away)
        partner.email = ours
        self.org.touch(self.in_xero(contact_id), EmailAddress=theirs)
        self.sync()
        self.set_direction("email", back)
        # Nothing is sent before both sides were compared.
        partner.vat = "7"
        self.push()
        self.sync()
        self.assertEqual(self.in_xero(contact_id)["TaxNumber"], "7")
        self.assertEqual(self.link_of(partner).state, "synced")
        self.assertNotIn(RESUMED, self.link_of(partner).base)
        return partner.email or "", self.in_xero(contact_id)["EmailAddress"]

    def test_emptied_in_odoo(self):
        x = "xero@tui.example.com"
        self.assertEqual(self.away("", x), (x, x))

    def test_emptied_in_odoo_alone(self):
        old = "old@tui.example.com"
        self.assertEqual(self.away("", old), (old, old))

    def test_emptied_in_xero(self):
        o = "odoo@tui.example.com"
        self.assertEqual(self.away(o, ""), (o, o))

    def test_emptied_in_xero_alone(self):
        old = "old@tui.example.com"
        self.assertEqual(self.away(old, ""), (old, old))

    def test_changed_in_odoo_alone(self):
        """Xero wins conflicts here, but this is none."""
        o = "odoo@tui.example.com"
        self.assertEqual(self.away(o, "old@tui.example.com"), (o, o))

    def test_changed_in_xero_alone(self):
        self.connection.conflict_policy = "odoo"
        x = "xero@tui.example.com"
        self.assertEqual(self.away("old@tui.example.com", x), (x, x))

    def test_changed_on_both_sides(self):
        o, x = "odoo@tui.example.com", "xero@tui.example.com"
        self.assertEqual(self.away(o, x), (x, x))
        self.connection.conflict_policy = "odoo"

    def test_from_xero_only(self):
        o, x = "odoo@tui.example.com", "xero@tui.example.com"
        self.assertEqual(self.away(o, x, back="from_xero"), (x, x))

    def test_to_xero_only(self):
        o, x = "odoo@tui.example.com", "xero@tui.example.com"
        self.assertEqual(self.away(o, x, back="to_xero"), (o, o))

    def test_one_way_for_a_while(self):
        old = "old@tui.example.com"
        self.assertEqual(self.away("", old, away="from_xero"), (old, old))

    def test_the_other_way_for_a_while(self):
        old = "old@tui.example.com"
        self.assertEqual(self.away(old, "", away="to_xero"), (old, old))

    def test_a_person_can_still_empty_it_afterwards(self):
        partner, contact_id = self.make_contact()
        self.set_direction("email", "off")
        self.set_direction("email", "both")
        self.sync()
        partner.email = False
        self.sync()
        self.assertEqual(self.in_xero(contact_id)["EmailAddress"], "")
        self.assertFalse(partner.email)
