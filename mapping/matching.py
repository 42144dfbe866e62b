"""Which of our partners is this contact? Pure look-ups in indexes built once."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from .contact import ContactData
from .similarity import Likeness
from .values import normalise_email, normalise_name, normalise_tax_number

# With fewer digits a tax number is a placeholder ("N/A", "0", "123").
_MIN_TAX_DIGITS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A partner that no contact is linked to."""

    id: int
    contact_number: str = ""
    account_number: str = ""
    tax_number: str = ""
    email: str = ""
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """The outcome for one contact.

    :ivar id: the candidate's id, None if none or several fit
    :ivar rule: the rule that decided, or that last narrowed an ambiguity; '' if none
    :ivar ambiguous_ids: the candidates among which a person must choose
    :ivar similar: candidates that no rule names, but that are probably the same
    :ivar ignored: a person said that this contact does not matter here
    """

    id: int | None = None
    rule: str = ""
    ambiguous_ids: tuple[int, ...] = ()
    similar: tuple[Likeness, ...] = ()
    ignored: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether several candidates fit equally well."""
        return bool(self.ambiguous_ids)

    @property
    def waits(self) -> bool:
        """Whether a person must say who this is."""
        return bool(self.ambiguous_ids or self.similar)


def _tax_key(value) -> str:
    number = normalise_tax_number(value)
    return number if sum(c.isdigit() for c in number) >= _MIN_TAX_DIGITS else ""


# In the order of trust; each gives the form to compare, '' where there is none.
RULES: dict[str, Callable[[str], str]] = {
    "contact_number": normalise_name,
    "account_number": normalise_name,
    "tax_number": _tax_key,
    "email": normalise_email,
    "name": normalise_name,
}


class Matcher:
    """Matches contacts against free candidates, each of which is taken once.

    :param candidates: partners that are not linked yet
    :param contact_number_prefix: what precedes the partner's id in the contact
        numbers that we give; such a number stands for that partner
    :param rejected: by a contact's Xero id, the ids of the candidates that a person
        said are somebody else
    """

    def __init__(
        self,
        candidates: Iterable[Candidate],
        contact_number_prefix: str,
        rejected: Mapping[str, Collection[int]] | None = None,
    ):
        self._prefix = normalise_name(contact_number_prefix)
        self._rejected = rejected or {}
        self._taken: set[int] = set()
        self._index: dict[str, dict[str, list[int]]] = {
            rule: defaultdict(list) for rule in RULES
        }
        for candidate in candidates:
            self._add(candidate)

    def match(self, contact: ContactData) -> Match:
        """Return the match by the first rule that leaves one candidate, and take it.

        A rule that leaves several narrows the choice for the later rules; what is
        then still ambiguous waits for a person and is not taken.
        """
        found = self.look_up(contact)
        if found.id is not None:
            self.take(found.id)
        return found

    def match_all(self, contacts: Sequence[ContactData]) -> list[Match]:
        """Match a page, so that the order of its contacts does not matter.

        Of several contacts that claim one candidate (companies of a group with one
        e-mail address) the one with the better evidence gets it, the others are
        looked up again without it; with equal evidence all of them wait for a person.
        """
        matches = [Match()] * len(contacts)
        waiting = list(range(len(contacts)))
        while waiting:
            claims = defaultdict(list)
            for place in waiting:
                matches[place] = self.look_up(contacts[place])
                claims[matches[place].id].append(place)
            claims.pop(None, None)
            waiting = []
            for id_, places in claims.items():
                waiting += self._award(id_, places, contacts, matches)
        return matches

    def look_up(self, contact: ContactData) -> Match:
        """Return the match without taking it."""
        chosen: tuple[int, ...] = ()
        narrowed_by = ""
        for rule in RULES:
            fitting = self._fitting(rule, contact)
            if narrowed_by:
                among = set(chosen)
                fitting = tuple(id_ for id_ in fitting if id_ in among)
            if len(fitting) == 1:
                return Match(fitting[0], rule)
            if fitting:
                chosen, narrowed_by = fitting, rule
        return Match(None, narrowed_by, chosen)

    def take(self, candidate_id: int) -> None:
        """Withdraw a candidate, because a contact is linked to it now."""
        self._taken.add(candidate_id)

    def _award(self, id_, places, contacts, matches) -> list[int]:
        """Give the candidate to the best claim; return the claims to look up again."""
        evidence = {place: self._evidence(id_, contacts[place]) for place in places}
        best = max(evidence.values())
        winners = [place for place in places if evidence[place] == best]
        if len(winners) > 1:
            for place in winners:
                matches[place] = Match(None, matches[place].rule, (id_,))
        self.take(id_)
        return [place for place in places if place not in winners]

    def _evidence(self, id_: int, contact: ContactData) -> tuple[bool, ...]:
        return tuple(id_ in self._fitting(rule, contact) for rule in RULES)

    def _add(self, candidate: Candidate) -> None:
        for rule, normalise in RULES.items():
            keys = {normalise(getattr(candidate, rule))}
            if rule == "contact_number" and self._prefix:
                keys.add(f"{self._prefix}{candidate.id}")
            for key in filter(None, keys):
                self._index[rule][key].append(candidate.id)

    def _fitting(self, rule: str, contact: ContactData) -> tuple[int, ...]:
        key = RULES[rule](getattr(contact, rule))
        found = self._index[rule].get(key, ()) if key else ()
        rejected = self._rejected.get(contact.xero_id, ())
        return tuple(
            id_ for id_ in found if id_ not in self._taken and id_ not in rejected
        )
