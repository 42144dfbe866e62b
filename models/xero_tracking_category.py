from odoo import fields, models
from odoo.exceptions import AccessError

from ..mapping.reference import TrackingCategoryData


class XeroTrackingCategory(models.Model):
    """A tracking category of the organisation; at most two are active in Xero."""

    _name = "xero.tracking.category"
    _inherit = "xero.reference.mixin"
    _description = "Xero Tracking Category"
    _order = "name, id"
    _xero_data = TrackingCategoryData
    _xero_uses = (("xero.tracking.map", "category_id"),)

    option_ids = fields.One2many("xero.tracking.option", "category_id")
    default_option_id = fields.Many2one(
        "xero.tracking.option",
        "Option of All Other Lines",
        ondelete="restrict",
        domain="[('category_id', '=', id)]",
        help="For lines that nothing else decides for. Empty: they are not tracked.",
    )
    map_ids = fields.One2many("xero.tracking.map", "category_id")

    def write(self, vals):
        if not self.env.su and set(vals) - {"default_option_id"}:
            raise AccessError(
                self.env._("Tracking categories and their options are changed in Xero.")
            )
        result = super().write(vals)
        self.env["xero.tracking.map"]._retry_waiting(self)
        return result

    # === FROM XERO === #

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.xero_id,
            "name": data.name,
            "active": data.status == "ACTIVE",
            "options": data.options,
        }

    def _plan_record(self, record, vals):
        options = vals.pop("options")
        change = super()._plan_record(record, vals)
        change.children = record.option_ids.browse()._plan_options(record, options)
        if change.children and change.operation == "unchanged":
            change.operation = "update"
        if change.children:
            before = record.with_context(active_test=False).option_ids
            names = [option.name for option in options if option.status == "ACTIVE"]
            was = ", ".join(before.filtered("active").mapped("name"))
            change.fields["options"] = (was, ", ".join(names))
        return change

    def _plan_vanished(self, records, payloads):
        """Xero never answers that nothing has changed: what is not there is gone."""
        return super()._plan_vanished(records, payloads or [{}])

    def _apply_xero_page(self, connection, changes):
        """See `xero.pull`. The options go with their categories."""
        result = super()._apply_xero_page(connection, changes)
        self.env["xero.tracking.option"]._apply_options(connection, changes)
        self.env.registry.clear_cache()
        return result
