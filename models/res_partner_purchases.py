from collections import defaultdict
from datetime import date

from odoo import api, fields, models

from ..const import APPROVED_STATUSES

# So many years are drawn; older ones only count.
YEARS = 10


class ResPartner(models.Model):
    """What a customer bought in each year, for the sparkline."""

    _inherit = "res.partner"

    xero_purchases = fields.Json(
        "Purchases per Year in Xero",
        compute="_compute_xero_purchases",
        groups="xero_crm.group_xero_user",
        help="Invoiced less credited, in the company's currency.",
    )

    @api.depends("xero_balance", "xero_credit_balance")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_purchases(self):
        """Two queries for the whole list, by the rights of the user."""
        invoiced = self._get_xero_years("xero.invoice")
        credited = self._get_xero_years(
            "xero.credit.note", ("kind", "=", "credit_note")
        )
        for partner in self:
            family_id = partner.sudo().commercial_partner_id.id
            partner.xero_purchases = partner._prepare_xero_purchases(
                invoiced.get(family_id, {}), credited.get(family_id, {})
            )

    def _get_xero_years(self, model, *domain):
        """Return the sums of approved documents: by year, by commercial partner.

        :param str model: `xero.invoice` or `xero.credit.note`
        :return: amounts in the current company's currency
        :rtype: dict
        """
        rows = self.env[model]._read_group(
            [
                ("status", "in", APPROVED_STATUSES),
                ("date", "!=", False),
                ("commercial_partner_id", "in", self.sudo().commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
                *domain,
            ],
            ["commercial_partner_id", "company_id", "date:year"],
            ["amount_total_company:sum"],
        )
        rates = self._get_xero_rates()
        years = defaultdict(lambda: defaultdict(float))
        for family, company, day, amount in rows:
            years[family.id][day.year] += amount * rates.get(company.id, 1.0)
        return years

    def _prepare_xero_purchases(self, invoiced, credited):
        """Return what the sparkline shows of a customer; False without any purchase.

        Years without a purchase are in between; this year is always the last.

        :param dict invoiced: amount by year
        :param dict credited: amount by year
        :rtype: dict | bool
        """
        if not invoiced and not credited:
            return False
        currency = self.env.company.currency_id
        known = {*invoiced, *credited}
        last = max(*known, fields.Date.context_today(self).year)
        first = max(min(known), last - YEARS + 1)
        return {
            "currency": currency.id,
            "total": currency.round(sum(invoiced.values()) - sum(credited.values())),
            "since": min(known),
            "years": [
                {
                    "year": year,
                    "invoiced": currency.round(invoiced.get(year, 0.0)),
                    "credited": currency.round(credited.get(year, 0.0)),
                }
                for year in range(first, last + 1)
            ],
        }

    # === ACTION METHODS === #

    def action_view_xero_purchases(self, year):
        """List what the customer was invoiced and credited in a year.

        :param int year: of the calendar
        """
        self.ensure_one()
        action = self.action_view_xero_history()
        action["domain"] += [
            ("kind", "in", ("invoice", "credit_note")),
            ("date", ">=", fields.Date.to_string(date(year, 1, 1))),
            ("date", "<=", fields.Date.to_string(date(year, 12, 31))),
        ]
        action["context"] = {}
        return action
