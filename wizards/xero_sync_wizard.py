from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import BATCH_SIZE, PUSH_MODELS
from ..models.xero_change import Change, describe_fields
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

    # === MODES === #

    def _run_preview(self):
        """Plan with the very code of the sync, and carry nothing out.

        Before sending, the sync looks who is in Xero already; so does the preview.
        """
        connection, pull = self.connection_id.sudo(), self.env["xero.pull"].sudo()
        for resource in self._get_resources():
            arriving = []
            if self.direction != "push" or resource != "Invoices":
                arriving = pull._preview(connection, resource)
            if self.direction != "push":
                self._add_lines("pull", resource, arriving)
            if self.direction != "pull":
                matched = [change for change in arriving if change.operation == "link"]
                self._add_lines("push", resource, self._plan_push(resource, matched))
                if self.direction == "push":
                    self._add_lines("push", resource, matched)
        return self._show_result()

    def _run_test(self):
        """Carry out a few records, and show what was done with each."""
        connection, pull = self.connection_id.sudo(), self.env["xero.pull"].sudo()
        size = max(1, self.test_size)
        for resource in self._get_resources():
            if self.direction in ("pull", "both"):
                changes = pull._pull_sample(connection, resource, size)
                self._add_lines("pull", resource, changes)
        if self.direction in ("push", "both"):
            self._test_push(connection, size)
        return self._show_result()

    def _run_full(self):
        """Everything, page by page; goes on in the background after some seconds."""
        if self.direction in ("push", "both"):
            for resource in self._get_resources():
                self._queue(resource)
        resources = self._get_resources() if self.direction != "push" else []
        self.run_id = self.env["xero.sync.run"]._start(
            self.connection_id,
            resources,
            push=self.direction != "pull",
            from_scratch=True,
        )
        return self.run_id._get_action()

    # === PUSH === #

    def _get_push_records(self, resource):
        """Return the records of a list that belong in Xero and are not there yet."""
        if resource == "Invoices":
            return self.env["xero.invoice"]
        model = self.env[PUSH_MODELS[resource]].sudo()
        connection = self.connection_id.sudo()
        domain = model._get_xero_domain(connection)
        if connection.date_start:
            domain &= fields.Domain("create_date", ">=", connection.date_start)
        linked = self.env["xero.link"].sudo()
        linked = linked._search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", model._name),
                ("xero_id", "!=", False),
            ]
        )
        domain &= fields.Domain("id", "not in", linked.subselect("res_id"))
        return model.search(domain)

    def _plan_push(self, resource, matched):
        """Return what sending the records would do, one `Change` a record.

        :param matched: list of `Change` of records that Xero has already
        """
        in_xero = {change.record.id for change in matched}
        connection = self.connection_id.sudo()
        waiting = self.env["xero.link"].new(
            {"connection_id": connection.id, "resource": resource}
        )
        changes = []
        for record in self._get_push_records(resource):
            if record.id in in_xero:
                continue
            change = Change("create", record.display_name, record)
            if problem := record._get_xero_problem(connection):
                change.operation, change.problem = "refuse", problem
            else:
                change.link = waiting
                record._plan_xero_push(connection, change)
                change.link = None
            changes.append(change)
        return changes

    def _queue(self, resource, limit=None):
        records = self._get_push_records(resource)[:limit]
        links = self.env["xero.link"].sudo()
        if not records:
            return links
        links = links._ensure(self.connection_id.sudo(), records)
        links._mark_pending()
        return links

    def _test_push(self, connection, size):
        """Send a few records and show how it went.

        In a cursor of its own: what is sent is committed before, and the answers have
        to be here when this request shows them.
        """
        self.env.flush_all()
        vals_list = []
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            wizard = env[self._name].new({"connection_id": connection.id})
            for resource in self._get_resources():
                links = wizard._queue(resource, min(size, BATCH_SIZE))
                wizard.env.flush_all()
                env["xero.push"]._commit()
                env["xero.push"]._push(connection.with_env(env), among=links.ids)
                vals_list += wizard._prepare_sent_lines(resource, links)
        self.env.invalidate_all()
        self.env["xero.sync.wizard.line"].create(
            [{"wizard_id": self.id, **vals} for vals in vals_list]
        )

    def _prepare_sent_lines(self, resource, links):
        return [
            {
                "direction": "push",
                "resource": resource,
                "operation": self._get_sent_operation(link),
                "name": link.record_name,
                "message": link.error,
                "res_model": link.res_model,
                "res_id": link.res_id,
                "xero_id": link.xero_id,
            }
            for link in links.exists()
        ]

    def _get_sent_operation(self, link):
        if link.state == "synced":
            return "link" if link.rule else "create"
        return "skip" if link.state == "pending" else "refuse"

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
