from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from .xero_sum_sql import select_sums


class ResPartner(models.Model):
    """What customers owe, in detail, for many customers at once.

    A company and its contacts are one customer: a family, known by the company's id.
    """

    _inherit = "res.partner"

    def _get_xero_receivables(self):
        """Return what is open of these customers' families, in one query.

        By the rights of the user: invoices of hidden customers count for nobody. Credit
        that no invoice has got yet is not taken off.

        :return: by id of the family, for those with something open, a dict of
            `currency_id` (int, the current company's), `due`, `overdue`, `aging` (dict
            of amounts by bucket of `xero.invoice.aging`), all in that currency,
            `counts` (dict of numbers of invoices by bucket), `since` (due date of the
            oldest overdue invoice or None), and `currencies`: by id of the currency of
            the invoices a dict of `due`, `overdue`, `aging` in that one
        :rtype: dict
        :raise AccessError: if the user may not read Xero invoices
        """
        rows = self.env["xero.invoice"]._read_group(
            [
                ("commercial_partner_id", "in", list(self._get_xero_families())),
                ("company_id", "in", self.env.companies.ids),
                ("aging", "!=", False),
            ],
            ["commercial_partner_id", "company_id", "currency_id", "aging"],
            ["amount_due:sum", "amount_due_company:sum", "__count", "due_date:min"],
        )
        rates = self._get_xero_rates()
        here = self.env.company.currency_id
        result = {}
        for family, company, currency, aging, due, due_company, count, day in rows:
            total = result.setdefault(
                family.id,
                {
                    "currency_id": here.id,
                    **_new_sums(),
                    "counts": defaultdict(int),
                    "since": None,
                    "currencies": defaultdict(_new_sums),
                },
            )
            total["counts"][aging] += count
            if aging != "current":
                total["since"] = min(total["since"] or day, day)
            _add(total, aging, due_company * rates.get(company.id, 1.0))
            _add(total["currencies"][currency.id], aging, due)
        for total in result.values():
            _round(total, here)
            for currency_id, sums in total["currencies"].items():
                _round(sums, self.env["res.currency"].browse(currency_id))
            total["counts"] = dict(total["counts"])
            total["currencies"] = dict(total["currencies"])
        return result

    def _get_xero_families(self):
        """Return these partners by the id of their family.

        The user may not be allowed to read the company that a contact belongs to. No
        more is read than that.
        """
        partners = self.sudo()
        partners.fetch(["commercial_partner_id"])
        ids = defaultdict(list)
        for partner in partners:
            ids[partner.commercial_partner_id._origin.id].append(partner.id)
        return {
            family: self.browse(of_family).with_prefetch(self._prefetch_ids)
            for family, of_family in ids.items()
        }

    def _get_xero_rates(self):
        """Return what money of the other chosen companies is multiplied by to be in the
        current company's currency: rate of today by company id."""
        today = fields.Date.context_today(self)
        company = self.env.company
        return {
            other.id: self.env["res.currency"]._get_conversion_rate(
                other.currency_id, company.currency_id, company, today
            )
            for other in self.env.companies
            if other.currency_id != company.currency_id
        }

    def _get_xero_money_sql(self, amount, company):
        """Return the SQL of an amount of a document in the current company's currency.

        :param SQL amount: in the currency of the document's company
        :param SQL company: the document's company
        """
        rates = self._get_xero_rates()
        if not rates:
            return amount
        cases = (SQL("WHEN %s THEN %s", *pair) for pair in rates.items())
        return SQL("%s * CASE %s %s ELSE 1 END", amount, company, SQL(" ").join(cases))

    def _select_xero_dues(self, domain=(("is_open", "=", True),), families=None):
        """Return the SQL of what families owe: `key`, `due`, `overdue`, and `since`,
        the due date of the oldest overdue invoice.

        :param domain: of open invoices
        :param families: ids, only these
        """

        def get_sums(column):
            amount = self._get_xero_money_sql(
                column("amount_due_company"), column("company_id")
            )
            overdue, day = column("is_overdue"), column("due_date")
            return {
                "due": SQL("SUM(%s)", amount),
                "overdue": SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s), 0)", amount, overdue
                ),
                "since": SQL("MIN(%s) FILTER (WHERE %s)", day, overdue),
            }

        return self._select_xero_sums("xero.invoice", domain, get_sums, families)

    def _select_xero_sums(self, model, domain, get_sums, families=None):
        """Return the SQL of sums over documents of the chosen companies, by family.

        See `select_sums` in `xero_sum_sql`.
        """
        domain = [*domain, ("company_id", "in", self.env.companies.ids)]
        documents = self.env[model]
        return select_sums(
            documents, domain, "commercial_partner_id", get_sums, families
        )


def _new_sums():
    return {"due": 0.0, "overdue": 0.0, "aging": defaultdict(float)}


def _add(sums, aging, amount):
    sums["due"] += amount
    sums["aging"][aging] += amount
    if aging != "current":
        sums["overdue"] += amount


def _round(sums, currency):
    """Round sums, in place: adding up and converting leaves small rests."""
    for name in ("due", "overdue"):
        sums[name] = currency.round(sums[name])
    sums["aging"] = {
        aging: currency.round(amount) for aging, amount in sums["aging"].items()
    }
