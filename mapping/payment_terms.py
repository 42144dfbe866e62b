"""Payment terms as Xero knows them: a number and a kind of counting days."""

import calendar
import dataclasses
import datetime as dt

# Xero's kinds (OpenAPI, PaymentTermType).
AFTER_DATE = "DAYSAFTERBILLDATE"
AFTER_MONTH = "DAYSAFTERBILLMONTH"
OF_MONTH = "OFCURRENTMONTH"
OF_NEXT_MONTH = "OFFOLLOWINGMONTH"
TYPES = (AFTER_DATE, AFTER_MONTH, OF_MONTH, OF_NEXT_MONTH)
LAST_DAY = 31
# Odoo's ways of counting, of one line of a payment term.
_DAYS_AFTER = "days_after"
_AFTER_END = "days_after_end_of_month"
_AFTER_NEXT_END = "days_after_end_of_next_month"
_ON_THE = "days_end_of_month_on_the"


@dataclasses.dataclass(frozen=True, slots=True)
class TermRule:
    """When an invoice is due.

    :ivar day: a number of days, or the day of a month; 31 is the last one
    :ivar type: one of `TYPES`
    """

    day: int
    type: str

    def __post_init__(self):
        if self.type not in TYPES:
            raise ValueError(f"{self.type} is no kind of payment terms in Xero.")
        first = 0 if self.type in (AFTER_DATE, AFTER_MONTH) else 1
        last = 999 if self.type in (AFTER_DATE, AFTER_MONTH) else LAST_DAY
        if not first <= self.day <= last:
            raise ValueError(f"{self.day} is not from {first} to {last}.")

    @property
    def text(self) -> str:
        """One plain text, as it is compared and kept: '20 OFFOLLOWINGMONTH'."""
        return f"{self.day} {self.type}"

    @classmethod
    def from_text(cls, text: str) -> "TermRule":
        """Read the text again; raises ValueError."""
        day, _space, kind = text.partition(" ")
        if not day.isdecimal():
            raise ValueError(f"{text} is no payment term of Xero's.")
        return cls(int(day), kind)

    @classmethod
    def from_xero(cls, term: dict) -> "TermRule | None":
        """Read one element of PaymentTerms; None where it is empty. Raises ValueError
        for what is no payment term."""
        kind = term.get("Type")
        if not kind or term.get("Day") in (None, ""):
            return None
        return cls(int(term["Day"]), kind)

    def to_xero(self) -> dict:
        """Return the element of PaymentTerms."""
        return {"Day": self.day, "Type": self.type}

    def due_date(self, date: dt.date) -> dt.date:
        """Return when an invoice of a day is due."""
        if self.type == AFTER_DATE:
            return date + dt.timedelta(days=self.day)
        if self.type == AFTER_MONTH:
            return _on(date, LAST_DAY) + dt.timedelta(days=self.day)
        if self.type == OF_MONTH:
            # Not before the invoice itself.
            return max(_on(date, self.day), date)
        following = _on(date, LAST_DAY) + dt.timedelta(days=1)
        return _on(following, self.day)


def rule_of(delay_type: str, days: int, day_of_month: int = 0) -> TermRule | None:
    """Return what one line of an Odoo payment term is in Xero; None where Xero has
    nothing like it, or it is not sure that it is the same.

    :param delay_type: Odoo's way of counting
    :param days: its number of days
    :param day_of_month: of `days_end_of_month_on_the`; 0 is the end of the month
    """
    try:
        if delay_type == _DAYS_AFTER:
            return TermRule(days, AFTER_DATE)
        if delay_type == _AFTER_END:
            return TermRule(days, AFTER_MONTH) if days else TermRule(31, OF_MONTH)
        if delay_type == _AFTER_NEXT_END and not days:
            return TermRule(LAST_DAY, OF_NEXT_MONTH)
        if delay_type == _ON_THE and not days:
            kind = OF_NEXT_MONTH if day_of_month else OF_MONTH
            return TermRule(day_of_month or LAST_DAY, kind)
    except ValueError:
        return None
    return None


def _on(date, day):
    last = calendar.monthrange(date.year, date.month)[1]
    return date.replace(day=min(day, last))
