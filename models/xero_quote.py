from odoo import api, fields, models

from ..const import QUOTE_STATUSES
from ..mapping.quote import QuoteData


class XeroQuote(models.Model):
    """A quote of Xero, mirrored.

    One that a quotation of Odoo asks for exists here first, without a status, until
    Xero has made it. From then on its content follows the quotation, as long as nobody
    has accepted it, and its status follows whoever is further.
    """

    _name = "xero.quote"
    _inherit = ["xero.document.mixin", "xero.order.document.mixin", "xero.sync.mixin"]
    _description = "Xero Quote"
    _rec_names_search = ["number", "reference"]

    _xero_resource = "Quotes"
    _xero_data = QuoteData
    _xero_inverse = "quote_id"
    _xero_open_statuses = ("DRAFT", "SENT", "ACCEPTED")

    order_id = fields.Many2one(
        "sale.order", "Quotation", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(related="order_id.user_id", store=True)
    status = fields.Selection(QUOTE_STATUSES, readonly=True, index=True)
    expiry_date = fields.Date("Expires", readonly=True)
    title = fields.Char(readonly=True)
    summary = fields.Text(readonly=True)
    terms = fields.Text(readonly=True)
    branding_theme_id = fields.Many2one("xero.branding.theme", readonly=True)
    amount_expected = fields.Monetary(
        "Quotation Total", readonly=True, help="What was sent adds up to this."
    )
    line_ids = fields.One2many("xero.quote.line", "quote_id", "Lines", readonly=True)
    # What the quotation was when both last agreed, what Xero made of that, and what it
    # has now: see `mapping.quote`.
    odoo_values = fields.Json(readonly=True)
    agreed_values = fields.Json(readonly=True)
    xero_values = fields.Json(readonly=True)
    odoo_status = fields.Char(
        readonly=True, help="What the quotation wanted it to be when both last agreed."
    )
    is_overwritten = fields.Boolean(
        readonly=True, help="A person has decided that the quotation stands."
    )

    _xero_id_uniq = models.UniqueIndex(
        "(connection_id, xero_id) WHERE xero_id IS NOT NULL",
        "This Xero quote is here already.",
    )
    _order_uniq = models.UniqueIndex(
        "(connection_id, order_id) WHERE order_id IS NOT NULL"
        " AND COALESCE(status, '') <> 'deleted'",
        "This quotation is in Xero already.",
    )

    @api.depends("number", "reference", "order_id.name")
    def _compute_display_name(self):
        for quote in self:
            quote.display_name = (
                quote.number
                or quote.reference
                or quote.order_id.name
                or self.env._("New Quote")
            )

    def _get_web_path(self):
        return f"/app/quotes/view/{self.xero_id}"
