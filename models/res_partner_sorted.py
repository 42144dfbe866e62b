import functools
import re

from odoo import fields, models
from odoo.tools import SQL

from .xero_sum_sql import is_within, join_sums

TERM = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*", re.IGNORECASE)
OPEN = [("is_open", "=", True)]
LATE = [*OPEN, ("is_overdue", "=", True)]


class ResPartner(models.Model):
    """Lists sorted by money, page by page.

    Nearly all customers owe nothing. To sort all by what is added up when it is asked
    for takes PostgreSQL long; who has something is quickly found by the documents. So a
    page is filled from these, and from the others where these are too few. None of the
    sums is ever below zero.
    """

    _inherit = "res.partner"

    def _search(self, domain, offset=0, limit=None, order=None, **options):
        search = functools.partial(super()._search, domain, **options)
        term, _comma, rest = (order or "").partition(",")
        match = TERM.fullmatch(term)
        ranks = match and limit and self._select_xero_ranks(match[1])
        if not ranks:
            return search(offset, limit, order)
        # Of the many who owe the same, no other page may show one again.
        rest = f"{rest}, id" if rest.strip() else "id"
        if (match[2] or "").lower() == "desc":
            ids = self._search_xero_page(search, ranks, offset or 0, limit, rest)
        else:
            ids = self._search_xero_rest(search, ranks, offset, limit, rest)
            if len(ids) < limit:
                return search(offset, limit, f"{term}, {rest}")
        return self.browse(ids)._as_query()

    def _select_xero_ranks(self, name):
        """Return the SQL of `key` and `value` of the families that have something.

        :param str name: the field that shows the value
        :return: None for a field that there is no such sum of
        """
        today = fields.Date.context_today(self)
        get_sums = {
            "xero_balance": lambda: (SQL("due"), self._select_xero_dues(OPEN)),
            "xero_overdue_balance": lambda: (
                SQL("overdue"),
                self._select_xero_dues(LATE),
            ),
            "xero_overdue_days": lambda: (
                SQL("%s::date - since", today),
                self._select_xero_dues(LATE),
            ),
            "xero_credit_balance": lambda: (
                SQL.identifier("left"),
                self._select_xero_credits(OPEN),
            ),
            "xero_days_to_pay": lambda: (SQL("days"), self._select_xero_speeds()),
        }.get(name)
        if not get_sums:
            return None
        self._check_field_access(self._fields[name], "read")
        value, sums = get_sums()
        return SQL(
            "SELECT key, %s AS value FROM (%s) sums WHERE %s > 0", value, sums, value
        )

    def _search_xero_page(self, search, ranks, offset, limit, order):
        """Return the ids of a page of a list that begins with the highest sums.

        :param search: `_search` of what is listed, without order
        :param SQL ranks: see `_select_xero_ranks`
        :param str order: of those who have the same
        """
        wanted = offset + limit
        # So many families are enough, unless the domain leaves some of them out.
        for most in (wanted, None):
            ids = self._search_xero_owing(search, ranks, most, wanted, order)
            if len(ids) == wanted:
                return ids[offset:]
        page = ids[offset:]
        offset, limit = max(offset - len(ids), 0), limit - len(page)
        return page + self._search_xero_rest(search, ranks, offset, limit, order)

    def _search_xero_owing(self, search, ranks, most, limit, order):
        """Return the ids of who has something, the highest sums first.

        :param int most: look at so many families only, and at those who have as much as
            the last of them; None for all
        """
        query = search(limit=limit)
        if most:
            ranks = SQL("%s ORDER BY 2 DESC FETCH FIRST %s ROWS WITH TIES", ranks, most)
        field = "commercial_partner_id"
        alias = join_sums(self, query, self._table, field, "xero_ranks", ranks, "JOIN")
        order = self._order_to_sql(order, query)
        query.order = SQL("%s DESC, %s", SQL.identifier(alias, "value"), order)
        return query.get_result_ids()

    def _search_xero_rest(self, search, ranks, offset, limit, order):
        """Return the ids of a page of a list of those who have nothing."""
        query = search(offset, limit, order)
        family = self._field_to_sql(self._table, "commercial_partner_id", query)
        owing = is_within(family, SQL("SELECT key FROM (%s) ranks", ranks))
        query.add_where(SQL("NOT %s", owing))
        return query.get_result_ids()
