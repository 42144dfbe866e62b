from odoo import models


class XeroReferenceMixin(models.AbstractModel):
    """What is archived in Xero, and still chosen here: somebody has to be told."""

    _inherit = "xero.reference.mixin"

    # (model, field) that hold a choice of this list's.
    _xero_uses = ()

    def _apply_xero_page(self, connection, changes):
        result = super()._apply_xero_page(connection, changes)
        gone = self.browse(
            change.record.id
            for change in changes
            if change.operation == "update" and change.vals.get("active") is False
        )
        if gone:
            gone._tell_archived(connection)
        return result

    def _tell_archived(self, connection):
        """Note on the connection which of these are still chosen, and where."""
        used, places = self.browse(), []
        for model_name, field_name in self._xero_uses:
            model = self.env[model_name].sudo().with_company(connection.company_id)
            users = model.search([(field_name, "in", self.ids)])
            used |= users[field_name]
            if users:
                label = model._fields[field_name]._description_string(self.env)
                kind = self.env["ir.model"]._get(model_name).name
                places.append(f"{kind} ({label}): {len(users)}")
        if not used:
            return
        connection.message_post(
            body=self.env._(
                "No longer to be used, for it is archived in Xero: %(names)s. Choose "
                "another one in: %(places)s.",
                names=", ".join(used.mapped("display_name")),
                places="; ".join(places),
            )
        )
