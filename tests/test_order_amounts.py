"""Orders of all kinds, each in Xero to the cent: the simulated Xero adds up itself."""

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from odoo.tests import tagged

from .common import XeroCommon
from .fake_xero.seed import _tax_rate

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "xero_crm_hypothesis")
CURRENCIES = ("NZD", "AUD", "GBP", "USD", "EUR", "JPY", "KWD")
RATES = ("15", "10", "20", "8.25", "5", "9.975")
# So many orders at once, so many times, beside 7 currencies x 10 shapes x 2 roundings.
ORDERS, TIMES = 25, 3

# name: lines of (quantity, price, discount, rate, tax in the price)
SHAPES = {
    "plain": [("2", "250", "0", "15", False)],
    "tax of each line": [
        ("1", "25.06", "0", "15", False),
        ("1", "25.61", "0", "15", False),
        ("1", "25.63", "0", "15", False),
    ],
    "tax in the price": [
        ("3", "19.99", "0", "15", True),
        ("7", "4.35", "12.5", "15", True),
    ],
    "with and without tax in the price": [
        ("3", "19.99", "0", "10", True),
        ("3", "19.99", "0", "20", False),
    ],
    "discounts": [
        ("3", "33.33", "33.33", "15", False),
        ("1", "99.99", "100", "15", False),
        ("11", "0.99", "7.5", "5", False),
    ],
    "negative, free and small": [
        ("10", "12.34", "0", "15", False),
        ("-1", "11.11", "0", "15", False),
        ("5", "0", "0", "15", False),
        ("1", "0.01", "0", "15", False),
    ],
    "parts and many": [
        ("0.37", "123.45", "0", "8.25", False),
        ("1234.5", "1.07", "3", "8.25", False),
        ("7001", "1.15", "0", "15", True),
    ],
    "prices of four decimals": [
        ("1000", "0.0617", "0", "15", False),
        ("3", "33.3333", "12.34", "10", False),
        ("12", "1.0049", "0", "20", True),
    ],
    "two taxes on a line": [
        ("1", "99.95", "0", "5+9.975", False),
        ("7", "3.33", "15", "5+9.975", False),
        ("2", "10.05", "0", "15", False),
    ],
    "several rates": [
        ("1", "10.05", "0", "15", False),
        ("1", "10.05", "0", "10", False),
        ("1", "10.05", "0", "5", False),
        ("1", "10.05", "0", None, False),
    ],
}

lines = st.tuples(
    st.decimals("0.01", "999", places=2),
    st.decimals("-20", "2000", places=2),
    st.one_of(st.just("0"), st.decimals("0", "100", places=2)),
    st.sampled_from([None, *RATES]),
    st.booleans(),
)
orders = st.tuples(st.sampled_from(CURRENCIES), st.lists(lines, min_size=1, max_size=6))


@tagged("post_install", "-at_install")
class TestOrderAmounts(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["account.tax"]
        cls.taxes = {
            (rate, included): taxes.create(
                {
                    "name": f"{rate} {included}",
                    "amount": float(rate),
                    "type_tax_use": "sale",
                    "price_include_override": f"tax_{'in' if included else 'ex'}cluded",
                    "country_id": cls.tax.country_id.id,
                }
            )
            for rate in RATES
            for included in (True, False)
        }
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.pricelists = {}
        for name in CURRENCIES:
            currency = currencies.search([("name", "=", name)])
            currency.active = True
            if name == "KWD":
                currency.rounding = 0.001
            cls.pricelists[name] = cls.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id}
            )
        cls.env["decimal.precision"].search(
            [("name", "in", ("Product Price", "Product Unit"))]
        ).digits = 4

    def prepare(self):
        super().prepare()
        for name in ("JPY", "KWD"):
            self.org.currencies.put({"Code": name, "Description": name})
        for rate in (*RATES, "14.975"):
            row = (f"TAX{rate}", f"{rate}%", "OUTPUT", rate, True, False, True)
            self.org.tax_rates.put(_tax_rate("GST", *row))
        self.map_reference_data()
        by_type = {rate.tax_type: rate for rate in self.connection.tax_rate_ids}
        rows = self.connection.tax_map_ids
        for (rate, _included), tax in self.taxes.items():
            row = rows.filtered(lambda row, tax=tax: row.tax_id == tax)
            row = row or rows.create(
                {"connection_id": self.connection.id, "tax_id": tax.id}
            )
            row.tax_rate_id = by_type[f"TAX{rate}"]
        rows.create(
            {
                "connection_id": self.connection.id,
                "tax_id": self.taxes["5", False].id,
                "further_tax_ids": [(6, 0, self.taxes["9.975", False].ids)],
                "tax_rate_id": by_type["TAX14.975"].id,
            }
        )
        self.connection.invoice_status = "authorised"

    def _make_order(self, currency, rows):
        commands = [(0, 0, {"display_type": "line_section", "name": "Furniture"})]
        for quantity, price, discount, rate, included in rows:
            tax = self.env["account.tax"].union(
                *(self.taxes[part, included] for part in rate.split("+"))
                if rate
                else ()
            )
            commands.append(
                (
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": float(quantity),
                        "price_unit": float(price),
                        "discount": float(discount),
                        "tax_ids": [(6, 0, tax.ids)],
                    },
                )
            )
        commands.append((0, 0, {"display_type": "line_note", "name": "Thank you"}))
        return {
            "partner_id": self.customer.id,
            "pricelist_id": self.pricelists[currency].id,
            "order_line": commands,
        }

    def _check_in_xero(self, specs):
        """Make, push and compare orders; in Xero is what the order says, or nothing."""
        orders = self.env["sale.order"].create(
            [self._make_order(currency, rows) for currency, rows in specs]
        )
        orders.action_confirm()
        before = self.xero.calls["PUT Invoices"]
        orders.action_create_xero_invoice()
        self.assertLessEqual(
            self.xero.calls["PUT Invoices"] - before, -(-len(orders) // 50)
        )
        for order in orders:
            invoice = order.xero_invoice_ids
            if order.amount_total < 0:
                self.assertIn("less than nothing", invoice.xero_link_ids.error or "")
                self.assertFalse(invoice.xero_id)
                continue
            self.assertFalse(invoice.xero_error)
            wire = self.org.invoices[invoice.xero_id]
            self.assertEqual(wire["CurrencyCode"], order.currency_id.name)
            for key, amount in (
                ("SubTotal", order.amount_untaxed),
                ("TotalTax", order.amount_tax),
                ("Total", order.amount_total),
            ):
                ours = Decimal(f"{amount:.{order.currency_id.decimal_places}f}")
                limit = Decimal("0.005")
                if key == "SubTotal" and order.currency_id.decimal_places > 2:
                    limit = Decimal("0.01")  # what is left when total and tax are round
                detail = f"{key} {wire[key]} of {order.order_line.mapped('name')}"
                self.assertLessEqual(abs(wire[key] - ours), limit, detail)
            self.assertEqual(order.invoice_status, "invoiced")

    def _check_shapes(self):
        self._check_in_xero(
            [(currency, rows) for currency in CURRENCIES for rows in SHAPES.values()]
        )

    def test_hand_picked_orders_rounded_per_line(self):
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        self._check_shapes()

    def test_hand_picked_orders_rounded_globally(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        self._check_shapes()

    @settings(
        max_examples=TIMES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # to shrink so many orders would take an hour
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(orders, min_size=ORDERS, max_size=ORDERS),
        st.sampled_from(["round_per_line", "round_globally"]),
    )
    def test_any_orders(self, specs, rounding):
        self.env.company.tax_calculation_rounding_method = rounding
        self._check_in_xero(specs)
