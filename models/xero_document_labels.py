from odoo import models

# What the pull calls a field, and the field that holds it.
FIELDS = {
    "amount due": "amount_due",
    "credit left": "amount_remaining",
    "total": "amount_total",
    "contact": "contact_name",
}


class XeroDocumentMixin(models.AbstractModel):
    """Money documents as a person reads them in a preview, and beside Xero's."""

    _inherit = "xero.document.mixin"

    def _get_xero_field_label(self, name):
        """See `xero.labels.mixin`."""
        if name == "lines":
            return self.env._("Lines")
        if name == "payments":
            return self.env._("Payments")
        field = self._fields.get(FIELDS.get(name, name))
        if field:
            return field._description_string(self.env)
        return super()._get_xero_field_label(name)

    def _describe_xero_value(self, name, value):
        """See `xero.labels.mixin`."""
        if name == "status":
            statuses = self._fields["status"]._description_selection(self.env)
            return dict(statuses).get(value, value or "")
        return super()._describe_xero_value(name, value)

    def _get_new_fields(self, data):
        """Return what a person wants to see of a document that is new here.

        :param data: the dataclass of the resource, as Xero has it
        :rtype: dict of tuples of text
        """
        pairs = self._get_diff_pairs(self.browse(), data)
        told = {
            "contact": data.contact_name,
            "date": str(data.date or ""),
            **{name: new for name, (_old, new) in pairs.items()},
        }
        return {name: ("", value) for name, value in told.items() if value}

    def _describe_both_sides(self, data):
        """See `xero.labels.mixin`. One record."""
        pairs = {
            "number": (self.number or "", data.number),
            "contact": (self.contact_name or "", data.contact_name),
            "date": (str(self.date or ""), str(data.date or "")),
            **self._get_diff_pairs(self, data),
        }
        rows = self._describe_xero_fields(pairs)
        return [row for row in rows if row[1] or row[2]]
