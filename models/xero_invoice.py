from odoo import api, fields, models

from ..const import INVOICE_STATUSES, PAYMENT_STATUSES
from ..mapping.invoice import InvoiceData

OPEN_STATUSES = ("authorised",)
GONE_STATUSES = ("voided", "deleted")


class XeroInvoice(models.Model):
    """A sales invoice of Xero, mirrored.

    Xero is the ledger: nothing here is edited in Odoo. One that Odoo asks for exists
    here first, without a status, until Xero has made it.
    """

    _name = "xero.invoice"
    _inherit = ["xero.document.mixin", "xero.order.document.mixin", "xero.sync.mixin"]
    _description = "Xero Invoice"
    _rec_names_search = ["number", "reference"]

    _xero_resource = "Invoices"
    _xero_data = InvoiceData
    _xero_inverse = "invoice_id"

    connection_id = fields.Many2one(ondelete="restrict")
    order_id = fields.Many2one(
        "sale.order", "Sales Order", readonly=True, index="btree_not_null"
    )
    order_sequence = fields.Integer(readonly=True)
    user_id = fields.Many2one(related="order_id.user_id", store=True)
    status = fields.Selection(INVOICE_STATUSES, readonly=True, index=True)
    payment_status = fields.Selection(
        PAYMENT_STATUSES, compute="_compute_payment_status", store=True
    )
    is_open = fields.Boolean(
        "Awaiting Payment", compute="_compute_payment_status", store=True
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_payment_status", store=True
    )
    due_date = fields.Date(readonly=True, index=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_credited = fields.Monetary("Credited", readonly=True)
    amount_by_credit_note = fields.Monetary(
        "Credited by Credit Notes",
        readonly=True,
        help="The rest of what was credited is money that was paid before.",
    )
    amount_due = fields.Monetary(readonly=True)
    amount_due_company = fields.Monetary(
        "Due in Company Currency",
        compute="_compute_amount_due_company",
        store=True,
        currency_field="company_currency_id",
    )
    amount_expected = fields.Monetary(
        "Total by the Order",
        readonly=True,
        help="What Odoo asked for adds up to; Xero's total must be the same.",
    )
    wanted_number = fields.Char(
        readonly=True, copy=False, help="Where Odoo gives invoices their numbers."
    )
    line_ids = fields.One2many("xero.invoice.line", "invoice_id", readonly=True)
    payment_ids = fields.One2many("xero.payment", "invoice_id", readonly=True)
    online_url = fields.Char("Online Invoice", readonly=True, copy=False)
    back_url = fields.Char(readonly=True, copy=False)

    _xero_id_uniq = models.UniqueIndex(
        "(connection_id, xero_id) WHERE xero_id IS NOT NULL",
        "This Xero invoice is here already.",
    )
    _order_uniq = models.UniqueIndex(
        "(connection_id, order_id, order_sequence)"
        " WHERE order_id IS NOT NULL AND order_sequence > 0",
        "This order has been invoiced already.",
    )
    _open_index = models.Index(
        "(commercial_partner_id, company_id) WHERE is_open IS TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("number", "reference", "order_id.name")
    def _compute_display_name(self):
        for invoice in self:
            invoice.display_name = (
                invoice.number
                or invoice.reference
                or invoice.order_id.name
                or self.env._("New Invoice")
            )

    @api.depends(
        "status",
        "due_date",
        "amount_due",
        "amount_paid",
        "amount_credited",
        "amount_by_credit_note",
        "xero_id",
    )
    def _compute_payment_status(self):
        today = fields.Date.context_today(self)
        for invoice in self:
            invoice.is_open = invoice.status in OPEN_STATUSES
            invoice.is_overdue = invoice.is_open and bool(
                invoice.due_date and invoice.due_date < today and invoice.amount_due > 0
            )
            invoice.payment_status = invoice._get_payment_status()

    def _get_payment_status(self):
        """What a sales rep wants to know, from Xero's status and amounts."""
        self.ensure_one()
        fixed = {
            False: "none",
            "draft": "draft",
            "submitted": "waiting_approval",
            "paid": "paid",
            "voided": "voided",
            "deleted": "voided",
        }
        if self.status == "paid" and not self.currency_id.compare_amounts(
            self.amount_by_credit_note, self.amount_total
        ):
            return "credited" if self.amount_total else "paid"
        if self.status in fixed:
            return fixed[self.status]
        if self.is_overdue:
            return "overdue"
        return "partial" if self.amount_paid or self.amount_credited else "sent"

    @api.depends(
        "amount_due",
        "currency_id",
        "currency_rate",
        "status",
        "connection_id.base_currency_id",
    )
    def _compute_amount_due_company(self):
        for invoice in self:
            due = invoice.amount_due if invoice.is_open else 0.0
            invoice.amount_due_company = invoice._convert_to_company(due)

    def _get_web_path(self):
        return f"/AccountsReceivable/View.aspx?InvoiceID={self.xero_id}"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_overdue(self):
        """Do what a new day asks for: no change in Xero tells it."""
        self._mark_crossed()

    @api.model
    def _mark_crossed(self):
        """Mark what fell due or grew older since the last time.

        :return: these invoices
        """
        today = fields.Date.context_today(self)
        crossed = self.search(self._get_crossed_domain(today))
        # Whatever follows from the date is computed anew, of orders and deals too.
        crossed.modified(["due_date"])
        self.env.flush_all()
        return crossed
