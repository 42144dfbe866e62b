from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .xero_sum_sql import join_sums, rank_groups

CUSTOMER_STATUSES = [
    ("overdue", "Overdue"),
    ("awaiting_payment", "Awaiting Payment"),
    ("nothing_due", "Nothing Due"),
]
# Sums that a contact shows for the whole family: never added up twice.
FAMILY_SUMS = (
    "xero_balance",
    "xero_overdue_balance",
    "xero_credit_balance",
    "xero_net_balance",
)
MONTHS, INVOICES = 12, 500


def get_customer_status(due, overdue):
    """Return the status of who owes so much, of which so much is overdue."""
    if overdue > 0:
        return "overdue"
    return "awaiting_payment" if due > 0 else "nothing_due"


class ResPartner(models.Model):
    """Customers' status and speed of paying, and lists that sort and group by money.

    None of it is stored: what a customer owes depends on who asks.
    """

    _inherit = "res.partner"

    xero_customer_status = fields.Selection(
        CUSTOMER_STATUSES,
        "Xero Status",
        compute="_compute_xero_balance",
        search="_search_xero_customer_status",
        groups="xero_crm.group_xero_user",
    )
    xero_days_to_pay = fields.Integer(
        "Average Days to Pay",
        compute="_compute_xero_days_to_pay",
        search="_search_xero_days_to_pay",
        aggregator=None,
        groups="xero_crm.group_xero_user",
        help="From the invoice's date to the day it was fully paid: the average of the "
        "invoices paid in the last 12 months, at most the last 500, each weighing as "
        "much as its total, so that a large invoice counts for more than a small one.",
    )

    # === COMPUTE METHODS === #

    def _search_xero_customer_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["xero.invoice"].check_access("read")
        owes = fields.Domain("xero_balance", ">", 0)
        late = fields.Domain("xero_overdue_balance", ">", 0)
        domains = {
            "overdue": late,
            "awaiting_payment": owes & ~late,
            "nothing_due": ~owes & ~late,
        }
        return fields.Domain.OR(domains[each] for each in value if each in domains)

    @api.depends("xero_invoice_ids.days_to_pay", "xero_invoice_ids.paid_on")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_days_to_pay(self):
        families = self._get_xero_families()
        self.xero_days_to_pay = 0
        for family, days in self.env.execute_query(self._select_xero_speeds(families)):
            families[family].xero_days_to_pay = days

    def _search_xero_days_to_pay(self, operator, value):
        return self._search_xero_sum("xero_days_to_pay", operator, value)

    def _select_xero_speeds(self, families=None):
        """Return the SQL of the average days to pay of families: `key`, `days`.

        Of the last paid invoices of each: asked for some families, it costs the same
        for a customer of many.

        :param families: ids, only these
        """
        invoices = self.env["xero.invoice"]
        since = fields.Date.context_today(self) - relativedelta(months=MONTHS)
        query = invoices._search(
            [
                ("payment_status", "=", "paid"),
                ("paid_on", ">=", since),
                ("amount_total_company", ">", 0),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

        def column(name):
            return invoices._field_to_sql(invoices._table, name, query)

        weight = self._get_xero_money_sql(
            column("amount_total_company"), column("company_id")
        )
        values = (
            SQL("%s AS days", column("days_to_pay")),
            SQL("(%s)::float8 AS weight", weight),
        )
        # Who pays before the invoice is made pays at once.
        days = SQL("GREATEST(ROUND(SUM(days * weight) / SUM(weight))::int4, 0) AS days")
        key = column("commercial_partner_id")
        newest = SQL("%s DESC, %s DESC", column("paid_on"), column("id"))
        if families is None:
            place = SQL("ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s)", key, newest)
            return SQL(
                "SELECT key, %s FROM (%s) paid WHERE place <= %s GROUP BY key",
                days,
                query.select(SQL("%s AS key", key), SQL("%s AS place", place), *values),
                INVOICES,
            )
        query.add_where(SQL("%s = family.key", key))
        query.order, query.limit = newest, INVOICES
        return SQL(
            "SELECT family.key, %s"
            " FROM UNNEST(%s::int[]) family (key), LATERAL (%s) paid GROUP BY 1",
            days,
            [family for family in families if family],
            query.select(*values),
        )

    # === SORT, GROUP AND ADD UP === #

    def _field_to_sql(self, alias, field_expr, query=None):
        get_sql = self._get_xero_columns().get(field_expr)
        if not get_sql or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return get_sql(query, alias)

    def _get_xero_columns(self):
        """Return what makes the SQL of a field that is not stored, by its name."""
        return {
            "xero_currency_id": self._get_xero_currency_sql,
            "xero_balance": self._get_xero_balance_sql,
            "xero_overdue_balance": self._get_xero_overdue_sql,
            "xero_overdue_days": self._get_xero_overdue_days_sql,
            "xero_credit_balance": self._get_xero_credit_sql,
            "xero_net_balance": self._get_xero_net_sql,
            "xero_days_to_pay": self._get_xero_days_to_pay_sql,
            "xero_customer_status": self._get_xero_customer_status_sql,
        }

    def _join_xero_sums(self, query, alias, link, sums):
        return join_sums(self, query, alias, "commercial_partner_id", link, sums)

    def _get_xero_due_column(self, query, alias, column):
        dues = self._select_xero_dues()
        joined = self._join_xero_sums(query, alias, "xero_dues", dues)
        return SQL.identifier(joined, column)

    def _get_xero_currency_sql(self, query, alias):
        return SQL("%s::int4", self.env.company.currency_id.id)

    def _get_xero_balance_sql(self, query, alias):
        return SQL("COALESCE(%s, 0)", self._get_xero_due_column(query, alias, "due"))

    def _get_xero_overdue_sql(self, query, alias):
        overdue = self._get_xero_due_column(query, alias, "overdue")
        return SQL("COALESCE(%s, 0)", overdue)

    def _get_xero_overdue_days_sql(self, query, alias):
        since = self._get_xero_due_column(query, alias, "since")
        today = fields.Date.context_today(self)
        return SQL("COALESCE(%s::date - %s, 0)", today, since)

    def _get_xero_credit_sql(self, query, alias):
        credits_left = self._select_xero_credits([("is_open", "=", True)])
        joined = self._join_xero_sums(query, alias, "xero_credits", credits_left)
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, "left"))

    def _get_xero_net_sql(self, query, alias):
        return SQL(
            "%s - %s",
            self._get_xero_balance_sql(query, alias),
            self._get_xero_credit_sql(query, alias),
        )

    def _get_xero_days_to_pay_sql(self, query, alias):
        speeds = self._select_xero_speeds()
        joined = self._join_xero_sums(query, alias, "xero_speeds", speeds)
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, "days"))

    def _get_xero_customer_status_sql(self, query, alias):
        return SQL(
            "CASE WHEN %s > 0 THEN 'overdue' WHEN %s > 0 THEN 'awaiting_payment'"
            " ELSE 'nothing_due' END",
            self._get_xero_overdue_sql(query, alias),
            self._get_xero_balance_sql(query, alias),
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Who is overdue comes first."""
        name = "xero_customer_status"
        terms = rank_groups(groupby_terms, name, dict(CUSTOMER_STATUSES))
        result = super()._read_group_orderby(order, terms, query)
        groupby_terms.update({key: terms[key] for key in terms if key != name})
        return result

    def _read_group_select(self, aggregate_spec, query):
        """Each family counts once, though all its contacts show what it owes."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in FAMILY_SUMS or function != "sum":
            return super()._read_group_select(aggregate_spec, query)
        amount = self._field_to_sql(self._table, name, query)
        family = self._field_to_sql(self._table, "commercial_partner_id", query)
        return SQL(
            "(SELECT COALESCE(SUM((pair->>1)::numeric), 0)"
            " FROM jsonb_array_elements("
            "jsonb_agg(DISTINCT jsonb_build_array(%s, %s)) FILTER (WHERE %s != 0)"
            ") pair)",
            family,
            amount,
            amount,
        )
