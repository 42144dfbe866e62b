from odoo import fields, models
from odoo.tools import SQL


class XeroUsage(models.Model):
    """What is left of Xero's limits for a connection, as its last answers said.

    Apart from the connection, because it changes with each call: nothing else may wait
    for, or be rolled back with, these figures.
    """

    _name = "xero.usage"
    _description = "Xero API Usage"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    day_remaining = fields.Integer(default=-1)
    minute_remaining = fields.Integer(default=-1)
    updated_at = fields.Datetime()
    paused_until = fields.Datetime()
    pause_reason = fields.Char()

    _connection_uniq = models.Constraint(
        "UNIQUE(connection_id)", "A connection has one set of figures."
    )

    def _record(self, connection, values):
        """Write at once, in a cursor of its own.

        When another worker is just writing fresher figures, ours are not needed.

        :param connection: `xero.connection`, one record
        :param dict values: values by field name
        """
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """UPDATE xero_usage SET %s WHERE id IN (
                         SELECT id FROM xero_usage WHERE connection_id = %s
                            FOR UPDATE SKIP LOCKED)""",
                    columns,
                    connection.id,
                )
            )
        self.invalidate_model(list(values))
