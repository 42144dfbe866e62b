from decimal import Decimal

from odoo import api, fields, models

from ..mapping.tax_match import TaxOption


class XeroConnection(models.Model):
    """What lines and invoices are filed under in this organisation."""

    _inherit = "xero.connection"

    tax_map_ids = fields.One2many("xero.tax.map", "connection_id")
    account_map_ids = fields.One2many("xero.account.map", "connection_id")
    tracking_category_ids = fields.One2many("xero.tracking.category", "connection_id")
    branding_theme_id = fields.Many2one(
        "xero.branding.theme",
        domain="[('connection_id', '=', id)]",
        help="How invoices look, unless their sales team has a theme of its own. "
        "Empty: Xero's default theme.",
    )
    unmapped_tax_count = fields.Integer(compute="_compute_unmapped_tax_count")

    def write(self, vals):
        """What waited for another choice here goes on by itself."""
        result = super().write(vals)
        if not {"state", "active", "company_id"}.isdisjoint(vals):
            # Which organisation a company's terms are those of may be another now.
            self.env.registry.clear_cache()
        if not {"branding_theme_id", "default_tax_rate_id"}.isdisjoint(vals):
            self.env["xero.log"]._retry_fixed("connection", self.ids)
        return result

    @api.depends("tax_map_ids.review_state", "company_id")
    def _compute_unmapped_tax_count(self):
        for connection in self:
            missing = connection.tax_map_ids.filtered(
                lambda row: row.review_state == "missing" and row.tax_use == "sale"
            )
            new = connection._get_unmapped_taxes() - connection.tax_map_ids.tax_id
            connection.unmapped_tax_count = len(missing) + len(new)

    def _get_unmapped_taxes(self):
        """Sale taxes of the company, in use, that name no Xero tax rate yet; those that
        are mapped together with others are none of them."""
        self.ensure_one()
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self.company_id),
                ("type_tax_use", "=", "sale"),
            ]
        )
        rows = self.tax_map_ids
        done = rows.filtered(lambda row: row.review_state in ("proposed", "confirmed"))
        alone = done.filtered(lambda row: not row.further_tax_ids)
        return taxes - alone.tax_id - taxes.browse(rows._get_part_ids())

    def _get_tax_options(self):
        """Return the tax rates that a sale may have.

        :return: list of `mapping.TaxOption`; their keys are ids of `xero.tax.rate`
        """
        self.ensure_one()
        return [
            TaxOption(
                rate.id,
                rate.name,
                Decimal(f"{rate.rate:.4f}"),
                rate.tax_type,
                tuple(Decimal(part).normalize() for part in rate.component_rates or ()),
            )
            for rate in self.tax_rate_ids
            if rate.for_revenue
        ]
