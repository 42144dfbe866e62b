from odoo import fields, models
from odoo.tools import SQL


class XeroBulkMixin(models.AbstractModel):
    """Rows that are written by the thousand, and by nobody else: links, log, money."""

    _name = "xero.bulk.mixin"
    _description = "Written in Bulk"

    def _insert(self, vals_list, ignore_known=False):
        """Insert rows in one statement, past what the ORM does for each record.

        Neither defaults nor computed fields are filled in: `vals_list` has to hold all
        that is stored, and who read these rows before has to invalidate.

        :param list vals_list: dicts with the same keys
        :param bool ignore_known: leave out rows that a unique index refuses
        :return: the new records
        """
        if not vals_list:
            return self.browse()
        log_access = {
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": (now := fields.Datetime.now()),
            "write_date": now,
        }
        own = self._get_own_names(vals_list)
        vals = {**vals_list[0], **log_access}
        names = [*own, *(name for name in vals if name not in own)]
        ids = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM (VALUES %s) v (%s) %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL(
                        "%s::%s",
                        SQL.identifier("v", name)
                        if name in own
                        else self._to_column(name, vals[name]),
                        SQL(self._fields[name].column_type[0]),
                    )
                    for name in names
                ),
                self._prepare_rows_sql(vals_list, own),
                SQL(", ").join(map(SQL.identifier, own)),
                SQL("ON CONFLICT DO NOTHING") if ignore_known else SQL(),
            )
        )
        return self.browse(row[0] for row in ids)

    def _get_own_names(self, vals_list):
        """Return the fields in which rows differ; at least one.

        What all rows share is written once: it is the most of them, and to quote it and
        to read it again for each row takes longer than to insert it.
        """
        first = vals_list[0]
        own = [
            name
            for name, value in first.items()
            if any(
                vals[name] != value or type(vals[name]) is not type(value)
                for vals in vals_list
            )
        ]
        return own or list(first)[:1]

    def _prepare_rows_sql(self, vals_list, names):
        """Return the values of these fields, row by row, in one piece."""
        row = f"({', '.join(['%s'] * len(names))})"
        values = (self._to_column(n, vals[n]) for vals in vals_list for n in names)
        return SQL(", ".join([row] * len(vals_list)), *values)

    def _to_column(self, name, value):
        return self._fields[name].convert_to_column_insert(value, self)

    def _get_different(self, vals):
        """Return the values that differ from this record's own. One record."""
        return {
            name: value
            for name, value in vals.items()
            if (self._fields[name].convert_to_write(self[name], self) or False)
            != (value or False)
        }
