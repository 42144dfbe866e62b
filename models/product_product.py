from odoo import api, fields, models

from ..mapping.item import item_name
from ..mapping.values import clean_text


class ProductProduct(models.Model):
    """What a product shows of its Xero item."""

    _inherit = "product.product"

    _xero_id_name = "xero_item_id"

    xero_item_id = fields.Char(
        "Xero Item ID",
        compute="_compute_xero_sync",
        groups="xero_crm.group_xero_user",
    )
    xero_item_name = fields.Char(
        "Name in Xero",
        compute="_compute_xero_item_name",
        groups="xero_crm.group_xero_user",
        help="Xero takes 50 characters. Of a variant, the product's name is cut first, "
        "so that its values stay readable and variants can be told apart.",
    )
    xero_name_is_cut = fields.Boolean(
        compute="_compute_xero_item_name", groups="xero_crm.group_xero_user"
    )
    xero_quantity_on_hand = fields.Float(
        "Xero Quantity on Hand",
        digits="Product Unit",
        readonly=True,
        copy=False,
        company_dependent=True,
        groups="xero_crm.group_xero_user",
    )
    xero_is_tracked = fields.Boolean(
        "Tracked in Xero",
        readonly=True,
        copy=False,
        company_dependent=True,
        groups="xero_crm.group_xero_user",
        help="Xero keeps the stock of this item. Its purchase details and what it may "
        "be used for are changed in Xero alone.",
    )
    xero_account_id = fields.Many2one(
        "xero.account",
        "Xero Sales Account",
        domain="[('is_revenue', '=', True)]",
        company_dependent=True,
        groups="xero_crm.group_xero_user",
        help="Account of this product on Xero invoices. "
        "Where it is empty, the connection's default is used.",
    )
    xero_purchase_account_id = fields.Many2one(
        "xero.account",
        domain="[('account_class', '=', 'EXPENSE')]",
        company_dependent=True,
        groups="xero_crm.group_xero_user",
        help="Account of this product on bills in Xero.",
    )

    @api.depends("name", "product_template_attribute_value_ids.name")
    def _compute_xero_item_name(self):
        for product in self:
            product = product.with_context(lang="en_US")
            values = product.product_template_attribute_value_ids
            variant = values._get_combination_name()
            whole = f"{product.name or ''} ({variant})" if variant else product.name
            product.xero_item_name = item_name(product.name or "", variant)
            product.xero_name_is_cut = product.xero_item_name != clean_text(whole)

    def _is_xero_variant(self):
        """Whether the product shares its template with others: what belongs to the
        template goes to Xero, but a change there must not change all its sisters."""
        self.ensure_one()
        return self.product_tmpl_id.product_variant_count > 1
