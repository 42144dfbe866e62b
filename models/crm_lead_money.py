from odoo import api, fields, models
from odoo.tools import SQL

from ..const import APPROVED_STATUSES
from .xero_sum_sql import join_sums

MONEY = {"groups": "xero_crm.group_xero_user", "currency_field": "xero_currency_id"}
COLUMNS = {
    "xero_amount_invoiced": "invoiced",
    "xero_amount_paid": "paid",
    "xero_amount_due": "due",
}


class CrmLead(models.Model):
    """What was invoiced and paid of a deal, by the rights of who asks: not stored."""

    _inherit = "crm.lead"

    xero_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="The current company's, in which the money of deals is told.",
    )
    xero_amount_invoiced = fields.Monetary(
        "Invoiced in Xero",
        compute="_compute_xero_amounts",
        help="Approved invoices of the deal's orders, tax included.",
        **MONEY,
    )
    xero_amount_paid = fields.Monetary(
        "Paid in Xero", compute="_compute_xero_amounts", **MONEY
    )
    xero_amount_due = fields.Monetary(
        "Due in Xero", compute="_compute_xero_amounts", **MONEY
    )
    xero_deal_overdue_days = fields.Integer(
        "Deal Overdue (Days)",
        compute="_compute_xero_amounts",
        groups="xero_crm.group_xero_user",
        help="Age of the oldest overdue invoice of this deal.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company")
    def _compute_xero_currency_id(self):
        self.xero_currency_id = self.env.company.currency_id

    @api.depends(
        "order_ids.xero_invoice_ids.status",
        "order_ids.xero_invoice_ids.amount_paid",
        "order_ids.xero_invoice_ids.amount_due_company",
        "order_ids.xero_invoice_ids.amount_total_company",
    )
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_xero_amounts(self):
        currency = self.env.company.currency_id
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(self._select_xero_amounts(self))
        sums = {lead_id: row for lead_id, *row in rows}
        for lead in self:
            row = sums.get(lead._origin.id, (0.0, 0.0, 0.0, None))
            *amounts, since = row
            for name, amount in zip(COLUMNS, amounts, strict=True):
                lead[name] = currency.round(amount)
            lead.xero_deal_overdue_days = (today - since).days if since else 0

    def _select_xero_amounts(self, leads=None):
        """Return the SQL of the money of deals, in the current company's currency:
        `key`, `invoiced`, `paid`, `due`, and `since`, the oldest overdue due date.

        :param leads: `crm.lead`, only these
        """
        invoices = self.env["xero.invoice"]
        domain = fields.Domain(
            [
                ("status", "in", APPROVED_STATUSES),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        if leads is None:
            domain &= fields.Domain("order_id", "!=", False)
        else:
            domain &= fields.Domain("order_id", "in", leads.sudo().order_ids.ids)
        query = invoices._search(domain)
        order = query.join(invoices._table, "order_id", "sale_order", "id", "deal")

        def column(name):
            return invoices._field_to_sql(invoices._table, name, query)

        def money(amount):
            return self.env["res.partner"]._get_xero_money_sql(
                amount, column("company_id")
            )

        deal = self.env["sale.order"]._fields["opportunity_id"]
        query.groupby = SQL.identifier(order, deal.name, to_flush=deal)
        query.add_where(SQL("%s IS NOT NULL", query.groupby))
        total, total_here = column("amount_total"), column("amount_total_company")
        paid = SQL("%s * %s / NULLIF(%s, 0)", column("amount_paid"), total_here, total)
        return query.select(
            SQL("%s AS key", query.groupby),
            SQL("SUM(%s) AS invoiced", money(total_here)),
            SQL("COALESCE(SUM(%s), 0) AS paid", money(paid)),
            SQL("SUM(%s) AS due", money(column("amount_due_company"))),
            SQL(
                "MIN(%s) FILTER (WHERE %s) AS since",
                column("due_date"),
                column("is_overdue"),
            ),
        )

    # === SORT AND ADD UP === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr not in (*COLUMNS, "xero_currency_id"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr == "xero_currency_id":
            return SQL("%s::int4", self.env.company.currency_id.id)
        sums = self._select_xero_amounts()
        joined = join_sums(self, query, alias, "id", "xero_amounts", sums)
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, COLUMNS[field_expr]))
