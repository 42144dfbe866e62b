"""The arithmetic of lines and totals, exactly as Xero rounds.

Source: https://developer.xero.com/documentation/api-guides/rounding-in-xero: tax is
computed and rounded on each line, then summed; unit amounts have four decimals (with
``unitdp=4``), all amounts two, in every currency.
"""

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from .values import EXACT, round_half_up, to_decimal

AMOUNT_DIGITS = 2
EXCLUSIVE, INCLUSIVE, NO_TAX = "Exclusive", "Inclusive", "NoTax"
_HUNDRED = Decimal(100)


@dataclasses.dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of a document in its currency; ``total = subtotal + tax``."""

    subtotal: Decimal
    tax: Decimal
    total: Decimal


def line_amount(
    quantity: Decimal,
    unit_amount: Decimal,
    discount_rate: Decimal = Decimal(0),
    discount_amount: Decimal = Decimal(0),
) -> Decimal:
    """Return quantity × unit amount less the discount (a rate in percent, else an
    amount), rounded once."""
    gross = EXACT.multiply(quantity, unit_amount)
    if discount_rate:
        kept = EXACT.divide(EXACT.subtract(_HUNDRED, discount_rate), _HUNDRED)
        return round_half_up(EXACT.multiply(gross, kept), AMOUNT_DIGITS)
    return round_half_up(EXACT.subtract(gross, discount_amount), AMOUNT_DIGITS)


def tax_amount(amount: Decimal, rate: Decimal, line_amount_types: str) -> Decimal:
    """Return the tax on (or, if inclusive, in) a line's rounded amount.

    :param rate: effective rate in percent
    """
    if line_amount_types == NO_TAX:
        return Decimal("0.00")
    share = EXACT.multiply(amount, rate)
    whole = EXACT.add(_HUNDRED, rate) if line_amount_types == INCLUSIVE else _HUNDRED
    if not whole:
        raise ValueError("A tax of -100 % can't be included in a price.")
    return round_half_up(EXACT.divide(share, whole), AMOUNT_DIGITS)


def same_to_the_cent(ours: float, theirs: Decimal | float) -> bool:
    """Whether an amount of Odoo's is Xero's, which has two decimals in any currency."""
    rounded = (
        round_half_up(to_decimal(f"{amount:.6f}"), AMOUNT_DIGITS)
        for amount in (ours, theirs)
    )
    return next(rounded) == next(rounded)


def document_totals(
    lines: Iterable[tuple[Decimal, Decimal]], line_amount_types: str
) -> Totals:
    """Sum (amount, tax) pairs of rounded lines."""
    amounts = taxes = Decimal("0.00")
    for amount, tax in lines:
        amounts = EXACT.add(amounts, amount)
        taxes = EXACT.add(taxes, tax)
    if line_amount_types == INCLUSIVE:
        return Totals(EXACT.subtract(amounts, taxes), taxes, amounts)
    return Totals(amounts, taxes, EXACT.add(amounts, taxes))
