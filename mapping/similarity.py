"""How alike are a contact and a customer? A score, and what it comes from."""

import dataclasses
from collections.abc import Collection

from .name_likeness import name_likeness
from .traits import Traits, address_key, mail_domain, phone_key, tax_key
from .values import divide_rounded, normalise_email, normalise_name
from .words import core_words

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
    score = 100 - divide_rounded(100 * doubt, whole)
    if _differ(tax_key(contact.tax_number), tax_key(customer.tax_number)):
        score = divide_rounded(score * _OTHER_TAX_NUMBER, 100)
        hints.append(("other_tax_number", 0))
    return Likeness(customer.id, score, tuple(hints), customer.name)


def _is_telling(reason, shared):
    prefix = {"phone": "p:", "domain": "d:", "address": "a:"}.get(reason)
    return prefix is None or any(key.startswith(prefix) for key in shared)


def _find_hints(contact, customer):
    yield _equal("account_number", contact, customer, normalise_name)
    yield _equal("tax_number", contact, customer, tax_key)
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
        return divide_rounded(
            _WEIGHTS["name"] * (percent - _NAME_FLOOR), 100 - _NAME_FLOOR
        )
    return _WEIGHTS[reason]


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other
