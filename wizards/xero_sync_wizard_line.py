from odoo import fields, models

OPERATIONS = [
    ("create", "Create"),
    ("link", "Match"),
    ("update", "Update"),
    ("unchanged", "Unchanged"),
    ("skip", "Skip"),
    ("conflict", "Conflict"),
    ("refuse", "Refused"),
]


class XeroSyncWizardLine(models.TransientModel):
    """What a sync would do with one record, or has done with it."""

    _name = "xero.sync.wizard.line"
    _description = "Xero Sync Preview Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "xero.sync.wizard", required=True, ondelete="cascade", index=True
    )
    direction = fields.Selection([("pull", "From Xero"), ("push", "To Xero")])
    resource = fields.Char()
    operation = fields.Selection(OPERATIONS)
    name = fields.Char()
    changes = fields.Text()
    message = fields.Text("Cause")
    remedy = fields.Text("What to Do")
    res_model = fields.Char()
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    xero_id = fields.Char("Xero ID")

    def action_open_record(self):
        """Open the record in Odoo."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
