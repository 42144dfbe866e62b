"""The documented forms of the ``where`` and ``order`` parameters.

``Status=="ACTIVE" AND Contact.Name.StartsWith("A") && Date>=DateTime(2026,01,31)``:
strings in double quotes without an escape, ``Guid("...")``, ``DateTime(y,m,d)``,
null and true/false. Texts match without regard to case (facts file section 3).
"""

import operator
import re
from datetime import UTC, datetime
from decimal import Decimal

from . import wire
from .errors import query_parse_exception

TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<op>==|!=|<>|>=|<=|&&|\|\||[=<>!(),.])
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*))""",
    re.X,
)
COMPARE = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
METHODS = {
    "CONTAINS": lambda text, part: part in text,
    "STARTSWITH": lambda text, part: text.startswith(part),
    "ENDSWITH": lambda text, part: text.endswith(part),
}


def _tokens(text):
    found, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise query_parse_exception(f"Syntax error at position {position}")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return found


def comparable(value):
    """A stored or written value in the form in which it is compared."""
    if isinstance(value, str):
        if value.startswith("/Date("):
            return wire.from_ms(value)
        return value.casefold()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def path_value(record, path):
    """The value of ``Contact.Name`` in a wire payload; None where absent."""
    for name in path:
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record


class Parser:
    """A recursive descent parser; each rule returns ``function(record) -> value``.

    :param str text: the condition
    :param fields: names that the resource has at top level, or None for any
    """

    def __init__(self, text, fields=None):
        self.tokens = _tokens(text)
        self.position = 0
        self.fields = fields

    def parse(self):
        """:return: a predicate on wire payloads.

        :raise BadRequest: QueryParseException
        """
        rule = self._or()
        if self.position < len(self.tokens):
            raise query_parse_exception(f"Syntax error at '{self._peek()}'")
        return rule

    def _peek(self):
        if self.position < len(self.tokens):
            return self.tokens[self.position][1]
        return ""

    def _accept(self, *texts):
        if self._peek().upper() in texts:
            self.position += 1
            return True
        return False

    def _expect(self, text):
        if not self._accept(text):
            raise query_parse_exception(f"'{text}' expected")

    def _or(self):
        rules = [self._and()]
        while self._accept("OR", "||"):
            rules.append(self._and())
        return lambda record: any(rule(record) for rule in rules)

    def _and(self):
        rules = [self._term()]
        while self._accept("AND", "&&"):
            rules.append(self._term())
        return lambda record: all(rule(record) for rule in rules)

    def _term(self):
        if self._accept("!", "NOT"):
            rule = self._term()
            return lambda record: not rule(record)
        if self._accept("("):
            rule = self._or()
            self._expect(")")
            return rule
        left = self._operand()
        sign = self._peek()
        if sign not in COMPARE:
            return lambda record: bool(left(record))
        self.position += 1
        right = self._operand()
        return _comparison(COMPARE[sign], left, right)

    def _operand(self):
        if self.position >= len(self.tokens):
            raise query_parse_exception("Expression expected")
        kind, text = self.tokens[self.position]
        self.position += 1
        if kind == "string":
            return _constant(text[1:-1].casefold())
        if kind == "number":
            return _constant(Decimal(text))
        if kind == "name":
            return self._name(text)
        raise query_parse_exception(f"Expression expected, found '{text}'")

    def _name(self, text):
        upper = text.upper()
        if upper in ("TRUE", "FALSE", "NULL"):
            return _constant({"TRUE": True, "FALSE": False, "NULL": None}[upper])
        if upper == "GUID":
            return _constant(self._arguments()[0])
        if upper == "DATETIME":
            if self._accept("."):
                self._expect("PARSE")
                return _constant(_moment_of_text(self._arguments()[0]))
            return _constant(_moment(self._arguments()))
        if self.fields is not None and text not in self.fields:
            raise query_parse_exception(f"No property or field '{text}' exists")
        return self._path([text])

    def _path(self, path):
        rule = _field(path)
        while self._accept("."):
            _kind, text = self.tokens[self.position]
            self.position += 1
            upper = text.upper()
            if upper in METHODS:
                rule = _method(METHODS[upper], rule, self._arguments()[0])
            elif upper in ("TOLOWER", "TOUPPER", "TOSTRING"):
                self._arguments(empty=True)
            elif upper not in ("VALUE", "HASVALUE"):
                path = [*path, text]
                rule = _field(path)
        return rule

    def _arguments(self, empty=False):
        self._expect("(")
        values = []
        while not self._accept(")"):
            values.append(self._operand()({}))
            self._accept(",")
            if self.position > len(self.tokens):
                raise query_parse_exception("')' expected")
        if not values and not empty:
            raise query_parse_exception("Argument expected")
        return values


def _constant(value):
    return lambda record: value


def _field(path):
    path = tuple(path)
    return lambda record: comparable(path_value(record, path))


def _method(method, rule, part):
    def call(record):
        text = rule(record)
        return isinstance(text, str) and method(text, part)

    return call


def _comparison(compare, left, right):
    def call(record):
        one, two = left(record), right(record)
        if one is None or two is None:
            return compare in (operator.eq, operator.ne) and compare(one, two)
        try:
            return compare(one, two)
        except TypeError:
            raise query_parse_exception(
                "Operator used with incompatible types"
            ) from None

    return call


def _moment(arguments):
    try:
        return datetime(*(int(value) for value in arguments), tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise query_parse_exception(f"Invalid DateTime: {error}") from None


def _moment_of_text(text):
    try:
        moment = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError as error:
        raise query_parse_exception(f"Invalid DateTime: {error}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_where(text, fields=None):
    """A predicate for ``where=text``."""
    return Parser(text, fields).parse()


def parse_order(text, fields=None):
    """:return: list of (path, descending) for ``order=Name ASC, Date DESC``."""
    terms = []
    for term in text.split(","):
        words = term.split()
        if not words or len(words) > 2:
            raise query_parse_exception(f"Invalid order '{term}'")
        direction = words[1].upper() if len(words) == 2 else "ASC"
        if direction not in ("ASC", "DESC"):
            raise query_parse_exception(f"Invalid order '{term}'")
        path = words[0].split(".")
        if fields is not None and path[0] not in fields:
            raise query_parse_exception(f"No property or field '{path[0]}' exists")
        terms.append((path, direction == "DESC"))
    return terms


def sort_rows(rows, terms):
    """``rows`` in the order of ``terms``; the last key is sorted first (stable)."""
    rows = list(rows)
    for path, descending in reversed(terms):
        rows.sort(key=lambda row: _sort_key(path_value(row, path)), reverse=descending)
    return rows


def _sort_key(value):
    value = comparable(value)
    if value is None:
        return (0, "")
    if isinstance(value, datetime):
        return (1, value.isoformat())
    return (1, value)
