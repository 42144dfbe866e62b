from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroRefundWizard(models.TransientModel):
    """Records in Xero that a credit note was paid back."""

    _name = "xero.refund.wizard"
    _description = "Refund a Xero Credit Note"

    credit_note_id = fields.Many2one(
        "xero.credit.note", required=True, ondelete="cascade"
    )
    connection_id = fields.Many2one(related="credit_note_id.connection_id")
    currency_id = fields.Many2one(related="credit_note_id.currency_id")
    partner_id = fields.Many2one(related="credit_note_id.partner_id")
    amount_left = fields.Monetary(
        related="credit_note_id.amount_remaining", string="Left of the Credit"
    )
    amount = fields.Monetary("Paid Back", required=True)
    account_id = fields.Many2one(
        "xero.account",
        "Paid From",
        required=True,
        domain="[('connection_id', '=', connection_id), ('account_type', '=', 'BANK')]",
    )
    date = fields.Date("Paid On", required=True, default=fields.Date.context_today)
    reference = fields.Char(required=True)

    @api.model
    def _open_for(self, credit):
        """Open the dialog for what is left of a credit note.

        :param credit: `xero.credit.note`, one record
        :raise UserError: if nothing is left
        """
        if not credit.is_open:
            raise UserError(self._get_nothing_text(credit))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_credit_note_id": credit.id,
                "default_amount": credit.amount_remaining,
                "default_account_id": self._propose_account(credit).id,
                "default_reference": self._get_reference(credit),
            },
        }

    @api.model
    def _propose_account(self, credit):
        """Return the bank account that a refund is most probably paid from: the one on
        which online payments arrive, else the only one; none where there is a choice.

        :param credit: `xero.credit.note`, one record
        :rtype: xero.account
        """
        accounts = self.env["xero.account"].search(
            [
                ("connection_id", "=", credit.connection_id.id),
                ("account_type", "=", "BANK"),
            ]
        )
        fitting = accounts.filtered(lambda a: a._fits_currency(credit.currency_id))
        usual = credit.connection_id.sudo().payment_account_id
        if usual in fitting:
            return fitting & usual
        return fitting if len(fitting) == 1 else fitting.browse()

    @api.model
    def _get_reference(self, credit):
        """Return a reference that no other refund of this credit has: Xero is asked for
        it where an answer was lost."""
        base = self.env._("Refund %(credit)s", credit=credit.display_name)
        used = {*credit.sudo().refund_request_ids.mapped("reference")}
        used.update(credit.payment_ids.mapped("reference"))
        number, text = 1, base
        while text in used:
            number += 1
            text = f"{base} ({number})"
        return text

    def _get_nothing_text(self, credit):
        return self.env._(
            "Nothing is left of %(credit)s to be paid back.",
            credit=credit.display_name,
        )

    def _check(self):
        """:raise UserError: if this cannot be recorded"""
        credit = self.credit_note_id
        waiting = credit.sudo().refund_request_ids.filtered(
            lambda request: request.xero_sync_state != "synced"
        )
        left = credit.amount_remaining - sum(waiting.mapped("amount"))
        if not credit.is_open or credit.currency_id.compare_amounts(left, 0) <= 0:
            raise UserError(self._get_nothing_text(credit))
        if (
            self.amount <= 0
            or credit.currency_id.compare_amounts(self.amount, left) > 0
        ):
            raise UserError(
                self.env._(
                    "Between nothing and %(left)s can be paid back.",
                    left=credit.currency_id.format(left),
                )
            )
        account = self.account_id
        if (
            account.connection_id != credit.connection_id
            or account.account_type != "BANK"
        ):
            raise UserError(self.env._("Choose a bank account of this organisation."))

    # === ACTION METHODS === #

    def action_refund(self):
        """Have the refund recorded in Xero, once.

        :return: an action that shows the credit note
        :raise UserError: if it cannot be recorded
        """
        self.ensure_one()
        credit = self.credit_note_id
        credit.connection_id.sudo()._check_can_send()
        # Of two clicks at once the second one waits here, and finds the first one's.
        credit.sudo().asked_at = fields.Datetime.now()
        self.env.flush_all()
        self._check()
        requests = self.env["xero.refund.request"].sudo()
        used = credit.sudo().refund_request_ids.mapped("reference")
        used += credit.payment_ids.mapped("reference")
        request = requests._request(
            [
                {
                    "credit_note_id": credit.id,
                    "account_id": self.account_id.id,
                    "amount": self.amount,
                    "date": self.date,
                    "reference": self._get_reference(credit)
                    if self.reference in used
                    else self.reference,
                }
            ]
        )
        links = self.env["xero.link"].sudo()._of(request)
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.credit.note",
            "res_id": credit.id,
            "view_mode": "form",
        }
