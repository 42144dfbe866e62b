"""The arithmetic of lines and totals, against Xero's own examples."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import InvoiceData, LineData, Totals
from mapping.totals import EXCLUSIVE, INCLUSIVE, NO_TAX, line_amount, tax_amount


def invoice(kind, *lines):
    """An invoice of (quantity, unit amount, tax rate[, discount rate]) lines."""
    names = ("quantity", "unit_amount", "tax_rate", "discount_rate")
    return InvoiceData(
        line_amount_types=kind,
        lines=tuple(LineData(**dict(zip(names, line, strict=False))) for line in lines),
    )


@pytest.mark.parametrize(
    ("kind", "lines", "totals"),
    [
        # Xero's guide "Rounding in Xero": 11.44, where the sum's tax is 11.45.
        (
            EXCLUSIVE,
            [("1", "25.06", 15), ("1", "25.61", 15), ("1", "25.63", 15)],
            ("76.30", "11.44", "87.74"),
        ),
        # The same as one line, as the guide shows.
        (EXCLUSIVE, [("1", "76.30", 15)], ("76.30", "11.45", "87.75")),
        # A half of a cent rounds away from zero: 2.165 -> 2.17.
        (EXCLUSIVE, [("1", "43.30", 5)], ("43.30", "2.17", "45.47")),
        (EXCLUSIVE, [("1", "-43.30", 5)], ("-43.30", "-2.17", "-45.47")),
        # 1000 x 0.061171 as four decimals.
        (EXCLUSIVE, [("1000", "0.061171", 0)], ("61.20", "0.00", "61.20")),
        (EXCLUSIVE, [("1", "61.17", 0)], ("61.17", "0.00", "61.17")),
        (INCLUSIVE, [("1", "115.00", 15)], ("100.00", "15.00", "115.00")),
        (
            INCLUSIVE,
            [("1", "28.82", 15), ("1", "29.45", 15), ("1", "29.47", 15)],
            ("76.30", "11.44", "87.74"),
        ),
        (INCLUSIVE, [("1", "10.00", 15)], ("8.70", "1.30", "10.00")),
        (NO_TAX, [("1", "100.00", 15)], ("100.00", "0.00", "100.00")),
        # Discounts: 3 x 33.33 less a third.
        (EXCLUSIVE, [("3", "33.33", 10, "33.33")], ("66.66", "6.67", "73.33")),
        (EXCLUSIVE, [("1", "795", 20, 100)], ("0.00", "0.00", "0.00")),
        # Four decimals in price and quantity.
        (EXCLUSIVE, [("0.3333", "1.2345", 10)], ("0.41", "0.04", "0.45")),
        (EXCLUSIVE, [("2.00005", "10", 0)], ("20.00", "0.00", "20.00")),
        # A credit line.
        (
            EXCLUSIVE,
            [("1", "100", 15), ("-1", "20", 15), ("1", "-5.55", 15)],
            ("74.45", "11.17", "85.62"),
        ),
        (EXCLUSIVE, [("1", "8.8750", "8.875")], ("8.88", "0.79", "9.67")),
        (EXCLUSIVE, [("1", "100", None)], ("100.00", "0.00", "100.00")),
        (EXCLUSIVE, [], ("0", "0", "0")),
    ],
)
def test_totals_are_xeros(kind, lines, totals):
    expected = Totals(*(Decimal(amount) for amount in totals))
    assert invoice(kind, *lines).computed_totals() == expected


def test_floats_are_read_by_their_text():
    line = LineData(quantity=1.0, unit_amount=25.06, tax_rate=15.0)
    assert (line.amount(), line.tax(EXCLUSIVE)) == (Decimal("25.06"), Decimal("3.76"))


def test_discount_amount_is_taken_off_unless_there_is_a_rate():
    assert line_amount(Decimal(2), Decimal(10), discount_amount=Decimal(5)) == 15
    assert line_amount(Decimal(2), Decimal(10), Decimal(10), Decimal(5)) == 18


def test_given_amounts_win_over_computed_ones():
    line = LineData(
        quantity=1, unit_amount=10, tax_rate=15, line_amount=11, tax_amount="1.23"
    )
    assert (line.amount(), line.tax(EXCLUSIVE)) == (11, Decimal("1.23"))
    assert line.tax(NO_TAX) == 0


def test_impossible_inclusive_rate_is_refused():
    with pytest.raises(ValueError, match="-100 %"):
        tax_amount(Decimal(1), Decimal(-100), INCLUSIVE)


money = st.decimals(-(10**12), 10**12, places=4)
rates = st.decimals(0, 100, places=4)
some_lines = st.lists(st.tuples(money, money, rates, rates), max_size=8)


@given(some_lines, st.sampled_from([EXCLUSIVE, INCLUSIVE, NO_TAX]))
def test_totals_add_up_and_have_two_decimals(lines, kind):
    totals = invoice(kind, *lines).computed_totals()
    assert totals.subtotal + totals.tax == totals.total
    for amount in (totals.subtotal, totals.tax, totals.total):
        assert amount.as_tuple().exponent == -2


@given(some_lines, st.sampled_from([EXCLUSIVE, INCLUSIVE, NO_TAX]))
def test_reversed_document_has_the_opposite_totals(lines, kind):
    opposite = [(-quantity, *rest) for quantity, *rest in lines]
    one = invoice(kind, *lines).computed_totals()
    other = invoice(kind, *opposite).computed_totals()
    assert (one.total, one.tax) == (-other.total, -other.tax)


@given(money, rates)
def test_tax_is_within_half_a_cent_of_the_exact_one(amount, rate):
    amount = amount.quantize(Decimal("0.01"))
    off = tax_amount(amount, rate, EXCLUSIVE) * 100 - amount * rate
    assert abs(off) <= Decimal("0.5")
