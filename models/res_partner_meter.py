from odoo import api, fields, models


class ResPartner(models.Model):
    """What a customer owes by age, for the receivable meter."""

    _inherit = "res.partner"

    xero_receivables = fields.Json(
        "Receivables in Xero",
        compute="_compute_xero_receivables",
        groups="xero_crm.group_xero_user",
        help="What is owed by age, in the company's currency and in each currency.",
    )

    @api.depends("xero_balance", "xero_credit_balance")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_xero_receivables(self):
        """One query for the whole list, by the rights of the user; the credit has its
        own."""
        found = self._get_xero_receivables()
        today = fields.Date.context_today(self)
        for partner in self:
            family_id = partner.sudo().commercial_partner_id.id
            owed = found.get(family_id)
            credit = partner.xero_credit_balance
            if not owed and not credit:
                partner.xero_receivables = False
                continue
            partner.xero_receivables = {
                "family": family_id,
                "currency": self.env.company.currency_id.id,
                "credit": credit,
                **self._prepare_xero_owed(owed, today),
            }

    def _prepare_xero_owed(self, owed, today):
        """Return what the meter tells of what a customer owes.

        :param owed: of `_get_xero_receivables`, or None
        :param date today: of the user
        :return: with the currencies only where there is another than the company's
        :rtype: dict
        """
        if not owed:
            return {
                "total": 0.0,
                "overdue": 0.0,
                "days": 0,
                "ages": {},
                "currencies": [],
            }
        currencies = owed["currencies"]
        return {
            "total": owed["due"],
            "overdue": owed["overdue"],
            "days": (today - owed["since"]).days if owed["since"] else 0,
            "ages": {
                aging: {"amount": amount, "count": owed["counts"][aging]}
                for aging, amount in owed["aging"].items()
            },
            "currencies": [
                {
                    "currency": key,
                    "code": self.env["res.currency"].browse(key).name,
                    "amount": sums["due"],
                    "overdue": sums["overdue"],
                }
                for key, sums in currencies.items()
            ]
            if set(currencies) != {owed["currency_id"]}
            else [],
        }

    # === ACTION METHODS === #

    def action_view_xero_aging(self, aging):
        """List the customer's open invoices of an age.

        :param str aging: see `xero.invoice.aging`
        """
        self.ensure_one()
        self.env["xero.invoice"].check_access("read")
        family_id = self.sudo().commercial_partner_id.id
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "xero_crm.xero_invoice_action"
            ),
            "domain": [
                ("commercial_partner_id", "=", family_id),
                ("is_open", "=", True),
                ("aging", "=", aging),
            ],
            "context": {"create": False},
        }
