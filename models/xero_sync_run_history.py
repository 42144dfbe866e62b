from odoo import fields, models


class XeroSyncRun(models.Model):
    """What a run leaves to the background: the documents of the past."""

    _inherit = "xero.sync.run"

    is_history_complete = fields.Boolean(related="connection_id.is_history_complete")
    history_text = fields.Char(related="connection_id.history_text")
