"""What becomes of the outbox when Xero, or the way to it, fails."""

import time
from datetime import timedelta
from itertools import count
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import XeroCommon

GATEWAY = "odoo.addons.xero_crm.models.xero_gateway"
# Where each resource of an order's invoice is made, in the order of sending.
ROUTES = {
    "PUT Contacts": "res.partner",
    "PUT Items": "product.product",
    "PUT Invoices": "xero.invoice",
}


class PushFailureCase(XeroCommon):
    """Orders with customers and products of their own, and what to expect of them."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.numbers = count(1)
        self.order = self.make_order()

    def make_order(self):
        """Return a confirmed order whose customer and product Xero does not know."""
        number = next(self.numbers)
        partner = self.customer.copy(
            {"name": f"Kiwi {number} Ltd", "email": f"kiwi{number}@example.com"}
        )
        product = self.env["product.product"].create(
            {"name": f"Kiwi Crate {number}", "default_code": f"KIWI-{number}"}
        )
        line = {
            "product_id": product.id,
            "product_uom_qty": 3,
            "price_unit": 100,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        return self._create_order(
            partner_id=partner.id, order_line=[Command.create(line)]
        )

    def link_at(self, order, route):
        """Return the link of what this route makes of an order."""
        records = {
            "PUT Contacts": order.partner_id,
            "PUT Items": order.order_line.product_id,
            "PUT Invoices": order.xero_invoice_ids,
        }
        return self.link_of(records[route])

    def open_rows(self, link):
        """Return the open rows of the log about a link's record."""
        return self.env["xero.log"].search(
            [
                ("res_model", "=", link.res_model),
                ("res_id", "=", link.res_id),
                ("state", "=", "error"),
            ]
        )

    def let_waits_pass(self):
        """Let the next tries be due, and the limits of Xero be over."""
        self.env["xero.link"].search([]).write({"next_try": False})
        self.connection.usage_ids.paused_until = False

    def assert_made_once(self, order):
        """Exactly one contact, item and invoice in Xero, linked, and no open row."""
        partner, product = order.partner_id, order.order_line.product_id
        contacts = [
            row for row in self.org.contacts.values() if row["Name"] == partner.name
        ]
        items = [
            row
            for row in self.org.items.values()
            if row["Code"] == product.default_code
        ]
        invoices = [
            row for row in self.org.invoices.values() if row["Reference"] == order.name
        ]
        self.assertEqual([len(contacts), len(items), len(invoices)], [1, 1, 1])
        self.assertEqual(len(order.xero_invoice_ids), 1)
        made = {
            "PUT Contacts": contacts[0]["ContactID"],
            "PUT Items": items[0]["ItemID"],
            "PUT Invoices": invoices[0]["InvoiceID"],
        }
        for route, xero_id in made.items():
            link = self.link_at(order, route)
            self.assertEqual((link.state, link.xero_id), ("synced", xero_id))
            self.assertFalse(link.error or link.next_try or link.idempotency_key)
            self.assertFalse(self.open_rows(link))
        self.assertEqual(order.xero_invoice_ids.xero_id, made["PUT Invoices"])

    def check_fault(self, route, kind, state, remedy, wait=None, times=1, **options):
        """Let one fault strike a click, look at what waits, let it go on."""
        with self.subTest(route=route, kind=kind), self.rolled_back():
            order = self.order
            self.xero.fail(route, kind, times=times, **options)
            order.action_create_xero_invoice()
            link = self.link_at(order, route)
            self.assertEqual(link.state, state)
            self.assert_next_try(link, wait)
            row = self.open_rows(link)
            self.assertEqual(len(row), 1)
            self.assertIn(remedy, row.remedy)
            self.assertEqual(row.message, link.error)
            self.assert_waits(route, wait)
            self.let_waits_pass()
            self.push()
            self.assert_made_once(order)

    def assert_next_try(self, link, wait):
        if wait is None:
            self.assertFalse(link.next_try)
            return
        due = fields.Datetime.now() + timedelta(seconds=wait)
        self.assertAlmostEqual(link.next_try, due, delta=timedelta(seconds=5))

    def assert_waits(self, route, wait):
        """Before its time nothing is sent again, and nobody overtakes."""
        if wait is not None:
            self.xero.reset_calls()
            self.push()
            self.assertFalse(self.xero.calls[route])


