from odoo import fields, models


class XeroLineMixin(models.AbstractModel):
    """A line of a money document of Xero, mirrored.

    A model that inherits takes company (stored) and currency from its document.
    """

    _name = "xero.line.mixin"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Document Line"
    _rec_name = "description"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    sequence = fields.Integer()
    xero_line_id = fields.Char("Line ID")
    product_id = fields.Many2one("product.product", index="btree_not_null")
    item_code = fields.Char()
    description = fields.Text()
    quantity = fields.Float(digits=(16, 4))
    price_unit = fields.Float(digits=(16, 4))
    discount = fields.Float("Discount (%)", digits=(16, 4))
    account_code = fields.Char("Account")
    tax_type = fields.Char()
    tax_amount = fields.Monetary("Tax")
    line_amount = fields.Monetary("Amount")
