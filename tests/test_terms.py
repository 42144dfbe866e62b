from datetime import date

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..mapping.payment_terms import TermRule
from .common import XeroCommon

TODAY = date(2026, 1, 15)


class TermCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def make_term(self, name, *lines):
        """Return a payment term; a line is (way of counting, days, day of month)."""
        percent = 100.0 / len(lines)
        return self.env["account.payment.term"].create(
            {
                "name": name,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": percent,
                            "delay_type": way,
                            "nb_days": days,
                            "days_next_month": str(day),
                        }
                    )
                    for way, days, day in lines
                ],
            }
        )

    def row_of(self, term):
        rows = self.env["xero.term.map"].search(
            [("connection_id", "=", self.connection.id)]
        )
        return rows.filtered(lambda row: row.payment_term_id == term)


@tagged("post_install", "-at_install")
class TestTermMap(TermCase):
    def test_terms_are_proposed_by_what_they_mean(self):
        for name, line, text in (
            ("Immediate", ("days_after", 0, 0), "0 DAYSAFTERBILLDATE"),
            ("Net 15", ("days_after", 15, 0), "15 DAYSAFTERBILLDATE"),
            ("Net 30", ("days_after", 30, 0), "30 DAYSAFTERBILLDATE"),
            ("End of month", ("days_after_end_of_month", 0, 0), "31 OFCURRENTMONTH"),
            ("EOM + 10", ("days_after_end_of_month", 10, 0), "10 DAYSAFTERBILLMONTH"),
            (
                "End of following month",
                ("days_after_end_of_next_month", 0, 0),
                "31 OFFOLLOWINGMONTH",
            ),
            ("20th", ("days_end_of_month_on_the", 0, 20), "20 OFFOLLOWINGMONTH"),
        ):
            with self.subTest(name):
                term = self.make_term(name, line)
                row = self.row_of(term)
                self.assertEqual(row.rule_text, text)
                self.assertEqual(row.review_state, "proposed")
                self.assertFalse(row.why)
                # Whatever the day, both sides count to the same one.
                rule = TermRule.from_text(text)
                for day in ("2026-01-01", "2026-01-31", "2026-02-28", "2028-02-29"):
                    day = fields.Date.to_date(day)
                    due = term.line_ids._get_due_date(day)
                    self.assertEqual(rule.due_date(day), due)

    def test_nothing_is_guessed(self):
        odd = self.make_term("Odd", ("days_end_of_month_on_the", 30, 10))
        two = self.make_term("Halves", ("days_after", 0, 0), ("days_after", 60, 0))
        self.assertEqual(self.row_of(odd).review_state, "odoo")
        self.assertIn("nothing", self.row_of(odd).why.replace("no terms", "nothing"))
        self.assertIn("due is the last", self.row_of(two).why)

    def test_term_that_is_changed_later(self):
        term = self.make_term("Net", ("days_after", 30, 0))
        row = self.row_of(term)
        term.line_ids = [Command.update(term.line_ids.id, {"nb_days": 45})]
        self.assertEqual(row.rule_text, "45 DAYSAFTERBILLDATE")
        row.action_accept()
        self.assertEqual(row.review_state, "confirmed")
        term.line_ids = [Command.update(term.line_ids.id, {"nb_days": 60})]
        self.assertEqual(row.rule_text, "45 DAYSAFTERBILLDATE", "a person chose it")
        self.assertIn("60 days after the invoice date", row.why)

    def test_day_that_cannot_be(self):
        row = self.row_of(self.make_term("Net", ("days_after", 30, 0)))
        with self.assertRaises(ValidationError):
            row.write({"rule_type": "OFFOLLOWINGMONTH", "rule_day": 40})

    def test_accepting_all(self):
        term = self.make_term("Net", ("days_after", 30, 0))
        maps = self.env["xero.term.map"].with_user(self.user_accountant)
        self.assertIn("Accept All", maps.get_banner()["actions"][0]["label"])
        maps.action_accept_all()
        self.assertEqual(self.row_of(term).review_state, "confirmed")
        self.assertFalse(maps.get_banner()["actions"])


