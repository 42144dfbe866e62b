from odoo import api, fields, models

from ..const import APPROVED_STATUSES, EMAIL_STATES

# The first that is there is what an order with several invoices shows.
EMAIL_RANK = ("error", "waiting", "none", "sent")


class SaleOrder(models.Model):
    """What follows an order's invoice: its mail, its payment link, its files."""

    _inherit = "sale.order"

    xero_attachment_ids = fields.Many2many(
        "ir.attachment",
        "sale_order_xero_attachment_rel",
        string="Files for the Xero Invoice",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="Files of this order that are attached to its invoice in Xero.",
    )
    xero_takes_files = fields.Boolean(
        compute="_compute_xero_takes_files", groups="xero_crm.group_xero_user"
    )
    xero_online_url = fields.Char(
        "Payment Link",
        compute="_compute_xero_follow_up",
        groups="xero_crm.group_xero_user",
    )
    xero_is_approved = fields.Boolean(
        compute="_compute_xero_follow_up", groups="xero_crm.group_xero_user"
    )
    xero_can_send = fields.Boolean(
        compute="_compute_xero_follow_up", groups="xero_crm.group_xero_user"
    )
    xero_email_state = fields.Selection(
        EMAIL_STATES,
        "Xero E-Mail",
        compute="_compute_xero_follow_up",
        groups="xero_crm.group_xero_user",
    )
    xero_email_sent_to = fields.Char(
        compute="_compute_xero_follow_up", groups="xero_crm.group_xero_user"
    )
    xero_email_problem = fields.Char(
        compute="_compute_xero_follow_up", groups="xero_crm.group_xero_user"
    )

    xero_email_remedy = fields.Char(
        compute="_compute_xero_email_remedy", groups="xero_crm.group_xero_user"
    )
    xero_email_can_fix = fields.Boolean(
        compute="_compute_xero_email_remedy", groups="xero_crm.group_xero_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_xero_takes_files(self):
        connections = {
            company: self.env["xero.connection"]._get_for_company(company)
            for company in self.company_id
        }
        for order in self:
            connection = connections.get(order.company_id)
            order.xero_takes_files = connection and connection.attach_files == "chosen"

    @api.depends(
        "xero_invoice_ids.online_url",
        "xero_invoice_ids.status",
        "xero_invoice_ids.is_sent",
        "xero_invoice_ids.email_state",
    )
    def _compute_xero_follow_up(self):
        # Computed for all orders at once, not for the invoices of each.
        self.sudo().xero_invoice_ids.mapped("email_state")
        for order in self:
            invoices = order.sudo()._get_xero_active_invoices()
            approved = invoices.filtered(lambda i: i.status in APPROVED_STATUSES)
            states = set(approved.mapped("email_state"))
            order.xero_is_approved = bool(approved)
            order.xero_online_url = approved[:1].online_url
            order.xero_can_send = any(approved.mapped("can_send"))
            order.xero_email_state = next(
                (state for state in EMAIL_RANK if state in states), False
            )
            order.xero_email_sent_to = ", ".join(
                dict.fromkeys(filter(None, approved.mapped("email_sent_to")))
            )
            failed = approved.filtered(lambda i: i.email_state == "error")
            order.xero_email_problem = failed[:1].email_problem

    @api.depends("xero_email_state")
    @api.depends_context("uid")
    def _compute_xero_email_remedy(self):
        """What the user can do about a mail that did not go out, or whom to ask."""
        self.xero_email_remedy = self.xero_email_can_fix = False
        for order in self.filtered(lambda order: order.xero_email_state == "error"):
            log = order._get_xero_email_log()
            remedy, may_fix = order._get_xero_way_out(log)
            order.xero_email_remedy = remedy
            order.xero_email_can_fix = may_fix

    # === CRUD METHODS === #

    def write(self, vals):
        """Files that are chosen once the invoice is there follow it."""
        result = super().write(vals)
        if "xero_attachment_ids" in vals:
            self.sudo()._queue_xero_files()
        return result

    def _queue_xero_files(self):
        invoices = self._get_xero_active_invoices()
        invoices = invoices.filtered(lambda i: i.xero_id and i.order_sequence)
        self.env["xero.invoice.task"]._queue(invoices._prepare_file_tasks())

    # === ACTION METHODS === #

    def action_send_xero_invoice(self):
        """E-mail the invoices of this order to the customer.

        :raise UserError: if one cannot be sent, or there is none to send
        """
        self.ensure_one()
        self._check_xero_user("write")
        invoices = self._get_xero_active_invoices()
        return (invoices.filtered("can_send") or invoices[:1]).action_send()

    def action_get_xero_online_url(self):
        """Ask Xero for the address where the customer sees and pays the invoice."""
        self.ensure_one()
        self._check_xero_user("read")
        invoices = self._get_xero_active_invoices()
        approved = invoices.filtered(lambda i: i.status in APPROVED_STATUSES)
        return (approved or invoices)[:1].action_get_online_url()

    def action_fix_xero_email(self):
        """Open what keeps the invoice from being mailed."""
        self.ensure_one()
        self._check_xero_user("read")
        return self._get_xero_email_log().action_fix()

    def _check_xero_user(self, operation):
        """:raise AccessError: unless the user sees Xero and may do this to them"""
        self.env["xero.invoice"].check_access("read")
        self.check_access(operation)

    def _get_xero_email_log(self):
        """Return the open row about the mail of this order's invoice, as superuser."""
        mails = self.env["xero.invoice.task"].sudo()
        mails = mails.search(
            [
                ("invoice_id", "in", self.sudo().xero_invoice_ids.ids),
                ("kind", "=", "email"),
            ]
        )
        return self.env["xero.log"]._get_open_task_rows(mails)[:1]
