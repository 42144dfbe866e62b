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
        names = [*vals_list[0], *log_access]
        columns = [self._fields[name] for name in names]
        rows = [
            SQL(
                "(%s)",
                SQL(", ").join(
                    field.convert_to_column_insert(row[field.name], self)
                    for field in columns
                ),
            )
            for row in ({**vals, **log_access} for vals in vals_list)
        ]
        ids = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(SQL.identifier(field.name) for field in columns),
                SQL(", ").join(rows),
                SQL("ON CONFLICT DO NOTHING") if ignore_known else SQL(),
            )
        )
        return self.browse(row[0] for row in ids)

    def _get_different(self, vals):
        """Return the values that differ from this record's own. One record."""
        return {
            name: value
            for name, value in vals.items()
            if (self._fields[name].convert_to_write(self[name], self) or False)
            != (value or False)
        }
