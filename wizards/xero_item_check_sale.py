from odoo import fields, models


class XeroItemCheckSale(models.TransientModel):
    """How a sale of one product would arrive in Xero."""

    _name = "xero.item.check.sale"
    _description = "Test Sale"
    _order = "state desc, id"

    check_id = fields.Many2one(
        "xero.item.check", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    state = fields.Selection(
        [("ok", "Goes Through"), ("refused", "Refused")], readonly=True
    )
    message = fields.Text("Why", readonly=True)
    item_code = fields.Char("Item", readonly=True)
    account_code = fields.Char("Account", readonly=True)
    tax_type = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    unit_price = fields.Float(digits=(16, 4), readonly=True)
    tax = fields.Monetary(readonly=True)
    total = fields.Monetary("Total in Xero", readonly=True)
    order_total = fields.Monetary("Total in Odoo", readonly=True)
