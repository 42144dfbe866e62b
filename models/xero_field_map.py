from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..const import DOCUMENT_RESOURCES, PUSH_MODELS
from ..mapping.field_map import FieldMap
from ..mapping.field_rule import BOTH, FROM_XERO, OFF, TO_XERO
from .xero_field_label import CONSEQUENCES, LABELS, ODOO_LABELS

DIRECTIONS = [
    (BOTH, "Both Ways"),
    (TO_XERO, "To Xero"),
    (FROM_XERO, "From Xero"),
    (OFF, "Off"),
]
# A row is about one field for good; another one is another row.
IDENTITY = frozenset({"connection_id", "resource", "xero_field", "field_name"})


class XeroFieldMap(models.Model):
    """The accountant's data map: which Odoo field meets which Xero field, which way.

    A row for each field that the code syncs, and one for each that a person mapped. A
    field without a row goes its default way.
    """

    _name = "xero.field.map"
    _description = "Xero Data Map"
    _order = "connection_id, resource, sequence, id"
    _rec_name = "xero_label"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["xero.connection"].search([], limit=1),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Selection(
        [(name, name) for name in PUSH_MODELS], "List", required=True
    )
    sequence = fields.Integer(default=1000)
    xero_field = fields.Char("Name in the Code", required=True)
    direction = fields.Selection(DIRECTIONS, required=True, default=BOTH)
    field_name = fields.Char("Mapped Odoo Field")
    field_id = fields.Many2one(
        "ir.model.fields",
        compute="_compute_field_id",
        store=True,
        ondelete="cascade",
        groups="base.group_no_one",
        help="A row goes with its field, when that is deleted.",
    )
    is_further = fields.Boolean(
        "Added", compute="_compute_is_further", store=True, help="A person added it."
    )

    # What the code says of the field
    xero_label = fields.Char(
        "Xero Field", compute="_compute_rule", search="_search_xero_label"
    )
    xero_element = fields.Char("In Xero's API", compute="_compute_rule")
    odoo_label = fields.Char("Odoo Field", compute="_compute_rule")
    is_required = fields.Boolean("Required by Xero", compute="_compute_rule")
    standing = fields.Selection(
        [
            ("required", "Required by Xero"),
            ("fixed", "Fixed"),
            ("further", "Added"),
        ],
        compute="_compute_rule",
    )
    is_changed = fields.Boolean("Changed", compute="_compute_rule")
    max_length = fields.Integer("Longest", compute="_compute_rule")
    directions = fields.Json(compute="_compute_rule")
    note = fields.Text(compute="_compute_rule")

    _xero_field_uniq = models.Constraint(
        "UNIQUE(connection_id, resource, xero_field)",
        "This Xero field is mapped already.",
    )
    _odoo_field_uniq = models.UniqueIndex(
        "(connection_id, resource, field_name) WHERE field_name IS NOT NULL",
        "This Odoo field is mapped already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("field_name", "resource")
    def _compute_field_id(self):
        for row in self:
            model = row._get_model()
            row.field_id = row.field_name and self.env["ir.model.fields"]._get(
                model._name, row.field_name
            )

    @api.depends("field_name")
    def _compute_is_further(self):
        for row in self:
            row.is_further = bool(row.field_name)

    @api.depends("resource", "xero_field", "field_name", "direction")
    @api.depends_context("lang")
    def _compute_rule(self):
        for row in self:
            rule = row._get_rule()
            label, element = self._get_words(row.resource, row.xero_field, rule)
            row.xero_label = label
            row.xero_element = element
            row.odoo_label = row._get_odoo_label(rule)
            row.is_required = bool(rule and rule.required)
            row.directions = list(row._get_directions(rule))
            row.standing = row._get_standing(rule)
            row.is_changed = row.direction != row._get_default_direction(rule)
            row.max_length = rule.limit if rule else 0
            row.note = row._get_note(rule)

    def _search_xero_label(self, operator, value):
        if operator not in ("ilike", "="):
            return NotImplemented
        wanted = (value or "").casefold()
        domain = fields.Domain.FALSE
        for resource in PUSH_MODELS:
            found = [
                name
                for name, rule in self._get_rules(resource).items()
                if wanted in self._get_words(resource, name, rule)[0].casefold()
            ]
            domain |= fields.Domain(
                [("resource", "=", resource), ("xero_field", "in", found)]
            )
        return domain

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        rows._start()
        return rows

    def write(self, vals):
        if not self.env.su and not IDENTITY.isdisjoint(vals):
            raise UserError(
                self.env._("A row stays with its fields. Add another row instead.")
            )
        before = {row.id: row.direction for row in self}
        result = super().write(vals)
        self.env.registry.clear_cache()
        self._follow_directions(before)
        return result

    def unlink(self):
        self._retry_problems()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self):
        if self.filtered(lambda row: not row.is_further):
            raise UserError(
                self.env._(
                    "Only rows that somebody added can be deleted. "
                    "Switch the others off instead."
                )
            )

    # === THE MAP === #

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

    @api.model
    def _get_rules(self, resource):
        return self.env[PUSH_MODELS[resource]]._get_xero_rules()

    def _get_rule(self):
        self.ensure_one()
        if not self.resource or not self.xero_field:
            return None
        return self._get_rules(self.resource).get(self.xero_field)

    def _get_model(self):
        """Return the empty recordset of the model that the row is about."""
        return self.env[PUSH_MODELS[self.resource or "Contacts"]]

    def _get_standing(self, rule):
        if rule and rule.required:
            return "required"
        if self.field_name:
            return "further"
        return "fixed" if len(self._get_directions(rule)) < 2 else False

    def _get_default_direction(self, rule):
        directions = self._get_directions(rule)
        return directions[0] if directions else OFF

    # === WORDS === #

    @api.model
    def _get_words(self, resource, name, rule):
        """Return what Xero's screens call a field, and its place in the API."""
        if words := LABELS.get(resource, {}).get(name):
            return self.env._(words[0]), words[1]  # pylint: disable=W8303
        label = (name or "").replace("_", " ").capitalize()
        return label, rule.element if rule else ""

    def _get_odoo_label(self, rule):
        """Return the label of the Odoo field, or of the first that hold it."""
        if words := ODOO_LABELS.get(self.resource, {}).get(self.xero_field):
            if not self.field_name:
                return self.env._(words)  # pylint: disable=W8303
        names = (self.field_name,) if self.field_name else rule and rule.held_by
        model = self._get_model()
        for name in names or ():
            if field := model._fields.get(name):
                return field._description_string(self.env)
        return self.field_name or ""

    def _get_note(self, rule):
        """Return the one thing to know about this row."""
        if not self.xero_field:
            return ""
        if not rule:
            return self.env._("This version of the addon does not know the field.")
        if self.resource in DOCUMENT_RESOURCES:
            return self._get_document_note(rule)
        if rule.required:
            return self.env._("It cannot be switched off.")
        if TO_XERO not in rule.directions:
            return self.env._("Xero lets nobody change it from outside.")
        if self.field_name and FROM_XERO not in self._get_directions(rule):
            return self.env._("Odoo does not let it be filled from Xero.")
        if self.direction == OFF:
            return self._get_consequence() or self.env._(
                "Neither side hears of the other's changes."
            )
        return ""

    def _get_consequence(self):
        """Return what it means that this field is off, or None."""
        text = CONSEQUENCES.get(self.resource, {}).get(self.xero_field)
        return text and self.env._(text)  # pylint: disable=W8303

    def _get_document_note(self, rule):
        if self.resource == "Quotes":
            return self._get_quote_note(rule)
        if rule.required:
            return self.env._("Xero needs it. Sent when the invoice is made.")
        if rule.directions == (TO_XERO,):
            return self.env._("Sent when the invoice is made; then Xero's stands.")
        return self.env._("Xero is the ledger: it is only shown in Odoo.")

    def _get_quote_note(self, rule):
        if self.xero_field == "status":
            return self.env._("Sent and accepted, whoever says so first.")
        if rule.directions == (TO_XERO,):
            return self.env._(
                "Sent again when the quotation changes, until the quote is accepted."
            )
        return self.env._("Xero's own: it is only shown in Odoo.")
