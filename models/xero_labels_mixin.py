from odoo import models

# Where the field of Odoo says the opposite.
ARCHIVED = "archived"


class XeroLabelsMixin(models.AbstractModel):
    """Changes as a person reads them: labels instead of names, words for values."""

    _name = "xero.labels.mixin"
    _description = "Xero Changes in Words"

    # Field of the dataclass -> fields of this model that hold it.
    _xero_fields = {}

    def _describe_xero_fields(self, changes):
        """Return changed fields in the user's words.

        :param dict changes: field of the dataclass -> (old, new)
        :return: label, old and new text of each
        :rtype: list of [str, str, str]
        """
        return [
            [
                self._get_xero_field_label(name),
                self._describe_xero_value(name, old),
                self._describe_xero_value(name, new),
            ]
            for name, (old, new) in changes.items()
        ]

    def _get_xero_field_label(self, name):
        """Return the label of a field of the dataclass, as Odoo's screens have it.

        :param str name: field of the dataclass
        :rtype: str
        """
        if name == ARCHIVED:
            return self.env._("Archived")
        for field_name in self._xero_fields.get(name, ()):
            return self._fields[field_name]._description_string(self.env)
        return name.replace("_", " ").capitalize()

    def _describe_xero_value(self, name, value):
        """Return a value as a text for a person; nothing is ''.

        :param str name: field of the dataclass
        :rtype: str
        """
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, (list, tuple)):
            return ", ".join(self._describe_xero_value(name, part) for part in value)
        if isinstance(value, dict):
            return ", ".join(str(part) for part in value.values() if part)
        return "" if value is None else str(value)

    def _describe_both_sides(self, data):
        """Return what both sides hold, in the user's words. One record.

        :param data: the dataclass of the resource, read from Xero
        :return: label, Odoo's and Xero's text of each field that either side fills
        :rtype: list of [str, str, str]
        """
        raise NotImplementedError()
