from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_tax import TaxCase


@tagged("post_install", "-at_install")
class TestTaxMap(TaxCase):
    """Combinations, groups, fiscal positions, and what Xero does to its list."""

    def prepare(self):
        super().prepare()
        self.use("NZ", "NZD")
        self.gst = self.make_tax("15%", 15)

    def make_rate(self, name, *components):
        """Have a rate of a user's in Xero; each component a rate, or (rate, True) for
        a compound one."""
        parts = [
            part if isinstance(part, tuple) else (part, False) for part in components
        ]
        return self.org.create(
            "TaxRates",
            Name=name,
            TaxComponents=[
                {"Name": f"Part {rate}", "Rate": Decimal(rate), "IsCompound": compound}
                for rate, compound in parts
            ],
        )["TaxType"]

    def test_group_of_taxes(self):
        children = self.make_tax("Part 5%", 5, type_tax_use="none")
        children |= self.make_tax("Part 4%", 4, type_tax_use="none")
        tax_type = self.make_rate("Both parts", "5", "4")
        group = self.make_tax(
            "Group",
            0,
            amount_type="group",
            children_tax_ids=[Command.set(children.ids)],
        )
        row = self.row_of(group)
        self.assertEqual(row.odoo_rate, 9)
        self.pull("TaxRates")
        self.assertEqual(row.tax_rate_id.tax_type, tax_type)
        self.assertEqual(row.review_state, "proposed")
        self.assertInvoiced(self.sell(100, group), tax_type, "109.00")

    def test_compound_components(self):
        base = self.make_tax("Federal 5%", 5, include_base_amount=True, sequence=1)
        on_top = self.make_tax("Provincial 9.975%", 9.975, sequence=2)
        tax_type = self.make_rate("Old Quebec", "5", ("9.975", True))
        self.pull("TaxRates")
        self.assertEqual(self.rate(tax_type).rate, 15.4738)
        order = self.sell(1000, base | on_top)
        order.action_create_xero_invoice()
        row = self.row_of(base, on_top)
        self.assertEqual(row.odoo_rate, 15.4738)
        self.assertEqual(row.proposed_rate_id.tax_type, tax_type)
        output = self.rate("OUTPUT2")
        self.assertRefused("is 15.4738 % but", row, "tax_rate_id", output)
        row.action_accept()
        self.assertEqual(row.tax_rate_id.tax_type, tax_type)

    def test_the_order_of_taxes_does_not_matter(self):
        second = self.make_tax("Levy 1%", 1)
        row = self.env["xero.tax.map"]._ensure(self.connection, self.gst | second)
        again = self.env["xero.tax.map"]._ensure(self.connection, second | self.gst)
        self.assertEqual(row, again)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            row.copy({"tax_id": second.id, "further_tax_ids": [(6, 0, self.gst.ids)]})
            self.env.flush_all()

    def test_same_tax_by_fiscal_position(self):
        zero = self.make_tax("0%", 0)
        tax_type = self.make_rate("Zero Rated Export", "0")
        self.pull("TaxRates")
        overseas = self.make_position("Overseas", zero, self.gst)
        self.row_of(zero).tax_rate_id = self.rate("NONE")
        self.env["xero.tax.map"].create(
            {
                "connection_id": self.connection.id,
                "tax_id": zero.id,
                "fiscal_position_id": overseas.id,
                "tax_rate_id": self.rate(tax_type).id,
            }
        )
        order = self.sell(100, zero, country_id=self.env.ref("base.au").id)
        self.assertEqual(order.fiscal_position_id, overseas)
        self.assertInvoiced(order, tax_type, "100.00")
        order = self.sell(100, zero)
        order.fiscal_position_id = False
        self.assertInvoiced(order, "NONE", "100.00")

    def test_lines_without_tax_by_fiscal_position(self):
        nothing = self.env["account.tax"]
        position = self.make_position("Export", nothing, self.gst)
        abroad = {"country_id": self.env.ref("base.fj").id}
        order = self.sell(100, nothing, **abroad)
        self.assertEqual(order.fiscal_position_id, position)
        self.assertInvoiced(order, "NONE", "100.00")
        row = self.env["xero.tax.map"].create(
            {
                "connection_id": self.connection.id,
                "fiscal_position_id": position.id,
                "tax_rate_id": self.rate("ZERORATED").id,
            }
        )
        self.assertEqual(row.tax_names, "No Tax (Export)")
        order = self.sell(100, nothing, **abroad)
        self.assertInvoiced(order, "ZERORATED", "100.00")
        output = self.rate("OUTPUT2")
        self.assertRefused("not have the total", row, "tax_rate_id", output)
        self.assertRefused("a fiscal position", row, "fiscal_position_id", False)

    def test_rate_for_lines_without_tax_that_xero_archived(self):
        self.connection.default_tax_rate_id = self.rate("ZERORATED")
        self.org.update("TaxRates", TaxType="ZERORATED", Status="ARCHIVED")
        self.pull("TaxRates")
        order = self.sell(100, self.env["account.tax"])
        order.action_create_xero_invoice()
        self.assertIn("Zero Rated, which lines without tax", order.xero_error)
        action = order.action_fix_xero()
        self.assertEqual(action["res_id"], self.connection.id)

    def test_rate_that_xero_archived_waits_for_another(self):
        row = self.row_of(self.gst)
        order = self.sell(100, self.gst)
        self.org.update("TaxRates", TaxType="OUTPUT2", Status="ARCHIVED")
        self.pull("TaxRates")
        self.assertEqual(row.review_state, "missing")
        self.assertEqual(self.connection.unmapped_tax_count, 1)
        order.action_create_xero_invoice()
        self.assertIn("not mapped to a Xero tax rate any more", order.xero_error)
        self.assertIn("archived in Xero: 15% GST", self.connection.message_ids[:1].body)
        # A new rate of the same percentage is proposed as soon as it is fetched.
        tax_type = self.make_rate("15% GST on Income (new)", "15")
        self.pull("TaxRates")
        self.assertEqual(row.proposed_rate_id.tax_type, tax_type)
        row.action_accept()
        self.push()
        self.assertInvoiced(order, tax_type, "115.00")

    def test_tax_made_later_is_proposed_at_once(self):
        self.assertEqual(self.row_of(self.gst).tax_rate_id, self.rate("OUTPUT2"))
        later = self.make_tax("Zero rated", 0)
        self.assertEqual(self.row_of(later).tax_rate_id, self.rate("ZERORATED"))
        self.assertEqual(self.row_of(later).review_state, "proposed")
        self.assertFalse(
            self.row_of(self.make_tax("Bought", 15, type_tax_use="purchase"))
        )

    def test_two_that_fit_are_left_to_a_person(self):
        for name in ("Levy A", "Levy B"):
            self.make_rate(name, "7")
        self.pull("TaxRates")
        row = self.row_of(self.make_tax("Levy", 7))
        self.assertEqual((row.review_state, row.sureness), ("missing", "unclear"))
        self.assertEqual(row.why, "Several fit: Levy A, Levy B.")

    def test_fixed_amount_is_for_a_person_to_choose(self):
        fee = self.make_tax("Recycling fee", 2, amount_type="fixed")
        row = self.row_of(fee)
        self.assertFalse(row.is_percent)
        self.assertIn("no percentage", row.why)
        row.tax_rate_id = self.rate("NONE")
        self.assertEqual(row.review_state, "confirmed")

    def test_combination_goes_with_any_of_its_taxes(self):
        second = self.make_tax("Levy 1%", 1)
        row = self.env["xero.tax.map"]._ensure(self.connection, self.gst | second)
        (self.gst | second).sorted()[1:].unlink()
        self.assertFalse(row.exists())

    def test_banner_counts_what_waits(self):
        maps = self.env["xero.tax.map"]
        mine = [("connection_id", "!=", self.connection.id)]
        maps.search(mine).unlink()
        self.make_tax("Odd", 7.5)
        self.make_tax("Zero/Export", 0)
        banner = maps.with_user(self.user_accountant).get_banner()
        self.assertEqual(banner["title"], "2 of 3 taxes have no Xero tax rate.")
        [action] = banner["actions"]
        self.assertEqual(action["label"], "Accept All Proposals (2)")
        maps.with_user(self.user_accountant).action_accept_all()
        banner = maps.with_user(self.user_accountant).get_banner()
        self.assertEqual(banner["title"], "1 of 3 taxes have no Xero tax rate.")
        self.assertFalse(banner["actions"])
        self.assertFalse(maps.with_user(self.user_rep).get_banner()["actions"])

    def test_reps_read_the_mapping_and_change_nothing(self):
        rows = self.connection.tax_map_ids.with_user(self.user_rep)
        for method in ("action_accept", "action_accept_all"):
            with self.assertRaises(AccessError):
                getattr(rows, method)()

    def test_lines_of_many_orders_cost_no_query_each(self):
        orders = self.env["sale.order"]
        for _number in range(4):
            orders |= self.sell(100, self.gst)
        lines = orders.order_line
        lines[:1]._get_xero_tax_rate(self.connection)
        with self.assertQueryCount(0):
            for line in lines:
                line._get_xero_tax_rate(self.connection)
