from odoo import api, fields, models

from ..mapping.reference import AccountData


class XeroAccount(models.Model):
    """An account of the organisation's chart of accounts."""

    _name = "xero.account"
    _inherit = "xero.reference.mixin"
    _description = "Xero Account"
    _order = "code, name"
    _rec_names_search = ["code", "name"]
    _xero_data = AccountData
    _xero_uses = (
        ("xero.connection", "default_account_id"),
        ("product.product", "xero_account_id"),
        ("product.product", "xero_purchase_account_id"),
        ("product.category", "xero_account_id"),
        ("xero.account.map", "account_id"),
        ("xero.connection", "payment_account_id"),
        ("xero.payment.map", "account_id"),
    )

    code = fields.Char(readonly=True)
    account_type = fields.Char("Type", readonly=True)
    account_class = fields.Char("Class", readonly=True)
    tax_type = fields.Char(readonly=True)
    is_revenue = fields.Boolean(readonly=True)
    takes_payments = fields.Boolean(readonly=True)
    currency_code = fields.Char(
        "Currency", readonly=True, help="Of bank accounts; others are in the base one."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for account in self:
            account.display_name = " ".join(filter(None, (account.code, account.name)))

    def _is_whole_list(self):
        # Accounts are fetched by change date: what is not in the answer is as it was.
        return False

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.xero_id,
            "code": data.code or False,
            "name": data.name,
            "account_type": data.type,
            "account_class": data.class_,
            "tax_type": data.tax_type or False,
            "is_revenue": data.class_ == "REVENUE",
            "takes_payments": data.type == "BANK" or data.enable_payments,
            "currency_code": data.currency or False,
            "active": data.status == "ACTIVE",
        }

    def _fits_currency(self, currency):
        """Whether an invoice in a currency can be paid on this account: one in the same
        currency, or in that of the organisation.

        :param currency: `res.currency`, one record
        """
        self.ensure_one()
        base = self.connection_id.sudo().base_currency_id.name
        if not self.currency_code and self.account_type == "BANK":
            return True  # not fetched yet: Xero has the last word
        return (self.currency_code or base) in (currency.name, base)
