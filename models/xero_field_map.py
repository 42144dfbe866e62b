from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PUSH_MODELS
from ..mapping.field_rule import BOTH, FROM_XERO, OFF, TO_XERO

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
    _inherit = "xero.map.mixin"
    _description = "Xero Data Map"
    _order = "connection_id, resource, sequence, id"
    _rec_name = "xero_label"

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

    # === RULES === #

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
