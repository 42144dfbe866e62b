from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroPaymentMap(models.Model):
    """On which account in Xero the payments of a provider arrive."""

    _name = "xero.payment.map"
    _inherit = "xero.map.mixin"
    _description = "Xero Account by Payment Provider"
    _order = "connection_id, provider_id, payment_method_id, currency_id, id"
    _rec_name = "provider_id"

    provider_id = fields.Many2one(
        "payment.provider",
        "Payment Provider",
        required=True,
        ondelete="cascade",
        domain="[('company_id', 'parent_of', company_id), ('state', '!=', 'disabled')]",
    )
    payment_method_id = fields.Many2one(
        "payment.method",
        ondelete="cascade",
        domain="[('provider_ids', 'in', provider_id), ('is_primary', '=', True)]",
        help="Empty: all methods that have no row of their own.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        ondelete="cascade",
        help="Empty: all currencies that have no row of their own.",
    )
    is_left_out = fields.Boolean(
        "Do Not Send",
        help="The provider tells Xero itself, by a feed of its own: sent from here as "
        "well, each payment would be there twice.",
    )
    account_id = fields.Many2one(
        "xero.account",
        ondelete="restrict",
        domain="[('connection_id', '=', connection_id), ('takes_payments', '=', True)]",
        help="A bank account, or one for which Xero enables payments.",
    )

    _provider_uniq = models.UniqueIndex(
        "(connection_id, provider_id, COALESCE(payment_method_id, 0),"
        " COALESCE(currency_id, 0))",
        "This provider has a row for this method and currency already.",
    )

    @api.constrains("account_id", "is_left_out")
    def _check_account(self):
        for row in self:
            account = row.account_id
            if row.is_left_out:
                continue
            if not account:
                raise ValidationError(
                    self.env._(
                        "Choose the account on which payments by %(provider)s arrive, "
                        "or tick Do Not Send.",
                        provider=row.provider_id.sudo().name,
                    )
                )
            row.connection_id._check_payment_account(account)

    @api.constrains("account_id", "currency_id", "is_left_out")
    def _check_currency(self):
        for row in self.filtered("currency_id"):
            account = row.account_id
            if row.is_left_out or account._fits_currency(row.currency_id):
                continue
            raise ValidationError(
                self.env._(
                    "%(account)s is in %(theirs)s: Xero takes payments in %(ours)s on "
                    "an account in %(ours)s, or in the currency of the organisation.",
                    account=account.display_name,
                    theirs=account.currency_code,
                    ours=row.currency_id.name,
                )
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._retry_waiting()
        return rows

    def write(self, vals):
        """What waited for another account goes on by itself."""
        result = super().write(vals)
        self._retry_waiting()
        return result

    def _retry_waiting(self):
        self.env["xero.log"]._retry_fixed("payment_account", self.provider_id.ids)

    # === LOOKING UP === #

    @api.model
    def _find(self, connection, provider, method, currency):
        """Return the row for a payment: that of its method and currency first, then
        of its method, of its currency, of its provider.

        :param connection: `xero.connection`, one record
        :param provider: `payment.provider`, one record
        :param method: `payment.method`, one record or none
        :param currency: `res.currency`, one record
        :return: `xero.payment.map`, one record or none
        """
        rows = connection.sudo().payment_map_ids.filtered(
            lambda row: (
                row.provider_id == provider
                and row.payment_method_id in (method, method.browse())
                and row.currency_id in (currency, currency.browse())
            )
        )
        return rows.sorted(
            lambda row: (bool(row.payment_method_id), bool(row.currency_id)),
            reverse=True,
        )[:1]
