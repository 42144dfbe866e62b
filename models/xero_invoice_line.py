from odoo import fields, models


class XeroInvoiceLine(models.Model):
    """A line of a Xero invoice, mirrored."""

    _name = "xero.invoice.line"
    _description = "Xero Invoice Line"
    _order = "invoice_id, sequence, id"
    _rec_name = "description"

    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="invoice_id.company_id", store=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id")
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
