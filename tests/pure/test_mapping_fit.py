"""Whatever Odoo's amounts are, Xero's arithmetic comes to them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_xero.money import compute_line
from mapping import LineData
from mapping.fit import fit_line, to_cents
from mapping.totals import EXCLUSIVE, INCLUSIVE


def line(quantity, price, rate="15", discount="0"):
    return LineData(
        description="Rimu table",
        quantity=quantity,
        unit_amount=price,
        tax_rate=rate,
        discount_rate=discount,
    )


def in_xero(fitted, kind):
    """(line amount, tax) as the simulated Xero computes them from the payload."""
    payload = {k: v for k, v in fitted.to_xero().items() if v is not None}
    result = compute_line(payload, fitted.tax_rate or Decimal(0), kind, unit_places=4)
    return result.amount, result.tax


def test_line_that_agrees_is_sent_as_the_customer_saw_it():
    shown = line("3", "33.3333", discount="10")
    assert fit_line(shown, Decimal("90.00"), Decimal("13.50"), EXCLUSIVE) == shown


def test_tax_that_was_rounded_elsewhere_is_said():
    fitted = fit_line(line("1", "25.06"), Decimal("25.06"), Decimal("3.75"), EXCLUSIVE)
    assert fitted.tax_amount == Decimal("3.75")
    assert fitted.unit_amount == Decimal("25.06")


def test_price_without_tax_gets_the_decimals_that_it_needs():
    fitted = fit_line(line("3", "11.50"), Decimal("30.00"), Decimal("4.50"), EXCLUSIVE)
    assert (fitted.quantity, fitted.unit_amount) == (3, Decimal("10.0000"))


def test_many_pieces_keep_their_number():
    fitted = fit_line(line("7001", "1"), Decimal("6087.83"), Decimal("913.17"), "NoTax")
    assert fitted.quantity == 7001
    assert fitted.amount() == Decimal("6087.83")


def test_refund_of_many_pieces_becomes_one_piece_that_tells_them():
    fitted = fit_line(line("-7001", "1"), Decimal("-6087.83"), Decimal(0), "NoTax")
    assert (fitted.quantity, fitted.unit_amount) == (1, Decimal("-6087.83"))
    assert fitted.description == "Rimu table\n-7001 × 1"


@pytest.mark.parametrize(
    ("amounts", "cents"),
    [
        ([("1.234", "0.185")], [("1.23", "0.19")]),
        ([("1.004", "0"), ("1.004", "0"), ("1.004", "0")], ["1.00", "1.01", "1.00"]),
        ([("2.50", "0.38")], [("2.50", "0.38")]),
    ],
)
def test_three_decimals_become_two_whose_sums_are_right(amounts, cents):
    pairs = [(Decimal(amount), Decimal(tax)) for amount, tax in amounts]
    wanted = [
        (Decimal(c), Decimal(0)) if isinstance(c, str) else tuple(map(Decimal, c))
        for c in cents
    ]
    assert to_cents(pairs) == wanted


quantities = st.decimals("-9999", "9999", places=4).filter(bool)
prices = st.decimals("-9999", "9999", places=4)
rates = st.sampled_from(["0", "5", "8.25", "10", "15", "20"])
discounts = st.decimals("0", "100", places=2)
cents = st.decimals("-100000", "100000", places=2)


@given(quantities, prices, rates, discounts, cents, cents)
def test_xero_comes_to_any_amounts(quantity, price, rate, discount, amount, tax):
    for kind in (EXCLUSIVE, INCLUSIVE):
        shown = line(quantity, price, rate, discount)
        fitted = fit_line(shown, amount, tax, kind)
        wanted = amount + tax if kind == INCLUSIVE else amount
        assert in_xero(fitted, kind) == (wanted, tax)


@given(st.lists(st.tuples(st.decimals("-999", "999", places=3), prices), min_size=1))
def test_cents_add_up_and_no_line_is_off_by_one(amounts):
    found = to_cents(amounts)
    step = Decimal("0.01")
    exact_total = sum(amount + tax for amount, tax in amounts)
    assert abs(sum(a + t for a, t in found) - exact_total) <= step / 2
    assert abs(sum(t for _a, t in found) - sum(t for _a, t in amounts)) <= step / 2
    for (amount, tax), (ours, our_tax) in zip(amounts, found, strict=True):
        assert abs(amount + tax - ours - our_tax) <= step
        assert abs(tax - our_tax) <= step
