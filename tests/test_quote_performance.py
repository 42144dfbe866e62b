"""What quotes cost: queries constant in quotes and lines, calls to Xero counted."""

from odoo.fields import Command
from odoo.tests import tagged

from .test_performance import PerformanceCase


@tagged("post_install", "-at_install")
class TestQuotePerformance(PerformanceCase):
    def prepare(self):
        super().prepare()
        self.make_known()
        self.contact = self.org.contacts[self.customer.xero_contact_id]

    def add_quotes(self, number, lines):
        line = {"Description": "Goods", "Quantity": 1, "UnitAmount": 5}
        line["TaxType"] = "OUTPUT2"
        for _index in range(number):
            self.org.add_quote(self.contact, LineItems=[line] * lines)

    def test_page_of_new_quotes(self):
        """Xero gives a hundred a page; what came before comes once more."""
        self.add_quotes(3, 1)
        self.count_pull("Quotes")
        for number, lines in ((10, 1), (90, 1), (10, 20), (90, 20)):
            with self.subTest(number=number, lines=lines):
                self.add_quotes(number, lines)
                self.xero.reset_calls()
                queries = self.count_pull("Quotes")
                self.assertLessEqual(queries, 32 * self.xero.calls["GET Quotes"])

    def test_unchanged_quotes_cost_one_call(self):
        self.add_quotes(50, 2)
        self.pull("Quotes")
        self.xero.reset_calls()
        self.count_pull("Quotes")
        self.assertEqual(self.xero.calls["GET Quotes"], 1)

    def make_quotations(self, number):
        """Return quotations of one customer and product."""
        line = {
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "price_unit": 100,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        return self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create(line)],
                }
                for _index in range(number)
            ]
        )

    def test_two_hundred_quotations_are_sent_in_four_calls(self):
        orders = self.make_quotations(200)
        orders.action_create_xero_quote()
        self.assertEqual(self.xero.calls["PUT Quotes"], 4)
        self.assertFalse(self.xero.calls["POST Quotes"])
        self.assertEqual(len(self.org.quotes), 200)
        self.assertEqual(set(orders.mapped("xero_quote_state")), {"synced"})

    def test_revision_of_many_takes_a_call_to_look_and_one_to_send(self):
        orders = self.make_quotations(40)
        orders.action_create_xero_quote()
        self.pull("Quotes")
        self.xero.reset_calls()
        orders.order_line.product_uom_qty = 3
        self.push()
        self.assertEqual(self.xero.calls["GET Quotes"], 1)
        self.assertEqual(self.xero.calls["POST Quotes"], 1)
        totals = {float(quote["Total"]) for quote in self.org.quotes.values()}
        self.assertEqual(totals, set(orders.mapped("amount_total")))

    def test_saving_an_order_without_a_quote_costs_one_query(self):
        order = self._create_order(confirm=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(order.state and order.order_line.ids)  # both are read now
        with self.assertQueryCount(1):
            order._follow_xero_quote()
