import json

from odoo import fields, models
from odoo.tools import SQL


class XeroLink(models.Model):
    """What a link knows of single fields: when they changed, what is disputed."""

    _inherit = "xero.link"

    def _get_shown_state(self):
        """Return the state as people see it: an open conflict comes first.

        :rtype: str
        """
        return "conflict" if self.conflict_ids and self.state != "error" else self.state

    def _note_changed(self, names):
        """Note that a person has changed fields in Odoo just now, in one query.

        :param names: fields of the dataclass
        """
        stamp = fields.Datetime.to_string(fields.Datetime.now())
        if not self or not (stamps := dict.fromkeys(names, stamp)):
            return
        self.flush_recordset(["changed_at"])
        self.env.execute_query(
            SQL(
                """
            UPDATE xero_link
               SET changed_at = COALESCE(changed_at, '{}'::jsonb) || %s::jsonb
             WHERE id = ANY(%s)
         RETURNING id""",
                json.dumps(stamps),
                self.ids,
            )
        )
        self.invalidate_recordset(["changed_at"])

    def _get_changed_at(self):
        """Return when fields were last changed in Odoo.

        :rtype: dict of datetime by field of the dataclass
        """
        return {
            name: fields.Datetime.to_datetime(stamp)
            for name, stamp in (self.changed_at or {}).items()
        }

    def _open_review(self):
        """Return the dialog that shows what is disputed, side by side."""
        self.ensure_one()
        review = self.env["xero.conflict.review"].create({"link_id": self.id})
        return review._open()