@tagged("post_install", "-at_install")
class TestCallFailures(PushFailureCase):
    def test_answer_is_missing_or_useless(self):
        """Xero may have done the work: it is looked for before anything is resent."""
        for kind in ("timeout_before", "timeout_after", "500", "500_after", "503"):
            for route in ROUTES:
                self.check_fault(route, kind, "sending", "looks for it in Xero")

    def test_truncated_answer(self):
        for route in ROUTES:
            self.check_fault(route, "truncated", "sending", "looks for it in Xero")

    def test_call_limit_without_a_wait(self):
        """Too many calls at once: a short pause."""
        for route in ROUTES:
            self.check_fault(route, "429", "pending", "by itself", wait=15)

    def test_call_limit_of_the_minute(self):
        for route in ROUTES:
            self.check_fault(
                route, "429", "pending", "by itself", wait=26, retry_after=26
            )

    def test_call_limit_of_the_day(self):
        for route in ROUTES:
            self.check_fault(
                route,
                "429",
                "pending",
                "by itself",
                wait=40000,
                retry_after=40000,
                problem="day",
            )

    def test_forbidden(self):
        for route in ROUTES:
            self.check_fault(route, "403", "pending", "role in Xero", wait=15)

    def test_expired_token_is_refreshed_within_the_call(self):
        for route in ROUTES:
            order = self.make_order()
            self.xero.fail(route, "401")
            order.action_create_xero_invoice()
            self.assert_made_once(order)

    def test_token_that_is_refused_again(self):
        for route in ROUTES:
            self.check_fault(
                route, "401", "pending", "press Reconnect", wait=15, times=2
            )

    def test_bad_element_fails_alone(self):
        orders = [self.make_order() for _index in range(3)]
        links = self.env["xero.link"]
        for order in orders:
            links |= order.sudo()._request_xero_invoice()
        self.xero.fail("PUT Invoices", "bad_element", index=1)
        self.push()
        states = [self.link_at(order, "PUT Invoices").state for order in orders]
        self.assertEqual(states, ["synced", "error", "synced"])
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)
        [row] = self.open_rows(self.link_at(orders[1], "PUT Invoices"))
        self.assertIn("simulated fault refuses", row.message)
        row.action_resync()
        for order in orders:
            self.assert_made_once(order)

    def test_waits_grow_while_xero_is_out_of_order(self):
        """Each failed try doubles the wait, so that an outage does not eat the day."""
        order = self.make_order()
        self.xero.fail("PUT Contacts", "500", times=None)
        order.action_create_xero_invoice()
        link = self.link_at(order, "PUT Contacts")
        for wait in (15, 30, 60):
            self.push()
            self.assertEqual(link.state, "sending")
            self.assert_next_try(link, wait)
            self.xero.reset_calls()
            self.push()
            self.assertFalse(self.xero.calls["PUT Contacts"])
            link.next_try = False
        self.assertEqual(len(self.open_rows(link)), 1)
        self.xero.clear_faults()
        self.let_waits_pass()
        self.push()
        self.assert_made_once(order)


