from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..mapping.merge import get_winner, same

KEEP_SETTLED = timedelta(days=90)


class XeroConflict(models.Model):
    """A field that both sides changed, and what a person chose."""

    _name = "xero.conflict"
    _inherit = "xero.bulk.mixin"
    _description = "Conflict With Xero"
    _order = "state, link_id desc, id"
    _rec_name = "field"

    link_id = fields.Many2one(
        "xero.link",
        "Record",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    connection_id = fields.Many2one(related="link_id.connection_id", store=True)
    company_id = fields.Many2one("res.company", readonly=True)
    resource = fields.Selection(related="link_id.resource", store=True, string="List")
    record_name = fields.Char(related="link_id.record_name")
    field = fields.Char(required=True, readonly=True)
    label = fields.Char("Field Name", compute="_compute_texts")
    values = fields.Json(
        readonly=True, help="Last agreed, Odoo's and Xero's value, as they are merged."
    )
    base_text = fields.Text("Last Agreed", compute="_compute_texts")
    odoo_text = fields.Text("Odoo", compute="_compute_texts")
    xero_text = fields.Text("Xero", compute="_compute_texts")
    odoo_changed_at = fields.Datetime("Changed in Odoo", readonly=True)
    xero_changed_at = fields.Datetime(
        "Changed in Xero",
        readonly=True,
        help="Xero tells when a record was changed, but not which field of it.",
    )
    choice = fields.Selection([("odoo", "Odoo's"), ("xero", "Xero's")], "Keep")
    state = fields.Selection(
        [("open", "Open"), ("settled", "Settled")],
        required=True,
        default="open",
        readonly=True,
    )
    outcome = fields.Selection(
        [
            ("odoo", "Odoo's value was kept"),
            ("xero", "Xero's value was kept"),
            ("equal", "Both sides agree again"),
            ("gone", "The record is gone"),
        ],
        readonly=True,
    )
    settled_by_id = fields.Many2one("res.users", readonly=True)
    settled_at = fields.Datetime("Settled", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(link_id, field) WHERE state = 'open'",
        "This field waits for a choice already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("field", "values")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            model = self.env[row.link_id.res_model]
            row.label = model._get_xero_field_label(row.field)
            for side in ("base", "odoo", "xero"):
                value = (row.values or {}).get(side)
                row[f"{side}_text"] = model._describe_xero_value(row.field, value)

    # === CRUD METHODS === #

    def write(self, vals):
        """A person may choose, and nothing else."""
        if not self.env.su and set(vals) - {"choice"}:
            raise AccessError(self.env._("Only the choice can be changed."))
        return super().write(vals)

    @api.autovacuum
    def _gc_settled(self):
        """Settled ones are kept as long as the log."""
        limit = fields.Datetime.now() - KEEP_SETTLED
        rows = self.search(
            [("state", "=", "settled"), ("settled_at", "<", limit)], limit=10000
        )
        rows.unlink()
        return len(rows), len(rows) == 10000

    # === WHAT THE MERGE SAYS === #

    @api.model
    def _record(self, changes):
        """Bring the conflicts of a page of merged records up to date, in batches.

        What is disputed is added, or its values are renewed; what is no longer disputed
        is closed.

        :param list changes: `Change` with their links
        """
        merged = [c for c in changes if c.link and c.operation != "refuse"]
        links = self.env["xero.link"].union(*(change.link for change in merged))
        rows = self.sudo().search(
            [("link_id", "in", links.ids), ("state", "=", "open")]
        )
        known = {(row.link_id.id, row.field): row for row in rows}
        new, touched = [], links.browse()
        for change in merged:
            for field, values in change.conflicts.items():
                vals = self._prepare_conflict_vals(change, field, values)
                if row := known.pop((change.link.id, field), None):
                    row._renew(vals)
                else:
                    new.append(vals)
                    touched |= change.link
        by_link = {change.link.id: change for change in merged}
        for row in known.values():
            touched |= row.link_id
            row._close(by_link[row.link_id.id])
        self._insert(new)
        touched.invalidate_recordset(["conflict_ids"])

    @api.model
    def _prepare_conflict_vals(self, change, field, values):
        link = change.link
        times = change.record._get_changed_at(link, [field])
        return {
            "link_id": link.id,
            "connection_id": link.connection_id.id,
            "company_id": link.company_id.id,
            "resource": link.resource,
            "field": field,
            "values": dict(zip(("base", "odoo", "xero"), values, strict=True)),
            "odoo_changed_at": times[field],
            "xero_changed_at": change.data.updated,
            "state": "open",
        }

    def _renew(self, vals):
        """Take over what the merge found now; a choice between other values is void."""
        self.ensure_one()
        before, now = self.values, vals["values"]
        if all(same(before[side], now[side]) for side in ("odoo", "xero")):
            vals = {"values": now} if before != now else {}
        else:
            vals = {**vals, "choice": False}
        if vals:
            self.write(vals)

    def _close(self, change):
        """Note that a field is no longer disputed, and how that came.

        :param change: `Change` of the merge that found so
        """
        reason = change.reasons.get(self.field, "")
        by_person = reason.startswith("choice")
        self.write(
            {
                "state": "settled",
                "outcome": get_winner(reason) or "equal",
                "settled_by_id": by_person and self.env.uid,
                "settled_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _close_of(self, records):
        """Close what is disputed of records that are about to be deleted in Odoo."""
        links = self.env["xero.link"].sudo()._of(records)
        links.conflict_ids.write(
            {
                "state": "settled",
                "outcome": "gone",
                "settled_at": fields.Datetime.now(),
            }
        )

    def _get_summary(self):
        """Return in one sentence which fields are disputed.

        :rtype: str
        """
        return self.env._(
            "Both sides changed the same field: %(fields)s.",
            fields=", ".join(self.mapped("label")),
        )
