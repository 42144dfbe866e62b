from odoo import api, fields, models
from odoo.tools import SQL

from ..mapping.similarity import Traits, blocking_keys

# What more customers or contacts share tells them apart no more: "Services", a host.
COMMON = 20


class XeroMatchKey(models.Model):
    """By what customers without a contact, and contacts that wait, are found.

    A look-up table and nothing else: the keys of a customer are made anew when the
    values that they were made of have changed, just before they are needed. So neither
    an import nor a change of a customer pays for them.
    """

    _name = "xero.match.key"
    _description = "Key to Find Alike Contacts By"
    _log_access = False

    key = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", ondelete="cascade")
    match_id = fields.Many2one("xero.match", ondelete="cascade", index="btree_not_null")
    # Of the values that a customer's keys were made of; on the row with the empty key.
    stamp = fields.Char()

    # A constraint, not an index alone: Odoo's merging of partners asks for those.
    _partner_uniq = models.Constraint(
        "UNIQUE(partner_id, key)", "A customer has each key once."
    )
    _key_index = models.Index("(key)")

    # === WHICH CUSTOMERS === #

    @api.model
    def _find_partners(self, connection, keys):
        """Return the free customers that have some of these keys, with their traits.

        :param connection: `xero.connection`, one record
        :param keys: blocking keys
        :return: pairs of `Traits` and the keys that they share
        :rtype: list
        """
        self._refresh(connection)
        rows = self.env.execute_query(
            SQL(
                """
            WITH found AS (
                SELECT k.partner_id, k.key, count(*) OVER (PARTITION BY k.key) AS shared
                  FROM xero_match_key k
                  JOIN res_partner p ON p.id = k.partner_id
                 WHERE k.key = ANY(%(keys)s) AND %(free)s)
            SELECT %(traits)s, array_agg(found.key)
              FROM found JOIN res_partner p ON p.id = found.partner_id
             WHERE found.shared <= %(common)s
             GROUP BY p.id
             ORDER BY p.id""",
                keys=list(keys),
                free=self._get_free_sql(connection),
                traits=self._get_traits_sql(),
                common=COMMON,
            )
        )
        return [(self._read_traits(row), row[-1]) for row in rows]

    @api.model
    def _refresh(self, connection):
        """Make the keys of the customers that are new, or not what they were.

        Those first, in a query of its own: who of them is free costs more to know.
        """
        self.env["res.partner"].flush_model()
        stamp = SQL(
            "md5(concat_ws(chr(1), p.name, p.email, p.phone, p.vat, p.ref, p.street, "
            "p.zip))"
        )
        rows = self.env.execute_query(
            SQL(
                """
            WITH p AS MATERIALIZED (
                SELECT %(traits)s, %(stamp)s AS stamp,
                       p.parent_id, p.active, p.company_id, p.xero_do_not_sync
                  FROM res_partner p
                  LEFT JOIN xero_match_key k ON k.partner_id = p.id AND k.key = ''
                 WHERE p.parent_id IS NULL AND k.stamp IS DISTINCT FROM %(stamp)s)
            SELECT %(traits)s, stamp FROM p WHERE %(free)s""",
                traits=self._get_traits_sql(),
                stamp=stamp,
                free=self._get_free_sql(connection),
            )
        )
        if not rows:
            return
        self.env.execute_query(
            SQL(
                "DELETE FROM xero_match_key WHERE partner_id = ANY(%s) RETURNING id",
                [row[0] for row in rows],
            )
        )
        self._insert_keys(
            "partner_id",
            [(row[0], "", row[-1]) for row in rows]
            + [
                (row[0], key, None)
                for row in rows
                for key in blocking_keys(self._read_traits(row))
            ],
        )

    @api.model
    def _get_free_sql(self, connection):
        """Which rows of `res_partner p` have no contact in an organisation, and are
        neither people of this company nor the company itself."""
        return SQL(
            """p.parent_id IS NULL AND p.active
            AND (p.company_id IS NULL OR p.company_id = %(company)s)
            AND p.xero_do_not_sync IS NOT TRUE
            AND NOT EXISTS (
                SELECT FROM res_users u WHERE u.partner_id = p.id AND NOT u.share)
            AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)
            AND %(unlinked)s""",
            company=connection.company_id.id,
            unlinked=self.env["xero.link"]._get_unlinked_sql(connection),
        )

    @api.model
    def _get_traits_sql(self):
        return SQL("p.id, p.name, p.email, p.phone, p.vat, p.ref, p.street, p.zip")

    @api.model
    def _read_traits(self, row):
        id_, *values = row[:8]
        name, email, phone, *others = (value or "" for value in values)
        return Traits(id_, name, email, (phone,), *others)

    # === WHICH CONTACTS === #

    @api.model
    def _find_matches(self, connection, keys):
        """Return the contacts that wait and have some of these keys.

        :param connection: `xero.connection`, one record
        :param keys: blocking keys
        :return: keys by id of `xero.match`
        :rtype: dict
        """
        rows = self.env.execute_query(
            SQL(
                """
            SELECT match_id, array_agg(key) FROM (
                SELECT k.match_id, k.key, count(*) OVER (PARTITION BY k.key) AS shared
                  FROM xero_match_key k
                  JOIN xero_match m ON m.id = k.match_id
                 WHERE k.key = ANY(%(keys)s) AND m.state = 'waiting'
                   AND m.connection_id = %(connection)s) found
             WHERE shared <= %(common)s
             GROUP BY match_id ORDER BY match_id""",
                keys=list(keys),
                connection=connection.id,
                common=COMMON,
            )
        )
        return dict(rows)

    @api.model
    def _set_matches(self, keys_by_match):
        """Store the keys of contacts that wait.

        :param dict keys_by_match: keys by id of `xero.match`
        """
        self.env.execute_query(
            SQL(
                "DELETE FROM xero_match_key WHERE match_id = ANY(%s) RETURNING id",
                list(keys_by_match),
            )
        )
        self._insert_keys(
            "match_id",
            [
                (match_id, key, None)
                for match_id, keys in keys_by_match.items()
                for key in keys
            ],
        )

    @api.model
    def _insert_keys(self, column, rows):
        """Insert (owner, key, stamp) in one statement."""
        if not rows:
            return
        owners, keys, stamps = map(list, zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """INSERT INTO xero_match_key (%s, key, stamp)
                SELECT * FROM unnest(%s::int[], %s::varchar[], %s::varchar[])
                ON CONFLICT DO NOTHING RETURNING id""",
                SQL.identifier(column),
                owners,
                keys,
                stamps,
            )
        )
