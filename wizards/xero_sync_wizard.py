from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.xero_change import describe_fields
from .xero_sync_wizard_line import OPERATIONS

RESOURCES = {"contacts": "Contacts", "items": "Items", "invoices": "Invoices"}


class XeroSyncWizard(models.TransientModel):
    """Joins an organisation with Odoo: look first, then try five, then all."""

    _name = "xero.sync.wizard"
    _description = "Xero Sync Wizard"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        domain=[("state", "=", "connected")],
        default=lambda self: self.env["xero.connection"].search(
            [("state", "=", "connected")], limit=1
        ),
    )
    mode = fields.Selection(
        [
            ("preview", "Preview: change nothing, show what would happen"),
            ("test", "Test batch: a few records only"),
            ("full", "Full: everything, in the background"),
        ],
        required=True,
        default="preview",
    )
    direction = fields.Selection(
        [
            ("pull", "From Xero to Odoo"),
            ("push", "From Odoo to Xero"),
            ("both", "Both ways"),
        ],
        required=True,
        default="pull",
    )
    sync_contacts = fields.Boolean("Contacts", default=True)
    sync_items = fields.Boolean("Items", default=True)
    sync_invoices = fields.Boolean("Invoices", default=True)
    test_size = fields.Integer("Records to Test", default=5)
    sync_mode = fields.Selection(
        related="connection_id.sync_mode", string="Connection Mode"
    )
    state = fields.Selection(
        [("choose", "Choose"), ("result", "Result")], default="choose"
    )
    line_ids = fields.One2many("xero.sync.wizard.line", "wizard_id", "Results")
    shown_operation = fields.Selection(OPERATIONS, readonly=True)
    shown_line_ids = fields.One2many(
        "xero.sync.wizard.line", compute="_compute_shown_line_ids"
    )
    run_id = fields.Many2one("xero.sync.run", readonly=True)
    create_count = fields.Integer("To Create", compute="_compute_counts")
    link_count = fields.Integer("To Match", compute="_compute_counts")
    update_count = fields.Integer("To Update", compute="_compute_counts")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    skip_count = fields.Integer("Skipped", compute="_compute_counts")
    conflict_count = fields.Integer("Conflicts", compute="_compute_counts")
    refuse_count = fields.Integer("Refused", compute="_compute_counts")

    @api.depends("line_ids.operation")
    def _compute_counts(self):
        for wizard in self:
            done = wizard.line_ids.mapped("operation")
            for operation, _label in OPERATIONS:
                wizard[f"{operation}_count"] = done.count(operation)

    @api.depends("line_ids.operation", "shown_operation")
    def _compute_shown_line_ids(self):
        """The lines of the tile that was pressed; at first all that do something."""
        quiet = {"unchanged", "skip"}
        for wizard in self:
            shown = {name for name, _label in OPERATIONS} - quiet
            if wizard.shown_operation:
                shown = {wizard.shown_operation}
            wizard.shown_line_ids = wizard.line_ids.filtered(
                lambda line, shown=shown: line.operation in shown
            )

    # === ACTION METHODS === #

    def action_run(self):
        """Run in the chosen mode.

        :return: an action that shows the result, or the progress of a full sync
        :raise UserError: if nothing is chosen, or Xero does not answer
        """
        self.ensure_one()
        self.check_access("write")
        self.connection_id.check_access("write")
        self.connection_id._check_connected()
        if not self._get_resources():
            raise UserError(self.env._("Choose at least one of the lists to sync."))
        if self.direction != "pull" and self.mode != "preview":
            self.connection_id._check_can_send()
        with self.env["xero.log"]._explained():
            return getattr(self, f"_run_{self.mode}")()

    def action_back(self):
        """Choose again."""
        self.line_ids.unlink()
        self.state = "choose"
        return self._reopen()

    def action_show_lines(self):
        """Show the lines of one operation, which the context names; else all."""
        self.shown_operation = self.env.context.get("xero_operation")
        return self._reopen()

    def action_run_test(self):
        """After a preview: carry out a few records."""
        self.line_ids.unlink()
        self.mode = "test"
        return self.action_run()

    def action_continue(self):
        """After a preview: run everything that was previewed."""
        self.line_ids.unlink()
        self.mode = "full"
        return self.action_run()

    # === RESULT === #

    def _get_resources(self):
        return [
            resource for name, resource in RESOURCES.items() if self[f"sync_{name}"]
        ]

    def _add_lines(self, direction, resource, changes):
        self.env["xero.sync.wizard.line"].create(
            [
                {
                    "wizard_id": self.id,
                    "direction": direction,
                    "resource": resource,
                    "operation": change.operation,
                    "name": change.name,
                    "changes": describe_fields(change.fields),
                    "message": change.problem.message if change.problem else False,
                    "remedy": change.problem.remedy if change.problem else False,
                    "res_model": change.record and change.record._name,
                    "res_id": change.record and change.record.id,
                    "xero_id": change.xero_id,
                }
                for change in changes
            ]
        )

    def _show_result(self):
        self.write({"state": "result", "shown_operation": False})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Xero Sync"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
