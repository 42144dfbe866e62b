import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..mapping.traits import Traits, blocking_keys

# What more customers or contacts share tells them apart no more: "Services", a host.
COMMON = 20


class XeroMatchKey(models.Model):
    """By what customers without a contact, and contacts that wait, are found.

    A look-up table and nothing else: the keys of a customer are made anew when the
    values that they were made of have changed, just before they are needed. So neither
    an import nor a change of a customer pays for them.
    """

    _name = "xero.match.key"
    _description = "Keys to Find Alike Contacts By"
    _log_access = False

    keys = fields.Json(required=True)
    partner_id = fields.Many2one("res.partner", ondelete="cascade")
    match_id = fields.Many2one("xero.match", ondelete="cascade")
    # The values that a customer's keys were made of.
    stamp = fields.Char()

    # Constraints, not indexes alone: Odoo's merging of partners asks for those.
    _partner_uniq = models.Constraint(
        "UNIQUE(partner_id)", "A customer's keys are kept once."
    )
    _match_uniq = models.Constraint(
        "UNIQUE(match_id)", "A contact's keys are kept once."
    )
    # Written where it belongs at once: a list of what is still to be sorted in would be
    # read through for each key that is looked up.
    _keys_index = models.Index("USING gin (keys) WITH (fastupdate = off)")

    # === WHICH CUSTOMERS === #

    @api.model
    def _find_partners(self, connection, keys, ids):
        """Return the customers without a contact that have some of these keys, however
        many share them, or one of these ids. They have to be up to date: see
        `_refresh`.

        :param connection: `xero.connection`, one record
        :param keys: blocking keys
        :param list ids: of `res.partner`
        :rtype: list of Traits
        """
        rows = self.env.execute_query(
            SQL(
                """
            WITH found AS MATERIALIZED (%(found)s)
            SELECT %(traits)s FROM res_partner p
             WHERE p.id IN (
                SELECT partner_id FROM found UNION SELECT unnest(%(ids)s::int[]))
               AND %(unlinked)s
             ORDER BY p.id""",
                traits=self._get_traits_sql(),
                found=self._get_found_sql(keys),
                ids=ids,
                unlinked=self._get_unlinked_sql(connection),
            )
        )
        return [self._read_traits(row) for row in rows]

    @api.model
    def _find_alike(self, connection, keys):
        """Return the free customers that have some of these keys, with their traits.
        They have to be up to date: see `_refresh`.

        :param connection: `xero.connection`, one record
        :param keys: blocking keys
        :return: pairs of `Traits` and the keys that they share
        :rtype: list
        """
        rows = self.env.execute_query(
            SQL(
                """
            WITH found AS MATERIALIZED (%(found)s), free AS MATERIALIZED (
                SELECT p.id FROM res_partner p
                 WHERE p.id IN (SELECT partner_id FROM found) AND %(free)s
            ), shared AS (
                SELECT partner_id, key, count(*) OVER (PARTITION BY key) AS times
                  FROM found JOIN free ON free.id = partner_id
            ), alike AS MATERIALIZED (
                SELECT partner_id, array_agg(key) AS keys
                  FROM shared WHERE times <= %(common)s GROUP BY partner_id)
            SELECT %(traits)s, alike.keys
              FROM alike JOIN res_partner p ON p.id = partner_id
             ORDER BY p.id""",
                found=self._get_found_sql(keys),
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
        # By its guesses this looks worth a compiler, which takes longer than the rest.
        self.env.cr.execute("SET LOCAL jit = off")
        stamp = SQL(
            "concat(p.name, chr(1), p.email_normalized, chr(1), p.email, chr(1), "
            "p.phone, chr(1), p.vat, chr(1), p.ref, chr(1), p.street, chr(1), p.zip)"
        )
        rows = self.env.execute_query(
            SQL(
                """
            WITH p AS MATERIALIZED (
                SELECT p.*, %(stamp)s AS stamp
                  FROM res_partner p
                  LEFT JOIN xero_match_key k ON k.partner_id = p.id
                 WHERE p.parent_id IS NULL AND k.stamp IS DISTINCT FROM %(stamp)s)
            SELECT %(traits)s, stamp FROM p WHERE %(unlinked)s""",
                traits=self._get_traits_sql(),
                stamp=stamp,
                unlinked=self._get_unlinked_sql(connection),
            )
        )
        self._store(
            "partner_id",
            [(row[0], blocking_keys(self._read_traits(row)), row[-1]) for row in rows],
        )

    @api.model
    def _get_unlinked_sql(self, connection):
        """Which rows of `res_partner p` have no contact in an organisation, and may
        have one."""
        return SQL(
            """p.parent_id IS NULL AND p.active
            AND (p.company_id IS NULL OR p.company_id = %(company)s)
            AND p.xero_do_not_sync IS NOT TRUE
            AND %(unlinked)s""",
            company=connection.company_id.id,
            unlinked=self.env["xero.link"]._get_unlinked_sql(connection),
        )

    @api.model
    def _get_free_sql(self, connection):
        """As `_get_unlinked_sql`, and they are neither people of this company nor the
        company itself."""
        return SQL(
            """%s
            AND NOT EXISTS (
                SELECT FROM res_users u WHERE u.partner_id = p.id AND NOT u.share)
            AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)""",
            self._get_unlinked_sql(connection),
        )

    @api.model
    def _get_traits_sql(self):
        return SQL(
            "p.id, p.name, COALESCE(p.email_normalized, p.email), p.phone, p.vat, "
            "p.ref, p.street, p.zip"
        )

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
            WITH found AS MATERIALIZED (%(found)s), shared AS (
                SELECT match_id, key, count(*) OVER (PARTITION BY key) AS times
                  FROM found JOIN xero_match m ON m.id = match_id
                 WHERE m.state = 'waiting' AND m.connection_id = %(connection)s)
            SELECT match_id, array_agg(key) FROM shared WHERE times <= %(common)s
             GROUP BY match_id ORDER BY match_id""",
                found=self._get_found_sql(keys),
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
        self._store(
            "match_id",
            [(match_id, keys, None) for match_id, keys in keys_by_match.items()],
        )

    # === BOTH === #

    @api.model
    def _get_found_sql(self, keys):
        """Return whose each of these keys is: partner_id, match_id, key.

        Key by key, in the index. What PostgreSQL guesses of lists is far off: it must
        not know how many keys there are, or it prepares for millions of rows.
        """
        return SQL(
            """SELECT partner_id, match_id, key
                 FROM unnest((SELECT %s::varchar[])) AS wanted (key),
                      LATERAL (SELECT partner_id, match_id FROM xero_match_key
                                WHERE keys ? key OFFSET 0) AS owner""",
            list(keys),
        )

    @api.model
    def _store(self, column, rows):
        """Store (owner, keys, stamp) in one statement, over what was stored of them."""
        if not rows:
            return
        owners, keys, stamps = zip(*rows, strict=True)
        self.env.execute_query(
            SQL(
                """INSERT INTO xero_match_key (%(column)s, keys, stamp)
                SELECT * FROM unnest(%(owners)s::int[], %(keys)s::jsonb[],
                                     %(stamps)s::varchar[])
                ON CONFLICT (%(column)s)
                DO UPDATE SET keys = EXCLUDED.keys, stamp = EXCLUDED.stamp
                RETURNING id""",
                column=SQL.identifier(column),
                owners=list(owners),
                keys=[json.dumps(sorted(each)) for each in keys],
                stamps=list(stamps),
            )
        )
