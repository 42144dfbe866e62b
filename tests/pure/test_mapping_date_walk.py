"""The walk through dated documents loses none, whatever moves meanwhile."""

import dataclasses
import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.date_walk import DONE, DateWalk

START = dt.date(2026, 3, 31)
FLOOR = dt.date(2026, 3, 1)
LONG_AGO = dt.date(2010, 1, 1)


@dataclasses.dataclass
class Doc:
    """A document in Xero. ``changed`` says when (a count of the changes)."""

    xero_id: str
    day: dt.date
    is_open: bool = False
    changed: int = 0


class Books:
    """Xero's side: answers the walk's questions, while people change documents."""

    def __init__(self, docs, size):
        self.docs = {doc.xero_id: doc for doc in docs}
        self.size = size
        self.clock = 0

    def change(self, doc, **values):
        self.clock += 1
        doc = dataclasses.replace(doc, changed=self.clock, **values)
        self.docs[doc.xero_id] = doc

    def answer(self, walk):
        """Return one page as Xero does: filter, order, offset."""
        rows = list(self.docs.values())
        if walk.stage == "open":
            rows = [doc for doc in rows if doc.is_open]
        for condition in walk.conditions(FLOOR):
            sign = ">=" if ">=" in condition else "<"
            numbers = condition.split("(")[1].rstrip(")").split(",")
            day = dt.date(*map(int, numbers))
            rows = [d for d in rows if (d.day >= day if sign == ">=" else d.day < day)]
        # By day Xero's order says nothing of documents of the same day.
        random.Random(self.clock).shuffle(rows)
        if walk.page:
            rows.sort(key=lambda doc: doc.xero_id)
        else:
            rows.sort(key=lambda doc: doc.day, reverse=True)
        page, size = walk.paging(self.size)
        chunk = rows[(page - 1) * size : page * size]
        return [(d.xero_id, d.day) for d in chunk], -(-len(rows) // size)


def read(books, disturb=lambda books: None, limit=2000):
    """Walk to the end; return ids seen and the number of calls."""
    walk, seen, calls = DateWalk(), set(), 0
    while not walk.is_done:
        rows, page_count = books.answer(walk)
        seen |= {xero_id for xero_id, _day in rows}
        calls += 1
        assert calls < limit
        walk = walk.after(rows, page_count, FLOOR)
        disturb(books)
    return seen, calls


def wanted(books):
    """Ids that have to be seen: untouched ones; what changed comes another way."""
    return {
        doc.xero_id
        for doc in books.docs.values()
        if not doc.changed and (doc.is_open or doc.day >= FLOOR)
    }


def make(count, days, opened=0):
    return [
        Doc(f"{number * 7919 % 100003:06d}", START - dt.timedelta(days=number % days))
        for number in range(count)
    ] + [Doc(f"open-{number}", LONG_AGO, True) for number in range(opened)]


@pytest.mark.parametrize(
    "count, days, calls",
    [
        (0, 1, 2),
        (10, 10, 2),
        (11, 11, 3),
        # 100 days of 1 document, of which 31 are wanted: 10, then 9 new ones a page.
        (100, 100, 5),
        # 25 on one day: found out twice, then pages of 10, 9, 8, 7, which overlap; then
        # the days before.
        (25, 1, 8),
    ],
)
def test_calls(count, days, calls):
    books = Books(make(count, days), 10)
    seen, needed = read(books)
    assert wanted(books) <= seen
    assert needed == calls


def test_settled_documents_before_the_floor_are_never_asked_for():
    old = [Doc(f"old-{n}", FLOOR - dt.timedelta(days=1 + n)) for n in range(30)]
    seen, _calls = read(Books([*make(50, 20), *old], 10))
    assert not any(xero_id.startswith("old") for xero_id in seen)


def test_newest_first():
    walk, books, upper = DateWalk("dated"), Books(make(200, 25), 10), None
    while not walk.is_done:
        rows, page_count = books.answer(walk)
        walk = walk.after(rows, page_count, FLOOR)
        assert not (upper and walk.upper and walk.upper > upper)
        upper = walk.upper
    assert walk.stage == DONE and walk.has_passed(FLOOR)


def test_has_passed_names_only_whole_days():
    walk = DateWalk("dated", upper=START)
    assert walk.has_passed(START + dt.timedelta(days=1))
    assert not walk.has_passed(START)
    assert not DateWalk("open", upper=LONG_AGO).has_passed(START)
    assert not DateWalk("dated").has_passed(START)


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(0, 90),
    days=st.sampled_from([1, 2, 3, 10, 40]),
    opened=st.integers(0, 25),
    seed=st.integers(0, 10**6),
    rate=st.sampled_from([0, 1, 3]),
)
def test_nothing_is_lost_while_people_work(count, days, opened, seed, rate):
    """Documents appear, are paid, and change their date in both directions."""
    books, people = Books(make(count, days, opened), 24), random.Random(seed)

    def disturb(books):
        # People tire in the end: while every call finds a busy day disturbed, the day
        # is read again.
        for _time in range(rate if books.clock < 60 else 0):
            day = START - dt.timedelta(days=people.randint(-3, 35))
            number = people.randint(0, 999999)
            if people.random() < 0.3 or not books.docs:
                books.change(Doc(f"{number:06d}", day, people.random() < 0.5))
                continue
            doc = people.choice(list(books.docs.values()))
            books.change(
                doc, **people.choice([{"day": day}, {"is_open": not doc.is_open}])
            )

    seen, _calls = read(books, disturb)
    assert wanted(books) <= seen
