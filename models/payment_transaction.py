from odoo import api, fields, models


class PaymentTransaction(models.Model):
    """What a customer pays online, and which invoices of Xero it settles."""

    _inherit = "payment.transaction"

    xero_invoice_ids = fields.Many2many(
        "xero.invoice",
        "xero_invoice_transaction_rel",
        "transaction_id",
        "invoice_id",
        string="Xero Invoices",
        copy=False,
        readonly=True,
        groups="xero_crm.group_xero_user",
        help="The invoices that were paid directly. What an order's transaction pays "
        "are the invoices of the order.",
    )

    xero_window = fields.Char(
        "Begun in the Window",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="The page of the invoice that the payment was begun on; another one each "
        "time that it is loaded.",
    )

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        """Name a transaction after the invoices that it pays. See `payment`.

        To be called as superuser.

        :param str separator: between the parts of the reference
        :param dict values: of the transaction; those of invoices in `xero_invoice_ids`
        :rtype: str
        """
        if commands := values.get("xero_invoice_ids"):
            ids = self._fields["xero_invoice_ids"].convert_to_cache(commands, self)
            invoices = self.env["xero.invoice"].browse(ids).exists()
            if len(invoices) == len(ids) and all(invoices.mapped("number")):
                return separator.join(invoices.mapped("number"))
        return super()._compute_reference_prefix(separator, **values)
