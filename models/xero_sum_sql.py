"""Sums over documents, for the SQL of computed fields: sorting, grouping, searching;
and groups in the order of a life, not of the alphabet.

What such a field holds depends on who looks (record rules, companies), so that it is
not stored. The documents are searched by the rights of the user, added up by key in a
sub-query, and joined to the query of the list: one query, whatever the length.
"""

from odoo.fields import Domain
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
    if keys is None:
        return _select_all_sums(model, domain, key, get_sums)
    query = model._search(domain)

    def column(name):
        return model._field_to_sql(model._table, name, query)

    query.add_where(SQL("%s = wanted.key", column(key)))
    query.having = SQL("COUNT(*) > 0")
    return SQL(
        "SELECT wanted.key, sums.* FROM UNNEST(%s::int[]) wanted (key),"
        " LATERAL (%s) sums",
        [each for each in keys if each],
        query.select(*_name_columns(get_sums(column))),
    )


def _select_all_sums(model, domain, key, get_sums):
    """Of whatever key. Only the customers of these documents are looked up: PostgreSQL
    would read all there are to find those that the user may see."""
    model.check_access("read")
    documents = model.sudo().with_context(active_test=False)
    path, customers, rules = _split_rules(model, documents)
    query = model._search(domain, bypass_access=True)
    query.add_where(rules._to_sql(documents, model._table, query))
    columns = {}

    def column(name):
        columns[name] = model._field_to_sql(model._table, name, query)
        return SQL.identifier("documents", name)

    key = column(key)
    sums = SQL(", ").join(_name_columns(get_sums(column)))
    visible = SQL()
    if path:
        owner = column(path)
        partners = documents[path]._search(customers, active_test=False)
        mine = SQL("ARRAY(SELECT %s FROM documents)", owner)
        partners.add_where(
            SQL("%s = ANY(%s)", SQL.identifier(partners.table, "id"), mine)
        )
        visible = SQL(" WHERE %s", is_within(owner, partners.select()))
    return SQL(
        "WITH documents AS MATERIALIZED (%s) SELECT %s AS key, %s FROM documents%s"
        " GROUP BY 1",
        query.select(*_name_columns(columns)),
        key,
        sums,
        visible,
    )


def is_within(value, rows):
    """Return the SQL of whether a value is one of what a sub-query finds; not where it
    is empty. PostgreSQL makes no join of it, but a hash: it cannot know how many rows
    there are, and would compare each with each where it expects few."""
    return SQL("(%s IN (%s)) IS TRUE", value, rows)


def _split_rules(model, documents):
    """Take the record rules of documents apart.

    :param model: in the user's environment
    :param documents: the same as superuser, who both parts are for
    :return: the field that leads to the customer, the domain of customers whose
        documents the user may see, and the domain of all that else is asked for; or
        None, None and the whole domain, where it is not one condition beside others
    :rtype: tuple
    """
    rules = Domain(model.env["ir.rule"]._compute_domain(model._name, "read"))
    rules = rules.optimize_full(documents)
    parts = rules.children if getattr(rules, "OPERATOR", None) == "&" else [rules]
    for part in parts:
        field = model._fields.get(getattr(part, "field_expr", None))
        if field and field.type == "many2one" and part.operator == "any!":
            rest = Domain.AND(each for each in parts if each is not part)
            return field.name, part.value, rest.optimize_full(documents)
    return None, None, rules


def _name_columns(columns):
    return [SQL("%s AS %s", sql, SQL.identifier(name)) for name, sql in columns.items()]


def join_sums(model, query, alias, field, link, sums, kind="LEFT JOIN"):
    """Join sums to a query, by a field that holds their key.

    :param model: recordset that is searched
    :param query: `Query` on it
    :param str alias: of its table in the query
    :param str field: of the model
    :param str link: name of these sums, for the alias
    :param sums: see `select_sums`
    :param str kind: of the join
    :return: the alias of the sums
    """
    joined = query.make_alias(alias, link)
    condition = SQL(
        "%s = %s",
        SQL.identifier(joined, "key"),
        model._field_to_sql(alias, field, query),
    )
    query.add_join(kind, joined, SQL("(%s)", sums), condition)
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
