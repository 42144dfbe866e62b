"""How alike are a contact and a customer? Keys to find pairs by, a score to judge them.

A pair is looked at only when both sides share a key, and keys are compared for equality
alone: an index finds the pairs of a thousand contacts in one query.
"""

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from .contact import ContactData
from .values import clean_text, normalise_email, normalise_name

# Says what a company is, not who: "Kauri Ltd" and "Kauri Limited" are one name.
_LEGAL_FORMS = frozenset(
    "ab ag aps as asa bhd bv co company corp corporation doo eurl gbr gmbh inc "
    "incorporated kg kgaa kk lda limited limitada llc llp lp ltd ltda mbh nl nv ohg ou "
    "oy oyj plc pte pty pvt sa sarl sas sdn se sl spa srl sro ug "
    "the and und et y e".split()
)
_WORD = re.compile(r"[^\W_]+")
_STREET_WORDS = {
    "st": "street",
    "str": "strasse",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "dr": "drive",
    "ln": "lane",
    "blvd": "boulevard",
    "pl": "place",
    "sq": "square",
    "hwy": "highway",
    "tce": "terrace",
    "cres": "crescent",
    "ct": "court",
}
# Addresses at these hosts belong to persons, not to one company.
FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com "
    "ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.net gmx.de gmx.at gmx.ch "
    "web.de mail.com mail.ru yandex.ru yandex.com proton.me protonmail.com pm.me "
    "zoho.com fastmail.com hey.com qq.com 163.com 126.com sina.com naver.com "
    "daum.net t-online.de freenet.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr "
    "libero.it virgilio.it tiscali.it btinternet.com sky.com talktalk.net "
    "virginmedia.com comcast.net verizon.net att.net sbcglobal.net cox.net "
    "bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz "
    "slingshot.co.nz hotmail.co.uk outlook.co.nz yahoo.co.uk yahoo.co.nz "
    "yahoo.com.au yahoo.fr yahoo.de yahoo.co.in rediffmail.com uol.com.br "
    "bol.com.br telenet.be skynet.be bluewin.ch ziggo.nl kpnmail.nl".split()
)
# As many last digits make numbers equal, with or without country and trunk prefix.
_PHONE_DIGITS = 8
_MIN_PHONE_DIGITS = 7
_MIN_TAX_DIGITS = 5
# Words below this likeness (of 100) are other words, not typing errors.
_SAME_WORD = 75
# Names below this likeness say nothing.
_NAME_FLOOR = 60
# How far each piece of evidence alone makes the two the same, of 100.
_WEIGHTS = {
    "account_number": 95,
    "tax_number": 95,
    "email": 90,
    "same_name": 85,
    "name": 75,
    "phone": 50,
    "address": 45,
    "domain": 35,
}
# Two tax numbers that differ make the same customer unlikely.
_OTHER_TAX_NUMBER = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Traits:
    """What makes a contact or a customer recognisable; absent texts are ''.

    :ivar id: the customer's id in Odoo; 0 for a contact of Xero
    """

    id: int = 0
    name: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    tax_number: str = ""
    account_number: str = ""
    street: str = ""
    postal_code: str = ""

    @classmethod
    def of(cls, data: ContactData) -> "Traits":
        """Return the traits of a contact."""
        return cls(
            name=data.name,
            email=data.email,
            phones=(data.phone, data.mobile, data.direct_dial),
            tax_number=data.tax_number,
            account_number=data.account_number,
            street=data.street,
            postal_code=data.postal_code,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a customer is to a contact.

    :ivar id: the customer's id
    :ivar score: 0 (nothing in common) to 100 (certainly the same)
    :ivar hints: why: pairs of a reason and a number (of percent, or 0)
    :ivar name: the customer's name
    """

    id: int
    score: int
    hints: tuple[tuple[str, int], ...] = ()
    name: str = ""


def compare(
    contact: Traits, customer: Traits, shared: Collection[str] | None = None
) -> Likeness:
    """Return how alike the two are.

    Each piece of evidence leaves a share of doubt, and the shares are multiplied: two
    weak hints make a fair one. The order of the two does not change the score.

    :param shared: the blocking keys that both have and not many others; then a phone,
        a host or an address that many have in common is no evidence. All count when
        None
    """
    hints = [
        hint
        for hint in _find_hints(contact, customer)
        if hint and (shared is None or _is_telling(hint[0], shared))
    ]
    doubt = whole = 100
    for reason, percent in hints:
        doubt *= 100 - _get_weight(reason, percent)
        whole *= 100
    score = 100 - _divide(100 * doubt, whole)
    if _differ(_tax_key(contact.tax_number), _tax_key(customer.tax_number)):
        score = _divide(score * _OTHER_TAX_NUMBER, 100)
        hints.append(("other_tax_number", 0))
    return Likeness(customer.id, score, tuple(hints), customer.name)


def blocking_keys(traits: Traits) -> frozenset[str]:
    """Return the keys of which like records share at least one."""
    words = core_words(traits.name)
    keys = {
        "n:" + " ".join(sorted(words)),
        "s:" + _skeleton(words),
        "d:" + mail_domain(traits.email),
        "a:" + address_key(traits.street, traits.postal_code),
    }
    keys.update("p:" + phone_key(phone) for phone in traits.phones)
    longest = sorted(words, key=len, reverse=True)[:3]
    keys.update("t:" + word for word in longest if len(word) > 2)
    return _filled(keys) | rule_keys(traits)


def rule_keys(traits: Traits) -> frozenset[str]:
    """Return the keys of which records share one that are the same by a rule of
    `mapping.matching` (its contact number aside)."""
    return _filled(
        {
            "j:" + ("".join(core_words(traits.name)) or normalise_name(traits.name)),
            "e:" + normalise_email(traits.email),
            "v:" + _tax_key(traits.tax_number),
            "r:" + normalise_name(traits.account_number),
        }
    )


def _filled(keys) -> frozenset[str]:
    return frozenset(key[:120] for key in keys if len(key) > 2)


@lru_cache(maxsize=50_000)
def core_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell who it is: no accents, no case, no
    punctuation, no legal form. All words, where nothing else is left."""
    plain = fold(normalise_name(name)).replace("'", "").replace("’", "")
    words = list(_join_letters(_WORD.findall(plain)))
    core = [word for word in words if word not in _LEGAL_FORMS]
    return tuple(core or words)


def _join_letters(words):
    """Yield the words, "S. à r. l." and "A.C.M.E." as one each; initials stay."""
    for single, run in itertools.groupby(words, lambda word: len(word) == 1):
        run = list(run)
        joined = "".join(run)
        if single and (len(run) > 2 or joined in _LEGAL_FORMS):
            yield joined
        else:
            yield from run


def fold(text: str) -> str:
    """Return a text without case and accents ('Söhne': 'sohne', 'ß': 'ss')."""
    plain = clean_text(text).casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in parts if not unicodedata.combining(c))