@tagged("post_install", "-at_install")
class TestDueDate(TermCase):
    def get_due_date(self, term):
        with freeze_time(TODAY):
            order = self._create_order(payment_term_id=term.id)
            self.assertEqual(order.payment_term_id, term)
            return order._get_xero_due_date(TODAY, self.connection), order

    def test_terms_of_daily_life(self):
        for line, due in (
            (("days_after", 0, 0), date(2026, 1, 15)),
            (("days_after", 15, 0), date(2026, 1, 30)),
            (("days_after", 30, 0), date(2026, 2, 14)),
            (("days_after_end_of_month", 0, 0), date(2026, 1, 31)),
            (("days_after_end_of_next_month", 0, 0), date(2026, 2, 28)),
            (("days_end_of_month_on_the", 0, 20), date(2026, 2, 20)),
            # Not known to Xero: counted by Odoo.
            (("days_end_of_month_on_the", 30, 10), date(2026, 3, 10)),
        ):
            with self.subTest(line=line):
                term = self.make_term("T", line)
                self.assertEqual(self.get_due_date(term)[0], due)

    def test_no_term_is_due_at_once(self):
        self.assertEqual(self.get_due_date(self.env["account.payment.term"])[0], TODAY)

    def test_choice_of_the_accountant_decides(self):
        term = self.make_term("Net 30", ("days_after", 30, 0))
        row = self.row_of(term).with_user(self.user_accountant)
        row.write({"rule_type": "OFFOLLOWINGMONTH", "rule_day": 20})
        self.assertEqual(self.get_due_date(term)[0], date(2026, 2, 20))

    def test_last_of_several_instalments_is_sent_and_noted(self):
        term = self.make_term("Halves", ("days_after", 0, 0), ("days_after", 60, 0))
        order = self._create_order(payment_term_id=term.id)
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        wire = self.org.invoices[invoice.xero_id]
        due = fields.Date.add(fields.Date.context_today(order), days=60)
        self.assertEqual(wire["DueDateString"][:10], due.isoformat())
        log = self.env["xero.log"].search(
            [("res_model", "=", "xero.invoice"), ("res_id", "=", invoice.id)], limit=1
        )
        self.assertIn("Halves has 2 instalments", log.message)


