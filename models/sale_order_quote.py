from odoo import api, fields, models

from ..const import QUOTE_STATUSES, SYNC_STATES


class SaleOrder(models.Model):
    """A quotation's quote in Xero: its number, its status, what is wrong with it."""

    _inherit = "sale.order"

    xero_quote_ids = fields.One2many(
        "xero.quote",
        "order_id",
        "Xero Quotes",
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_quote_status = fields.Selection(
        QUOTE_STATUSES,
        "Status of the Xero Quote",
        compute="_compute_xero_quote_status",
        store=True,
        compute_sudo=True,
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_quote_number = fields.Char(
        "Xero Quote",
        compute="_compute_xero_quote",
        groups="xero_crm.group_xero_user",
    )
    xero_quote_state = fields.Selection(
        SYNC_STATES,
        "Xero Quote Sync",
        compute="_compute_xero_quote",
        groups="xero_crm.group_xero_user",
    )
    xero_quote_error = fields.Char(
        "Xero Quote Problem",
        compute="_compute_xero_quote",
        groups="xero_crm.group_xero_user",
    )
    xero_quote_edited = fields.Boolean(
        "Quote Edited in Xero",
        compute="_compute_xero_quote",
        groups="xero_crm.group_xero_user",
    )
    xero_quote_remedy = fields.Char(
        "What to Do About the Quote",
        compute="_compute_xero_quote_remedy",
        groups="xero_crm.group_xero_user",
    )
    xero_can_fix_quote = fields.Boolean(
        compute="_compute_xero_quote_remedy", groups="xero_crm.group_xero_user"
    )
    xero_can_quote = fields.Boolean(
        compute="_compute_xero_can_quote", groups="xero_crm.group_xero_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("xero_quote_ids.status", "xero_quote_ids.xero_id")
    def _compute_xero_quote_status(self):
        for order in self:
            order.xero_quote_status = order._get_xero_quote().status

    @api.depends(
        "xero_quote_ids.number",
        "xero_quote_ids.status",
        "xero_quote_ids.is_edited",
        "xero_quote_ids.xero_link_ids.state",
    )
    def _compute_xero_quote(self):
        # Computed for all orders at once, not for the quote of each.
        self.sudo().xero_quote_ids.mapped("xero_sync_state")
        for order in self:
            quote = order.sudo()._get_xero_quote()
            order.xero_quote_number = quote.number
            order.xero_quote_state = quote.xero_sync_state
            order.xero_quote_error = quote.status != "deleted" and quote.xero_error
            order.xero_quote_edited = quote.status != "deleted" and quote.is_edited

    @api.depends("xero_quote_ids.xero_link_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_xero_quote_remedy(self):
        """What a rep, who does not see the log, can do about a failing quote."""
        for order in self:
            log = order._get_xero_open_quote_log()
            remedy, may_fix = order._get_xero_way_out(log)
            order.xero_quote_remedy = remedy
            order.xero_can_fix_quote = may_fix

    @api.depends("state", "xero_quote_ids.status", "xero_do_not_sync", "company_id")
    def _compute_xero_can_quote(self):
        """Whether the button is offered: no waiting or made quote yet, or failing."""
        connections = {
            company: self.env["xero.connection"]._get_for_company(company)
            for company in self.company_id
        }
        for order in self:
            order_sudo = order.sudo()
            order.xero_can_quote = (
                order.state in ("draft", "sent")
                and bool(connections.get(order.company_id))
                and not order_sudo.xero_do_not_sync
                and not order_sudo._get_xero_active_quote().xero_id
            )

    # === BUSINESS METHODS === #

    def _get_xero_active_quote(self):
        """Return the order's quote, unless it was deleted in Xero. One record."""
        return self.xero_quote_ids.filtered(lambda q: q.status != "deleted")[:1]

    def _get_xero_quote(self):
        """Return the order's quote; the deleted one where there is no other."""
        return self._get_xero_active_quote() or self.xero_quote_ids[:1]

    def _get_xero_open_quote_log(self):
        """Return the newest open problem of the order's quote, as superuser."""
        self.ensure_one()
        quote = self.sudo()._get_xero_active_quote()
        logs = self.env["xero.log"].sudo()
        if not quote:
            return logs
        return logs.search(
            [
                ("res_model", "=", "xero.quote"),
                ("res_id", "=", quote.id),
                ("state", "in", ("error", "conflict")),
            ],
            limit=1,
        )

    def _post_xero_quote(self, quote):
        """Note a new Xero quote in the quotation's chatter."""
        total = quote.currency_id.format(quote.amount_total)
        self._log_xero_change(f"{quote.number or ''} ({total})", "xero_quote_number")

    # === ACTION METHODS === #

    def action_view_xero_quote(self):
        """Open the order's quote."""
        self.ensure_one()
        self.env["xero.quote"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.quote",
            "res_id": self._get_xero_quote().id,
            "view_mode": "form",
        }

    def action_open_quote_in_xero(self):
        """Open the order's quote in Xero."""
        self.ensure_one()
        return self._get_xero_quote().action_open_in_xero()

    def action_fix_xero_quote(self):
        """Open what keeps the order's quote from going to Xero."""
        self.ensure_one()
        self.env["xero.quote"].check_access("read")
        self.check_access("read")
        return self._get_xero_open_quote_log().action_fix()

    def action_open_xero_quote_log(self):
        """Open the rows of the error log about the order's quote."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_log_action"
        )
        action["domain"] = [
            ("res_model", "=", "xero.quote"),
            ("res_id", "in", self.xero_quote_ids.ids),
        ]
        return action
