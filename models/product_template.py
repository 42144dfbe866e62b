from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    xero_do_not_sync = fields.Boolean(
        "Do Not Sync With Xero",
        compute="_compute_xero_do_not_sync",
        inverse="_inverse_xero_do_not_sync",
        groups="xero_crm.group_xero_user",
    )
    xero_sync_state = fields.Selection(
        related="product_variant_ids.xero_sync_state", groups="xero_crm.group_xero_user"
    )
    xero_conflict_count = fields.Integer(
        related="product_variant_ids.xero_conflict_count",
        groups="xero_crm.group_xero_user",
    )
    xero_error = fields.Char(
        related="product_variant_ids.xero_error", groups="xero_crm.group_xero_user"
    )
    xero_account_id = fields.Many2one(
        "xero.account",
        "Xero Sales Account",
        compute="_compute_xero_account_id",
        inverse="_inverse_xero_account_id",
        domain="[('is_revenue', '=', True)]",
        groups="xero_crm.group_xero_user",
    )

    xero_purchase_account_id = fields.Many2one(
        "xero.account",
        compute="_compute_xero_purchase_account_id",
        inverse="_inverse_xero_purchase_account_id",
        domain="[('account_class', '=', 'EXPENSE')]",
        groups="xero_crm.group_xero_user",
    )
    xero_item_name = fields.Char(
        related="product_variant_ids.xero_item_name", groups="xero_crm.group_xero_user"
    )
    xero_name_is_cut = fields.Boolean(
        related="product_variant_ids.xero_name_is_cut",
        groups="xero_crm.group_xero_user",
    )
    xero_is_tracked = fields.Boolean(
        related="product_variant_ids.xero_is_tracked",
        groups="xero_crm.group_xero_user",
    )
    xero_quantity_on_hand = fields.Float(
        related="product_variant_ids.xero_quantity_on_hand",
        groups="xero_crm.group_xero_user",
    )

    @api.depends("product_variant_ids.xero_do_not_sync")
    def _compute_xero_do_not_sync(self):
        for template in self:
            variants = template.product_variant_ids
            template.xero_do_not_sync = bool(variants) and all(
                variants.mapped("xero_do_not_sync")
            )

    def _inverse_xero_do_not_sync(self):
        for template in self:
            template.product_variant_ids.xero_do_not_sync = template.xero_do_not_sync

    @api.depends("product_variant_ids.xero_account_id")
    @api.depends_context("company")
    def _compute_xero_account_id(self):
        for template in self:
            accounts = template.product_variant_ids.xero_account_id
            template.xero_account_id = accounts if len(accounts) == 1 else False

    def _inverse_xero_account_id(self):
        for template in self:
            template.product_variant_ids.xero_account_id = template.xero_account_id

    @api.depends("product_variant_ids.xero_purchase_account_id")
    @api.depends_context("company")
    def _compute_xero_purchase_account_id(self):
        for template in self:
            accounts = template.product_variant_ids.xero_purchase_account_id
            template.xero_purchase_account_id = (
                accounts if len(accounts) == 1 else False
            )

    def _inverse_xero_purchase_account_id(self):
        for template in self:
            account = template.xero_purchase_account_id
            template.product_variant_ids.xero_purchase_account_id = account

    def action_review_xero_conflicts(self):
        """Show what is disputed of this product, side by side."""
        return self.product_variant_ids[:1].action_review_xero_conflicts()

    def action_check_xero_mapping(self):
        """Compare the variants with their Xero items. See `product.product`."""
        return self.product_variant_ids.action_check_xero_mapping()

    def write(self, vals):
        result = super().write(vals)
        tracked = self.env["product.product"]._get_xero_tracked_fields()
        if changed := tracked.intersection(vals):
            self.product_variant_ids._xero_mark_changed(changed)
        return result
