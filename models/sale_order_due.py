from odoo import api, fields, models
from odoo.tools import SQL

from .xero_invoice_aging import AGING
from .xero_sum_search import get_comparison
from .xero_sum_sql import join_sums, rank_groups, select_sums

AGING_RANK = [aging for aging, _label in AGING]


class SaleOrder(models.Model):
    """What is due of an order, since when, and how old it is."""

    _inherit = "sale.order"

    xero_aging = fields.Selection(
        AGING,
        compute="_compute_xero_aging",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="How long the order's oldest invoice is overdue; empty unless one awaits "
        "payment.",
    )
    xero_amount_due = fields.Monetary(
        "Due in Xero",
        compute="_compute_xero_amount_due",
        search="_search_xero_amount_due",
        groups="xero_crm.group_xero_user",
    )
    xero_due_date = fields.Date(
        compute="_compute_xero_amount_due",
        search="_search_xero_due_date",
        groups="xero_crm.group_xero_user",
    )
    xero_order_overdue_days = fields.Integer(
        "Order Overdue (Days)",
        compute="_compute_xero_amount_due",
        groups="xero_crm.group_xero_user",
        help="Age of the oldest overdue invoice of this order.",
    )
    xero_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="The current company's, in which customers' balances are told.",
    )

    # === COMPUTE METHODS === #

    @api.depends("xero_invoice_ids.aging")
    def _compute_xero_aging(self):
        for order in self:
            reached = set(order.xero_invoice_ids.mapped("aging")) - {False}
            order.xero_aging = max(reached, key=AGING_RANK.index, default=False)

    @api.depends_context("company")
    def _compute_xero_currency_id(self):
        self.xero_currency_id = self.env.company.currency_id

    @api.depends(
        "xero_invoice_ids.amount_due",
        "xero_invoice_ids.due_date",
        "xero_invoice_ids.is_open",
    )
    @api.depends_context("uid")
    def _compute_xero_amount_due(self):
        """By the rights of the user: who may see the order, but not its customer, sees
        no money of the customer. That is why these are not stored."""
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(self._select_xero_open(self))
        sums = {order_id: row for order_id, *row in rows}
        for order in self:
            amount, day = sums.get(order._origin.id, (0.0, None))
            late = (today - day).days if day else 0
            order.xero_amount_due = amount
            order.xero_due_date = day or False
            order.xero_order_overdue_days = max(late, 0)

    def _select_xero_open(self, orders=None):
        """Return the SQL of what is open of orders: `key`, amount `due`, first `day`.

        By the rights of the user. In the currency of the invoices: the order's.

        :param orders: `sale.order`, only these
        """
        return select_sums(
            self.env["xero.invoice"],
            [("is_open", "=", True), ("order_id", "!=", False)],
            "order_id",
            lambda column: {
                "due": SQL("SUM(%s)", column("amount_due")),
                "day": SQL("MIN(%s)", column("due_date")),
            },
            None if orders is None else orders.ids,
        )

    # === SEARCH, SORT AND GROUP === #

    def _search_xero_amount_due(self, operator, value):
        return self._search_xero_open(1, operator, value, 0.0)

    def _search_xero_due_date(self, operator, value):
        if operator in ("in", "not in"):
            value = [day and fields.Date.to_date(day) for day in value]
        else:
            value = fields.Date.to_date(value)
        return self._search_xero_open(2, operator, value, False)

    def _search_xero_open(self, column, operator, value, nothing):
        """Search orders by a column of `_select_xero_open`.

        :param int column: its place
        :param nothing: what it is of an order without an open invoice
        """
        compare = get_comparison(operator, value)
        if not compare:
            return NotImplemented
        with_nothing = compare(nothing)
        ids = [
            row[0]
            for row in self.env.execute_query(self._select_xero_open())
            if bool(compare(row[column] or nothing)) != with_nothing
        ]
        return [("id", "not in" if with_nothing else "in", ids)]

    def _field_to_sql(self, alias, field_expr, query=None):
        get_sql = {
            "xero_amount_due": lambda sums: SQL(
                "COALESCE(%s, 0)", SQL.identifier(sums, "due")
            ),
            "xero_due_date": lambda sums: SQL.identifier(sums, "day"),
            "xero_order_overdue_days": lambda sums: SQL(
                "GREATEST(COALESCE(%s::date - %s, 0), 0)",
                fields.Date.context_today(self),
                SQL.identifier(sums, "day"),
            ),
        }.get(field_expr)
        if not get_sql or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        sums = self._select_xero_open()
        return get_sql(join_sums(self, query, alias, "id", "xero_open", sums))

    def _read_group_orderby(self, order, groupby_terms, query):
        """From what is not due yet to what is oldest, as in Xero."""
        name = "xero_aging"
        terms = rank_groups(groupby_terms, name, dict(AGING))
        result = super()._read_group_orderby(order, terms, query)
        # It adds what else is ordered by to what is grouped by.
        groupby_terms.update({key: terms[key] for key in terms if key != name})
        return result
