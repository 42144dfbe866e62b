from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """A customer's credit in Xero: credit notes and money paid too early or too much.

    The balance is what is owed by invoices, as in Xero's own reports of aged
    receivables; credit that no invoice has got yet is shown beside it.
    """

    _inherit = "res.partner"

    xero_credit_note_ids = fields.One2many(
        "xero.credit.note",
        "partner_id",
        "Xero Credits",
        groups="xero_crm.group_xero_user",
    )
    xero_credit_balance = fields.Monetary(
        "Xero Credit",
        compute="_compute_xero_credit_balance",
        search="_search_xero_credit_balance",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="Approved credit notes, overpayments and prepayments in Xero that are "
        "neither given to an invoice nor paid back, in the company's currency.",
    )
    xero_net_balance = fields.Monetary(
        compute="_compute_xero_net_balance",
        currency_field="xero_currency_id",
        groups="xero_crm.group_xero_user",
        help="What the customer owes once the credit is given to the invoices; below "
        "zero the customer has money to come.",
    )
    xero_credit_note_count = fields.Integer(
        compute="_compute_xero_credit_balance", groups="xero_crm.group_xero_user"
    )

    @api.depends("xero_credit_note_ids.amount_remaining_company")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_credit_balance(self):
        """One query for the whole list, by the rights of the user."""
        families = self._get_xero_families()
        currency = self.env.company.currency_id
        self.xero_credit_balance = 0.0
        self.xero_credit_note_count = 0
        rows = self.env.execute_query(self._select_xero_credits(families=families))
        for family, left, count in rows:
            families[family].xero_credit_balance = currency.round(left)
            families[family].xero_credit_note_count = count

    @api.depends("xero_balance", "xero_credit_balance")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_net_balance(self):
        for partner in self:
            left = partner.xero_credit_balance
            partner.xero_net_balance = partner.xero_balance - left

    def _select_xero_credits(self, domain=(), families=None):
        """Return the SQL of families' credit: `key`, what is `left`, and `count`.

        See `_select_xero_sums`.
        """

        def get_sums(column):
            amount = self._get_xero_money_sql(
                column("amount_remaining_company"), column("company_id")
            )
            return {"left": SQL("SUM(%s)", amount), "count": SQL("COUNT(*)")}

        return self._select_xero_sums("xero.credit.note", domain, get_sums, families)

    def _search_xero_credit_balance(self, operator, value):
        return self._search_xero_sum("xero_credit_balance", operator, value)

    # === ACTION METHODS === #

    def action_view_xero_credits(self):
        """List the customer's credit notes, overpayments and prepayments in Xero."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_credit_note_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        action["context"] = {"create": False}
        return action
