from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..mapping.values import normalise_name

# What an option can be chosen by; the first that has a row decides.
SOURCES = {
    "analytic": "analytic_account_id",
    "user": "user_id",
    "team": "team_id",
}


class XeroTrackingMap(models.Model):
    """Under which option of a tracking category the lines of somebody are filed."""

    _name = "xero.tracking.map"
    _description = "Xero Tracking Mapping"
    _order = "connection_id, category_id, kind, id"
    _rec_name = "option_id"

    connection_id = fields.Many2one(related="category_id.connection_id", store=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    category_id = fields.Many2one(
        "xero.tracking.category", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("team", "Sales Team"),
            ("user", "Salesperson"),
            ("analytic", "Analytic Account"),
        ],
        "Decided By",
        required=True,
        default="team",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    option_id = fields.Many2one(
        "xero.tracking.option",
        "Option in Xero",
        required=True,
        ondelete="restrict",
        domain="[('category_id', '=', category_id)]",
    )
    is_archived = fields.Boolean(
        "Archived in Xero", compute="_compute_is_archived", compute_sudo=True
    )

    _source_uniq = models.UniqueIndex(
        "(category_id, COALESCE(team_id, 0), COALESCE(user_id, 0),"
        " COALESCE(analytic_account_id, 0))",
        "There is a row for this in the tracking category already.",
    )

    @api.depends("option_id.active", "category_id.active")
    def _compute_is_archived(self):
        for row in self:
            row.is_archived = not (row.option_id.active and row.category_id.active)

    @api.constrains("kind", "option_id", "category_id", *SOURCES.values())
    def _check_source(self):
        for row in self:
            chosen = [kind for kind, name in SOURCES.items() if row[name]]
            if chosen != [row.kind]:
                raise ValidationError(
                    self.env._("Choose a sales team, salesperson or analytic account.")
                )
            if row.option_id.category_id != row.category_id:
                raise ValidationError(
                    self.env._(
                        "%(option)s is no option of %(category)s.",
                        option=row.option_id.name,
                        category=row.category_id.name,
                    )
                )

    @api.onchange("kind")
    def _onchange_kind(self):
        for kind, name in SOURCES.items():
            if kind != self.kind:
                self[name] = False

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.option_id.category_id != self.category_id:
            self.option_id = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._retry_waiting(rows.category_id)
        return rows

    def write(self, vals):
        """What waited for another option goes on by itself."""
        result = super().write(vals)
        self._retry_waiting(self.category_id)
        return result

    def unlink(self):
        categories = self.category_id
        result = super().unlink()
        self._retry_waiting(categories)
        return result

    @api.model
    def _retry_waiting(self, categories):
        self.env.registry.clear_cache()
        self.env["xero.log"]._retry_fixed("tracking", [*categories.ids, 0])

    # === LOOKING UP === #

    @api.model
    @ormcache("connection_id")
    def _get_tables(self, connection_id):
        """Return how lines are tracked: read once, not once a line.

        :param int connection_id: of `xero.connection`
        :return: for each category in use its id, the id of the option of all other
            lines, and option ids by field and record id
        :rtype: list
        """
        categories = self.env["xero.tracking.category"].sudo()
        tables = []
        for category in categories.with_context(active_test=False).search(
            [("connection_id", "=", connection_id)]
        ):
            options = {
                (SOURCES[row.kind], row[SOURCES[row.kind]].id): row.option_id.id
                for row in category.map_ids
            }
            if options or category.default_option_id:
                default = category.default_option_id.id
                tables.append((category.id, default, options))
        return tables

    # === ACTION METHODS === #

    @api.model
    def action_match_names(self):
        """Make the rows where an option is called exactly as a sales team, salesperson
        or analytic account is."""
        self.check_access("create")
        known = {
            (row.category_id.id, row[SOURCES[row.kind]]) for row in self.search([])
        }
        vals_list = []
        for category in self.env["xero.tracking.category"].search([]):
            options = {normalise_name(o.name): o.id for o in category.option_ids}
            for kind, field_name in SOURCES.items():
                for record in self._get_candidates(category, field_name):
                    option_id = options.get(normalise_name(record.name))
                    if option_id and (category.id, record) not in known:
                        vals_list.append(
                            {
                                "category_id": category.id,
                                "kind": kind,
                                field_name: record.id,
                                "option_id": option_id,
                            }
                        )
        self.create(vals_list)
        return True

    def _get_candidates(self, category, field_name):
        model = self.env[self._fields[field_name].comodel_name].sudo()
        domain = [("company_id", "in", (False, category.company_id.id))]
        if field_name == "user_id":
            domain = [
                ("share", "=", False),
                ("company_ids", "in", category.company_id.id),
            ]
        return model.search(domain)

    @api.model
    def get_banner(self):
        """Return what the head of the page says.

        :rtype: dict
        """
        self.check_access("read")
        archived = self.search([]).filtered("is_archived")
        categories = self.env["xero.tracking.category"].search([])
        banner = {"level": "info", "title": "", "text": "", "actions": []}
        if archived:
            banner["level"] = "warning"
            banner["title"] = self.env._(
                "%s rows name an option that is archived in Xero.", len(archived)
            )
            banner["text"] = self.env._("Orders that they decide for are not invoiced.")
        elif categories:
            names = ", ".join(categories.mapped("name"))
            banner["title"] = self.env._("Tracking categories in Xero: %s.", names)
            banner["text"] = self.env._(
                "The analytic account of a line decides, else the salesperson, else "
                "the sales team, else the category's own default."
            )
        else:
            banner["title"] = self.env._("Xero has no active tracking category.")
        if categories and self.has_access("create"):
            action = {
                "method": "action_match_names",
                "label": self.env._("Match by Name"),
                "primary": False,
            }
            banner["actions"] = [action]
        return banner
