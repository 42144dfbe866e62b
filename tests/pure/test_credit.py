"""What is credited of an invoice, and how it is written, to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mapping.credit import (
    NOTHING,
    Part,
    credit_amounts,
    credit_lines,
    part_of,
    spread,
    take,
)
from mapping.credit_note import CreditNoteData
from mapping.line import LineData

KINDS = st.sampled_from(["Exclusive", "Inclusive", "NoTax"])
RATES = st.sampled_from(["0", "5", "8.25", "15", "20"])


@st.composite
def invoice_lines(draw):
    rate = draw(RATES)
    return LineData(
        description="Thing",
        quantity=draw(st.decimals("0.01", "999", places=2)),
        unit_amount=draw(st.decimals("0.01", "999", places=4)),
        discount_rate=draw(st.sampled_from(["0", "7.5", "33.33"])),
        account_code=draw(st.sampled_from(["200", "260"])),
        tax_type=f"TAX{rate}",
        tax_rate=rate,
        line_item_id="ff26bbff-1cee-4d4c-a9bf-1842233a385f",
    )


def total_of(lines, kind):
    return CreditNoteData(lines=lines, line_amount_types=kind).computed_totals().total


def whole_of(parts):
    return sum(parts, NOTHING).total


@given(st.lists(invoice_lines(), min_size=1, max_size=6), KINDS)
def test_whole_invoice_is_credited_to_the_cent(lines, kind):
    parts = [part_of(line, kind) for line in lines]
    credit = credit_lines(zip(lines, parts, strict=True), kind)
    assert total_of(credit, kind) == whole_of(parts)
    assert not any(line.discount_rate or line.discount_amount for line in credit)
    assert not any(line.line_item_id for line in credit)


@given(st.lists(invoice_lines(), min_size=1, max_size=6), KINDS, st.data())
def test_pieces_and_the_rest_make_the_whole(lines, kind, data):
    left = [part_of(line, kind) for line in lines]
    wanted = [
        data.draw(st.decimals("0", str(line.quantity), places=2)) for line in lines
    ]
    first = [take(*pair) for pair in zip(left, wanted, strict=True)]
    rest = [one - other for one, other in zip(left, first, strict=True)]
    second = [take(part, part.quantity) for part in rest]
    written = [
        credit_lines(zip(lines, parts, strict=True), kind) for parts in (first, second)
    ]
    assert sum(total_of(credit, kind) for credit in written) == whole_of(left)


@given(st.lists(invoice_lines(), min_size=1, max_size=6), KINDS, st.data())
def test_amount_is_credited_to_the_cent(lines, kind, data):
    left = [part_of(line, kind) for line in lines]
    whole = whole_of(left)
    if whole <= 0:
        return
    total = data.draw(st.decimals("0.01", str(whole), places=2))
    parts = spread(left, total)
    assert whole_of(parts) == total
    credit = credit_amounts(zip(lines, parts, strict=True), kind, "Credit")
    assert total_of(credit, kind) == total
    assert len(credit) <= len({(row.account_code, row.tax_type) for row in lines})


def test_spread_of_the_whole_leaves_nothing():
    left = [Part(Decimal(1), Decimal("33.33"), Decimal("5.00"))] * 3
    parts = spread(left, Decimal("114.99"))
    assert [part.total for part in parts] == [Decimal("38.33")] * 3


def test_negative_line_goes_with_the_others():
    left = [
        Part(Decimal(1), Decimal("100.00"), Decimal("15.00")),
        Part(Decimal(-1), Decimal("-20.00"), Decimal("-3.00")),
    ]
    parts = spread(left, Decimal("46.00"))
    assert [part.total for part in parts] == [Decimal("57.50"), Decimal("-11.50")]