@tagged("post_install", "-at_install")
class TestContactTerms(TermCase):
    """A contact's default payment terms, both ways."""

    def prepare(self):
        super().prepare()
        self.connection.conflict_policy = "xero"
        self.net_30 = self.make_term("Net 30", ("days_after", 30, 0))
        self.on_20th = self.make_term("20th", ("days_end_of_month_on_the", 0, 20))
        others = self.env["xero.term.map"].search([])
        others -= self.row_of(self.net_30) | self.row_of(self.on_20th)
        others.unlink()

    def make_contact(self, **terms):
        """Have a contact that both sides know; return both."""
        vals = {"PaymentTerms": terms} if terms else {}
        contact = self.org.add_contact(Name="Tui Traders", **vals)
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Tui Traders")])
        self.assertEqual(self.link_of(partner).state, "synced")
        self.xero.reset_calls()
        return partner, contact["ContactID"]

    def terms(self, contact_id):
        return self.org.contacts[contact_id].get("PaymentTerms")

    def set_in_xero(self, contact_id, **terms):
        self.org.update("Contacts", ContactID=contact_id, PaymentTerms=terms)
        self.pull("Contacts")

    def test_terms_come_with_a_new_contact(self):
        sales = {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
        partner, _id = self.make_contact(Sales=sales)
        self.assertEqual(partner.property_payment_term_id, self.on_20th)
        order = self.env["sale.order"].create({"partner_id": partner.id})
        self.assertEqual(order.payment_term_id, self.on_20th)

    def test_terms_go_with_a_new_customer(self):
        self.customer.property_payment_term_id = self.net_30
        self.customer.action_xero_push()
        [contact] = self.org.contacts.values()
        sales = {"Day": 30, "Type": "DAYSAFTERBILLDATE"}
        self.assertEqual(contact["PaymentTerms"], {"Sales": sales})
        self.pull("Contacts")
        self.assertEqual(self.customer.property_payment_term_id, self.net_30)
        self.assertEqual(self.link_of(self.customer).state, "synced")

    def test_changes_both_ways_and_the_terms_of_bills_stay(self):
        bills = {"Day": 7, "Type": "DAYSAFTERBILLDATE"}
        partner, contact_id = self.make_contact(
            Sales={"Day": 20, "Type": "OFFOLLOWINGMONTH"}, Bills=bills
        )
        partner.property_payment_term_id = self.net_30
        self.push()
        self.assertEqual(
            self.terms(contact_id),
            {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}, "Bills": bills},
        )
        self.set_in_xero(contact_id, Sales={"Day": 20, "Type": "OFFOLLOWINGMONTH"})
        self.assertEqual(partner.property_payment_term_id, self.on_20th)

    def test_both_changed_is_settled_by_the_policy(self):
        partner, contact_id = self.make_contact()
        self.connection.conflict_policy = "ask"
        partner.property_payment_term_id = self.net_30
        self.set_in_xero(contact_id, Sales={"Day": 20, "Type": "OFFOLLOWINGMONTH"})
        conflict = self.link_of(partner).conflict_ids
        self.assertEqual(conflict.field, "payment_terms")
        conflict.with_user(self.user_accountant).action_keep_odoo()
        self.push()
        self.assertEqual(self.terms(contact_id)["Sales"]["Day"], 30)

    def test_terms_that_odoo_has_not_stay_in_xero(self):
        sales = {"Day": 5, "Type": "DAYSAFTERBILLMONTH"}
        partner, contact_id = self.make_contact(Sales=sales)
        self.assertFalse(partner.property_payment_term_id)
        log = self.env["xero.log"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)], limit=1
        )
        self.assertIn("5 days after the end of the invoice month", log.message)
        partner.phone = "+64 9 555 0199"
        self.push()
        self.assertEqual(self.terms(contact_id), {"Sales": sales})

    def test_terms_that_xero_cannot_count_stay_in_odoo(self):
        odd = self.make_term("Odd", ("days_end_of_month_on_the", 30, 10))
        sales = {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
        partner, contact_id = self.make_contact(Sales=sales)
        partner.property_payment_term_id = odd
        self.push()
        self.pull("Contacts")
        self.assertEqual(self.terms(contact_id), {"Sales": sales})
        self.assertEqual(partner.property_payment_term_id, odd)

    def test_terms_taken_away_in_odoo_stay_in_xero(self):
        sales = {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
        partner, contact_id = self.make_contact(Sales=sales)
        partner.property_payment_term_id = False
        self.push()
        self.pull("Contacts")
        self.assertEqual(self.terms(contact_id), {"Sales": sales})
        self.assertFalse(partner.property_payment_term_id)
        self.assertEqual(self.link_of(partner).state, "synced")

    def test_of_equal_terms_the_first_is_meant(self):
        second = self.make_term("Thirty days", ("days_after", 30, 0))
        row = self.row_of(second)
        self.row_of(self.net_30).sequence, row.sequence = 2, 1
        sales = {"Day": 30, "Type": "DAYSAFTERBILLDATE"}
        partner, contact_id = self.make_contact(Sales=sales)
        self.assertEqual(partner.property_payment_term_id, second)
        # Either is the same to Xero.
        partner.property_payment_term_id = self.net_30
        self.push()
        self.pull("Contacts")
        self.assertEqual(partner.property_payment_term_id, self.net_30)
        self.assertFalse(self.xero.calls["POST Contacts"])

    def test_the_data_map_switches_it_off(self):
        row = self.env["xero.field.map"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("xero_field", "=", "payment_terms"),
            ]
        )
        self.assertEqual(row.xero_label, "Default payment terms on sales")
        self.assertEqual(row.direction, "both")
        row.direction = "off"
        self.customer.property_payment_term_id = self.net_30
        self.customer.action_xero_push()
        [contact] = self.org.contacts.values()
        self.assertNotIn("PaymentTerms", contact)
