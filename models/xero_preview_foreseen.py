import dataclasses
import json
from dataclasses import dataclass, field
from typing import NamedTuple

from ..mapping.contact import ContactData
from ..mapping.matching import Match
from ..mapping.similarity import Likeness
from .xero_change import Change, Problem


class Told(NamedTuple):
    """What a part of a preview tells.

    :ivar list rows: see `xero.preview._prepare_row`
    :ivar int page: number of the part
    :ivar int done: how many records it had
    :ivar int total: how many the whole list has; 0 where Xero does not say
    :ivar bool is_last: whether the list ends with it
    """

    rows: list
    page: int
    done: int
    total: int
    is_last: bool


@dataclass
class Foreseen:
    """What the part of a preview that is done would have changed by now.

    :ivar bound: resource -> {id in Odoo: id in Xero} of records that would be matched
    :ivar planned: resource -> ids in Odoo whose sending is told already
    :ivar coming: resource -> ids in Odoo that would be new in Xero
    :ivar refused: resource -> {id in Odoo: cause}
    :ivar taken: resource -> {(field, value): id} of what may be in Xero only once
    :ivar held: id in Xero -> (`Change`, payload) of contacts that wait for a match
    """

    bound: dict = field(default_factory=dict)
    planned: dict = field(default_factory=dict)
    coming: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)
    taken: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)

    def to_json(self):
        """Return all of it ready for JSON, for a worker that goes on later."""
        return {
            "bound": _pairs(self.bound),
            "planned": _lists(self.planned),
            "coming": _lists(self.coming),
            "refused": _pairs(self.refused),
            "taken": _pairs(self.taken),
            "held": [
                [_change_to_json(change), json.loads(json.dumps(payload, default=str))]
                for change, payload in self.held.values()
            ],
        }

    @classmethod
    def from_json(cls, values):
        """Return what `to_json` returned once, as it was."""
        held = [
            (_change_from_json(change), payload) for change, payload in values["held"]
        ]
        taken = {
            resource: {tuple(key): id_ for key, id_ in pairs}
            for resource, pairs in values["taken"].items()
        }
        return cls(
            bound={name: dict(pairs) for name, pairs in values["bound"].items()},
            planned={name: set(ids) for name, ids in values["planned"].items()},
            coming={name: set(ids) for name, ids in values["coming"].items()},
            refused={name: dict(pairs) for name, pairs in values["refused"].items()},
            taken=taken,
            held={change.xero_id: (change, payload) for change, payload in held},
        )


def _pairs(by_resource):
    """Pairs in place of dicts: keys that are numbers or tuples would become texts."""
    return {name: [*map(list, each.items())] for name, each in by_resource.items()}


def _lists(by_resource):
    return {name: sorted(each) for name, each in by_resource.items()}


def _change_to_json(change):
    """A held change has no record and no link: plain values alone."""
    return {
        "operation": change.operation,
        "name": change.name,
        "xero_id": change.xero_id,
        "data": change.data.values(),
        "match": dataclasses.asdict(change.match),
        "problem": dataclasses.asdict(change.problem),
    }


def _change_from_json(values):
    match = values.pop("match")
    similar = tuple(
        Likeness(**{**each, "hints": tuple(map(tuple, each["hints"]))})
        for each in match.pop("similar")
    )
    match["ambiguous_ids"] = tuple(match["ambiguous_ids"])
    data = {**values.pop("data"), "xero_id": values["xero_id"]}
    return Change(
        **{
            **values,
            "data": ContactData.from_values(data),
            "match": Match(**match, similar=similar),
            "problem": Problem(**values["problem"]),
        }
    )
