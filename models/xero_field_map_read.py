from odoo import api, models
from odoo.tools import ormcache

from ..mapping.field_map import FieldMap
from ..mapping.field_rule import TO_XERO


class XeroFieldMap(models.Model):
    """The data map as the sync reads it: once, not once a record."""

    _inherit = "xero.field.map"

    @api.model
    @ormcache("connection_id", "resource")
    def _get_map(self, connection_id, resource):
        """Return the data map of a resource: read once, not once a record.

        :param int connection_id: of `xero.connection`
        :param str resource: Xero's path name
        :rtype: mapping.FieldMap
        """
        rules = self._get_rules(resource)
        directions = {
            name: rule.directions[0] for name, rule in rules.items() if rule.held_by
        }
        further = {}
        rows = self.sudo().search(
            [("connection_id", "=", connection_id), ("resource", "=", resource)]
        )
        for row in rows:
            rule = rules.get(row.xero_field)
            if rule and row._is_alive(rule):
                directions[row.xero_field] = row.direction
                if row.field_name:
                    further[row.xero_field] = row.field_name
        unwritable = {n for n, rule in rules.items() if TO_XERO not in rule.directions}
        return FieldMap(
            directions,
            frozenset(name for name, rule in rules.items() if rule.required),
            frozenset(unwritable.intersection(directions)),
            further,
        )

    def _is_alive(self, rule):
        """Whether the row still fits the code, which may have changed since."""
        if self.direction not in self._get_directions(rule):
            return False
        if not self.field_name:
            return bool(rule.held_by)
        return rule.is_free and self.field_name in self._get_model()._fields

    @api.model
    @ormcache("model_name")
    def _get_further_names(self, model_name):
        """Return the fields of a model that a person mapped, whatever the connection.

        :rtype: frozenset of str
        """
        model = self.env[model_name]
        rows = self.sudo().search(
            [("resource", "=", model._xero_resource), ("is_further", "=", True)]
        )
        return frozenset(rows.mapped("field_name")).intersection(model._fields)

    @api.model
    def _get_tracked(self, model):
        """Return the fields whose change is one of a field that a person mapped.

        :param model: recordset of a synced model
        :rtype: set of str
        """
        names = set(self._get_further_names(model._name))
        for name in list(names):
            field = model._fields[name]
            if field.related and not field.inherited:
                # It changes with the record that it is read from.
                names.add(field.related.split(".")[0])
        return names
