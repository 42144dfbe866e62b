from odoo import api, models
from odoo.tools import SQL

from ..const import DOCUMENT_RESOURCES, PUSH_MODELS
from ..mapping.field_map import RESUMED, widens


class XeroFieldMap(models.Model):
    """What follows from a choice in the data map, and the buttons of its screen."""

    _inherit = "xero.field.map"

    # === ROWS === #

    @api.model
    def _ensure_rows(self, connections):
        """Make the rows that the code's fields lack, as after an update of it.

        :param connections: `xero.connection`
        """
        rows = self.sudo()
        known = {
            (row.connection_id.id, row.resource, row.xero_field): row
            for row in rows.search([("connection_id", "in", connections.ids)])
        }
        vals_list = []
        for resource in PUSH_MODELS:
            for sequence, rule in enumerate(self._get_rules(resource).values()):
                if not rule.held_by:
                    continue
                for connection in connections:
                    row = known.get((connection.id, resource, rule.field))
                    if row and row.field_name:
                        # The code has come to sync by itself what a person had mapped.
                        row.field_name = False
                    elif not row:
                        vals_list.append(
                            {
                                "connection_id": connection.id,
                                "resource": resource,
                                "xero_field": rule.field,
                                "direction": rule.directions[0],
                                "sequence": sequence,
                            }
                        )
        return rows.create(vals_list)

    @api.model
    def _ensure_all_rows(self):
        """Called when the addon is installed or updated."""
        connections = self.env["xero.connection"].with_context(active_test=False)
        self._ensure_rows(connections.sudo().search([]))

    # === CONSEQUENCES === #

    def _start(self):
        """Nothing is known of what both sides agree on in these fields."""
        for connection, resource, rows in self._by_list():
            forgotten = SQL("base - %s::text[]", rows.mapped("xero_field"))
            rows._update_bases(connection, resource, forgotten)
        self._resume()

    def _follow_directions(self, before):
        """After a change of direction.

        :param dict before: direction by row id
        """
        moved = self.filtered(lambda row: row.direction != before[row.id])
        widened = moved.filtered(lambda row: widens(before[row.id], row.direction))
        widened._resume()
        (moved - widened)._retry_problems()

    def _resume(self):
        """Values flow that stood still: both sides are compared before anything is
        overwritten. See `mapping.field_map.RESUMED`."""
        for connection, resource, rows in self._by_list():
            marked = SQL(
                "base || jsonb_build_object(%(mark)s::text,"
                " COALESCE(base -> %(mark)s, '[]') || to_jsonb(%(names)s::text[]))",
                mark=RESUMED,
                names=rows.mapped("xero_field"),
            )
            self._update_bases(connection, resource, marked)
            self._read_again(connection, resource)

    def _retry_problems(self):
        """What failed or was in conflict because of these fields may go on now."""
        for connection, resource, _rows in self._by_list():
            domain = [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
            ]
            links = self.env["xero.link"].sudo()
            failed = links.search([*domain, ("state", "=", "error")])
            if failed:
                failed._mark_pending()
                failed._wake_cron()
            stuck = [("direction", "=", "pull"), ("state", "in", ("error", "conflict"))]
            if self.env["xero.log"].sudo().search_count([*domain, *stuck], limit=1):
                self._read_again(connection, resource)

    def _by_list(self):
        for connection, mine in self.sudo().grouped("connection_id").items():
            for resource, rows in mine.grouped("resource").items():
                if resource not in DOCUMENT_RESOURCES:
                    yield connection, resource, rows

    @api.model
    def _update_bases(self, connection, resource, expression):
        """Change the agreed values of all records of a list, in one statement.

        :param expression: of the new value, as `SQL`
        """
        links = self.env["xero.link"].sudo()
        links.flush_model(["base"])
        self.env.cr.execute(
            SQL(
                "UPDATE xero_link SET base = %s WHERE connection_id = %s"
                " AND resource = %s AND jsonb_typeof(base) = 'object'",
                expression,
                connection.id,
                resource,
            )
        )
        links.invalidate_model(["base"])

    @api.model
    def _read_again(self, connection, resource):
        """Have the whole list fetched and compared, a call for each 1,000 records."""
        links = self.env["xero.link"].sudo()
        linked = [("connection_id", "=", connection.id), ("resource", "=", resource)]
        if links.search_count(linked, limit=1):
            self.env["xero.sync.cursor"].sudo()._reset(connection, [resource])
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()

    # === ACTION METHODS === #

    def action_reset(self):
        """Bring these rows back to how they were at the start; added ones go."""
        self.check_access("write")
        further = self.filtered("is_further")
        for row in self - further:
            direction = row._get_default_direction(row._get_rule())
            if direction != row.direction:
                row.direction = direction
        further.unlink()
        return True

    @api.model
    def action_open(self):
        """Open the data map of all organisations."""
        self.check_access("write")
        self._ensure_rows(self.env["xero.connection"].search([]))
        return self.env["ir.actions.actions"]._for_xml_id(
            "xero_crm.xero_field_map_action"
        )
