from odoo import api, fields, models


class XeroInvoiceChange(models.TransientModel):
    """The due date, where the order's payment terms were changed: moved alone."""

    _inherit = "xero.invoice.change"

    due_date = fields.Date(related="invoice_id.due_date", string="Due Date in Xero")
    due_date_now = fields.Date("Due by the Order Now", readonly=True)
    is_due_only = fields.Boolean(readonly=True)
    can_move_due = fields.Boolean(compute="_compute_ways")

    @api.depends("due_date_now", "is_due_only")
    def _compute_ways(self):
        """Money is taken back for its own sake, not for a date."""
        result = super()._compute_ways()
        for wizard in self:
            wizard.can_move_due = bool(
                wizard.due_date_now
            ) and wizard.invoice_id._can_change("due_date")
            if wizard.is_due_only:
                wizard.can_update = wizard.can_delete = wizard.can_void = False
                wizard.can_credit = False
        return result

    def _prepare_change(self, invoice):
        vals = super()._prepare_change(invoice)
        invoice = invoice.sudo()
        vals["due_date_now"] = invoice._get_due_date_now()
        vals["is_due_only"] = bool(vals["due_date_now"]) and not invoice._is_outdated()
        return vals

    def action_move_due_date(self):
        """Have the invoice due in Xero when the order's payment terms say."""
        return self._change("due_date", self.can_move_due)

    def action_open_in_xero(self):
        """Open the invoice in Xero, where its due date can still be changed."""
        self.ensure_one()
        return self.invoice_id.action_open_in_xero()
