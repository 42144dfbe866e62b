from odoo import fields, models

from .xero_change import Change


class XeroReferenceMixin(models.AbstractModel):
    """Lists of Xero that are mirrored for choosing from: accounts, tax rates, ...

    Xero is always right about them; what vanished there is archived here.
    """

    _name = "xero.reference.mixin"
    _description = "Xero Reference Data"

    _xero_data = None

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    xero_key = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    _xero_key_uniq = models.Constraint(
        "UNIQUE(connection_id, xero_key)", "Xero has each of these once."
    )

    def _plan_xero_page(self, connection, payloads, choices=None):
        """Plan what a list from Xero changes here. See `xero.pull`."""
        changes, datas = self.env["xero.pull"]._read_payloads(self, payloads)
        mine = self.with_context(active_test=False).search(
            [("connection_id", "=", connection.id)]
        )
        known = {record.xero_key: record for record in mine}
        for data in datas:
            vals = self._prepare_vals_from_xero(data)
            record = known.pop(vals["xero_key"], self.browse())
            changes.append(self._plan_record(record, vals))
        if not changes or all(change.operation != "refuse" for change in changes):
            changes += self._plan_vanished(known.values(), payloads)
        return changes

    def _plan_record(self, record, vals):
        different = {
            name: (record[name], value)
            for name, value in vals.items()
            if not record or self._to_value(record, name) != value
        }
        operation = "update" if record else "create"
        return Change(
            operation if different else "unchanged",
            vals["name"],
            record,
            vals=vals,
            fields=different,
        )

    def _to_value(self, record, name):
        """Return a field's value as `write` takes it: an id, not a record."""
        return record._fields[name].convert_to_write(record[name], record)

    def _plan_vanished(self, records, payloads):
        """These lists come whole, unless nothing changed since the last time."""
        if not payloads:
            return []
        return [
            Change("update", record.name, record, vals={"active": False})
            for record in records
            if record.active and record._is_whole_list()
        ]

    def _is_whole_list(self):
        return True

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        creates = [change for change in changes if change.operation == "create"]
        records = self.create(
            [{"connection_id": connection.id, **change.vals} for change in creates]
        )
        for change, record in zip(creates, records, strict=True):
            change.record = record
        for change in changes:
            if change.operation == "update":
                change.record.write(change.vals)

    def _prepare_vals_from_xero(self, data):
        """Return the values that an element of the list means here.

        :param data: dataclass of the element
        :rtype: dict
        """
        raise NotImplementedError()
