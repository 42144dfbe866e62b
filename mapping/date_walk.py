"""DateWalk: how documents are read from the newest back, page by page, losing none.

Offset paging loses documents while others move: one that leaves the filter moves all
that follow up by one, and the first of the next page is never seen. So the walk asks
for page 1 of what is dated up to the last day it has seen in part, time and again: no
offset, nothing to move. A document whose date is changed meanwhile counts as changed
in Xero, and comes by `If-Modified-Since`.

Only a day with more documents than a page holds is read by offset, in the order of
the ids, and each page overlaps the one before: the last document of that has to be
seen again. Where it is not, something has moved, and the day is read from its start.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from . import values as plain

# Documents that are not settled, however old; then all back to the floor. A walk begins
# with those that are older than what the dated stage brings first.
OPEN, DATED, DONE = "open", "dated", "done"
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class DateWalk:
    """What is asked for next.

    :param stage: OPEN, DATED or DONE
    :param upper: documents dated up to this day are left; None where none was read
    :param page: of the one day ``upper``, when it is read by offset; 0 otherwise
    :param last_id: id of the last document of the page before, when read by offset
    """

    stage: str = OPEN
    upper: dt.date | None = None
    page: int = 0
    last_id: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.stage == DONE

    def has_passed(self, day: dt.date) -> bool:
        """Whether everything dated on ``day`` or later was read."""
        if self.stage == DATED:
            return self.upper is not None and self.upper < day
        return self.is_done

    def conditions(self, floor: dt.date) -> list[str]:
        """Return what to ask for, in Xero's filter language.

        :param floor: the oldest day that is wanted of settled documents
        """
        lower = floor if self.stage == DATED else None
        if self.page:
            lower = self.upper
        found = []
        if lower:
            found.append(f"Date>={_moment(lower)}")
        if self.upper:
            found.append(f"Date<{_moment(self.upper + DAY)}")
        return found

    def paging(self, size: int) -> tuple[int, int]:
        """Return the page to ask for and its size: smaller with each page of a day, so
        that each begins before the end of the one before. (With pages of 1,000 that
        holds for a day of up to 250,000 documents.)

        :param size: the largest page
        """
        return (self.page, size - self.page + 1) if self.page else (1, size)

    def after(
        self,
        rows: Sequence[tuple[str, dt.date | None]],
        page_count: int,
        floor: dt.date,
    ) -> "DateWalk":
        """Return where the walk stands after an answer.

        :param rows: id and date of each document of the answer, in its order
        :param page_count: number of pages, as the answer tells
        :param floor: as for ``conditions``
        """
        if self.page:
            return self._after_page_of_day(rows, page_count, floor)
        oldest = min((day for _id, day in rows if day), default=None)
        if page_count <= 1 or not oldest:
            return self._next_stage()
        if oldest == self.upper:
            return dataclasses.replace(self, page=1, last_id="")
        return dataclasses.replace(self, upper=oldest)

    def _after_page_of_day(self, rows, page_count, floor):
        ids = [xero_id for xero_id, _day in rows]
        has_moved = self.page > page_count or (rows and self.last_id not in ids)
        if self.page > 1 and has_moved:
            return dataclasses.replace(self, page=1, last_id="")
        if self.page < page_count and ids:
            return dataclasses.replace(self, page=self.page + 1, last_id=ids[-1])
        before = dataclasses.replace(self, upper=self.upper - DAY, page=0, last_id="")
        if self.stage == DATED and before.upper < floor:
            return before._next_stage()
        return before

    def _next_stage(self):
        return DateWalk(DATED if self.stage == OPEN else DONE)


def read_place(payload: dict, id_field: str) -> tuple[str, dt.date | None]:
    """Return id and date of a document as Xero sent it; a date that cannot be read
    counts as none: the document itself is refused where it is read in whole."""
    try:
        day = plain.parse_date(payload.get("Date"))
    except ValueError:
        day = None
    return str(payload.get(id_field) or ""), day


def _moment(day: dt.date) -> str:
    return f"DateTime({day:%Y,%m,%d})"