@tagged("post_install", "-at_install")
class TestUnknownOutcome(PushFailureCase):
    def prepare(self):
        super().prepare()
        self.order.action_create_xero_invoice()
        self.assert_made_once(self.order)

    def order_again(self):
        """Return an order of the customer and product that Xero knows by now."""
        copy = self.order.copy()
        copy.action_confirm()
        return copy

    def test_slow_answer_and_a_second_try_meanwhile(self):
        """Xero is still at work when we give up and ask again: the same key makes it
        answer the second call with the first one's work."""
        order = self.order_again()
        self.xero.fail("PUT Invoices", "slow", seconds=1.5)
        with patch(f"{GATEWAY}.TIMEOUT", (5, 0.5)):
            order.action_create_xero_invoice()
        self.assertEqual(self.link_at(order, "PUT Invoices").state, "sending")
        self.push()
        time.sleep(1.5)
        self.assert_made_once(order)

    def test_batch_of_which_the_answer_was_lost(self):
        """None is made twice, though half of them are changed before the next try."""
        orders = [self.order_again() for _index in range(4)]
        for order in orders:
            order._request_xero_invoice()
        self.xero.fail("PUT Invoices", "timeout_after")
        self.push()
        for order in orders[:2]:
            order.order_line.price_unit = 120
        self.push()
        self.assertEqual(len(self.org.invoices), 5)
        for order in orders[:2]:
            self.assert_told_apart(order)
            order.order_line.price_unit = 100
            self.link_at(order, "PUT Invoices").action_resync()
        for order in orders:
            self.assert_made_once(order)
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)

    def assert_told_apart(self, order):
        """The invoice is there; that the order is not the same any more is told."""
        link = self.link_at(order, "PUT Invoices")
        self.assertTrue(link.xero_id)
        self.assertEqual(link.state, "error")
        [row] = self.open_rows(link)
        self.assertIn(f"{order.amount_total:.2f}", row.message)
        self.assertIn("345.00", row.message)

    def let_key_expire(self):
        """Let Xero, and the links, forget the keys of calls without an answer."""
        links = self.env["xero.link"].search([("state", "=", "sending")])
        self.assertTrue(all(links.mapped("next_try")))
        for link in links:
            link.sent_at -= timedelta(minutes=6)
        links.next_try = False
        self.xero.advance(timedelta(minutes=6))

    def count_invoices(self, order):
        rows = self.org.invoices.values()
        return len([row for row in rows if row["Reference"] == order.name])

    def test_order_that_is_edited_while_xero_is_at_work(self):
        """The call cannot be repeated as it was, and another one might make a second
        invoice: the first one's is waited for."""
        order = self.order_again()
        slow = self.xero.fail("PUT Invoices", "slow", seconds=20)
        with patch(f"{GATEWAY}.TIMEOUT", (5, 0.5)):
            order.action_create_xero_invoice()
        order.order_line.price_unit = 120
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls["PUT Invoices"])
        link = self.link_at(order, "PUT Invoices")
        self.assertEqual(link.state, "sending")
        due = link.sent_at + timedelta(minutes=5)
        self.assertEqual(link.next_try, due)
        slow.over = True
        deadline = time.monotonic() + 20
        while not self.count_invoices(order) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.let_key_expire()
        self.push()
        self.assertEqual(self.count_invoices(order), 1)
        self.assertFalse(self.xero.calls["PUT Invoices"])
        self.assert_told_apart(order)

    def test_order_that_is_edited_after_a_call_that_never_arrived(self):
        """It goes out as it is now, when the first call cannot come any more."""
        order = self.order_again()
        self.xero.fail("PUT Invoices", "timeout_before")
        order.action_create_xero_invoice()
        order.order_line.price_unit = 120
        self.push()
        self.assertEqual(self.count_invoices(order), 0)
        self.let_key_expire()
        self.push()
        self.assert_made_once(order)
        [total] = [
            row["Total"]
            for row in self.org.invoices.values()
            if row["Reference"] == order.name
        ]
        self.assertEqual(float(total), order.amount_total)

    def test_order_that_is_excluded_while_its_call_is_unanswered(self):
        """Nothing more is sent of it; what the call made all the same is found."""
        for kind, made in (("timeout_before", 0), ("slow", 1)):
            order = self.order_again()
            fault = self.xero.fail("PUT Invoices", kind, seconds=1)
            with patch(f"{GATEWAY}.TIMEOUT", (5, 0.5)):
                order.action_create_xero_invoice()
            order.xero_do_not_sync = True
            self.push()
            fault.over = True
            time.sleep(0.2)
            self.let_key_expire()
            self.push()
            self.assertEqual(self.count_invoices(order), made)
            link = self.link_at(order, "PUT Invoices")
            self.assertEqual(bool(link.xero_id), bool(made))

    def test_repeated_call_that_is_refused_for_now(self):
        """The first call may still be at work: its key is kept through a 429."""
        order = self.order_again()
        self.xero.fail("PUT Invoices", "timeout_before")
        order.action_create_xero_invoice()
        link = self.link_at(order, "PUT Invoices")
        key = link.idempotency_key
        for kind, options in (
            ("429", {"retry_after": 20}),
            ("503", {}),
            ("403", {}),
        ):
            self.xero.fail("PUT Invoices", kind, **options)
            self.push()
            self.assertEqual((link.state, link.idempotency_key), ("sending", key))
            self.let_waits_pass()
        self.push()
        self.assert_made_once(order)

    def test_click_on_one_order_of_a_batch_without_an_answer(self):
        """The whole batch is repeated, word by word."""
        orders = [self.order_again() for _index in range(3)]
        for order in orders:
            order._request_xero_invoice()
        self.xero.fail("PUT Invoices", "slow", seconds=1.5)
        with patch(f"{GATEWAY}.TIMEOUT", (5, 0.5)):
            self.push()
        self.let_waits_pass()
        orders[1].action_create_xero_invoice()
        time.sleep(1)
        for order in orders:
            self.assert_made_once(order)

    def test_many_contacts_are_looked_for_in_few_calls(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Weka {number}", "is_company": True} for number in range(30)]
        )
        self.xero.fail("PUT Contacts", "timeout_after")
        partners.action_xero_push()
        self.xero.reset_calls()
        self.push()
        self.assertLessEqual(self.xero.calls.total(), 2)
        self.assertEqual(set(self.link_of(partners).mapped("state")), {"synced"})
        self.assertEqual(len(self.org.contacts), 31)

    def test_pull_that_is_quicker_than_the_answer(self):
        """A webhook brings the invoice before our call has its answer."""
        order = self.order_again()
        self.xero.fail("PUT Invoices", "timeout_after")
        order.action_create_xero_invoice()
        self.assertEqual(order.xero_invoice_ids.xero_id, False)
        self.pull("Invoices")
        self.assert_made_once(order)
        self.push()
        self.assert_made_once(order)
        self.assertEqual(self.xero.calls["PUT Invoices"], 1)

    def test_change_while_an_update_is_on_its_way(self):
        partner = self.order.partner_id
        partner.phone = "+64 9 555 0300"
        self.xero.fail("POST Contacts", "timeout_after")
        self.push()
        partner.phone = "+64 9 555 0400"
        self.xero.reset_calls()
        self.push()
        # The first one may still arrive, and would undo what overtakes it.
        self.assertFalse(self.xero.calls)
        self.let_key_expire()
        self.push()
        contact = self.org.contacts[partner.xero_contact_id]
        [phone] = [p for p in contact["Phones"] if p["PhoneType"] == "DEFAULT"]
        self.assertEqual(phone["PhoneNumber"], "+64 9 555 0400")
        self.assertEqual(partner.xero_sync_state, "synced")

    def test_second_click_while_the_first_is_unanswered(self):
        order = self.order_again()
        self.xero.fail("PUT Invoices", "timeout_after")
        order.action_create_xero_invoice()
        order.action_create_xero_invoice()
        self.assert_made_once(order)


@tagged("post_install", "-at_install")
class TestPoison(PushFailureCase):
    """One bad record must not stop the others."""

    def test_record_that_cannot_be_read(self):
        bad, good = self.make_order(), self.make_order()
        bad.order_line.product_id.list_price = 1e40  # no number for Xero
        orders = bad | good
        orders._request_xero_invoice()
        self.push()
        self.assert_made_once(good)
        link = self.link_at(bad, "PUT Invoices")
        self.assertEqual(link.state, "error")
        [row] = self.open_rows(link)
        self.assertTrue(row.remedy)

    def test_deleted_record_leaves_the_outbox(self):
        partner = self.make_order().partner_id.copy({"name": "Short Lived Ltd"})
        self.env["xero.link"]._ensure(self.connection, partner)
        link = self.link_of(partner)
        partner.unlink()
        self.push()
        self.assertFalse(link.exists())
        self.assertFalse(self.xero.calls["PUT Contacts"])

    def test_read_only_connection_keeps_what_waits(self):
        order = self.make_order()
        order._request_xero_invoice()
        self.connection.sync_mode = "read_only"
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)
        self.connection.sync_mode = "live"
        self.push()
        self.assert_made_once(order)
