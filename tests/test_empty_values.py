"""An empty value never overwrites a filled one, unless a person cleared it."""

from odoo.tests import tagged

from .fake_xero.resources.contact_use import stub
from .fake_xero.resources.contacts import DETAIL_FIELDS, SUMMARY_DROPS
from .test_conflicts import ConflictCase

FILLED = ("email", "phone", "street", "city", "zip", "country_id", "vat", "website")


@tagged("post_install", "-at_install")
class TestEmptyFromXero(ConflictCase):
    """Xero answers without an element, or with an empty one."""

    def prepare(self):
        super().prepare()
        self.update_xero(TaxNumber="12-345-678")
        self.contact["Website"] = "https://kauri.example.com"
        self.pull("Contacts")
        self.assertTrue(all(self.customer[name] for name in FILLED))
        self.before = {name: self.customer[name] for name in FILLED}

    def take(self, payload):
        """Take over what a read of Xero brought."""
        pull = self.env["xero.pull"].sudo()
        changes = pull._work_page(self.connection, "Contacts", [payload])
        self.env.flush_all()
        self.env.invalidate_all()
        return changes

    def assert_kept(self):
        now = {name: self.customer[name] for name in FILLED}
        self.assertEqual(now, self.before)
        # What was not seen is still agreed: the next whole read changes nothing.
        self.xero.reset_calls()
        self.pull("Contacts")
        self.push()
        self.assertFalse(self.count_writes())
        self.assertEqual({n: self.customer[n] for n in FILLED}, self.before)

    def test_summary(self):
        self.take({k: v for k, v in self.contact.items() if k not in SUMMARY_DROPS})
        self.assert_kept()

    def test_list_without_pages(self):
        self.take({k: v for k, v in self.contact.items() if k not in DETAIL_FIELDS})
        self.assert_kept()

    def test_stub_in_another_document(self):
        class Context:
            org = self.org

        self.take(stub(Context, self.link.xero_id))
        self.assert_kept()

    def test_what_a_person_clears_in_xero_is_cleared_here(self):
        self.update_xero(EmailAddress="", TaxNumber="", Addresses=[])
        self.org.update(
            "Contacts",
            ContactID=self.link.xero_id,
            Addresses=[{"AddressType": "POBOX", "City": ""}],
        )
        self.pull("Contacts")
        self.assertFalse(self.customer.email)
        self.assertFalse(self.customer.vat)
        self.assertFalse(self.customer.city)
        self.assertTrue(self.customer.phone)

    def test_what_a_person_clears_here_is_cleared_in_xero(self):
        self.customer.write({"email": False, "city": False})
        self.push()
        self.assertFalse(self.contact.get("EmailAddress"))
        self.assertFalse(self.get_city())
        self.assertTrue(self.contact["TaxNumber"])
        self.assert_at_rest()

    def test_value_that_odoo_cannot_hold_clears_nothing(self):
        """A region in Xero's free text that is no state of Odoo's."""
        state = self.env.ref("base.state_us_5")
        self.customer.write({"country_id": state.country_id.id, "state_id": state.id})
        self.push()
        self.org.update(
            "Contacts",
            ContactID=self.link.xero_id,
            Addresses=[{"AddressType": "POBOX", "Region": "Out West"}],
        )
        self.pull("Contacts")
        self.assertEqual(self.customer.state_id, state)
        self.assert_at_rest()


@tagged("post_install", "-at_install")
class TestEmptyAnswers(ConflictCase):
    """Xero takes a value without a word, and does not keep it."""

    def test_update_that_is_not_kept(self):
        self.org.unkept = {"CompanyNumber"}
        self.customer.write({"company_registry": "987", "city": "Napier"})
        self.push()
        self.assertFalse(self.contact.get("CompanyNumber"))
        self.assertEqual(self.get_city(), "Napier")
        self.update_xero(TaxNumber="1-1")
        self.pull("Contacts")
        self.assertEqual(self.customer.company_registry, "987", "nobody cleared it")
        self.assert_at_rest()

    def test_create_that_is_not_kept(self):
        self.org.unkept = {"AccountNumber"}
        self.customer = self.env["res.partner"].create({"name": "Tui", "ref": "T-1"})
        self.customer.action_xero_push()
        self.link = self.link_of(self.customer)
        self.pull("Contacts")
        self.assertEqual(self.customer.ref, "T-1")
        self.assert_at_rest()

    def test_it_is_tried_again_with_another_value(self):
        self.org.unkept = {"CompanyNumber"}
        self.customer.company_registry = "987"
        self.push()
        self.org.unkept = set()
        self.customer.company_registry = "988"
        self.push()
        self.assertEqual(self.contact["CompanyNumber"], "988")
        self.assert_at_rest()


@tagged("post_install", "-at_install")
class TestUnknownBase(ConflictCase):
    """After an upgrade, the agreed values lack a field that is synced from now on."""

    def forget(self, *names):
        base = self.link.base
        self.link.base = {n: value for n, value in base.items() if n not in names}

    def set_odoo(self, vals):
        """As before the upgrade: nobody noted it."""
        self.customer.with_context(xero_no_enqueue=True).write(vals)

    def test_what_xero_has_comes_before_anything_is_sent(self):
        self.set_odoo({"vat": False})
        self.org.touch(self.contact, TaxNumber="12-345-678")
        self.forget("tax_number")
        self.customer.phone = "+64 9 555 0909"
        self.push()
        self.assertEqual(self.contact["TaxNumber"], "12-345-678")
        self.pull("Contacts")
        self.assertEqual(self.customer.vat, "12-345-678")
        self.assert_at_rest()

    def test_what_odoo_has_goes_to_xero_where_that_is_empty(self):
        self.set_odoo({"vat": "12-345-678"})
        self.forget("tax_number")
        self.customer.phone = "+64 9 555 0909"
        self.push()
        self.assertEqual(self.contact["TaxNumber"], "12-345-678")
        self.assert_at_rest()

    def test_what_both_have_is_disputed_and_not_overwritten(self):
        self.set_odoo({"vat": "99-9"})
        self.org.touch(self.contact, TaxNumber="12-345-678")
        self.forget("tax_number")
        self.customer.phone = "+64 9 555 0909"
        self.push()
        self.assertEqual(self.contact["TaxNumber"], "12-345-678")
        self.assertEqual(self.customer.vat, "99-9")
        row = self.get_conflicts()["tax_number"]
        self.assertEqual((row.odoo_text, row.xero_text), ("99-9", "12-345-678"))

    def test_link_without_any_base(self):
        """Left by an answer that Odoo could not take over."""
        self.org.touch(self.contact, TaxNumber="12-345-678")
        self.link.base = False
        self.customer.email = False
        self.push()
        self.assertEqual(self.customer.vat, "12-345-678")
        self.assertEqual(self.contact["TaxNumber"], "12-345-678")
        self.assertEqual(self.customer.email, "accounts@kauri.example.com")

    def test_record_found_in_xero_while_it_is_sent(self):
        self.org.add_contact(
            Name="Tui Tours", EmailAddress="tui@example.com", TaxNumber="33-3"
        )
        partner = self.env["res.partner"].create(
            {"name": "Tui Tours", "email": "tui@example.com", "phone": "+64 3 1234"}
        )
        partner.action_xero_push()
        self.push()
        self.assertEqual(partner.vat, "33-3")
        self.assertEqual(partner.phone, "+64 3 1234")
        contact = self.org.contacts[partner.xero_contact_id]
        self.assertEqual(contact["TaxNumber"], "33-3")
        self.assertIn("+64 3 1234", str(contact["Phones"]))
