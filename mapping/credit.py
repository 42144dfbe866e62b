"""Crediting an invoice: what is taken from each of its lines, and how that is written
as a credit note, which takes no discounts, to the cent."""

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

from .fit import PRICE_DIGITS, fit_line
from .line import LineData
from .totals import AMOUNT_DIGITS, INCLUSIVE
from .values import EXACT, round_half_up


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What of a line of an invoice is, or can be, credited; ``amount`` without tax."""

    quantity: Decimal
    amount: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """With tax."""
        return self.amount + self.tax

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.quantity + other.quantity,
            self.amount + other.amount,
            self.tax + other.tax,
        )

    def __sub__(self, other: "Part") -> "Part":
        return Part(
            self.quantity - other.quantity,
            self.amount - other.amount,
            self.tax - other.tax,
        )


NOTHING = Part(Decimal(0), Decimal(0), Decimal(0))


def part_of(line: LineData, kind: str) -> Part:
    """Return the whole of a line.

    :param kind: Exclusive, Inclusive or NoTax
    """
    tax = line.tax(kind)
    amount = line.amount() - tax if kind == INCLUSIVE else line.amount()
    return Part(line.quantity, amount, tax)


def take(left: Part, quantity: Decimal) -> Part:
    """Return so many pieces of what is left of a line; the last ones take what rounding
    has left."""
    if quantity == left.quantity:
        return left
    return Part(
        quantity,
        _share(left.amount, quantity, left.quantity),
        _share(left.tax, quantity, left.quantity),
    )


def spread(left: list[Part], total: Decimal) -> list[Part]:
    """Return an amount with tax, given to lines by what is left of each; no pieces.

    :param left: of each line
    :param total: more than nothing, at most what is left of all
    """
    whole = sum((part.total for part in left), Decimal(0))
    found, passed, given = [], Decimal(0), Decimal(0)
    for part in left:
        passed += part.total
        share = _share(total, passed, whole) - given
        given += share
        tax = _share(part.tax, share, part.total) if part.total else Decimal(0)
        found.append(Part(Decimal(0), share - tax, tax))
    return found


def credit_lines(
    pairs: Iterable[tuple[LineData, Part]], kind: str
) -> tuple[LineData, ...]:
    """Return the lines of a credit note that takes pieces back.

    :param pairs: a line of the invoice, with its ``tax_rate``, and what is taken of it
    :param kind: Exclusive, Inclusive or NoTax, as the invoice has it
    """
    return tuple(
        _credit_line(line, part.quantity or Decimal(1), part, kind)
        for line, part in pairs
        if part.quantity or part.total
    )


def credit_amounts(
    pairs: Iterable[tuple[LineData, Part]], kind: str, text: str
) -> tuple[LineData, ...]:
    """Return the lines of a credit note over an amount: one for each account, tax and
    tracking that the invoice has. Nothing goes back to stock.

    :param str text: the description of each
    """
    groups = {}
    for line, part in pairs:
        key = (line.account_code, line.tax_type, line.tracking)
        groups.setdefault(key, []).append((line, part))
    return tuple(
        _credit_line(
            dataclasses.replace(rows[0][0], description=text, item_code=""),
            Decimal(1),
            whole,
            kind,
        )
        for rows in groups.values()
        if (whole := sum((part for _line, part in rows), NOTHING)).total
    )


def _credit_line(line, quantity, part, kind):
    wanted = part.total if kind == INCLUSIVE else part.amount
    plain = dataclasses.replace(
        line,
        quantity=quantity,
        unit_amount=round_half_up(EXACT.divide(wanted, quantity), PRICE_DIGITS),
        discount_rate=Decimal(0),
        discount_amount=Decimal(0),
        line_amount=None,
        tax_amount=None,
        line_item_id="",
    )
    return fit_line(plain, part.amount, part.tax, kind, discounts=False)


def _share(number, part, whole):
    if part == whole:
        return number
    return round_half_up(
        EXACT.divide(EXACT.multiply(number, part), whole), AMOUNT_DIGITS
    )
