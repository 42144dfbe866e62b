from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner_status import get_customer_status
from .xero_sum_search import get_comparison


class ResPartner(models.Model):
    """A customer's money in Xero: balance, overdue amount, invoices."""

    _inherit = "res.partner"

    _xero_id_name = "xero_contact_id"

    xero_contact_id = fields.Char(
        "Xero Contact ID",
        compute="_compute_xero_sync",
        search="_search_xero_contact_id",
        groups="xero_crm.group_xero_user",
    )
    xero_invoice_ids = fields.One2many(
        "xero.invoice",
        "partner_id",
        "Xero Invoices",
        groups="xero_crm.group_xero_user",
    )
    xero_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_xero_currency_id",
        groups="xero_crm.group_xero_user",
    )
    xero_balance = fields.Monetary(
        compute="_compute_xero_balance",
        search="_search_xero_balance",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="What the customer owes by approved invoices in Xero, in the company's "
        "currency. Credit that is not given to an invoice yet is not taken off.",
    )
    xero_overdue_balance = fields.Monetary(
        "Xero Overdue",
        compute="_compute_xero_balance",
        search="_search_xero_overdue_balance",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
    )
    xero_overdue_days = fields.Integer(
        "Days Overdue",
        compute="_compute_xero_balance",
        search="_search_xero_overdue_days",
        groups="xero_crm.group_xero_user",
        help="Age of the oldest overdue invoice.",
    )

    # === COMPUTE METHODS === #

    def _search_xero_contact_id(self, operator, value):
        # Odoo checks the groups of a field in a domain only where it is stored.
        self.env["xero.invoice"].check_access("read")
        links = (
            self.env["xero.link"]
            .sudo()
            ._search([("res_model", "=", self._name), ("xero_id", operator, value)])
        )
        return [("id", "in", links.subselect("res_id"))]

    @api.depends_context("company")
    def _compute_xero_currency_id(self):
        self.xero_currency_id = self.env.company.currency_id

    @api.depends("xero_invoice_ids.amount_due_company", "xero_invoice_ids.is_overdue")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_balance(self):
        """One query for the whole list, whatever its length.

        By the rights of the user: invoices of hidden customers count for nobody.
        """
        families = self._get_xero_families()
        today = fields.Date.context_today(self)
        self.xero_balance = self.xero_overdue_balance = 0.0
        self.xero_overdue_days = 0
        self.xero_customer_status = get_customer_status(0.0, 0.0)
        # Assigned together where they are the same: one by one takes most of the time.
        days, statuses = defaultdict(list), defaultdict(list)
        rows = self.env.execute_query(self._select_xero_dues(families=families))
        for family, due, overdue, since in rows:
            partners = families[family]
            partners.xero_balance = due
            if since:
                partners.xero_overdue_balance = overdue
                days[(today - since).days] += partners._ids
            statuses[get_customer_status(due, overdue)] += partners._ids
        for number, ids in days.items():
            self.browse(ids).xero_overdue_days = number
        for status, ids in statuses.items():
            self.browse(ids).xero_customer_status = status

    def _search_xero_balance(self, operator, value):
        return self._search_xero_sum("xero_balance", operator, value)

    def _search_xero_overdue_balance(self, operator, value):
        return self._search_xero_sum("xero_overdue_balance", operator, value)

    def _search_xero_overdue_days(self, operator, value):
        return self._search_xero_sum("xero_overdue_days", operator, value)

    def _search_xero_sum(self, name, operator, value):
        """Search partners by a sum of their family; none counts as zero.

        :param str name: the field that shows it, see `_select_xero_ranks`
        """
        compare = get_comparison(operator, value)
        if not compare:
            return NotImplemented
        rows = self.env.execute_query(
            SQL("%s AND key IS NOT NULL", self._select_xero_ranks(name))
        )
        with_zero = compare(0.0)
        families = [key for key, found in rows if bool(compare(found)) != with_zero]
        operator = "not in" if with_zero else "in"
        return [("commercial_partner_id", operator, families)]

    # === ACTION METHODS === #

    def action_xero_push(self):
        """Send these customers to Xero, at once."""
        self._check_xero_user("write")
        links = self._queue_xero_push()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_xero_pull(self):
        """Fetch these customers, their invoices and credits from Xero, at once."""
        self._check_xero_user("read")
        return self._xero_owner()._pull_from_xero()

    def action_view_xero_invoices(self):
        """List the customer's invoices in Xero."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_invoice_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        action["context"] = {"create": False}
        return action

    def action_open_in_xero(self):
        """Open the customer in Xero."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.commercial_partner_id.xero_url,
            "target": "new",
        }
