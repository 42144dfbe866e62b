from datetime import timedelta

from odoo import api, fields, models

from ..const import RESOURCE_LABELS

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
    resource = fields.Selection(RESOURCE_LABELS, "List", readonly=True)
    operation = fields.Char("Name of the Operation", readonly=True)
    operation_text = fields.Char("Operation", compute="_compute_operation_text")
    state = fields.Selection(
        [
            ("success", "Success"),
            ("error", "Error"),
            ("conflict", "Conflict"),
            # No failure: the matching list asks who it is, the log refers to it.
            ("held", "Held for Matching"),
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
    run_id = fields.Many2one("xero.sync.run", ondelete="set null", readonly=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)

    _open_index = models.Index(
        "(connection_id, res_model, res_id) WHERE state IN ('error', 'conflict')"
    )
    _run_index = models.Index("(run_id) WHERE run_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("record_name", "message")
    def _compute_display_name(self):
        for log in self:
            log.display_name = log.record_name or log.message

    @api.depends("operation")
    def _compute_operation_text(self):
        """Say in a user's words what was done; what has no word stays as it is."""
        texts = {
            "create": self.env._("Create"),
            "link": self.env._("Match"),
            "update": self.env._("Update"),
            "fetch": self.env._("Fetch"),
            "merge": self.env._("Merge"),
        }
        for log in self:
            log.operation_text = texts.get(log.operation, log.operation)

    # === ACTION METHODS === #

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
