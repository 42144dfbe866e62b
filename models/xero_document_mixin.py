from odoo import api, fields, models


class XeroDocumentMixin(models.AbstractModel):
    """What the money documents of Xero have in common, mirrored and read-only."""

    _name = "xero.document.mixin"
    _inherit = ["xero.bulk.mixin", "xero.labels.mixin"]
    _description = "Xero Document"
    _order = "date desc, id desc"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    xero_id = fields.Char("Xero ID", readonly=True, copy=False)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    xero_contact_id = fields.Char("Contact ID", readonly=True, index=True)
    contact_name = fields.Char("Contact", readonly=True)
    number = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    is_sent = fields.Boolean("Sent to Customer", readonly=True)
    date = fields.Date(readonly=True, index=True)
    paid_on = fields.Date("Fully Paid On", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    currency_rate = fields.Float(digits=(18, 6), readonly=True)
    is_tax_included = fields.Boolean("Amounts of Lines Include Tax", readonly=True)
    amount_untaxed = fields.Monetary("Subtotal", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    amount_total_company = fields.Monetary(
        "Total in Company Currency",
        compute="_compute_amount_total_company",
        store=True,
        currency_field="company_currency_id",
    )
    fingerprint = fields.Char(readonly=True)
    updated_at = fields.Datetime("Changed in Xero", readonly=True)

    @api.depends(
        "amount_total",
        "currency_id",
        "currency_rate",
        "connection_id.base_currency_id",
    )
    def _compute_amount_total_company(self):
        for document in self:
            total = document._convert_to_company(document.amount_total)
            document.amount_total_company = total

    def _convert_to_company(self, amount):
        """Return an amount of this document in the company's currency.

        At the document's own rate (units of its currency for one of the base) where
        the organisation keeps its books in the company's currency, else at Odoo's.

        :param float amount: in the document's currency
        :rtype: float
        """
        self.ensure_one()
        base = self.connection_id.sudo().base_currency_id
        if self.currency_id == self.company_currency_id:
            return amount
        if self.currency_rate and base == self.company_currency_id:
            return amount / self.currency_rate
        return self.currency_id._convert(
            amount,
            self.company_currency_id,
            self.company_id,
            self.date or fields.Date.today(),
        )

    @api.model
    def _adopt(self, connection, partners):
        """Give documents that came before their customer was linked to the customer.

        :param connection: `xero.connection`, one record
        :param dict partners: id of the partner by id of the Xero contact
        """
        orphans = self.search(
            [
                ("connection_id", "=", connection.id),
                ("xero_contact_id", "in", list(partners)),
                ("partner_id", "=", False),
            ]
        )
        for contact_id, documents in orphans.grouped("xero_contact_id").items():
            documents.write({"partner_id": partners[contact_id]})

    def _get_web_path(self):
        """Return where the document lies in Xero's web application. One record."""
        raise NotImplementedError()

    # === ACTION METHODS === #

    def action_open_in_xero(self):
        """Open the document in Xero."""
        self.ensure_one()
        url = self.connection_id.sudo()._get_web_url(self._get_web_path())
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
