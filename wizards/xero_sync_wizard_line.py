from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import RESOURCE_LABELS

OPERATIONS = [
    ("create", "Create"),
    ("link", "Match"),
    ("update", "Update"),
    ("conflict", "Conflict"),
    ("hold", "Held for Matching"),
    ("refuse", "Refused"),
    ("wait", "Waiting"),
    ("skip", "Skipped"),
    ("unchanged", "Unchanged"),
]
QUIET = ("unchanged", "skip")
DIRECTIONS = [("pull", "From Xero"), ("push", "To Xero")]


class XeroSyncWizardLine(models.TransientModel):
    """What a sync would do with one record, or has done with it."""

    _name = "xero.sync.wizard.line"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Sync Preview Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "xero.sync.wizard",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    direction = fields.Selection(DIRECTIONS, readonly=True)
    resource = fields.Selection(RESOURCE_LABELS, "List", readonly=True)
    operation = fields.Selection(OPERATIONS, readonly=True)
    name = fields.Char("Record", readonly=True)
    field_changes = fields.Json(
        "What Changes", readonly=True, help="Label, old and new text of each field."
    )
    changes = fields.Text(readonly=True)
    message = fields.Text("Why", readonly=True)
    remedy = fields.Text("What to Do", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("In Odoo", model_field="res_model", readonly=True)
    xero_id = fields.Char("Xero ID", readonly=True)
    sides = fields.Json(
        "Both Sides", readonly=True, help="Label, Odoo's and Xero's text of each field."
    )
    has_problem = fields.Boolean(
        compute="_compute_has_problem", search="_search_has_problem"
    )
    xero_url = fields.Char(compute="_compute_xero_url")

    @api.depends("operation")
    def _compute_has_problem(self):
        for line in self:
            line.has_problem = line.operation in ("conflict", "hold", "refuse")

    def _search_has_problem(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("operation", "in", ("conflict", "hold", "refuse"))]

    @api.depends("xero_id", "resource")
    def _compute_xero_url(self):
        for line in self:
            connection = line.wizard_id.connection_id.sudo()
            line.xero_url = connection._get_record_url(line.resource, line.xero_id)

    # === WRITING === #

    @api.model
    def _add_rows(self, wizard, rows):
        """Write rows by the thousand.

        :param wizard: `xero.sync.wizard`, one record
        :param list rows: dicts as `xero.preview` prepares them
        """
        return self._insert([self._prepare_row(wizard, row) for row in rows])

    @api.model
    def _prepare_row(self, wizard, row):
        message = row["message"]
        if not message and row["rule"]:
            message = self._get_rule_text(row["rule"])
        return {
            "wizard_id": wizard.id,
            "direction": row["direction"],
            "resource": row["resource"],
            "operation": row["operation"],
            "name": row["name"],
            "field_changes": row["fields"],
            "changes": self._get_changes_text(row["fields"]),
            "message": message,
            "remedy": row["remedy"],
            "res_model": row["res_model"],
            "res_id": row["res_id"],
            "xero_id": row["xero_id"],
            "sides": row.get("sides") or None,
        }

    @api.model
    def _get_changes_text(self, changes):
        """Return changes for searching and for the spreadsheet, a line a field."""
        return "\n".join(
            f"{label}: {old} → {new or '-'}" if old else f"{label}: {new}"
            for label, old, new in changes
        )

    @api.model
    def _get_rule_text(self, rule):
        """Say by what a record was matched."""
        labels = {
            "contact_number": self.env._("Matched by our own number."),
            "account_number": self.env._("Matched by reference."),
            "tax_number": self.env._("Matched by tax number."),
            "email": self.env._("Matched by e-mail."),
            "name": self.env._("Matched by name."),
            "code": self.env._("Matched by internal reference."),
        }
        return labels.get(rule) or self.env._("Matched.")

    # === ACTION METHODS === #

    def action_open_record(self):
        """Open the record in Odoo."""
        self.ensure_one()
        if not self.res_id or not self._get_record():
            raise UserError(self.env._("This record is not in Odoo yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_open_in_xero(self):
        """Open the record in Xero, in a new tab."""
        self.ensure_one()
        if not self.xero_url:
            raise UserError(self.env._("This record is not in Xero yet."))
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_test(self):
        """Carry out what these lines of a preview announce, and nothing else.

        :return: an action that shows what was done
        :raise UserError: if no line was chosen, or Xero does not answer
        """
        if not self:
            raise UserError(self.env._("Tick the lines to test first."))
        return self.wizard_id._test_lines(self)

    def _get_row(self):
        """Return this line as `xero.preview` had prepared it. One record."""
        self.ensure_one()
        return {
            "direction": self.direction,
            "resource": self.resource,
            "operation": self.operation,
            "name": self.name,
            "fields": self.field_changes or [],
            "rule": False,
            "message": self.message,
            "remedy": self.remedy,
            "res_model": self.res_model,
            "res_id": self.res_id,
            "xero_id": self.xero_id,
        }

    def _get_record(self):
        """Return the record that this line is about; empty when there is none."""
        self.ensure_one()
        model = self.env[self.res_model].with_context(active_test=False)
        return model.browse(self.res_id).exists()
