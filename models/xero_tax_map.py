from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroTaxMap(models.Model):
    """Which Xero tax rate a tax, or several on one line, become on an invoice.

    A row is for a set of taxes, and may be for one fiscal position; a set of none is a
    line without tax. One without a rate still waits for a person's choice.
    """

    _name = "xero.tax.map"
    _inherit = "xero.proposed.map.mixin"
    _description = "Xero Tax Mapping"
    _order = "connection_id, id"
    _rec_name = "tax_names"

    tax_id = fields.Many2one(
        "account.tax",
        "Odoo Tax",
        ondelete="cascade",
        domain=(
            "[('type_tax_use', 'in', ('sale', 'purchase')),"
            " ('company_id', 'parent_of', company_id)]"
        ),
        help="Empty: lines without tax, in a fiscal position.",
    )
    further_tax_ids = fields.Many2many(
        "account.tax",
        "xero_tax_map_account_tax_rel",
        "map_id",
        "tax_id",
        "Together With",
        domain=(
            "[('type_tax_use', '=', tax_use), ('id', '!=', tax_id),"
            " ('company_id', 'parent_of', company_id)]"
        ),
        help="Further taxes on the same line: a Xero line takes one tax rate, which "
        "may have several components.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        ondelete="cascade",
        domain="[('company_id', 'parent_of', company_id)]",
        help="Only for orders of this fiscal position, where the same tax is another "
        "Xero tax rate there. Empty: for all that have no row of their own.",
    )
    tax_key = fields.Char(compute="_compute_tax_key", store=True)
    tax_names = fields.Char("Taxes", compute="_compute_tax_names")
    tax_use = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")],
        "Used On",
        compute="_compute_tax_use",
    )
    odoo_rate = fields.Float("Rate", compute="_compute_odoo_rate", digits=(16, 4))
    is_percent = fields.Boolean(compute="_compute_odoo_rate")
    tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        "Xero Tax Rate",
        ondelete="cascade",
        domain=(
            "[('connection_id', '=', connection_id),"
            " ('for_revenue', 'in', (True, tax_use == 'purchase')),"
            " ('for_expenses', 'in', (True, tax_use != 'purchase'))]"
        ),
    )
    review_state = fields.Selection(
        [
            ("missing", "Not Mapped"),
            ("part", "Only With Others"),
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
        ],
        compute="_compute_review_state",
        search="_search_review_state",
    )

    _tax_uniq = models.Constraint(
        "UNIQUE(connection_id, tax_key)", "These taxes are mapped already."
    )

    # === COMPUTE METHODS === #

    @api.depends("tax_id", "further_tax_ids", "fiscal_position_id")
    def _compute_tax_key(self):
        for row in self:
            row.tax_key = self._make_key(
                row._get_taxes(), row.fiscal_position_id._origin
            )

    @api.depends("tax_id.name", "further_tax_ids.name", "fiscal_position_id.name")
    def _compute_tax_names(self):
        for row in self:
            names = " + ".join(row._get_taxes().mapped("name")) or self.env._("No Tax")
            position = row.fiscal_position_id.name
            row.tax_names = f"{names} ({position})" if position else names

    @api.depends("tax_id.type_tax_use")
    def _compute_tax_use(self):
        for row in self:
            use = row.tax_id.type_tax_use
            row.tax_use = use if use in ("sale", "purchase") else "sale"

    @api.depends("tax_id.amount", "tax_id.amount_type", "further_tax_ids.amount")
    def _compute_odoo_rate(self):
        for row in self:
            rate = row._get_taxes()._get_xero_effective_rate()
            row.is_percent = rate is not None
            row.odoo_rate = float(rate or 0)

    @api.depends("is_proposed", "tax_rate_id.active", "tax_id")
    def _compute_review_state(self):
        parts = self._get_part_ids()
        for row in self:
            if not row.tax_rate_id.active:
                alone = not row.further_tax_ids and not row.fiscal_position_id
                is_part = alone and row.tax_id._origin.id in parts
                row.review_state = "part" if is_part else "missing"
            else:
                row.review_state = "proposed" if row.is_proposed else "confirmed"

    def _get_part_ids(self):
        """Return the ids of taxes that are mapped together with others."""
        rows = self.connection_id._origin.tax_map_ids
        rows = rows.filtered(lambda row: row.tax_rate_id.active)
        groups = rows.tax_id.filtered(lambda tax: tax.amount_type == "group")
        together = rows.filtered("further_tax_ids")
        return set(
            (together.tax_id | together.further_tax_ids | groups.children_tax_ids).ids
        )

    def _search_review_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.search([]).filtered(lambda row: row.review_state in value)
        return [("id", "in", rows.ids)]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        rows.filtered("tax_rate_id")._retry_waiting()
        return rows

    def write(self, vals):
        """What a person chose is no longer a proposal; what waited for it goes on."""
        if "tax_rate_id" in vals:
            vals = {"is_proposed": False, **vals}
        result = super().write(vals)
        self.env.registry.clear_cache()
        self._retry_waiting()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _retry_waiting(self):
        """Invoices that waited for a mapping of these organisations are tried again."""
        if not self:
            return
        rows = (
            self.env["xero.log"]
            .sudo()
            .search(
                [
                    ("connection_id", "in", self.connection_id.ids),
                    ("direction", "=", "push"),
                    ("state", "=", "error"),
                    ("fix", "=", "tax_map"),
                ]
            )
        )
        if rows:
            rows._requeue()._wake_cron()

    # === CHECKS === #

    @api.constrains("tax_id", "further_tax_ids", "fiscal_position_id")
    def _check_taxes(self):
        for row in self:
            if not row.tax_id and row.further_tax_ids:
                raise ValidationError(self.env._("Choose the first tax as well."))
            if not row.tax_id and not row.fiscal_position_id:
                raise ValidationError(
                    self.env._(
                        "Choose a tax; or, for lines without tax, a fiscal position. "
                        "The tax rate of all other lines without tax is a setting of "
                        "the connection."
                    )
                )
            if row.tax_id in row.further_tax_ids:
                raise ValidationError(
                    self.env._("%(tax)s is named twice.", tax=row.tax_id.name)
                )
            if len(set(row._get_taxes().mapped("type_tax_use"))) > 1:
                raise ValidationError(
                    self.env._("Taxes on sales and on purchases never meet on a line.")
                )

    @api.constrains("tax_id", "further_tax_ids", "tax_rate_id", "connection_id")
    def _check_rate(self):
        for row in self.filtered("tax_rate_id"):
            rate = row.tax_rate_id
            if rate.connection_id != row.connection_id:
                raise ValidationError(
                    self.env._(
                        "%(rate)s belongs to another organisation.", rate=rate.name
                    )
                )
            ours = row._get_taxes()._get_xero_effective_rate()
            if ours is None or rate._is_rate(ours):
                continue
            raise ValidationError(
                row.env._(
                    "%(tax)s is %(ours)s %% but %(rate)s is %(theirs)s %%: "
                    "invoices would not have the total of their orders.",
                    tax=row.tax_names,
                    ours=f"{ours.normalize():f}",
                    rate=rate.name,
                    theirs=f"{Decimal(str(rate.rate)).normalize():f}",
                )
            )

    def _get_taxes(self):
        """Return the taxes that a line of this row carries."""
        self.ensure_one()
        return self.tax_id._origin | self.further_tax_ids._origin
