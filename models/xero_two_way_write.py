from collections import defaultdict

from odoo import models

# Context key of `_write_each`: holds what is told to have been modified until the end.
LATER = "xero_modified_later"


class ModifiedLater(defaultdict):
    """Names of fields -> ids of records; a context compares it by identity."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class XeroTwoWayMixin(models.AbstractModel):
    """Many records written at once, each with values of its own."""

    _inherit = "xero.two.way.mixin"

    def _write_each(self, vals_by_id):
        """Write each record by its own `write`, with all that overrides make of it, but
        find what depends on them once for all: else that is a dozen queries a record.

        :param dict vals_by_id: values by record id
        """
        records = self.browse(vals_by_id)
        names = {name for vals in vals_by_id.values() for name in vals}
        relations = [
            name
            for name in names
            if self.pool.is_modifying_relations(self._fields[name])
        ]
        records.modified(relations, before=True)
        later = ModifiedLater(set)
        for record in records.with_context(**{LATER: later}):
            record.write(dict(vals_by_id[record.id]))
        for names, ids in later.items():
            self.browse(sorted(ids))._modified_together(names)

    def _modified_together(self, names):
        """Mark what depends on these fields; not the fields themselves, which were
        given a value."""
        fields = [self._fields[name] for name in names]
        with self.env.protecting([f for f in fields if f.compute], self):
            self.modified(names)

    def modified(self, fnames, create=False, before=False):
        """See `_write_each`."""
        later = self.env.context.get(LATER)
        if later is None or create:
            return super().modified(fnames, create, before)
        if not before:
            later[frozenset(fnames)].update(self.ids)
        return None
