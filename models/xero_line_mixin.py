from odoo import api, fields, models


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

    # Lines whose item is no product here yet: `_adopt` finds them by it.
    _orphan_index = models.Index(
        "(item_code) WHERE product_id IS NULL AND item_code IS NOT NULL"
    )

    @api.model
    def _adopt(self, connection, products):
        """Give lines that came before their item was linked to the product.

        :param connection: `xero.connection`, one record
        :param dict products: id of the product by item code
        """
        orphans = self.search(
            [
                ("company_id", "=", connection.company_id.id),
                ("item_code", "in", list(products)),
                ("product_id", "=", False),
            ]
        )
        for code, lines in orphans.grouped("item_code").items():
            lines.write({"product_id": products[code]})
