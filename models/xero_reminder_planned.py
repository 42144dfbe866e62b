from dataclasses import dataclass, field
from datetime import date

from odoo import models

READY, HELD, BLOCKED = "ready", "held", "blocked"


@dataclass
class PlannedReminder:
    """One mail to one customer that is due, or why it does not go out.

    `entries` are pairs of `xero.invoice` and `xero.reminder.stage`, the longest overdue
    first. `state`: `ready`; `held`, because something speaks against it; `blocked`,
    because there is nobody whom it could be sent to.
    """

    day: date
    customer: models.BaseModel
    recipient: models.BaseModel
    state: str = READY
    reason: str = ""
    entries: list = field(default_factory=list)

    @property
    def invoice(self):
        """The invoice that the mail hangs on."""
        return self.entries[0][0]

    @property
    def invoices(self):
        return self.invoice.union(*(invoice for invoice, _stage in self.entries))

    @property
    def stage(self):
        """The highest of the stages: it decides the tone."""
        return max((stage for _invoice, stage in self.entries), key=lambda s: s.days)
