from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroConnection(models.Model):
    """Whether and where to what customers pay online goes to Xero."""

    _inherit = "xero.connection"

    payment_push = fields.Boolean(
        "Send Online Payments to Xero",
        default=True,
        tracking=True,
        help="What customers pay through Odoo's payment providers is recorded in Xero "
        "on their invoices. Nothing is sent before an account is chosen. Do not "
        "connect the same provider to Xero as well (Stripe's or PayPal's own feed of "
        "payments): each payment would be there twice.",
    )
    payment_account_id = fields.Many2one(
        "xero.account",
        "Account for Online Payments",
        domain="[('connection_id', '=', id), ('takes_payments', '=', True)]",
        tracking=True,
        help="On which account they arrive, where the provider has none of its own: a "
        "bank account, or a clearing account for which Xero enables payments.",
    )
    payment_map_ids = fields.One2many(
        "xero.payment.map", "connection_id", "Accounts by Provider"
    )
    payment_push_test = fields.Boolean(
        "Also of Providers in Test Mode",
        tracking=True,
        help="No money moves in test mode, so nothing of it belongs in the books. "
        "Xero's demo company takes them in any case.",
    )
    payment_is_active = fields.Boolean(
        "Online Payments Are Sent", compute="_compute_payment_is_active"
    )
    payment_problem_count = fields.Integer(compute="_compute_payment_problem_count")

    @api.depends("payment_push", "payment_account_id", "payment_map_ids.account_id")
    def _compute_payment_is_active(self):
        for connection in self:
            accounts = connection.payment_account_id
            accounts |= connection.payment_map_ids.account_id
            connection.payment_is_active = connection.payment_push and bool(accounts)

    def _compute_payment_problem_count(self):
        requests = self.env["xero.payment.request"].sudo()
        rows = requests._read_group(
            [("connection_id", "in", self.ids), *requests._get_attention_domain()],
            ["connection_id"],
            ["__count"],
        )
        counts = dict(rows)
        for connection in self:
            connection.payment_problem_count = counts.get(connection, 0)

    @api.constrains("payment_account_id")
    def _check_payment_default(self):
        for connection in self.filtered("payment_account_id"):
            connection._check_payment_account(connection.payment_account_id)

    def _check_payment_account(self, account):
        """:raise ValidationError: unless an account of this organisation takes
        payments"""
        if account.connection_id == self and account.takes_payments:
            return
        raise ValidationError(
            self.env._(
                "%(account)s takes no payments. Choose a bank account of %(name)s, or "
                "tick Enable payments to this account in Xero's chart of accounts.",
                account=account.display_name,
                name=self.name,
            )
        )

    def write(self, vals):
        """What waited for an account, or to be sent at all, goes on by itself."""
        result = super().write(vals)
        if vals.get("payment_account_id"):
            self.env["xero.log"]._retry_payment_accounts(self)
        if vals.get("payment_push"):
            self.env["xero.payment.request"].sudo()._look_at_waiting(self)
        return result

    # === BUSINESS METHODS === #

    def _find_payment_account(self, transaction):
        """Return where a payment arrives.

        :param transaction: `payment.transaction`, one record
        :return: `xero.account`, one record or none; None where it is not to be sent
        """
        row = self.env["xero.payment.map"]._find(
            self,
            transaction.provider_id,
            transaction.payment_method_id,
            transaction.currency_id,
        )
        if row.is_left_out:
            return None
        return row.account_id or self.sudo().payment_account_id

    # === ACTION METHODS === #

    def action_open_payments(self):
        """List the online payments of this organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_payment_request_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action