def phone_key(phone: str) -> str:
    """Return the digits to compare a phone number by; '' where there are too few."""
    digits = "".join(c for c in phone if c.isdecimal())
    return digits[-_PHONE_DIGITS:] if len(digits) >= _MIN_PHONE_DIGITS else ""


def mail_domain(email: str) -> str:
    """Return the host of an address, '' for one where anybody has an address."""
    _name, at, domain = normalise_email(email).rpartition("@")
    return domain if at and "." in domain and domain not in FREE_MAIL else ""


@lru_cache(maxsize=50_000)
def address_key(street: str, postal_code: str) -> str:
    """Return postal code, house number and street's name; '' without one of them.

    The last number counts ("Level 12, 44 Nelson Street"), with the word after it, or,
    where none follows ("Hafenstraße 12"), the one before.
    """
    postal = "".join(c for c in fold(postal_code) if c.isalnum())
    words = [_STREET_WORDS.get(word, word) for word in _WORD.findall(fold(street))]
    numbers = [n for n, word in enumerate(words) if word[0].isdecimal()]
    if not postal or not numbers:
        return ""
    place = numbers[-1]
    beside = words[place + 1 : place + 2] or words[place - 1 : place]
    return " ".join([postal, words[place], *beside]) if beside else ""


@lru_cache(maxsize=50_000)
def name_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how alike two names are, 0 to 100, as `core_words` gives them.

    Word by word, so that "North Shore" and "South Shore" are two places while "Shore"
    and "Shoer" are one; numbers must be the same.
    """
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return 100
    if _numbers(one) != _numbers(other):
        return 0
    left, total, alike = list(other), sum(map(len, one + other)), 0
    for word in one:
        best, found = max(
            ((_word_likeness(word, each), each) for each in left), default=(0, "")
        )
        if best:
            left.remove(found)
            alike += best * (len(word) + len(found))
    return _divide(alike, total) if total else 0


def _is_telling(reason, shared):
    prefix = {"phone": "p:", "domain": "d:", "address": "a:"}.get(reason)
    return prefix is None or any(key.startswith(prefix) for key in shared)


def _find_hints(contact, customer):
    yield _equal("account_number", contact, customer, normalise_name)
    yield _equal("tax_number", contact, customer, _tax_key)
    yield _name_hint(core_words(contact.name), core_words(customer.name))
    same_mail = _equal("email", contact, customer, normalise_email)
    yield same_mail
    if not same_mail and _same(mail_domain(contact.email), mail_domain(customer.email)):
        yield ("domain", 0)
    if _phone_keys(contact) & _phone_keys(customer):
        yield ("phone", 0)
    here = address_key(contact.street, contact.postal_code)
    if _same(here, address_key(customer.street, customer.postal_code)):
        yield ("address", 0)


def _equal(trait, contact, customer, key):
    same = _same(key(getattr(contact, trait)), key(getattr(customer, trait)))
    return (trait, 0) if same else None


def _phone_keys(traits):
    return {phone_key(phone) for phone in traits.phones} - {""}


def _name_hint(one, other):
    likeness = name_likeness(*sorted((one, other)))
    if likeness == 100:
        return ("same_name", 0) if one else None
    return ("name", likeness) if likeness > _NAME_FLOOR else None


def _get_weight(reason, percent):
    if reason == "name":
        return _divide(_WEIGHTS["name"] * (percent - _NAME_FLOOR), 100 - _NAME_FLOOR)
    return _WEIGHTS[reason]


@lru_cache(maxsize=50_000)
def _word_likeness(one: str, other: str) -> int:
    """Return 0 for two different words, else how alike they are, of 100."""
    if one == other:
        return 100
    if 1 in (len(one), len(other)) and one[0] == other[0]:
        return 85  # an initial
    if abs(len(one) - len(other)) > 2:
        return 0
    ratio = _divide(200 * _common_letters(one, other), len(one) + len(other))
    return ratio if ratio >= _SAME_WORD else 0


def _divide(number: int, by: int) -> int:
    """Return a quotient, rounded; whole numbers are the same on every machine."""
    return (2 * number + by) // (2 * by)


def _common_letters(one: str, other: str) -> int:
    """Return how many letters two words have in common, in the same order."""
    row = [0] * (len(other) + 1)
    for letter in one:
        above = row
        row = [0]
        for place, each in enumerate(other):
            if letter == each:
                row.append(above[place] + 1)
            else:
                row.append(max(above[place + 1], row[place]))
    return row[-1]


def _numbers(words):
    return sorted(word for word in words if any(c.isdecimal() for c in word))


def _skeleton(words) -> str:
    """Return the consonants, which most slips of the pen leave alone."""
    kept = ""
    for letter in "".join(sorted(words)):
        if kept[-1:] != letter and (not kept or letter not in "aeiouy"):
            kept += letter
    return kept if len(kept) > 2 else ""


def _tax_key(value: str) -> str:
    number = "".join(c for c in clean_text(value) if c.isalnum()).upper()
    return number if sum(c.isdigit() for c in number) >= _MIN_TAX_DIGITS else ""


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other
