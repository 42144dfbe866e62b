from odoo import fields, models


class XeroTrackingOption(models.Model):
    """One option of a tracking category."""

    _name = "xero.tracking.option"
    _inherit = "xero.reference.mixin"
    _description = "Xero Tracking Option"
    _order = "category_id, name, id"
    _xero_uses = (
        ("xero.tracking.map", "option_id"),
        ("xero.tracking.category", "default_option_id"),
    )

    category_id = fields.Many2one(
        "xero.tracking.category",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )

    def _plan_options(self, category, options):
        """Plan what the options of a category become.

        :param category: `xero.tracking.category`, one record or none
        :param options: `mapping.TrackingOptionData`, all that Xero has
        :return: list of (option or none, values), only what changes
        """
        known = category.with_context(active_test=False).option_ids
        by_key = {option.xero_key: option for option in known}
        planned = []
        for option in options:
            record = by_key.pop(option.xero_id, self.browse())
            vals = {
                "xero_key": option.xero_id,
                "name": option.name,
                "active": option.status == "ACTIVE",
            }
            if not record or any(record[name] != vals[name] for name in vals):
                planned.append((record, vals))
        gone = [option for option in by_key.values() if option.active]
        return planned + [(option, {"active": False}) for option in gone]

    def _apply_options(self, connection, changes):
        """Carry out the plan of a page of categories."""
        new, gone = [], self.browse()
        for change in changes:
            for option, vals in change.children:
                if option:
                    option.write(vals)
                    gone |= option if not vals["active"] else self.browse()
                else:
                    category_id = change.record.id
                    ids = {"connection_id": connection.id, "category_id": category_id}
                    new.append({**ids, **vals})
        self.create(new)
        if gone:
            gone._tell_archived(connection)
