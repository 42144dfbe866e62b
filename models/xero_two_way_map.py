import dataclasses

from odoo import api, models
from odoo.tools import ormcache

from ..mapping.errors import MappingError
from ..mapping.field_rule import two_way_rules
from .xero_field_value import from_odoo, to_odoo


class XeroTwoWayMixin(models.AbstractModel):
    """The data map at work: which fields take part, which way, and further ones."""

    _inherit = "xero.two.way.mixin"

    def _compute_field_value(self, field):
        """What Odoo computes is written past `write`: where a person mapped such a
        field, its change is one for Xero as well."""
        super()._compute_field_value(field)
        if not field.store or not any(self._ids):
            return
        if field.name in self.env["xero.field.map"]._get_further_names(self._name):
            self.filtered("id")._xero_mark_changed()

    @api.model
    @ormcache()
    def _get_xero_rules(self):
        """See `xero.sync.mixin`: from what this model and its dataclass declare."""
        return two_way_rules(
            self._xero_data,
            self._xero_fields,
            read_only=self._xero_read_only,
            derived=self._xero_derived,
        )

    def _get_xero_map(self, connection):
        """Return the accountant's data map of this model for a connection.

        :param connection: `xero.connection`, one record
        :rtype: mapping.FieldMap
        """
        return self.env["xero.field.map"]._get_map(connection.id, self._xero_resource)

    def _get_mapped_data(self, connection):
        """Return this record as the dataclass, with the fields that a person mapped.

        :raise MappingError: if Xero's field cannot hold what Odoo's does
        """
        data = self._get_xero_data()
        further = self._get_xero_map(connection).further
        if not further:
            return data
        record = self.with_context(lang="en_US")
        values = {name: from_odoo(record, ours) for name, ours in further.items()}
        return dataclasses.replace(data, **values)

    def _get_mapped_values(self, connection, data=None, with_off=False):
        """Return what of a document takes part in the sync.

        :param data: a dataclass of the resource; this record's own when None
        :param bool with_off: also the fields that are switched off
        :return: JSON-able values by field of the dataclass
        :rtype: dict
        """
        field_map = self._get_xero_map(connection)
        values = self._get_xero_values(data)
        if field_map.further:
            data = data or self._get_mapped_data(connection)
            everything = data.values()
            values.update(
                (name, everything[name])
                for name in field_map.further
                if name not in data.absent
            )
        return values if with_off else field_map.without_off(values)

    def _get_told_data(self, connection, base=None):
        """Return this record as the dataclass, as far as Xero is told of it.

        :param dict base: the agreed values; None for a record that is new in Xero
        :raise MappingError: if Xero's field cannot hold what Odoo's does
        """
        data = self._get_mapped_data(connection)
        return self._get_xero_map(connection).for_xero(data, base)

    def _get_xero_refusals(self, connection):
        """See `xero.sync.mixin`. What is not sent is not refused."""
        try:
            return self._get_told_data(connection).problems()
        except MappingError as error:
            return [(error.field, str(error))]

    def _prepare_further_vals(self, field_map, data, names=None):
        """Return the values of the fields that a person mapped, as far as they differ.

        :param data: the dataclass to take them from
        :param names: only these fields of it; all when None
        :raise MappingError: if Odoo's field cannot hold what Xero's does
        """
        vals = {
            ours: to_odoo(self, ours, name, getattr(data, name))
            for name, ours in field_map.further.items()
            if (names is None or name in names) and name not in field_map.not_taken
        }
        current = self._convert_to_write({name: self[name] for name in vals})
        return {n: value for n, value in vals.items() if current[n] != value}

    def _plan_create(self, connection, change):
        """Plan a new record for what Xero has alone."""
        field_map = self._get_xero_map(connection)
        told = field_map.for_odoo(change.data)
        change.operation = "create"
        change.vals = {
            **self._prepare_vals_from_xero(told),
            **self._prepare_further_vals(field_map, told),
        }
        theirs = self._get_mapped_values(connection, change.data, with_off=True)
        if told is change.data:
            values = field_map.without_off(theirs)
        else:
            values = self._get_mapped_values(connection, told)
        change.base = field_map.next_base(values, None, theirs)
        change.fields = {name: ("", value) for name, value in values.items() if value}
