"""Which Xero tax rate an Odoo tax may be: by its percentage, and by what its name says.

Rates of zero percent differ in nothing but that, and mean different boxes of a tax
return: where the words do not tell, or tell of two rates, nothing is proposed.
"""

import dataclasses
import re
from collections.abc import Iterable
from decimal import Decimal

from .words import fold

# What a name may say of a tax, in the words of Xero's charts and of Odoo's.
_WORDS = {
    "zero": r"zero|zr",
    "exempt": r"exempt\w*",
    "free": r"free",
    "taxed at input": r"input taxed|inp",
    "no tax": r"no (?:tax|gst|vat)|(?:bas )?excluded|outside (?:the )?scope"
    r"|out of scope|non taxable|not taxable",
    "export": r"exports?|ex|overseas|rest of (?:the )?world",
    "EC": r"ec|eu|intra \w+",
    "goods": r"goods",
    "services": r"services?",
    "reverse charge": r"reverse charges?|rc|drc",
    "capital": r"capital|capex",
    "imports": r"imports?",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _WORDS.items()}
# What Xero's own types say where a name says nothing.
_TYPES = {
    "ZERORATED": {"zero"},
    "ZERORATEDOUTPUT": {"zero"},
    "EXEMPTOUTPUT": {"exempt"},
    "EXEMPTEXPORT": {"free", "export"},
    "INPUTTAXED": {"taxed at input"},
    "NONE": {"no tax"},
    "BASEXCLUDED": {"no tax"},
    "ECZROUTPUT": {"EC", "zero", "goods"},
    "ECZROUTPUTSERVICES": {"EC", "zero", "services"},
    "REVERSECHARGES": {"reverse charge"},
}
_CUSTOM = re.compile(r"TAX\d+")
_COMMON = {"tax", "on", "sales", "sale", "gst", "vat", "income", "the", "of"}
SURE, LIKELY, UNCLEAR = "sure", "likely", "unclear"
# Why, for a person; the sentences are those of the screen.
NAMES, COMPONENTS, ONLY, ZERO = "names", "components", "only", "zero"
SEVERAL, OTHER_NAMES, NO_RATE, NO_PERCENT = (
    "several",
    "other_names",
    "no_rate",
    "no_percent",
)


@dataclasses.dataclass(frozen=True, slots=True)
class TaxOption:
    """A Xero tax rate that may be chosen.

    :ivar key: names it, as the caller likes
    :ivar rate: effective rate in percent
    :ivar tax_type: Xero's type, e.g. OUTPUT2
    :ivar components: rates of its components in percent
    """

    key: int
    name: str
    rate: Decimal
    tax_type: str = ""
    components: tuple[Decimal, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """What its name says of it, else its type."""
        return read_kinds(self.name) or frozenset(_TYPES.get(self.tax_type, ()))


@dataclasses.dataclass(frozen=True, slots=True)
class TaxProposal:
    """What is proposed for a tax: a key or None, how sure, why, and what else fits."""

    key: int | None
    sureness: str
    why: str
    fitting: tuple[int, ...] = ()


def read_kinds(text: str) -> frozenset[str]:
    """Return what a tax's name says of it: keys of the table of words."""
    words = _plain(text)
    found = {kind for kind, pattern in _PATTERNS.items() if pattern.search(words)}
    if "EC" not in found:
        # Elsewhere these tell what is sold, not how it is taxed.
        found -= {"goods", "services"}
    return frozenset(found)


def propose(
    text: str,
    rate: Decimal | None,
    options: Iterable[TaxOption],
    components: tuple[Decimal, ...] = (),
) -> TaxProposal:
    """Return the Xero tax rate that a tax of Odoo's, or several on a line, may be.

    :param text: all that Odoo says of it: name, description
    :param rate: effective rate in percent; None where it is no percentage
    :param components: the rates of several taxes on one line
    """
    if rate is None:
        return TaxProposal(None, UNCLEAR, NO_PERCENT)
    options = [option for option in options if _same(option.rate, rate)]
    if not options:
        return TaxProposal(None, UNCLEAR, NO_RATE)
    kinds = read_kinds(text)
    same_kind = [option for option in options if option.kinds == kinds]
    if len(components) > 1:
        by_part = [o for o in same_kind if sorted(o.components) == sorted(components)]
        if len(by_part) == 1:
            return _found(by_part[0], SURE, COMPONENTS, options)
    if len(same_kind) > 1:
        return _of_several(text, same_kind)
    if same_kind:
        sure = len(components) < 2 and (kinds or rate) and _is_told(text, same_kind[0])
        why = ONLY if len(options) == 1 and not (sure and kinds) else NAMES
        return _found(same_kind[0], SURE if sure else LIKELY, why, options)
    return _by_part_of_the_name(kinds, options)


def _is_told(text, option):
    """Rates that users made have any name: only a word in common tells."""
    if not _CUSTOM.fullmatch(option.tax_type):
        return True
    ours, theirs = (
        {word for word in _plain(name).split() if word.isalpha()} - _COMMON
        for name in (text, option.name)
    )
    return bool(ours & theirs)


def _of_several(text, options):
    words = _plain(text)
    named = [option for option in options if _plain(option.name) == words]
    if len(named) == 1:
        return _found(named[0], SURE, NAMES, options)
    return TaxProposal(None, UNCLEAR, SEVERAL, _keys(options))


def _by_part_of_the_name(kinds, options):
    """Names that say more than zero rated on one side: 'Zero rated export'."""
    specific = kinds - {"zero"}
    if specific:
        close = [o for o in options if o.kinds - {"zero"} == specific]
        if len(close) == 1:
            return _found(close[0], LIKELY, NAMES, options)
        if len(close) > 1:
            return TaxProposal(None, UNCLEAR, SEVERAL, _keys(close))
        more = [o for o in options if o.kinds > specific]
        if more:
            return TaxProposal(None, UNCLEAR, SEVERAL, _keys(more))
        zero = [o for o in options if o.kinds == {"zero"}]
        if "zero" in kinds and len(zero) == 1:
            return _found(zero[0], LIKELY, ZERO, options)
    elif not kinds and len(options) == 1:
        return _found(options[0], LIKELY, ONLY, options)
    return TaxProposal(None, UNCLEAR, _why_none(kinds, options), _keys(options))


def _why_none(kinds, options):
    return OTHER_NAMES if kinds or len(options) == 1 else SEVERAL


def _found(option, sureness, why, options):
    return TaxProposal(option.key, sureness, why, _keys(options))


def _keys(options):
    return tuple(option.key for option in options)


def _same(one: Decimal, other: Decimal) -> bool:
    """Xero keeps four decimals of a rate."""
    return abs(one - other) < Decimal("0.00005")


def _plain(text: str) -> str:
    """Words in small letters, numbers with their decimals."""
    return " ".join(re.findall(r"[a-z]+|\d+(?:\.\d+)?", fold(text)))
