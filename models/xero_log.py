from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import RESOURCE_LABELS
from .xero_change import describe_fields

KEEP_SUCCESS = timedelta(days=90)


class XeroLog(models.Model):
    """Every movement of data, and every failure with its cause and its remedy."""

    _name = "xero.log"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Log"
    _order = "id desc"
    _rec_name = "message"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    direction = fields.Selection(
        [
            ("pull", "From Xero"),
            ("push", "To Xero"),
            ("webhook", "Webhook"),
            ("auth", "Connection"),
        ],
        required=True,
        readonly=True,
    )
    resource = fields.Selection(RESOURCE_LABELS, readonly=True)
    operation = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("success", "Success"),
            ("error", "Error"),
            ("conflict", "Conflict"),
            ("resolved", "Resolved"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    record_name = fields.Char(readonly=True)
    xero_id = fields.Char("Xero ID", readonly=True)
    message = fields.Text("Cause", readonly=True)
    remedy = fields.Text("What to Do", readonly=True)
    fix = fields.Char("Kind of Fix", readonly=True)
    fix_id = fields.Integer("Record to Fix", readonly=True)
    changes = fields.Json("Old and New Values", readonly=True)
    changes_text = fields.Text("Changes", compute="_compute_changes_text")
    run_id = fields.Many2one("xero.sync.run", ondelete="set null", readonly=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)

    _open_index = models.Index(
        "(connection_id, res_model, res_id) WHERE state IN ('error', 'conflict')"
    )
    _run_index = models.Index("(run_id) WHERE run_id IS NOT NULL")

    @api.depends("changes")
    def _compute_changes_text(self):
        for log in self:
            log.changes_text = describe_fields(log.changes or {})

    # === WRITING THE LOG === #

    @api.model
    def _add(self, connection, **vals):
        """Add a row.

        :param connection: `xero.connection`, one record
        :param vals: field values
        """
        return self.sudo().create(
            {
                "connection_id": connection.id,
                "run_id": self.env.context.get("xero_run_id"),
                **vals,
            }
        )

    @api.model
    def _prepare_link_vals(self, link):
        return {
            "connection_id": link.connection_id.id,
            "resource": link.resource,
            "res_model": link.res_model,
            "res_id": link.res_id,
            "record_name": link.record_name,
            "xero_id": link.xero_id,
            "run_id": self.env.context.get("xero_run_id"),
        }

    @api.model
    def _add_success(self, link, direction, operation, changes=None, element=None):
        """Log one movement; `changes` is a dict of field: (old, new)."""
        return self.sudo().create(
            self._prepare_success_vals(link, direction, operation, changes, element)
        )

    @api.model
    def _prepare_success_vals(self, link, direction, operation, changes, element):
        message = self.env._("Done.")
        if element is not None and element.warnings:
            message = " ".join(element.warnings)
        return {
            **self._prepare_link_vals(link),
            "direction": direction,
            "operation": operation,
            "state": "success",
            "message": message,
            "changes": self._prepare_changes(changes),
        }

    @api.model
    def _add_problem(self, link, problem, operation, direction="push"):
        """Log why a record could not be sent, replacing its open row."""
        self._resolve_for(link)
        return self.sudo().create(
            self._prepare_failure_vals(link, problem, operation, direction)
        )

    @api.model
    def _prepare_failure_vals(self, link, problem, operation, direction="push"):
        return {
            **self._prepare_link_vals(link),
            "direction": direction,
            "operation": operation,
            "state": "error",
            **self._prepare_problem_vals(problem),
        }

    @api.model
    def _add_failure(self, links, cause):
        """Log a call that failed as a whole: a row for each record of it."""
        self._resolve_for(links)
        self.sudo().create(
            [self._prepare_failure_vals(link, cause, "send") for link in links]
        )

    @api.model
    def _resolve_fetch(self, connection, resource):
        """Close the open row of a fetch that failed and works now."""
        self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("operation", "=", "fetch"),
                ("state", "=", "error"),
            ]
        ).write({"state": "resolved"})

    @api.model
    def _add_pull_failure(self, connection, resource, cause):
        """Log a fetch that failed: one open row a resource, however often it fails."""
        self._resolve_fetch(connection, resource)
        return self._add(
            connection,
            direction="pull",
            resource=resource,
            operation="fetch",
            state="error",
            **self._prepare_problem_vals(cause),
        )

    @api.model
    def _add_changes(self, connection, resource, changes):
        """Log what a page from Xero did, one row a record, in one batch."""
        moved = [c for c in changes if c.operation not in ("unchanged", "skip")]
        settled = self.env["xero.link"].union(
            *(c.link for c in changes if c.link and c.operation != "conflict")
        )
        synced = settled.filtered(lambda link: link.state == "synced")
        self._resolve_for(synced)
        self._resolve_for(settled - synced, direction="pull")
        states = {"refuse": "error", "conflict": "conflict"}
        vals_list = [
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "direction": "pull",
                "resource": resource,
                "operation": change.operation,
                "state": states.get(change.operation, "success"),
                "res_model": change.record and change.record._name,
                "res_id": change.record and change.record.id,
                "record_name": change.name,
                "xero_id": change.xero_id,
                "run_id": self.env.context.get("xero_run_id"),
                "changes": self._prepare_changes(change.fields),
                **self._prepare_problem_vals(change.problem),
            }
            for change in moved
        ]
        xero_ids = [change.xero_id for change in changes if change.xero_id]
        told = self._settle_xero_ids(connection, resource, xero_ids, vals_list)
        self._insert([vals for vals in vals_list if self._get_key(vals) not in told])

    @api.model
    def _prepare_changes(self, changes):
        return {name: [str(a), str(b)] for name, (a, b) in (changes or {}).items()}

    @api.model
    def _prepare_problem_vals(self, problem):
        return {
            "message": problem.message if problem else self.env._("Done."),
            "remedy": problem and problem.remedy,
            "fix": problem and problem.fix,
            "fix_id": problem and problem.fix_id,
        }

    @api.model
    def _resolve_for(self, links, direction=None):
        """Close the open rows of records that are in order now.

        :param links: `xero.link`
        :param str direction: only the rows of this direction
        """
        if not links:
            return
        domain = [
            ("connection_id", "in", links.connection_id.ids),
            ("res_model", "in", list(set(links.mapped("res_model")))),
            ("res_id", "in", links.mapped("res_id")),
            ("state", "in", ("error", "conflict")),
        ]
        if direction:
            domain.append(("direction", "=", direction))
        self.sudo().search(domain).write({"state": "resolved"})

    @api.model
    def _settle_xero_ids(self, connection, resource, xero_ids, vals_list):
        """Close the open rows about Xero records, but for those that say what would be
        said again: a bad record is told once, however often it comes.

        :param list vals_list: values of the rows that are about to be added
        :return: what is told already, as `_get_key` gives it
        :rtype: set
        """
        open_rows = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("xero_id", "in", xero_ids),
                ("direction", "=", "pull"),
                ("state", "in", ("error", "conflict")),
            ]
        )
        again = {self._get_key(vals) for vals in vals_list}
        standing = open_rows.filtered(lambda row: self._get_key(row) in again)
        (open_rows - standing).write({"state": "resolved"})
        if run_id := self.env.context.get("xero_run_id"):
            standing.write({"run_id": run_id})
        return {self._get_key(row) for row in standing}

    @api.model
    def _get_key(self, row):
        """What makes two rows of a fetch say the same: records or values."""
        return row["xero_id"], row["state"], row["message"]

    # === ACTION METHODS === #

    def action_resync(self):
        """Try again what these rows are about: send the record, or fetch it."""
        for connection, logs in self.grouped("connection_id").items():
            connection._check_connected()
            logs._refetch(connection)
        links = self._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def _requeue(self):
        """Put what these rows failed to send into the outbox again, with the customers
        and items that their invoices wait for.

        :return: `xero.link`
        """
        links = self.env["xero.link"].sudo()
        for log in self:
            links |= log._get_link()
        return links._requeue()

    @api.model
    def _retry_fixed(self, fix, ids):
        """What waited for a correction goes on by itself once it was made.

        :param str fix: kind of fix, as in `Problem`
        :param list ids: records that were corrected
        """
        rows = self.sudo().search(
            [
                ("state", "=", "error"),
                ("direction", "=", "push"),
                ("fix", "=", fix),
                ("fix_id", "in", ids),
            ]
        )
        if rows:
            rows._requeue()._wake_cron()

    def _get_link(self):
        """Return the link of the record that failed to be sent."""
        self.ensure_one()
        links = self.env["xero.link"].sudo()
        if self.direction != "push" or not self.res_id:
            return links
        return links.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
            ],
            limit=1,
        )

    def _refetch(self, connection):
        """Fetch again the Xero records that these rows failed to take over."""
        pull = self.env["xero.pull"].sudo()
        rows = self.filtered(lambda log: log.direction == "pull" and log.xero_id)
        for resource, logs in rows.grouped("resource").items():
            pull._pull_records(connection, resource, logs.mapped("xero_id"))
        if self.filtered(lambda log: log.operation == "fetch"):
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()

    def action_resolve(self):
        """Mark as resolved: a person has looked after it."""
        rows = self.filtered(lambda log: log.state in ("error", "conflict"))
        rows.sudo().write({"state": "resolved", "resolved_by_id": self.env.uid})
        return True

    def action_do_not_sync(self):
        """Exclude the records of these rows from syncing."""
        for model_name, logs in self.grouped("res_model").items():
            if model_name and "xero_do_not_sync" in self.env[model_name]._fields:
                records = self.env[model_name].browse(logs.mapped("res_id")).exists()
                records.sudo().write({"xero_do_not_sync": True})
        return self.action_resolve()

    def action_keep_odoo(self):
        return self._settle_conflicts("odoo")

    def action_keep_xero(self):
        return self._settle_conflicts("xero")

    def _settle_conflicts(self, policy):
        rows = self.filtered(lambda log: log.state == "conflict" and log.res_id)
        for log in rows:
            link = (
                self.env["xero.link"]
                .sudo()
                ._find(log.connection_id, log.resource, [log.xero_id])
            )
            if link:
                link[log.xero_id]._settle(policy)
        rows.action_resolve()
        return True

    def action_open_record(self):
        """Open the record that this row is about."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            raise UserError(self.env._("This row is not about a record in Odoo."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    @api.autovacuum
    def _gc_success(self):
        """Movements are kept for 90 days, problems until somebody resolves them."""
        limit = fields.Datetime.now() - KEEP_SUCCESS
        rows = self.search(
            [("state", "in", ("success", "resolved")), ("create_date", "<", limit)],
            limit=10000,
        )
        rows.unlink()
        return len(rows), len(rows) == 10000
