"""Give Xero's arithmetic the amounts that are known already.

Odoo may round a tax over the whole document, to whole yen, or in a price that holds
it; Xero rounds each line to two decimals. So a line is written in such a way that Xero
comes to Odoo's amounts: first as it is, then by a unit price of four decimals, at last
as one piece; and where only the tax differs, with its tax said.
"""

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from .line import LineData
from .totals import AMOUNT_DIGITS, INCLUSIVE
from .values import EXACT, decimal_text, round_half_up

PRICE_DIGITS = 4


def to_cents(
    amounts: Iterable[tuple[Decimal, Decimal]],
) -> list[tuple[Decimal, Decimal]]:
    """Return (amount without tax, tax) pairs in the two decimals that Xero has.

    Of a currency with three (KWD) no single line is off by a cent, and the sums are
    the rounded sums: what one line loses, the next gets.
    """
    found = []
    exact_tax = exact_total = Decimal(0)
    given_tax = given_total = Decimal(0)
    for amount, tax in amounts:
        exact_tax = EXACT.add(exact_tax, tax)
        exact_total = EXACT.add(exact_total, EXACT.add(amount, tax))
        line_tax = round_half_up(exact_tax, AMOUNT_DIGITS) - given_tax
        line_total = round_half_up(exact_total, AMOUNT_DIGITS) - given_total
        given_tax += line_tax
        given_total += line_total
        found.append((line_total - line_tax, line_tax))
    return found


def fit_line(
    line: LineData, amount: Decimal, tax: Decimal, kind: str, discounts: bool = True
) -> LineData:
    """Return the line as Xero computes the given amounts from it.

    :param line: as the customer was shown it: quantity, price, discount, tax rate
    :param amount: without tax, two decimals
    :param tax: two decimals
    :param kind: Exclusive, Inclusive or NoTax
    :param discounts: whether the document takes any: a credit note does not
    """
    wanted = amount + tax if kind == INCLUSIVE else amount
    fitted = next(
        way
        for way in _ways(line, wanted)
        if way.amount() == wanted
        and (discounts or not (way.discount_rate or way.discount_amount))
    )
    if fitted.tax(kind) != tax:
        fitted = dataclasses.replace(fitted, tax_amount=tax)
    return fitted


def _ways(line, wanted):
    """Yield the line in forms that are ever less like what the customer was shown."""
    yield line
    kept = EXACT.divide(EXACT.subtract(Decimal(100), line.discount_rate), Decimal(100))
    for share, changes in ((kept, {}), (Decimal(1), {"discount_rate": Decimal(0)})):
        if divisor := EXACT.multiply(line.quantity, share):
            price = round_half_up(EXACT.divide(wanted, divisor), PRICE_DIGITS)
            yield dataclasses.replace(line, unit_amount=price, **changes)
    yield from _with_discount(line, wanted)
    yield dataclasses.replace(
        line,
        description=_told(line),
        quantity=Decimal(1),
        unit_amount=wanted,
        discount_rate=Decimal(0),
    )


def _with_discount(line, wanted):
    """Of many pieces no price of four decimals may do: the next higher, less cents."""
    if line.quantity > 0 and wanted > 0:
        step = Decimal(1).scaleb(-PRICE_DIGITS)
        price = round_half_up(EXACT.divide(wanted, line.quantity), PRICE_DIGITS) + step
        gross = EXACT.multiply(line.quantity, price)
        yield dataclasses.replace(
            line,
            unit_amount=price,
            discount_rate=Decimal(0),
            discount_amount=round_half_up(EXACT.subtract(gross, wanted), AMOUNT_DIGITS),
        )


def _told(line):
    """The description with the quantity, price and discount that it stands for."""
    told = f"{decimal_text(line.quantity)} × {decimal_text(line.unit_amount)}"
    if line.discount_rate:
        told += f" − {decimal_text(line.discount_rate)} %"
    return f"{line.description}\n{told}"
