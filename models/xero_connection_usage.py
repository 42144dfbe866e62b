from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..const import DAY_LIMIT_CORE, DAY_LIMIT_STARTER


class XeroConnection(models.Model):
    """How many of the day's calls are left."""

    _inherit = "xero.connection"

    # Limits
    usage_ids = fields.One2many("xero.usage", "connection_id")
    day_limit = fields.Integer(compute="_compute_usage")
    day_remaining = fields.Integer("Calls Left Today", compute="_compute_usage")
    day_used_percent = fields.Float("Calls Used Today (%)", compute="_compute_usage")
    paused_until = fields.Datetime(compute="_compute_usage")

    @api.depends("usage_ids.day_remaining", "usage_ids.updated_at")
    def _compute_usage(self):
        today = fields.Datetime.now() - relativedelta(hours=24)
        for connection in self:
            usage = connection.sudo().usage_ids[:1]
            left = usage.day_remaining if usage else -1
            limit = DAY_LIMIT_CORE if left > DAY_LIMIT_STARTER else DAY_LIMIT_STARTER
            # A figure of yesterday says nothing of today.
            if left < 0 or not usage.updated_at or usage.updated_at < today:
                left = limit
            connection.day_limit = limit
            connection.day_remaining = left
            connection.day_used_percent = 100.0 * (limit - left) / limit
            connection.paused_until = usage.paused_until
