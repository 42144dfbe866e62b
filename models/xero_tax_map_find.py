from odoo import api, models
from odoo.tools import SQL, ormcache


class XeroTaxMap(models.Model):
    """How a line finds the row of its taxes, and leaves one where there is none."""

    _inherit = "xero.tax.map"

    @api.model
    def _make_key(self, taxes, fiscal_position):
        """Return what is the same for the same taxes, in whatever order.

        :param taxes: `account.tax`
        :param fiscal_position: `account.fiscal.position`, one record or none
        :rtype: str
        """
        ids = ",".join(str(tax_id) for tax_id in sorted(taxes.ids))
        return f"{ids}/{fiscal_position.id or ''}"

    @api.model
    @ormcache("connection_id")
    def _get_rate_ids(self, connection_id):
        """Return the ids of the tax rates by key: read once, not once a line.

        :param int connection_id: of `xero.connection`
        :rtype: dict
        """
        rows = self.sudo().search([("connection_id", "=", connection_id)])
        return {
            row.tax_key: row.tax_rate_id.id for row in rows if row.tax_rate_id.active
        }

    @api.model
    def _find_rate(self, connection, taxes, fiscal_position):
        """Return the tax rate of a line.

        :param connection: `xero.connection`, one record
        :param taxes: `account.tax` of the line
        :param fiscal_position: `account.fiscal.position` of the order, or none
        :return: `xero.tax.rate`, one record or none
        """
        known = self._get_rate_ids(connection.id)
        nowhere = fiscal_position.browse()
        for position in dict.fromkeys((fiscal_position, nowhere)):
            if rate_id := known.get(self._make_key(taxes, position)):
                return self.env["xero.tax.rate"].sudo().browse(rate_id)
        return self.env["xero.tax.rate"].sudo()

    @api.model
    def _ensure(self, connection, taxes):
        """Return the row of taxes that an order carries; a new one waits for a person.

        Two transactions that make the same row at once: the second fails as a
        serialization failure, is repeated, and finds the first's.

        :param connection: `xero.connection`, one record
        :param taxes: `account.tax`, at least one
        """
        rows = self.sudo()
        key = self._make_key(taxes, self.env["account.fiscal.position"])
        known = [("connection_id", "=", connection.id), ("tax_key", "=", key)]
        if row := rows.search(known):
            return row
        made = self.env.execute_query(
            SQL(
                "INSERT INTO xero_tax_map (connection_id, company_id, tax_id, tax_key,"
                " create_uid, create_date, write_uid, write_date)"
                " VALUES (%(connection)s, %(company)s, %(tax)s, %(key)s, %(user)s,"
                " now() at time zone 'utc', %(user)s, now() at time zone 'utc')"
                " ON CONFLICT DO NOTHING RETURNING id",
                connection=connection.id,
                company=connection.company_id.id,
                tax=taxes[0].id,
                key=key,
                user=self.env.uid,
            )
        )
        row = rows.browse(made[0][0]) if made else rows.search(known)
        row.invalidate_recordset()
        if made and len(taxes) > 1:
            row.further_tax_ids = taxes[1:]
        connection.invalidate_recordset(["tax_map_ids"])
        return row
