"""What makes a contact or a customer recognisable, and the keys to find its like by.

A pair is looked at only when both sides share a key, and keys are compared for equality
alone: an index finds the pairs of a thousand contacts in one query.
"""

import dataclasses
from functools import lru_cache

from .contact import ContactData
from .values import clean_text, normalise_email, normalise_name
from .words import WORD, core_words, fold

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
            "v:" + tax_key(traits.tax_number),
            "r:" + normalise_name(traits.account_number),
        }
    )


def _filled(keys) -> frozenset[str]:
    return frozenset(key[:120] for key in keys if len(key) > 2)


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
    words = [_STREET_WORDS.get(word, word) for word in WORD.findall(fold(street))]
    numbers = [n for n, word in enumerate(words) if word[0].isdecimal()]
    if not postal or not numbers:
        return ""
    place = numbers[-1]
    beside = words[place + 1 : place + 2] or words[place - 1 : place]
    return " ".join([postal, words[place], *beside]) if beside else ""


def _skeleton(words) -> str:
    """Return the consonants, which most slips of the pen leave alone."""
    kept = ""
    for letter in "".join(sorted(words)):
        if kept[-1:] != letter and (not kept or letter not in "aeiouy"):
            kept += letter
    return kept if len(kept) > 2 else ""


def tax_key(value: str) -> str:
    number = "".join(c for c in clean_text(value) if c.isalnum()).upper()
    return number if sum(c.isdigit() for c in number) >= _MIN_TAX_DIGITS else ""
