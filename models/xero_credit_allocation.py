from odoo import api, fields, models


class XeroCreditAllocation(models.Model):
    """What of a Xero credit was given to which invoice, mirrored."""

    _name = "xero.credit.allocation"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Credit Allocation"
    _order = "date desc, id desc"
    _rec_name = "invoice_number"

    credit_note_id = fields.Many2one(
        "xero.credit.note", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="credit_note_id.company_id", store=True)
    partner_id = fields.Many2one(related="credit_note_id.partner_id", store=True)
    currency_id = fields.Many2one(related="credit_note_id.currency_id")
    invoice_id = fields.Many2one(
        "xero.invoice", ondelete="set null", index="btree_not_null"
    )
    invoice_xero_id = fields.Char("Invoice ID", index=True)
    invoice_number = fields.Char()
    date = fields.Date()
    amount = fields.Monetary()

    @api.model
    def _find_invoices(self, invoices):
        """Name the invoices that allocations were waiting for.

        :param invoices: `xero.invoice` that have just come
        """
        by_xero_id = {(i.connection_id.id, i.xero_id): i.id for i in invoices}
        waiting = self.search(
            [
                ("invoice_id", "=", False),
                ("invoice_xero_id", "in", invoices.mapped("xero_id")),
            ]
        )
        for allocation in waiting:
            connection_id = allocation.credit_note_id.connection_id.id
            key = (connection_id, allocation.invoice_xero_id)
            allocation.invoice_id = by_xero_id.get(key, False)
