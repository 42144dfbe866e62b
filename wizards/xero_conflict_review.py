from odoo import api, fields, models


class XeroConflictReview(models.TransientModel):
    """All that is disputed of one record: last agreed, Odoo and Xero side by side."""

    _name = "xero.conflict.review"
    _description = "Review of a Conflict With Xero"

    link_id = fields.Many2one("xero.link", required=True, readonly=True)
    record_name = fields.Char(related="link_id.record_name")
    resource = fields.Selection(related="link_id.resource")
    xero_url = fields.Char(related="link_id.xero_url")
    conflict_ids = fields.Many2many(
        "xero.conflict", compute="_compute_conflict_ids", store=True, readonly=False
    )

    @api.depends("link_id")
    def _compute_conflict_ids(self):
        for review in self:
            review.conflict_ids = review.link_id.conflict_ids

    def _open(self):
        """Return the action that opens this dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which Value Is Right?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === ACTION METHODS === #

    def action_keep_odoo(self):
        """Keep all of Odoo's values."""
        return self._close_after(self.conflict_ids.action_keep_odoo())

    def action_keep_xero(self):
        """Keep all of Xero's values."""
        return self._close_after(self.conflict_ids.action_keep_xero())

    def action_apply(self):
        """Carry out what was chosen field by field."""
        chosen = self.conflict_ids.filtered("choice")
        return self._close_after((chosen or self.conflict_ids).action_apply())

    def action_open_record(self):
        """Open the record in Odoo."""
        return self.link_id.action_open_record()

    def action_open_in_xero(self):
        """Open the record in Xero."""
        return self.link_id.action_open_in_xero()

    @api.model
    def _close_after(self, told):
        """Close the dialog once the outcome was told."""
        told["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return told
