from odoo import api, fields, models


class XeroPayment(models.Model):
    """A payment on a Xero invoice, or the refund of a credit, mirrored from the
    document that it settles."""

    _name = "xero.payment"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Payment"
    _order = "date desc, id desc"
    _rec_names_search = ["reference", "invoice_id.number", "credit_note_id.number"]

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    xero_id = fields.Char("Xero ID", required=True)
    invoice_id = fields.Many2one(
        "xero.invoice", ondelete="cascade", index="btree_not_null"
    )
    credit_note_id = fields.Many2one(
        "xero.credit.note",
        "Credit",
        ondelete="cascade",
        index="btree_not_null",
        help="The credit note, overpayment or prepayment that was paid back.",
    )
    kind = fields.Selection(
        [("payment", "Payment"), ("refund", "Refund")],
        "Type",
        compute="_compute_kind",
        search="_search_kind",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", compute="_compute_partner_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    date = fields.Date()
    amount = fields.Monetary()
    reference = fields.Char()

    _xero_id_uniq = models.Constraint(
        "UNIQUE(connection_id, xero_id)", "This payment is here already."
    )
    _one_document = models.Constraint(
        "CHECK(num_nonnulls(invoice_id, credit_note_id) = 1)",
        "A payment settles one document.",
    )

    @api.depends("reference", "invoice_id.number", "credit_note_id.number")
    def _compute_display_name(self):
        for payment in self:
            document = payment.invoice_id or payment.credit_note_id
            payment.display_name = payment.reference or document.display_name

    @api.depends("credit_note_id")
    def _compute_kind(self):
        for payment in self:
            payment.kind = "refund" if payment.credit_note_id else "payment"

    def _search_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "refund": fields.Domain("credit_note_id", "!=", False),
            "payment": fields.Domain("credit_note_id", "=", False),
        }
        return fields.Domain.OR(domains[kind] for kind in value if kind in domains)

    @api.depends(
        "invoice_id.partner_id",
        "invoice_id.commercial_partner_id",
        "credit_note_id.partner_id",
        "credit_note_id.commercial_partner_id",
    )
    def _compute_partner_id(self):
        for payment in self:
            document = payment.invoice_id or payment.credit_note_id
            payment.partner_id = document.partner_id
            payment.commercial_partner_id = document.commercial_partner_id

    @api.depends("invoice_id.currency_id", "credit_note_id.currency_id")
    def _compute_currency_id(self):
        for payment in self:
            document = payment.invoice_id or payment.credit_note_id
            payment.currency_id = document.currency_id
