"""Xero's own arithmetic, written apart from the addon's.

Source: Xero's page on rounding in invoices (the facts file section 7): the unit
amount is rounded first (2 or 4 places), tax per line to 2 places, half up.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .errors import Refused

ZERO = Decimal(0)
HUNDRED = Decimal(100)


def number(value, field="Amount"):
    """A number as clients send it, exact.

    :raise Refused: if it is no number
    """
    try:
        result = Decimal(str(value))
    except InvalidOperation:
        raise Refused(f"{field} is not a valid number") from None
    if not result.is_finite():
        raise Refused(f"{field} is not a valid number")
    return result


def places(value, digits):
    """``value`` rounded half up to ``digits`` places."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
    """The computed part of a line; amounts in the document's currency."""

    quantity: Decimal
    unit: Decimal
    amount: Decimal
    tax: Decimal
    discount: Decimal


def compute_line(line, rate, amount_types, unit_places=2):
    """Amount, tax and discount of one line.

    :param dict line: wire payload of the line
    :param Decimal rate: the tax rate in percent
    :param str amount_types: Exclusive, Inclusive or NoTax (any case)
    :param int unit_places: 2, or 4 with ``unitdp=4`` and for quotes
    :raise Refused: if LineAmount does not match
    """
    quantity = places(number(line.get("Quantity", 1), "Quantity"), 4)
    sent = line.get("LineAmount")
    unit = line.get("UnitAmount")
    if unit is None:
        sent = ZERO if sent is None else number(sent, "LineAmount")
        unit = sent / quantity if quantity else ZERO
    unit = places(number(unit, "UnitAmount"), unit_places)
    gross = quantity * unit
    discount = _discount(line, gross)
    amount = places(gross - discount, 2)
    if line.get("LineAmount") is not None and line.get("UnitAmount") is not None:
        _check_line_total(number(line["LineAmount"], "LineAmount"), amount)
    elif line.get("LineAmount") is not None:
        amount = places(number(line["LineAmount"], "LineAmount"), 2)
    tax = line_tax(amount, rate, amount_types)
    if line.get("TaxAmount") is not None and amount_types.upper() != "NOTAX":
        tax = places(number(line["TaxAmount"], "TaxAmount"), 2)
    return Line(quantity, unit, amount, tax, places(discount, 2))


def _discount(line, gross):
    if line.get("DiscountRate") is not None:
        return gross * number(line["DiscountRate"], "DiscountRate") / HUNDRED
    if line.get("DiscountAmount") is not None:
        return number(line["DiscountAmount"], "DiscountAmount")
    return ZERO


def _check_line_total(sent, expected):
    if places(sent, 2) != expected:
        raise Refused(
            f"The line total {sent} does not match the expected line total {expected}"
        )


def line_tax(amount, rate, amount_types):
    """The tax in or on one line, rounded to 2 places."""
    kind = amount_types.upper()
    if kind == "NOTAX":
        return places(ZERO, 2)
    if kind == "INCLUSIVE":
        return places(amount * rate / (HUNDRED + rate), 2)
    return places(amount * rate / HUNDRED, 2)


def totals(lines, amount_types):
    """SubTotal, TotalTax, Total and TotalDiscount of computed lines."""
    amount = sum((line.amount for line in lines), places(ZERO, 2))
    tax = sum((line.tax for line in lines), places(ZERO, 2))
    discount = sum((line.discount for line in lines), places(ZERO, 2))
    if amount_types.upper() == "INCLUSIVE":
        amount -= tax
    return {
        "SubTotal": amount,
        "TotalTax": tax,
        "Total": amount + tax,
        "TotalDiscount": discount,
    }
