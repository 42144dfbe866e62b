"""The way of a quote's status in Xero: which step comes next.

Xero allows a change of status only in certain orders. Source: Xero's page on quotes
(``specific orders``) and the facts file, section 8; the steps here are the normal way
(draft, sent, accepted or declined, invoiced) and the ways back to an open quote.
"""

from collections import deque

DRAFT, SENT, ACCEPTED = "DRAFT", "SENT", "ACCEPTED"
DECLINED, INVOICED, DELETED = "DECLINED", "INVOICED", "DELETED"
STATUSES = (DRAFT, SENT, ACCEPTED, DECLINED, INVOICED, DELETED)
# What a person has not answered yet.
OPEN = (DRAFT, SENT)
_STEPS = {
    DRAFT: (SENT,),
    SENT: (ACCEPTED, DECLINED),
    ACCEPTED: (INVOICED, DECLINED, SENT),
    DECLINED: (SENT, DRAFT),
}
_RANK = {DRAFT: 0, SENT: 1, ACCEPTED: 2, DECLINED: 2, INVOICED: 3, DELETED: 4}


def first_status(wanted: str) -> str:
    """Return the status with which a quote is created: nothing is born accepted."""
    return DRAFT if wanted == DRAFT else SENT


def next_status(current: str, agreed: str, wanted: str) -> str:
    """Return the next step to what Odoo wants, or '' when there is none to take.

    :param current: what Xero has
    :param agreed: what Odoo wanted the last time that both agreed
    :param wanted: what Odoo wants now
    """
    if wanted in (current, agreed) or current not in _STEPS:
        return ""
    if current != agreed and _RANK[wanted] < _RANK[current]:
        return ""  # Xero is further by now
    return step_towards(current, wanted)


def step_towards(current: str, wanted: str) -> str:
    """Return the first step of the shortest way, or '' when no way leads there."""
    ways = deque([(current, "")])
    seen = {current}
    while ways:
        status, first = ways.popleft()
        for step in _STEPS.get(status, ()):
            if step == wanted:
                return first or step
            if step not in seen:
                seen.add(step)
                ways.append((step, first or step))
    return ""
