from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..const import BATCH_SIZE, LOOK_UP
from ..mapping.merge import Choice


class XeroConflict(models.Model):
    """What people can do with conflicts: choose, and have it carried out."""

    _inherit = "xero.conflict"

    def action_keep_odoo(self):
        """Keep Odoo's values: they go to Xero."""
        return self._keep("odoo")

    def action_keep_xero(self):
        """Keep Xero's values: they come to Odoo."""
        return self._keep("xero")

    def action_apply(self):
        """Carry out what was chosen: of these rows, or of all where none is given.

        :raise UserError: if nothing is chosen
        """
        self.check_access("write")
        rows = self or self.search([("state", "=", "open"), ("choice", "!=", False)])
        rows = rows.filtered(lambda row: row.choice and row.state == "open")
        if not rows:
            raise UserError(
                self.env._("Choose first whose value to keep, in the column Keep.")
            )
        rows.sudo()._settle()
        return rows._tell()

    def action_review(self):
        """Open all that is disputed of this row's record, side by side."""
        self.ensure_one()
        return self.link_id._open_review()

    def action_open_record(self):
        """Open the record in Odoo."""
        self.ensure_one()
        return self.link_id.action_open_record()

    def _keep(self, side):
        self.check_access("write")
        rows = self.filtered(lambda row: row.state == "open")
        rows.choice = side
        rows.sudo()._settle()
        return rows._tell()

    def _settle(self):
        """Merge the records anew, with what was chosen.

        What has moved on either side since the choice was made is not overwritten: it
        is merged as it is now, or asked again.

        :raise UserError: if Xero does not answer, and why
        """
        links = self.link_id
        with self.env["xero.log"]._explained():
            for connection, mine in links.grouped("connection_id").items():
                connection._check_connected()
                for resource, some in mine.grouped("resource").items():
                    for chunk in split_every(BATCH_SIZE, some.ids, links.browse):
                        self._settle_chunk(connection, resource, chunk)
        waiting = links.filtered(lambda link: link.state == "pending")
        # Each was fetched just now, to see whether the choice still stands.
        push = self.env["xero.push"].with_context(**{LOOK_UP: "done"})
        push._flush_after_commit(waiting)

    def _settle_chunk(self, connection, resource, links):
        rows = self.filtered(lambda row: row.link_id in links)
        choices = {link.xero_id: {} for link in links}
        for row in rows:
            choices[row.link_id.xero_id][row.field] = Choice(
                row.choice, row.values["odoo"], row.values["xero"]
            )
        self.env["xero.pull"]._pull_records(
            connection, resource, list(choices), choices=choices
        )

    def _tell(self):
        """Return a notification of what was settled, and what was not.

        :return: client action
        """
        left = self.filtered(lambda row: row.state == "open")
        if left:
            kind, message = (
                "warning",
                self.env._(
                    "%(done)s settled. %(left)s could not be: a value was changed "
                    "meanwhile, or the record is excluded. Look again: %(names)s",
                    done=len(self - left),
                    left=len(left),
                    names=", ".join(sorted(set(left.mapped("record_name")))[:5]),
                ),
            )
        else:
            kind, message = "success", self.env._("Settled: %(done)s.", done=len(self))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": bool(left),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
