from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

ACTIVITY_APPROVAL = "xero_crm.mail_activity_type_approval"
ACTIVITY_REFUSED = "xero_crm.mail_activity_type_refused"
APPROVAL_FIELDS = {
    "xero_approval",
    "xero_approval_amount",
    "xero_approval_currency_id",
    "xero_approval_partner_id",
    "xero_asked_by_id",
    "xero_approver_id",
}


class SaleOrder(models.Model):
    """Who lets orders of customers who owe too much through.

    They are asked once for each amount. An approval holds for this amount or less, in
    this currency, for this customer.
    """

    _inherit = "sale.order"

    xero_approval = fields.Selection(
        [("waiting", "Waiting"), ("approved", "Approved"), ("refused", "Refused")],
        "Approval",
        readonly=True,
        copy=False,
        tracking=True,
    )
    xero_approval_amount = fields.Monetary(
        "Amount to Approve", readonly=True, copy=False
    )
    xero_approval_currency_id = fields.Many2one(
        "res.currency", readonly=True, copy=False
    )
    xero_approval_partner_id = fields.Many2one("res.partner", readonly=True, copy=False)
    xero_asked_by_id = fields.Many2one(
        "res.users", "Approval Asked By", readonly=True, copy=False
    )
    xero_approver_id = fields.Many2one(
        "res.users", "Decided By", readonly=True, copy=False
    )
    xero_may_approve = fields.Boolean(compute="_compute_xero_may_approve")

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_xero_may_approve(self):
        for company, orders in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            orders.xero_may_approve = connection._may_approve(self.env.user)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_xero_approval_written(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_xero_approval_written(vals)
        if vals.get("state") == "sale" and not self.env.su:
            self._check_xero_policy()
        result = super().write(vals)
        if vals.get("state") in ("sale", "cancel"):
            self._end_xero_approval(vals["state"])
        return result

    def _check_xero_approval_written(self, vals):
        """:raise AccessError: if somebody writes their own approval"""
        if not self.env.su and not APPROVAL_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("Orders are approved by the button, and by who may.")
            )

    def _end_xero_approval(self, state):
        """There is nothing to decide any more."""
        asked = self.sudo().filtered("xero_approval")
        if not asked:
            return
        if state == "cancel":
            asked.xero_approval = False
        asked.activity_unlink([ACTIVITY_APPROVAL, ACTIVITY_REFUSED])

    # === REQUEST AND DECISION === #

    def _is_xero_decided(self):
        """Whether a decision is about this order as it is now. One record."""
        order = self.sudo()
        customer = order.partner_invoice_id.commercial_partner_id
        if (
            order.xero_approval not in ("approved", "refused")
            or order.xero_approval_currency_id != order.currency_id
            or order.xero_approval_partner_id != customer
        ):
            return False
        more = order.currency_id.compare_amounts(
            order.amount_total, order.xero_approval_amount
        )
        return more <= 0 if order.xero_approval == "approved" else more == 0

    def _ask_xero_approval(self):
        """Have these orders wait for a manager, who gets an activity."""
        for order in self.sudo():
            if order.xero_approval == "waiting" and not order._has_xero_changed():
                continue
            order.write(
                {
                    **order._prepare_xero_approval("waiting"),
                    "xero_asked_by_id": self._is_internal_person() and self.env.uid,
                    "xero_approver_id": False,
                }
            )
            order.activity_unlink([ACTIVITY_APPROVAL, ACTIVITY_REFUSED])
            connection = self.env["xero.connection"]._get_for_company(order.company_id)
            for approver in connection._get_approvers(order):
                this = order.with_context(lang=approver.lang)
                this.activity_schedule(
                    ACTIVITY_APPROVAL,
                    user_id=approver.id,
                    summary=this.env._("Approve %(order)s", order=order.name),
                    note=this._get_xero_request_note(),
                )

    def _is_internal_person(self):
        return self.env.user._is_internal() and self.env.uid != SUPERUSER_ID

    def _has_xero_changed(self):
        """Whether an order is not what approval was asked for. One record."""
        wanted = self._prepare_xero_approval("waiting")
        return any(
            self._fields[name].convert_to_write(self[name], self) != value
            for name, value in wanted.items()
        )

    def _prepare_xero_approval(self, state):
        return {
            "xero_approval": state,
            "xero_approval_amount": self.amount_total,
            "xero_approval_currency_id": self.currency_id.id,
            "xero_approval_partner_id": (
                self.partner_invoice_id.commercial_partner_id.id
            ),
        }

    def _get_xero_request_note(self):
        """Return the note of the manager's activity. Everybody who sees the order can
        read it: why stands on the order, for who may see it."""
        texts = [
            self.env._(
                "The order is held back because of the customer's account. Open it to "
                "see why, then approve or refuse it."
            )
        ]
        if self._is_accepted_online():
            texts.append(
                self.env._(
                    "The customer has confirmed it online already: it is confirmed as "
                    "soon as you approve it."
                )
            )
        return Markup("").join(Markup("<p>%s</p>") % text for text in texts)

    def _is_accepted_online(self):
        """Whether the customer has done all that confirms the order. One record."""
        if self.amount_paid > 0 and self._is_confirmation_amount_reached():
            return True
        # Not `_has_to_be_paid`, which an expired quotation need not be.
        has_to_pay = self.require_payment and self.amount_total > 0
        return bool(self.signature) and not has_to_pay

    def _decide_xero_approval(self, decision, as_it_is=False):
        """Note who has decided what, in fields and chatter. One record.

        :param bool as_it_is: about the order as it is now; else, what waits is decided
            as it was asked for, even if it grew meanwhile
        """
        order = self.sudo()
        vals = {"xero_approval": decision}
        if as_it_is or order.xero_approval != "waiting":
            vals = order._prepare_xero_approval(decision)
        order.write({**vals, "xero_approver_id": self.env.uid})
        order.activity_unlink([ACTIVITY_APPROVAL, ACTIVITY_REFUSED])

    # === ACTION METHODS === #

    def action_approve_xero_policy(self):
        """Let orders through, for their amount. What the customer has confirmed online
        is confirmed now."""
        self._check_xero_decision()
        for order in self:
            order._decide_xero_approval("approved")
            if order.sudo()._is_accepted_online():
                order.sudo()._validate_order()
            order._tell_xero_decision(
                self.env._("Approved: %(order)s", order=order.name),
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_refuse_xero_policy(self):
        """Refuse orders; who asked is told."""
        self._check_xero_decision()
        for order in self:
            order._decide_xero_approval("refused")
            order._tell_xero_decision(
                self.env._("Refused: %(order)s", order=order.name),
            )
            if order.sudo()._is_accepted_online() and order.user_id:
                order.sudo().activity_schedule(
                    ACTIVITY_REFUSED,
                    user_id=order.user_id.id,
                    note=self.env._(
                        "The customer has confirmed the order online, but it was "
                        "refused. Talk to them; what they paid has to be paid back."
                    ),
                )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_xero_decision(self):
        """:raise AccessError: if the user may not decide
        :raise UserError: if there is nothing to decide
        """
        self.check_access("read")
        if not all(order.xero_may_approve for order in self):
            raise AccessError(
                self.env._("Only who is named in Xero's settings approves orders.")
            )
        done = self.filtered(lambda order: order.state not in ("draft", "sent"))
        if done:
            raise UserError(
                self.env._("%(order)s is not a quotation any more.", order=done[0].name)
            )

    def _tell_xero_decision(self, text, people=None):
        """Notify who asked; the salesperson where the customer did, by signing or
        paying. Who has the order open sees it at once. One record.

        :param people: `res.users`, where it is others
        """
        viewers = self.env.ref("xero_crm.group_xero_user").sudo()
        viewers._bus_send("xero_crm.changed", {"sale.order": self.ids})
        asker = people or self.sudo().xero_asked_by_id or self.user_id
        partners = (asker - self.env.user).partner_id
        self.sudo().message_post(body=text, subject=text, partner_ids=partners.ids)
