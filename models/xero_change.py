from dataclasses import dataclass, field
from typing import Any

from odoo import models


@dataclass
class Change:
    """What a sync is about to do with one record, or would do in a preview.

    `operation` is one of create, link, update, unchanged, skip, wait, hold, conflict,
    refuse; `hold` waits for a person to say who a contact is.
    """

    operation: str
    name: str = ""
    record: models.BaseModel | None = None
    link: models.BaseModel | None = None
    xero_id: str = ""
    data: Any = None
    vals: dict = field(default_factory=dict)
    payload: dict = field(default_factory=dict)
    # field -> (old, new), as a person should see it
    fields: dict = field(default_factory=dict)
    # field -> why it moves, or is to be sent (see `mapping.merge`)
    reasons: dict = field(default_factory=dict)
    # field -> (base, Odoo's, Xero's), for a person to settle
    conflicts: dict = field(default_factory=dict)
    # fields that hold in Xero what Odoo cannot hold
    unreadable: tuple = ()
    base: dict = field(default_factory=dict)
    send_back: bool = False
    # nothing that a person sees has changed: our copy alone is brought up to date
    quiet: bool = False
    rule: str = ""
    # Why a contact waits: a `mapping.matching.Match`.
    match: Any = None
    problem: "Problem | None" = None
    # (record, or an empty one to be made; its values): what hangs on the record
    children: list = field(default_factory=list)
    # ids of Xero's groups: (as last agreed, as Xero has them now), where they differ
    groups: tuple | None = None
    # sentences that the log tells although all went well
    notes: list = field(default_factory=list)

    @property
    def outcome(self):
        """As a person is told: what waits for a match is no conflict of values, and
        where only Odoo has news, nothing comes from Xero."""
        if self.problem and self.problem.fix == "match":
            return "hold"
        if self.operation == "conflict" and not self.record:
            return "hold"
        if self.operation == "update" and (self.send_back or self.quiet):
            return "update" if self.vals or self.fields else "unchanged"
        return self.operation


def describe_fields(fields):
    """Return what changed as a person reads it, one line a field.

    :param dict fields: field -> (old, new)
    :rtype: str
    """
    return "\n".join(
        f"{name.replace('_', ' ')}: {f'{old} → ' if old else ''}{new or '-'}"
        for name, (old, new) in fields.items()
    )


@dataclass(frozen=True)
class Problem:
    """Why something cannot be done: what, what to do, and where it is put right.

    `fix` names a `_fix_<name>` method of `xero.log`; `fix_id` is the record it opens.
    `skip` leaves the record alone, `wait` tries it again later, both without a log row.
    """

    message: str
    remedy: str
    fix: str = ""
    fix_id: int = 0
    skip: bool = False
    wait: bool = False

    @property
    def text(self):
        """The cause, and what to do about it."""
        return f"{self.message}\n{self.remedy}"


class XeroProblem(Exception):
    """Carries a `Problem` to whoever logs it and tells the user."""

    def __init__(self, problem):
        super().__init__(problem.message)
        self.problem = problem
