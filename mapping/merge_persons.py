"""The three-way merge of a contact's persons: person by person, then field by field."""

from .values import normalise_email, normalise_name

_FIELDS = ("name", "email", "include_in_emails")


def merge_persons(
    base: list[dict] | None, ours: list[dict], theirs: list[dict], referee: str
) -> tuple[list[dict], bool]:
    """Merge lists of persons, as from `PersonData.values()`.

    A person is the same where the e-mail is, else where the name is. Who was added on
    either side stays; who was removed on one side goes, unless the other side has
    changed this person meanwhile. Without a base nobody is removed.

    :param referee: 'odoo' or 'xero' decides about a field that both sides changed;
        'ask' leaves it to a person
    :return: the persons in the order of `PersonData.order`, and whether to ask
    """
    merged, clash = [], False
    our_base, their_base = (
        pair_persons(base or [], ours),
        pair_persons(base or [], theirs),
    )
    for place, known in enumerate(base or []):
        our, their = our_base.get(place), their_base.get(place)
        sides = [side for side in (our, their) if side is not None]
        if len(sides) == 2:
            person, asked = _merge_one(known, our, their, referee)
            merged.append(person)
            clash = clash or asked
        elif sides and _values(sides[0]) != _values(known):
            merged.append(sides[0])
    our_new = _left(ours, our_base)
    their_new = _left(theirs, their_base)
    same = pair_persons(our_new, their_new, strict=True)
    for place, our in enumerate(our_new):
        person, asked = our, False
        if place in same:
            person, asked = _merge_one(None, our, same[place], referee)
        merged.append(person)
        clash = clash or asked
    merged += _left(their_new, same)
    return sorted(merged, key=_whole_key), clash


def _left(persons, pairs):
    """Persons that were paired with nobody."""
    taken = {id(person) for person in pairs.values()}
    return [person for person in persons if id(person) not in taken]


def pair_persons(left, right, strict=False) -> dict[int, dict]:
    """Return {place in left: person of right} of those who are the same.

    :param left, right: persons, as from `PersonData.values()`

    :param strict: two e-mail addresses are two persons, though the name is one
    """
    pairs = {}
    for key in (_whole_key, _email_key, _name_key):
        mine = _group(
            (key(person), place)
            for place, person in enumerate(left)
            if place not in pairs
        )
        others = _group((key(person), person) for person in _left(right, pairs))
        for wanted, places in mine.items():
            found = others.get(wanted, [])
            if key is not _whole_key and (len(places) > 1 or len(found) > 1):
                continue
            for place, other in zip(places, found, strict=False):
                if not (strict and _is_other(left[place], other)):
                    pairs[place] = other
    return pairs


def _group(keyed):
    groups = {}
    for key, item in keyed:
        if key:
            groups.setdefault(key, []).append(item)
    return groups


def _email_key(person):
    return normalise_email(person.get("email"))


def _name_key(person):
    return normalise_name(person.get("name"))


def _whole_key(person):
    return _name_key(person), _email_key(person)


def _is_other(one, two):
    """Whether both have an e-mail address, and not the same."""
    emails = {_email_key(one), _email_key(two)} - {""}
    return len(emails) > 1


def _values(person):
    return tuple(person.get(field) or "" for field in _FIELDS)


def _merge_one(known, our, their, referee):
    merged, clash = {}, False
    for field in _FIELDS:
        one, two = our.get(field), their.get(field)
        before = known.get(field) if known else None
        if one == two or (known and two == before):
            merged[field] = one
        elif (known and one == before) or not one:
            merged[field] = two
        elif not two:
            merged[field] = one
        else:
            merged[field] = two if referee == "xero" else one
            clash = clash or referee == "ask"
    return merged, clash
