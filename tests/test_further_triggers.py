"""Signed, delivered, due: who else makes an invoice; and what nobody has invoiced."""

from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import XeroCommon


class TriggersCommon(XeroCommon):
    def prepare(self):
        super().prepare()
        self.map_reference_data()

    def _trigger(self, trigger, **vals):
        self.connection.write({"invoice_trigger": trigger, **vals})

    def _make_lead(self):
        return self.env["crm.lead"].create(
            {
                "name": "New showroom",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "stage_id": self.env.ref("crm.stage_lead1").id,
            }
        )

    def _end_transaction(self):
        """What runs before a commit."""
        self.env.flush_all()
        self.env.cr.precommit.run()


@tagged("post_install", "-at_install")
class TestFurtherTriggers(TriggersCommon):
    def test_quotation_signed_online(self):
        self._trigger("quotation_signed")
        by_hand = self._create_order()
        self.assertFalse(by_hand.xero_invoice_ids)
        order = self._create_order(confirm=False)
        order.write({"signed_by": "Kahu", "signed_on": fields.Datetime.now()})
        order._validate_order()
        self.push()
        self.assertEqual(len(order.xero_invoice_ids.filtered("xero_id")), 1)

    def test_each_delivery(self):
        self._trigger("delivery_done")
        self.product.write({"type": "service", "invoice_policy": "delivery"})
        order = self._create_order()
        self._end_transaction()
        self.assertFalse(order.xero_invoice_ids)
        for delivered in (1, 2):
            order.order_line.qty_delivered = delivered
            self._end_transaction()
            self.push()
            invoices = order.xero_invoice_ids
            self.assertEqual(len(invoices), delivered)
            self.assertTrue(all(invoices.mapped("xero_id")))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_on_the_date_that_the_order_names(self):
        self._trigger("on_date")
        orders = self._create_order() | self._create_order() | self._create_order()
        orders[0].xero_invoice_date = date.today()
        orders[1].xero_invoice_date = date.today() + timedelta(days=2)
        self.env["sale.order"]._cron_xero_invoice_date()
        self.env["sale.order"]._cron_xero_invoice_date()
        self.push()
        self.assertEqual([len(o.xero_invoice_ids) for o in orders], [1, 0, 0])

    def test_customer_and_order_have_triggers_of_their_own(self):
        self._trigger("order_confirmed")
        self.customer.xero_invoice_trigger = "manual"
        self.assertFalse(self._create_order().xero_invoice_ids)
        self.assertTrue(
            self._create_order(xero_invoice_trigger="order_confirmed").xero_invoice_ids
        )

    def test_only_won_deals(self):
        self._trigger("order_confirmed", invoice_only_won=True)
        lead = self._make_lead()
        order = self._create_order(opportunity_id=lead.id)
        self.assertFalse(order.xero_invoice_ids)
        self.assertTrue(self._create_order().xero_invoice_ids)
        lead.action_set_won()
        self.assertEqual(len(order.xero_invoice_ids), 1)

    def test_nothing_is_made_in_read_only_mode(self):
        self._trigger("order_confirmed", sync_mode="read_only")
        self.assertFalse(self._create_order().xero_invoice_ids)


@tagged("post_install", "-at_install")
class TestLeakGuard(TriggersCommon):
    def _leaks(self):
        return self.env["sale.order"].search([("xero_is_leak", "=", True)])

    def _age(self, order, hours=2):
        order.date_order = fields.Datetime.now() - timedelta(hours=hours)

    def test_confirmed_order_without_invoice_after_an_hour(self):
        self._trigger("order_confirmed", sync_mode="read_only")
        order = self._create_order()
        self.assertNotIn(order, self._leaks())
        self._age(order)
        self.assertIn(order, self._leaks())
        self.assertTrue(order.xero_is_leak)
        self.connection.sync_mode = "live"
        order.action_create_xero_invoice()
        self.assertNotIn(order, self._leaks())
        self.assertFalse(order.xero_is_leak)

    def test_refused_invoice_is_one(self):
        self._trigger("order_confirmed")
        self.customer.email = False
        order = self._create_order()
        self.push()
        self._age(order)
        self.assertIn(order, self._leaks())

    def test_won_deal_that_nobody_clicked(self):
        lead = self._make_lead()
        order = self._create_order(opportunity_id=lead.id)
        other = self._create_order()
        self._age(order | other)
        self.assertNotIn(order, self._leaks())
        lead.action_set_won()
        lead.date_closed = fields.Datetime.now() - timedelta(hours=2)
        self.assertIn(order, self._leaks())
        self.assertNotIn(other, self._leaks())

    def test_excluded_and_older_than_day_zero_are_none(self):
        self._trigger("order_confirmed", sync_mode="read_only")
        orders = self._create_order() | self._create_order()
        for order in orders:
            self._age(order)
        orders[0].xero_do_not_sync = True
        self.connection.date_start = date.today() + timedelta(days=1)
        self.assertFalse(orders & self._leaks())

    def test_customers_own_trigger_counts(self):
        self._trigger("order_confirmed")
        self.customer.xero_invoice_trigger = "manual"
        order = self._create_order()
        self._age(order)
        self.assertNotIn(order, self._leaks())

    def test_digest_counts_them(self):
        self._trigger("order_confirmed", sync_mode="read_only")
        order = self._create_order()
        self._age(order)
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "kpi_xero_leak": True}
        )
        reader = digest.with_user(self.user_accountant).sudo(False)
        self.assertEqual(reader.kpi_xero_leak_value, len(self._leaks()))
        actions = digest._compute_kpis_actions(self.env.company, self.user_accountant)
        self.assertIn("sale_order_action_leak", actions["kpi_xero_leak"])
