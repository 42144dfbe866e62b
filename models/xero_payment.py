from odoo import fields, models


class XeroPayment(models.Model):
    """A payment on a Xero invoice, mirrored from the invoice that it pays."""

    _name = "xero.payment"
    _description = "Xero Payment"
    _order = "date desc, id desc"
    _rec_name = "reference"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    xero_id = fields.Char("Xero ID", required=True)
    invoice_id = fields.Many2one(
        "xero.invoice", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="invoice_id.partner_id", store=True)
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    date = fields.Date()
    amount = fields.Monetary()
    reference = fields.Char()

    _xero_id_uniq = models.Constraint(
        "UNIQUE(connection_id, xero_id)", "This payment is here already."
    )
