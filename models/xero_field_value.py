"""Values of the fields that a person maps: Odoo's form of them, and the document's.

Which kinds of field fit together, see `FITTING`; all else is refused when it is mapped.
"""

from odoo.tools import float_repr

from ..mapping import fields as kinds
from ..mapping.errors import MappingError
from ..mapping.values import parse_date, text_length

# Kind of Xero's field: types of Odoo's that can be mapped to it.
FITTING = {
    kinds.TEXT: ("char", "text", "selection", "integer", "date", "many2one"),
    kinds.NUMBER: ("float", "monetary", "integer"),
    kinds.WHOLE: ("integer",),
    kinds.FLAG: ("boolean",),
    kinds.DAY: ("date",),
}
# Of these there is no telling which record a text from Xero means.
ONLY_TO_XERO = ("many2one",)


def from_odoo(record, name):
    """Return a field's value as a document takes it; None where it is empty.

    An Odoo number has no empty state: 0 counts as empty.

    :param record: one record
    :param str name: of its field
    """
    field, value = record._fields[name], record[name]
    if field.type == "boolean":
        return value
    if not value:
        return None
    if field.type == "many2one":
        return value.display_name
    if field.type == "selection":
        return dict(field._description_selection(record.env))[value]
    if field.type == "date":
        return value.isoformat()
    if field.type in ("float", "monetary"):
        return float_repr(value, _get_digits(record, field))
    return value


def to_odoo(record, name, xero_field, value):
    """Return a document's value as Odoo's `create` and `write` take it.

    :param record: of the model; may be empty
    :param str name: of its field
    :param str xero_field: name of the document's field, for the sentence
    :raise MappingError: with a sentence, if the field cannot hold it
    """
    field = record._fields[name]
    if field.type == "boolean":
        return bool(value)
    if value in ("", None):
        return 0 if field.type in ("integer", "float", "monetary") else False
    convert = _TO_ODOO.get(field.type, _to_text)
    try:
        return convert(record, field, value)
    except ValueError as error:
        raise MappingError(
            record.env._(
                "%(field)s cannot be %(value)s, as Xero says: %(why)s",
                field=field._description_string(record.env),
                value=value,
                why=str(error),
            ),
            xero_field,
        ) from error


def _to_text(record, field, value):
    size = getattr(field, "size", None)
    if size and text_length(value) > size:
        raise ValueError(record.env._("it takes %s characters.", size))
    return value


def _to_selection(record, field, value):
    known = {}
    english = record.with_context(lang="en_US").env
    for key, label in field._description_selection(english):
        known.setdefault(label.casefold(), key)
        known.setdefault(key.casefold(), key)
    if value.casefold() not in known:
        raise ValueError(record.env._("it is not one of the choices."))
    return known[value.casefold()]


def _to_date(_record, _field, value):
    return parse_date(value)


def _to_integer(record, _field, value):
    whole = kinds.to_whole(value)
    if abs(whole) > 2**31 - 1:
        raise ValueError(record.env._("the number is too large."))
    return whole


def _to_float(record, field, value):
    return float(float_repr(float(value), _get_digits(record, field)))


def _get_digits(record, field):
    """Decimals of a number in Odoo; Xero takes four of a price."""
    if field.type == "monetary":
        currency = record[field.get_currency_field(record)][:1]
        return currency.decimal_places if currency else 2
    digits = field.get_digits(record.env)
    return digits[1] if digits else 4


_TO_ODOO = {
    "selection": _to_selection,
    "date": _to_date,
    "integer": _to_integer,
    "float": _to_float,
    "monetary": _to_float,
}
