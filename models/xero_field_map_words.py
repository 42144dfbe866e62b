from odoo import api, fields, models

from ..const import DOCUMENT_RESOURCES, PUSH_MODELS
from ..mapping.field_rule import FROM_XERO, OFF, TO_XERO
from .xero_field_label import CONSEQUENCES, LABELS, ODOO_LABELS


class XeroFieldMap(models.Model):
    """What the screen tells about a row of the data map."""

    _inherit = "xero.field.map"

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

    # === COMPUTE METHODS === #

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

    def _get_standing(self, rule):
        if rule and rule.required:
            return "required"
        if self.field_name:
            return "further"
        return "fixed" if len(self._get_directions(rule)) < 2 else False

    def _get_default_direction(self, rule):
        directions = self._get_directions(rule)
        return directions[0] if directions else OFF
