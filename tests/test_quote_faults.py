"""What becomes of quotes when Xero, or the way to it, fails: one quote, in any case."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import XeroCommon

GATEWAY = "odoo.addons.xero_crm.models.xero_gateway"
UNKNOWN = ("timeout_before", "timeout_after", "500", "500_after", "503", "truncated")


@tagged("post_install", "-at_install")
class TestQuoteFaults(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()
        # Known in Xero already, so that only the quote is at stake.
        self._create_order().action_create_xero_invoice()
        self.xero.reset_calls()

    def make_quotation(self, **vals):
        return self._create_order(confirm=False, **vals)

    def let_waits_pass(self):
        self.env["xero.link"].search([]).write({"next_try": False})
        self.connection.usage_ids.paused_until = False

    def get_wires(self, order):
        """Return the quotes of an order in Xero."""
        quotes = self.org.quotes.values()
        return [row for row in quotes if row["Reference"] == order.name]

    def assert_one_quote(self, order, **wire):
        [quote] = self.get_wires(order)
        self.assertEqual(len(order.xero_quote_ids), 1)
        self.assertEqual(order.xero_quote_ids.xero_id, quote["QuoteID"])
        link = self.link_of(order.xero_quote_ids)
        self.assertEqual((link.state, link.xero_id), ("synced", quote["QuoteID"]))
        self.assertFalse(link.error or link.next_try or link.idempotency_key)
        self.assertEqual(float(quote["Total"]), order.amount_total)
        self.assertEqual({name: quote[name] for name in wire}, wire)
        self.assertFalse(
            self.env["xero.log"].search(
                [
                    ("res_model", "=", "xero.quote"),
                    ("res_id", "=", order.xero_quote_ids.id),
                    ("state", "=", "error"),
                ]
            )
        )

    def test_answer_to_the_creation_is_lost(self):
        for kind in UNKNOWN:
            with self.subTest(kind=kind):
                order = self.make_quotation()
                self.xero.fail("PUT Quotes", kind)
                order.action_create_xero_quote()
                self.assertEqual(order.xero_quote_state, "sending")
                self.let_waits_pass()
                self.push()
                self.assert_one_quote(order, Status="DRAFT")

    def test_answer_to_a_revision_is_lost(self):
        for kind in UNKNOWN:
            with self.subTest(kind=kind):
                order = self.make_quotation()
                order.action_create_xero_quote()
                self.xero.fail("POST Quotes", kind)
                order.order_line.product_uom_qty = 5
                self.push()
                self.let_waits_pass()
                self.push()
                self.assert_one_quote(order)
                self.assertFalse(order.xero_quote_ids.is_edited)

    def test_answer_to_a_revision_is_lost_and_the_key_is_forgotten(self):
        """What the lost call did is no edit of anybody in Xero."""
        order = self.make_quotation()
        order.action_create_xero_quote()
        self.xero.fail("POST Quotes", "timeout_after")
        order.order_line.product_uom_qty = 5
        self.push()
        self.let_waits_pass()
        self.link_of(order.xero_quote_ids).sent_at = "2020-01-01"
        self.push()
        self.assert_one_quote(order)
        self.assertFalse(order.xero_quote_ids.is_edited)
        self.assertFalse(order.xero_quote_error)

    def test_answer_is_lost_and_the_quotation_changes_meanwhile(self):
        order = self.make_quotation()
        self.xero.fail("PUT Quotes", "timeout_after")
        order.action_create_xero_quote()
        order.order_line.product_uom_qty = 5
        order.action_quotation_sent()
        self.let_waits_pass()
        self.push()
        self.assert_one_quote(order, Status="SENT")

    def test_fetch_is_quicker_than_the_answer(self):
        order = self.make_quotation()
        self.xero.fail("PUT Quotes", "timeout_after")
        order.action_create_xero_quote()
        self.pull("Quotes")
        self.assertEqual(order.xero_quote_status, "draft")
        self.push()
        self.assert_one_quote(order)
        self.assertEqual(self.xero.calls["PUT Quotes"], 1)

    def test_somebody_elses_quote_of_the_same_reference_is_left_alone(self):
        """Written by hand before ours was sent: neither taken over nor counted."""
        order = self.make_quotation()
        contact = self.org.contacts[self.customer.xero_contact_id]
        line = {
            "Description": "Goods",
            "Quantity": 1,
            "UnitAmount": 500,
            "TaxType": "OUTPUT2",
        }
        self.xero.advance(timedelta(hours=-1))
        theirs = self.org.add_quote(contact, Reference=order.name, LineItems=[line])
        self.xero.advance(timedelta(hours=1))
        self.xero.fail("PUT Quotes", "timeout_before")
        order.action_create_xero_quote()
        self.let_waits_pass()
        self.push()
        self.assertEqual(len(self.get_wires(order)), 2)
        self.assertNotEqual(order.xero_quote_ids.xero_id, theirs["QuoteID"])

    def test_slow_answer_and_a_second_try_meanwhile(self):
        order = self.make_quotation()
        self.xero.fail("PUT Quotes", "slow", seconds=1.5)
        with patch(f"{GATEWAY}.TIMEOUT", (5, 0.5)):
            order.action_create_xero_quote()
        self.assertEqual(order.xero_quote_state, "sending")
        self.let_waits_pass()
        self.push()
        time.sleep(1.5)
        self.assert_one_quote(order)

    def test_many_answers_are_lost_at_once(self):
        """More than are looked for one by one: the list is fetched."""
        orders = self.env["sale.order"]
        for number in range(8):
            orders |= self.make_quotation(client_order_ref=f"PO {number}")
        self.xero.fail("PUT Quotes", "timeout_after")
        orders.action_create_xero_quote()
        self.let_waits_pass()
        self.push()
        for order in orders:
            self.assert_one_quote(order)
        self.assertEqual(self.xero.calls["PUT Quotes"], 1)

    def test_call_limit_makes_it_wait(self):
        order = self.make_quotation()
        self.xero.fail("PUT Quotes", "429", retry_after=26)
        order.action_create_xero_quote()
        self.assertEqual(order.xero_quote_state, "pending")
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls["PUT Quotes"])
        self.let_waits_pass()
        self.push()
        self.assert_one_quote(order)

    def test_bad_element_fails_alone(self):
        orders = self.env["sale.order"]
        for _number in range(3):
            orders |= self.make_quotation()
        self.xero.fail("PUT Quotes", "bad_element", index=1)
        orders.action_create_xero_quote()
        states = orders.mapped("xero_quote_state")
        self.assertEqual(sorted(states), ["error", "synced", "synced"])
        failed = orders.filtered(lambda order: order.xero_quote_state == "error")
        self.assertIn("simulated fault refuses", failed.xero_quote_error)
        self.assertTrue(failed.xero_can_quote, "can be tried again")
        failed.action_create_xero_quote()
        for order in orders:
            self.assert_one_quote(order)

    def test_body_that_xero_cannot_read(self):
        good, bad = self.make_quotation(), self.make_quotation()
        bad.order_line.name = "unreadable thing"
        self.xero.fail("PUT Quotes", "unreadable", times=None, text="unreadable thing")
        (good | bad).action_create_xero_quote()
        self.assert_one_quote(good)
        self.assertTrue(bad.xero_quote_error)
        self.xero.clear_faults()
        bad.order_line.name = "Table"
        bad.action_create_xero_quote()
        self.assert_one_quote(bad)

    def test_fetching_fails_before_a_revision(self):
        """What may have been edited in Xero is not known: nothing is sent."""
        order = self.make_quotation()
        order.action_create_xero_quote()
        self.pull("Quotes")
        self.xero.reset_calls()
        order.order_line.product_uom_qty = 5
        self.xero.fail("GET Quotes", "500")
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"])
        self.let_waits_pass()
        self.push()
        self.assert_one_quote(order)

    def test_archived_contact_is_told_plainly(self):
        order = self.make_quotation()
        self.org.archive(self.org.contacts[self.customer.xero_contact_id])
        order.action_create_xero_quote()
        self.assertFalse(self.org.quotes)
        self.assertIn("archived", order.xero_quote_error)

    def test_newest_version_cannot_be_read(self):
        """Nobody knows what somebody has edited there: nothing goes over it."""
        order = self.make_quotation()
        order.action_create_xero_quote()
        [wire] = self.get_wires(order)
        self.pull("Quotes")
        total = wire["Total"]
        self.org.touch(wire, Terms="Prepaid", Total="a lot")
        order.order_line.product_uom_qty = 5
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"])
        self.assertIn("could not be taken over", order.xero_quote_error)
        self.org.touch(wire, Terms="Prepaid", Total=total)
        self.pull("Quotes")
        self.push()
        self.assertFalse(order.xero_quote_error)
        self.assert_one_quote(order, Terms="Prepaid")

    def test_change_of_status_that_xero_refuses(self):
        """Somebody has invoiced the quote in Xero, and no fetch has told us yet."""
        order = self.make_quotation()
        order.action_quotation_sent()
        order.action_create_xero_quote()
        [wire] = self.get_wires(order)
        for status in ("ACCEPTED", "INVOICED"):
            self.org.edit_quote(wire, Status=status)
        order.action_cancel()
        cursor = self.connection._get_cursor("Quotes")
        cursor.write({"is_complete": True, "modified_since": "2999-01-01"})
        cursor.last_full = "2999-01-01"
        self.push()
        self.assertIn("does not let quote QU-0001", order.xero_quote_error)
        order.xero_quote_ids.action_refresh()
        self.push()
        self.assertFalse(order.xero_quote_error)
        self.assertEqual(order.xero_quote_status, "invoiced")

    def test_unmapped_tax_is_told_and_goes_on_when_mapped(self):
        row = self.connection.tax_map_ids.filtered(lambda row: row.tax_id == self.tax)
        rate, row.tax_rate_id = row.tax_rate_id, False
        order = self.make_quotation()
        order.action_create_xero_quote()
        self.assertFalse(self.org.quotes)
        self.assertIn("GST 15%", order.xero_quote_error)
        self.assertTrue(order.xero_can_fix_quote)
        row.tax_rate_id = rate
        self.push()
        self.assert_one_quote(order)

    def test_customer_whom_xero_refuses_holds_the_quote(self):
        partner = self.customer.copy({"name": "Rata Rentals", "email": "x@rata.nz"})
        order = self.make_quotation(partner_id=partner.id)
        self.xero.fail("PUT Contacts", "bad_element", index=0)
        order.action_create_xero_quote()
        self.assertFalse(self.org.quotes)
        self.assertIn("Rata Rentals is not in Xero", order.xero_quote_error)
        order.action_create_xero_quote()
        self.assert_one_quote(order)

    def test_empty_quotation(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.action_create_xero_quote()
        self.assertFalse(self.org.quotes)
        self.assertIn("nothing to quote", order.xero_quote_error)

    def test_strange_texts(self):
        order = self.make_quotation(
            client_order_ref='"quoted" \\ & <b>',
            note="<p>Ünïcode – 日本語 \U0001f600</p>" + "<p>long</p>" * 2000,
        )
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "n" * 5000})
        ]
        order.action_create_xero_quote()
        self.assert_one_quote(order)
        [wire] = self.get_wires(order)
        self.assertIn(len(wire["Terms"]), (3999, 4000), "no space at the end")
        self.assertEqual(len(wire["LineItems"][1]["Description"]), 4000)

    def test_deleted_quotation_leaves_nothing_behind(self):
        self.connection.sync_mode = "live"
        order = self.make_quotation()
        self.xero.fail("PUT Contacts", "429", retry_after=60)
        self.xero.fail("PUT Quotes", "429", retry_after=60)
        order.action_create_xero_quote()
        quote = order.xero_quote_ids
        self.assertEqual(order.xero_quote_state, "pending")
        order.unlink()
        self.assertFalse(quote.exists())
        self.let_waits_pass()
        self.push()
        self.assertFalse(self.org.quotes)
