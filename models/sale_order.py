import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PAYMENT_STATUSES
from ..mapping.base import MappingError
from .xero_change import XeroProblem
from .xero_invoice import GONE_STATUSES

_logger = logging.getLogger(__name__)

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
    xero_amount_due = fields.Monetary(
        "Due in Xero",
        compute="_compute_xero_payment_status",
        store=True,
        compute_sudo=True,
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_due_date = fields.Date(
        compute="_compute_xero_payment_status",
        store=True,
        compute_sudo=True,
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
        currency_field="xero_company_currency_id",
        groups="xero_crm.group_xero_user",
    )
    xero_overdue_days = fields.Integer(
        related="partner_id.xero_overdue_days",
        related_sudo=False,
        groups="xero_crm.group_xero_user",
    )
    xero_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "xero_invoice_ids.payment_status",
        "xero_invoice_ids.amount_due",
        "xero_invoice_ids.due_date",
        "xero_invoice_ids.is_open",
    )
    def _compute_xero_payment_status(self):
        for order in self:
            invoices = order.xero_invoice_ids
            open_invoices = invoices.filtered("is_open")
            order.xero_payment_status = order._get_xero_payment_status(invoices)
            order.xero_amount_due = sum(open_invoices.mapped("amount_due"))
            order.xero_due_date = min(
                filter(None, open_invoices.mapped("due_date")), default=False
            )

    def _get_xero_payment_status(self, invoices):
        """Sum up the statuses of an order's invoices in one."""
        statuses = set(invoices.mapped("payment_status"))
        if not statuses:
            return "none"
        if statuses == {"voided"}:
            return "voided"
        statuses -= {"voided", "none"}
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
    def _compute_xero_remedy(self):
        """What a rep, who does not see the log, can do about a failing invoice."""
        for order in self:
            log = order._get_xero_open_log()
            order.xero_remedy = log.remedy
            order.xero_can_fix = bool(log.fix)

    @api.depends("state", "xero_invoice_ids.status", "xero_do_not_sync", "company_id")
    def _compute_xero_can_invoice(self):
        """Whether the button is offered: no waiting or made invoice yet, or failing."""
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
                and not active.filtered("xero_id")
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

    # === CRUD METHODS === #

    def write(self, vals):
        """An order that is excluded takes its waiting invoice out of the outbox."""
        result = super().write(vals)
        if vals.get("xero_do_not_sync"):
            waiting = self.sudo().xero_invoice_ids.filtered(lambda i: not i.xero_id)
            links = self.env["xero.link"].sudo()._of(waiting)
            unsent = links.filtered(lambda link: link.state != "sending")
            waiting = waiting.browse(unsent.mapped("res_id"))
            unsent.unlink()
            waiting.unlink()
        return result

    def action_confirm(self):
        """Confirmed orders are invoiced where the connection says so."""
        result = super().action_confirm()
        self._trigger_xero_invoice("order_confirmed")
        won = self.sudo().filtered(lambda order: order.opportunity_id.stage_id.is_won)
        won._trigger_xero_invoice("opportunity_won")
        return result

    # === ACTION METHODS === #

    def action_create_xero_invoice(self):
        """Create the Xero invoice of these orders, now and once.

        A second click, a second tab, or a retry finds the invoice that there is.

        :return: True
        :raise UserError: if an order cannot be invoiced; nothing is done then
        """
        self.env["xero.invoice"].check_access("read")
        self.check_access("write")
        for order in self:
            order._check_xero_invoice()
        links = self.sudo()._request_xero_invoice()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_view_xero_invoices(self):
        """Open the order's Xero invoice, or the list of several."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_invoice_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
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

    def _check_xero_invoice(self):
        """:raise UserError: why no invoice can be made of this order, and what to do"""
        self.ensure_one()
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        if self.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed yet. Confirm it, then create the "
                    "invoice.",
                    order=self.name,
                )
            )
        if self.sudo()._is_xero_excluded():
            raise UserError(
                self.env._(
                    "%(order)s or its customer is excluded from Xero. Untick Do Not "
                    "Sync to include it.",
                    order=self.name,
                )
            )
        connection._check_can_send()
        if connection._is_before_day_zero(self.date_order):
            raise UserError(
                self.env._(
                    "%(order)s is older than day zero (%(date)s): it was billed before "
                    "Xero was connected.",
                    order=self.name,
                    date=connection.date_start,
                )
            )

    def _is_xero_excluded(self):
        """Whether the order, or who is ordering or billed, is excluded from Xero."""
        self.ensure_one()
        partners = self.partner_id | self.partner_invoice_id
        partners |= partners.commercial_partner_id
        return self.xero_do_not_sync or any(partners.mapped("xero_do_not_sync"))

    def _trigger_xero_invoice(self, trigger):
        """Ask for the invoices of orders, where the connection wants it by itself.

        :param str trigger: a value of the connection's `invoice_trigger`
        """
        for company, orders in self.sudo().grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            if connection.invoice_trigger != trigger or connection.sync_mode != "live":
                continue
            wanted = orders.filtered(
                lambda order, connection=connection: (
                    order.state == "sale"
                    and not order._is_xero_excluded()
                    and not connection._is_before_day_zero(order.date_order)
                )
            )
            if wanted:
                wanted._request_xero_invoice()._wake_cron()

    def _request_xero_invoice(self):
        """Put the invoices of orders, with what they need, into the outbox.

        Writing the order makes a second transaction that does the same at once wait,
        fail as a serialization failure, be repeated by Odoo, and find this one's work.

        :return: `xero.link` of the invoices, customers and items
        """
        self.write({"xero_requested_at": fields.Datetime.now()})
        self.env.flush_all()
        links = self.env["xero.link"]
        for order in self:
            connection = order.env["xero.connection"]._get_for_company(order.company_id)
            active = order._get_xero_active_invoices()
            if active.filtered("xero_id"):
                continue
            invoice = active[:1] or order._create_xero_invoice_record(connection)
            links |= order._ensure_xero_dependencies(connection, invoice)
            links |= links._ensure(connection, invoice)
        links._mark_pending()
        return links

    def _create_xero_invoice_record(self, connection):
        return self.env["xero.invoice"].create(
            {
                "connection_id": connection.id,
                "partner_id": self.partner_invoice_id.commercial_partner_id.id,
                "order_id": self.id,
                "order_sequence": len(self.xero_invoice_ids) + 1,
                "reference": self.name,
                "currency_id": self.currency_id.id,
                "amount_expected": self.amount_total,
            }
        )

    def _ensure_xero_dependencies(self, connection, invoice):
        """Put the customer and the products into the outbox, as far as they are not in
        Xero: an invoice refers to both.

        :return: `xero.link` of those that have to go first; none when the invoice
            cannot follow them, for a reason that its own push will tell
        """
        self.ensure_one()
        links = self.env["xero.link"]
        try:
            self._draft_xero_invoice(connection, invoice)
        except XeroProblem:
            return links
        except MappingError as error:
            # A record that cannot be read: its own push tells which, and why.
            _logger.info("%s waits for an unreadable record: %s", self.name, error)
        links |= links._ensure(connection, self.partner_invoice_id._xero_owner())
        links |= links._ensure(connection, self._get_xero_lines()._get_xero_items())
        links = links.filtered(lambda link: not link.xero_id)
        links._mark_pending()
        return links

    def _get_xero_lines(self):
        """Order lines that become lines of the invoice."""
        return self.order_line.filtered(lambda line: not line.is_downpayment)

    def _post_xero_invoice(self, invoice):
        """Note a new Xero invoice in the order's chatter, as a change of its number:
        the chatter hides changes of fields from those who may not see the field."""
        name = "xero_invoice_number"
        total = invoice.currency_id.format(invoice.amount_total)
        for order in self:
            values = self.env["mail.tracking.value"]._create_tracking_values(
                "",
                f"{invoice.number or ''} ({total})",
                name,
                order.fields_get([name])[name],
                order,
            )
            order._message_log(tracking_value_ids=[fields.Command.create(values)])
