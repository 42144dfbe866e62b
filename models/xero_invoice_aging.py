from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .xero_sum_sql import rank_groups

# How many days overdue each bucket begins with, as in Xero's aged receivables.
AGING = [
    ("current", "Current"),
    ("1_30", "1-30 Days"),
    ("31_60", "31-60 Days"),
    ("61_90", "61-90 Days"),
    ("90_plus", "More Than 90 Days"),
]
AGING_STARTS = {"1_30": 1, "31_60": 31, "61_90": 61, "90_plus": 91}


class XeroInvoice(models.Model):
    """How long an invoice is overdue, and how long the customer took to pay it."""

    _inherit = "xero.invoice"

    aging = fields.Selection(
        AGING,
        compute="_compute_aging",
        store=True,
        help="How long the invoice is overdue; empty unless it awaits payment.",
    )
    overdue_days = fields.Integer(
        "Days Overdue",
        compute="_compute_overdue_days",
        search="_search_overdue_days",
        aggregator="max",
    )
    days_to_pay = fields.Integer(
        compute="_compute_days_to_pay",
        store=True,
        aggregator="avg",
        help="From the invoice's date to the day on which it was fully paid. An "
        "invoice that a credit note settled says nothing of it.",
    )

    # Each bucket with its due dates: who crosses a border tonight is found by it.
    _aging_index = models.Index("(aging, due_date) WHERE aging IS NOT NULL")
    _paid_on_index = models.Index(
        "(commercial_partner_id, paid_on) WHERE payment_status = 'paid'"
    )

    # === COMPUTE METHODS === #

    @api.depends("is_open", "due_date", "amount_due")
    def _compute_aging(self):
        today = fields.Date.context_today(self)
        for invoice in self:
            invoice.aging = invoice.is_open and invoice._get_aging(today)

    def _get_aging(self, today):
        """Return the bucket that an open invoice is in on a day. One record."""
        days = self._get_overdue_days(today)
        reached = [aging for aging, start in AGING_STARTS.items() if days >= start]
        return reached[-1] if reached else "current"

    def _get_overdue_days(self, today):
        """Return since how many days an invoice is overdue; 0 if it is not."""
        if not (self.is_open and self.due_date and self.amount_due > 0):
            return 0
        return max((today - self.due_date).days, 0)

    @api.depends("is_open", "due_date", "amount_due")
    def _compute_overdue_days(self):
        today = fields.Date.context_today(self)
        for invoice in self:
            invoice.overdue_days = invoice._get_overdue_days(today)

    def _search_overdue_days(self, operator, value):
        """By the due date: only what is overdue has days, the others have none."""
        if operator in ("in", "not in"):
            found = fields.Domain.OR(self._get_overdue_domain(v, v) for v in value)
            return ~found if operator == "not in" else found
        if operator in (">", ">="):
            return self._get_overdue_domain(value + (operator == ">"))
        if operator in ("<", "<="):
            return ~self._get_overdue_domain(value + (operator == "<="))
        return NotImplemented

    def _get_overdue_domain(self, least, most=None):
        """Return the domain of invoices that are overdue for so many days.

        :param int least: days; 0 and less mean also what is not overdue
        :param int most: days; None for no limit
        """
        if most is not None and most < max(least, 0):
            return fields.Domain.FALSE
        if least <= 0 and most is None:
            return fields.Domain.TRUE
        if least <= 0:
            return ~self._get_overdue_domain(most + 1)
        today = fields.Date.context_today(self)
        domain = fields.Domain("aging", "!=", False) & fields.Domain(
            [
                ("amount_due", ">", 0),
                ("due_date", "<=", today - timedelta(days=least)),
            ]
        )
        if most is not None:
            domain &= fields.Domain("due_date", ">=", today - timedelta(days=most))
        return domain

    @api.depends("date", "paid_on", "payment_status")
    def _compute_days_to_pay(self):
        for invoice in self:
            days = 0
            if invoice.payment_status == "paid" and invoice.date and invoice.paid_on:
                days = (invoice.paid_on - invoice.date).days
            invoice.days_to_pay = days

    # === SORT AND ADD UP === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "overdue_days":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "CASE WHEN %s IS NULL OR %s <= 0 THEN 0"
            " ELSE GREATEST(COALESCE(%s::date - %s, 0), 0) END",
            self._field_to_sql(alias, "aging", query),
            self._field_to_sql(alias, "amount_due", query),
            fields.Date.context_today(self),
            self._field_to_sql(alias, "due_date", query),
        )

    def _read_group_select(self, aggregate_spec, query):
        """An average takes in paid invoices only: a number is never empty in Odoo."""
        sql = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec.partition(":")[0] != "days_to_pay":
            return sql
        status = self._field_to_sql(self._table, "payment_status", query)
        return SQL("%s FILTER (WHERE %s = 'paid')", sql, status)

    def _read_group_orderby(self, order, groupby_terms, query):
        """From what is not due yet to what is oldest, as in Xero."""
        name = "aging"
        terms = rank_groups(groupby_terms, name, dict(AGING))
        result = super()._read_group_orderby(order, terms, query)
        # It adds what else is ordered by to what is grouped by.
        groupby_terms.update({key: terms[key] for key in terms if key != name})
        return result

    # === SCHEDULED ACTIONS === #

    @api.model
    def _get_crossed_domain(self, today):
        """Return the domain of invoices that a day has put into another bucket.

        One range of `_aging_index` for each border, so that it costs what crosses.
        """
        reached = {"current": 1, "1_30": 31, "31_60": 61, "61_90": 91}
        crossed = fields.Domain.OR(
            [
                ("aging", "=", aging),
                ("due_date", "<=", today - timedelta(days=days)),
            ]
            for aging, days in reached.items()
        )
        return crossed & fields.Domain("amount_due", ">", 0)
