"""Sums over documents, for the SQL of computed fields: sorting, grouping, searching;
and groups in the order of a life, not of the alphabet.

What such a field holds depends on who looks (record rules, companies), so that it is
not stored. The documents are searched by the rights of the user, added up by key in a
sub-query, and joined to the query of the list: one query, whatever the length.
"""

from odoo.tools import SQL


def select_sums(model, domain, key, get_sums, keys=None):
    """Return the SQL of sums over the records that the user may see, by a key.

    :param model: empty recordset of the documents, in the user's environment
    :param list domain: of the documents
    :param str key: field of the documents; the column is called `key`
    :param get_sums: function that makes of a function, which gives the SQL of a field,
        a dict of SQL expressions by name of the column
    :param keys: only of these. Each is looked up by itself: PostgreSQL would take them
        for many rows, and read all customers to find those that the user may see
    :raise AccessError: if the user may not read the documents
    """
    query = model._search(domain)

    def column(name):
        return model._field_to_sql(model._table, name, query)

    sums = [
        SQL("%s AS %s", sql, SQL.identifier(name))
        for name, sql in get_sums(column).items()
    ]
    if keys is None:
        query.groupby = column(key)
        return query.select(SQL("%s AS key", query.groupby), *sums)
    query.add_where(SQL("%s = wanted.key", column(key)))
    query.having = SQL("COUNT(*) > 0")
    return SQL(
        "SELECT wanted.key, sums.* FROM UNNEST(%s::int[]) wanted (key),"
        " LATERAL (%s) sums",
        [each for each in keys if each],
        query.select(*sums),
    )


def join_sums(model, query, alias, field, link, sums):
    """Join sums to a query, by a field that holds their key.

    :param model: recordset that is searched
    :param query: `Query` on it
    :param str alias: of its table in the query
    :param str field: of the model
    :param str link: name of these sums, for the alias
    :param sums: see `select_sums`
    :return: the alias of the sums
    """
    joined = query.make_alias(alias, link)
    condition = SQL(
        "%s = %s",
        SQL.identifier(joined, "key"),
        model._field_to_sql(alias, field, query),
    )
    query.add_join("LEFT JOIN", joined, SQL("(%s)", sums), condition)
    return joined


def rank_groups(terms, name, ranked):
    """Return terms to order groups by, where one field follows the order of its values.

    :param dict terms: SQL by what is grouped by
    :param str name: selection field
    :param list ranked: its values
    """
    if name not in terms:
        return terms
    rank = SQL("ARRAY_POSITION(%s::varchar[], %s)", list(ranked), terms[name])
    return {**terms, name: rank}
