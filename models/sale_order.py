from odoo import api, fields, models

from ..const import PAYMENT_STATUSES
from .xero_invoice import GONE_STATUSES

# The first that is there is what an order with several invoices shows.
STATUS_RANK = ["partial", "viewed", "sent", "waiting_approval", "draft"]


class SaleOrder(models.Model):
    """An order's invoices in Xero and whether they are paid."""

    _inherit = "sale.order"

    xero_invoice_ids = fields.One2many(
        "xero.invoice",
        "order_id",
        "Xero Invoices",
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_payment_status = fields.Selection(
        PAYMENT_STATUSES,
        "Xero Payment",
        compute="_compute_xero_payment_status",
        store=True,
        compute_sudo=True,
        index=True,
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_invoice_number = fields.Char(
        "Xero Invoice",
        compute="_compute_xero_invoice",
        groups="xero_crm.group_xero_user",
    )
    xero_invoice_count = fields.Integer(
        compute="_compute_xero_invoice", groups="xero_crm.group_xero_user"
    )
    xero_invoice_state = fields.Selection(
        related="xero_invoice_ids.xero_sync_state",
        string="Xero Sync",
        groups="xero_crm.group_xero_user",
    )
    xero_error = fields.Char(
        "Xero Problem",
        compute="_compute_xero_invoice",
        groups="xero_crm.group_xero_user",
    )
    xero_remedy = fields.Char(
        "What to Do", compute="_compute_xero_remedy", groups="xero_crm.group_xero_user"
    )
    xero_can_fix = fields.Boolean(
        compute="_compute_xero_remedy", groups="xero_crm.group_xero_user"
    )
    xero_can_invoice = fields.Boolean(
        compute="_compute_xero_can_invoice", groups="xero_crm.group_xero_user"
    )
    xero_do_not_sync = fields.Boolean(
        "Do Not Invoice in Xero", copy=False, groups="xero_crm.group_xero_user"
    )
    xero_requested_at = fields.Datetime(
        readonly=True, copy=False, groups="xero_crm.group_xero_user"
    )
    xero_overdue_balance = fields.Monetary(
        related="partner_id.xero_overdue_balance",
        related_sudo=False,  # the customer may be hidden from who sees the order
        string="Customer Overdue",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
    )
    xero_overdue_days = fields.Integer(
        related="partner_id.xero_overdue_days",
        related_sudo=False,
        groups="xero_crm.group_xero_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("xero_invoice_ids.payment_status")
    def _compute_xero_payment_status(self):
        for order in self:
            order.xero_payment_status = order._get_xero_payment_status(
                order.xero_invoice_ids
            )

    def _get_xero_payment_status(self, invoices):
        """Sum up the statuses of an order's invoices in one."""
        statuses = set(invoices.mapped("payment_status"))
        if not statuses:
            return "none"
        if statuses == {"voided"}:
            return "voided"
        if "credited" in statuses and statuses <= {"credited", "voided", "none"}:
            return "credited"
        statuses -= {"voided", "credited", "none"}
        if "overdue" in statuses:
            return "overdue"
        if "paid" in statuses and len(statuses) > 1:
            return "partial"
        return next(
            (status for status in STATUS_RANK if status in statuses),
            "paid" if statuses else "none",
        )

    @api.depends("xero_invoice_ids.number", "xero_invoice_ids.xero_link_ids.state")
    def _compute_xero_invoice(self):
        # Computed for all orders at once, not for the invoices of each.
        self.sudo().xero_invoice_ids.mapped("xero_error")
        for order in self:
            invoices = order.sudo().xero_invoice_ids
            active = invoices.filtered(lambda i: i.status not in GONE_STATUSES)
            order.xero_invoice_count = len(invoices)
            order.xero_invoice_number = ", ".join(
                number for number in active.mapped("number") if number
            )
            order.xero_error = next(filter(None, active.mapped("xero_error")), False)

    @api.depends("xero_invoice_ids.xero_link_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_xero_remedy(self):
        """What a rep, who does not see the log, can do about a failing invoice."""
        for order in self:
            log = order._get_xero_open_log()
            order.xero_remedy, order.xero_can_fix = order._get_xero_way_out(log)

    @api.depends(
        "state",
        "invoice_status",
        "xero_invoice_ids.status",
        "xero_do_not_sync",
        "company_id",
    )
    def _compute_xero_can_invoice(self):
        """Whether the button is offered: something is to be invoiced, or an invoice
        that was asked for is not in Xero."""
        connections = {
            company: self.env["xero.connection"]._get_for_company(company)
            for company in self.company_id
        }
        for order in self:
            order_sudo = order.sudo()
            active = order_sudo._get_xero_active_invoices()
            order.xero_can_invoice = (
                order.state == "sale"
                and bool(connections.get(order.company_id))
                and not order_sudo.xero_do_not_sync
                and (
                    any(not invoice.xero_id for invoice in active)
                    or order_sudo._is_xero_to_invoice()
                )
            )

    def _get_xero_active_invoices(self):
        return self.xero_invoice_ids.filtered(lambda i: i.status not in GONE_STATUSES)

    def _get_xero_open_log(self):
        """Return the newest open problem of the order's invoices, as superuser."""
        self.ensure_one()
        return (
            self.env["xero.log"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "xero.invoice"),
                    ("res_id", "in", self.sudo().xero_invoice_ids.ids),
                    ("state", "in", ("error", "conflict")),
                ],
                limit=1,
            )
        )

    # === ACTION METHODS === #

    def action_view_xero_invoices(self):
        """Open the order's Xero invoice, or the list of several."""
        self.ensure_one()
        return self._get_xero_invoices_action()

    def _get_xero_invoices_action(self):
        """Return the action that shows the Xero invoices of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_invoice_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        if len(self.xero_invoice_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.xero_invoice_ids.id
        return action

    def action_open_in_xero(self):
        """Open the order's newest invoice in Xero."""
        self.ensure_one()
        invoices = self._get_xero_active_invoices().filtered("xero_id")
        return invoices[:1].action_open_in_xero()

    def action_fix_xero(self):
        """Open what keeps the order's invoice from going to Xero."""
        self.ensure_one()
        self.env["xero.invoice"].check_access("read")
        self.check_access("read")
        return self._get_xero_open_log().action_fix()

    def action_open_xero_log(self):
        """Open the rows of the error log about this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_log_action"
        )
        action["domain"] = [
            ("res_model", "=", "xero.invoice"),
            ("res_id", "in", self.xero_invoice_ids.ids),
        ]
        return action

    # === BUSINESS METHODS === #

    def _post_xero_invoice(self, invoice):
        """Note a new Xero invoice in the order's chatter."""
        total = invoice.currency_id.format(invoice.amount_total)
        self._log_xero_change(f"{invoice.number or ''} ({total})")

    def _log_xero_change(self, text, name="xero_invoice_number", before=""):
        """Note what happened in Xero in the order's chatter, as a change of a field:
        the chatter hides changes of fields from those who may not see the field.

        :param str text: what happened
        :param str name: field of the order
        :param before: what it was
        """
        for order in self:
            values = self.env["mail.tracking.value"]._create_tracking_values(
                before, text, name, order.fields_get([name])[name], order
            )
            order._message_log(tracking_value_ids=[fields.Command.create(values)])
