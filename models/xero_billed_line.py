from odoo import api, fields, models
from odoo.tools import SQL

from .xero_invoice import GONE_STATUSES


class XeroBilledLine(models.Model):
    """What a Xero invoice bills of a line of an order, or a credit note takes back.

    Only what Xero really has counts as invoiced: a waiting or refused invoice leaves
    its order to be invoiced. What was credited counts as not invoiced where a person
    wants it to be invoiced again.
    """

    _name = "xero.billed.line"
    _description = "Xero Billed Order Line"
    _order = "invoice_id, id"
    _rec_name = "order_line_id"

    invoice_id = fields.Many2one("xero.invoice", ondelete="cascade", index=True)
    credit_note_id = fields.Many2one(
        "xero.credit.note", ondelete="cascade", index="btree_not_null"
    )
    order_line_id = fields.Many2one(
        "sale.order.line", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_from_document", store=True
    )
    partner_id = fields.Many2one(
        "res.partner", compute="_compute_from_document", store=True
    )
    currency_id = fields.Many2one(related="order_line_id.currency_id")
    quantity = fields.Float(
        digits="Product Unit", help="Below zero where it was credited."
    )
    description = fields.Char(help="Instead of the text of the order line.")
    price_subtotal = fields.Monetary("Untaxed Amount")
    price_total = fields.Monetary("Total")
    is_in_xero = fields.Boolean(
        "Counts as Invoiced", compute="_compute_is_in_xero", store=True
    )
    # The line of the invoice as Xero made it: what is different now, somebody changed.
    xero_line_id = fields.Char("Line ID")
    xero_quantity = fields.Float(digits=(16, 4))
    xero_amount = fields.Monetary()

    _one_document = models.Constraint(
        "CHECK(num_nonnulls(invoice_id, credit_note_id) = 1)",
        "A line is billed by one document.",
    )

    @api.depends(
        "invoice_id.company_id",
        "invoice_id.partner_id",
        "credit_note_id.company_id",
        "credit_note_id.partner_id",
    )
    def _compute_from_document(self):
        for line in self:
            document = line.invoice_id or line.credit_note_id
            line.company_id = document.company_id
            line.partner_id = document.partner_id

    @api.depends(
        "invoice_id.xero_id",
        "invoice_id.status",
        "credit_note_id.xero_id",
        "credit_note_id.status",
        "credit_note_id.is_again",
    )
    def _compute_is_in_xero(self):
        for line in self:
            document = line.invoice_id or line.credit_note_id
            line.is_in_xero = (
                bool(document.xero_id)
                and document.status not in GONE_STATUSES
                and (bool(line.invoice_id) or line.credit_note_id.is_again)
            )

    @api.model
    def _bind(self, pairs):
        """Remember the lines of invoices that bill these, in one statement.

        :param pairs: of a record and `LineData`, as Xero has it
        """
        if not pairs:
            return
        self.env.flush_all()
        rows = [
            SQL(
                "(%s, %s, %s::numeric, %s::numeric)",
                record.id,
                line.line_item_id,
                line.quantity,
                line.amount(),
            )
            for record, line in pairs
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE xero_billed_line SET xero_line_id = v.line, "
                "xero_quantity = v.quantity, xero_amount = v.amount "
                "FROM (VALUES %s) v (id, line, quantity, amount) "
                "WHERE xero_billed_line.id = v.id",
                SQL(", ").join(rows),
            )
        )
        names = ["xero_line_id", "xero_quantity", "xero_amount"]
        self.invalidate_model(names, flush=False)
