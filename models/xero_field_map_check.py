from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import DOCUMENT_RESOURCES
from ..mapping.field_rule import OFF, TO_XERO
from .xero_field_value import FITTING, ONLY_TO_XERO

TYPES = {name for names in FITTING.values() for name in names}


class XeroFieldMap(models.Model):
    """What can be mapped to what, and by whom."""

    _inherit = "xero.field.map"

    odoo_choices = fields.Json(compute="_compute_choices")
    xero_choices = fields.Json(compute="_compute_choices")

    @api.depends("connection_id", "resource", "xero_field", "field_name")
    def _compute_choices(self):
        for row in self:
            row.xero_choices = row._get_xero_choices()
            row.odoo_choices = row._get_odoo_choices()

    # === CHECKS === #

    @api.constrains("resource", "xero_field", "field_name", "direction")
    def _check_row(self):
        for row in self:
            if problem := row._get_problem():
                raise ValidationError(problem)

    def _get_problem(self):
        """Return why this row cannot be, in a sentence, or None."""
        rule = self._get_rule()
        if not rule:
            return self.env._("Choose a field of Xero's.")
        label = self._get_words(self.resource, self.xero_field, rule)[0]
        if rule.held_by and self.field_name:
            return self.env._("%(field)s is mapped already.", field=label)
        if not rule.held_by and not self.field_name:
            return self.env._(
                "Choose the Odoo field that meets %(field)s.", field=label
            )
        if self.field_name:
            problem = self._get_field_problem(self.field_name)
            problem = problem or self._get_kind_problem(rule, label)
            if problem:
                return problem
        if self.direction not in self._get_directions(rule):
            return self._get_direction_problem(rule, label)
        return None

    def _get_directions(self, rule):
        """Return the ways that can be chosen, the default first."""
        if not rule:
            return ()
        field = self.field_name and self._get_model()._fields.get(self.field_name)
        if not field or self._can_take(field):
            return rule.directions
        return tuple(way for way in (TO_XERO, OFF) if way in rule.directions)

    def _get_direction_problem(self, rule, label):
        if self.direction == OFF and rule.required:
            return self.env._(
                "Xero needs %(field)s: it cannot be switched off.", field=label
            )
        if rule.is_fixed:
            return self.env._("The direction of %(field)s is fixed.", field=label)
        if TO_XERO not in rule.directions:
            return self.env._(
                "%(field)s cannot be changed from outside Xero: it can come from "
                "Xero, or be off.",
                field=label,
            )
        return self.env._(
            "%(field)s cannot be filled from Xero: it can go to Xero, or be off.",
            field=self._get_odoo_label(rule),
        )

    # === ODOO'S SIDE === #

    def _get_field_problem(self, name):
        """Return why an Odoo field cannot be mapped, in a sentence, or None."""
        model = self._get_model()
        field = model._fields.get(name)
        if not field:
            return self.env._("There is no field %(name)s.", name=name)
        label = field._description_string(self.env)
        if self._is_taken(name):
            return self.env._("%(field)s is mapped already.", field=label)
        if name in models.MAGIC_COLUMNS or name.startswith("xero_"):
            return self.env._("%(field)s is kept by the system.", field=label)
        if field.type not in TYPES:
            return self.env._(
                "%(field)s cannot be mapped: it holds no single value.", field=label
            )
        if not field.store and not field.related:
            return self.env._(
                "%(field)s is worked out each time it is shown: nobody could tell "
                "when it changes. Choose a stored field.",
                field=label,
            )
        return self._get_access_problem(model, field, label)

    def _get_access_problem(self, model, field, label):
        """The values show in Xero, and in the log here: nobody maps what they, or the
        other accountants, may not read."""
        # Constraints are checked as superuser.
        mine = model.with_user(self.env.uid)
        readable = mine._has_field_access(field, "read") and self._is_for_all(field)
        if readable and field.comodel_name:
            readable = mine.env[field.comodel_name].has_access("read")
        if not readable:
            return self.env._(
                "%(field)s is not for all accountants to read. In the data map its "
                "values would show in Xero and in the log.",
                field=label,
            )
        return None

    def _is_for_all(self, field):
        """Whether all accountants may read a field."""
        if not field.groups:
            return True
        accountants = self.env.ref("xero_crm.group_xero_accountant").sudo()
        wanted = [name.strip() for name in field.groups.split(",")]
        groups = self.env["res.groups"].sudo()
        for xml_id in wanted:
            if not xml_id.startswith("!"):
                groups |= self.env.ref(xml_id, raise_if_not_found=False) or groups
        return bool(groups & accountants.all_implied_ids)

    def _is_taken(self, name):
        """Whether another field of Xero's meets this Odoo field already."""
        rules = self._get_rules(self.resource).values()
        return any(name in rule.held_by for rule in rules)

    @api.model
    def _can_take(self, field):
        """Whether an Odoo field can be filled from Xero."""
        return not field.readonly and field.type not in ONLY_TO_XERO

    def _get_kind_problem(self, rule, label):
        field = self._get_model()._fields[self.field_name]
        if field.type in FITTING.get(rule.kind, ()):
            return None
        types = dict(self.env["ir.model.fields"]._fields["ttype"].selection)
        return self.env._(
            "%(odoo)s (%(type)s) does not fit %(xero)s (%(kind)s).",
            odoo=field._description_string(self.env),
            type=types.get(field.type, field.type),
            xero=label,
            kind=rule.kind,
        )

    # === CHOICES === #

    def _get_xero_choices(self):
        """Return the free fields of Xero's that fit what is chosen so far."""
        if not self.resource:
            return []
        taken = set(self._get_siblings().mapped("xero_field"))
        field = self.field_name and self._get_model()._fields.get(self.field_name)
        return [
            {"value": name, "label": self._get_words(self.resource, name, rule)[0]}
            for name, rule in self._get_rules(self.resource).items()
            if rule.is_free
            and name not in taken
            and (not field or field.type in FITTING.get(rule.kind, ()))
        ]

    def _get_odoo_choices(self):
        """Return the Odoo fields that fit what is chosen so far."""
        if not self.resource or self.resource in DOCUMENT_RESOURCES:
            return []
        rule = self._get_rule()
        types = FITTING.get(rule.kind, ()) if rule else TYPES
        taken = set(self._get_siblings().mapped("field_name"))
        found = [
            {"value": name, "label": self._get_choice_label(field)}
            for name, field in self._get_model()._fields.items()
            if field.type in types
            and name not in taken
            and not self._get_field_problem(name)
        ]
        return sorted(found, key=lambda choice: choice["label"].casefold())

    def _get_choice_label(self, field):
        return f"{field._description_string(self.env)} ({field.name})"

    def _get_siblings(self):
        return self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("resource", "=", self.resource),
                ("id", "!=", self._origin.id),
            ]
        )

    @api.onchange("resource")
    def _onchange_resource(self):
        self.xero_field = self.field_name = False

    @api.onchange("field_name", "xero_field")
    def _onchange_fields(self):
        ways = self._get_directions(self._get_rule())
        if ways and self.direction not in ways:
            self.direction = ways[0]

    @api.onchange("direction")
    def _onchange_direction(self):
        """Say what a switch-off means, at once."""
        if self.direction != OFF or not (text := self._get_consequence()):
            return None
        return {
            "warning": {
                "title": self.env._("%(field)s: off", field=self.xero_label),
                "message": text,
            }
        }
