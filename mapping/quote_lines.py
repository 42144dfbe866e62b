"""Lines of quotes: what of them people write, and which is which after an edit."""

import dataclasses
from collections.abc import Sequence

from .line import LineData

# Xero's ids and figures, and our own rate for the arithmetic.
_NOT_WRITTEN = ("line_item_id", "line_amount", "tax_rate")


def content_of_line(values: dict) -> dict:
    """Return what people write in a line.

    :param values: of a line, as ``values()`` of its document has them
    """
    return {name: value for name, value in values.items() if name not in _NOT_WRITTEN}


def same_lines(ours: Sequence[LineData], theirs: Sequence[LineData]) -> bool:
    """Return whether Xero has the lines that it was sent: it fills in accounts and
    taxes by itself, and the names of what was named by an id.

    :param ours: as Odoo has them
    :param theirs: as Xero has them
    """
    return len(ours) == len(theirs) and all(map(_is_same_line, ours, theirs))


def _is_same_line(ours: LineData, theirs: LineData) -> bool:
    names = ("description", "quantity", "unit_amount", "discount_rate", "item_code")
    if any(getattr(ours, name) != getattr(theirs, name) for name in names):
        return False
    if ours.is_note:
        return theirs.is_note
    said = [name for name in ("account_code", "tax_amount") if getattr(ours, name)]
    return (
        all(getattr(ours, name) == getattr(theirs, name) for name in said)
        and ours.tax_type == theirs.tax_type
        and _options(ours) == _options(theirs)
    )


def _options(line: LineData) -> set[str]:
    return {option.option_id or option.option for option in line.tracking}


def keep_line_ids(
    lines: Sequence[LineData], known: Sequence[LineData]
) -> tuple[LineData, ...]:
    """Return the lines with the ids of those that Xero has: first of the same item and
    text, then of the same place; what is left over is new.

    :param lines: as Odoo has them, without ids
    :param known: as Xero has them
    """
    free = {line.line_item_id: line for line in known if line.line_item_id}
    ids = [""] * len(lines)
    for place, line in enumerate(lines):
        for line_id, other in free.items():
            if _name(other) == _name(line):
                ids[place] = line_id
                del free[line_id]
                break
    for place, other in enumerate(known[: len(lines)]):
        if not ids[place] and other.line_item_id in free:
            ids[place] = other.line_item_id
            del free[other.line_item_id]
    return tuple(
        dataclasses.replace(line, line_item_id=line_id)
        for line, line_id in zip(lines, ids, strict=True)
    )


def _name(line: LineData) -> tuple[str, str]:
    return line.item_code, line.description
