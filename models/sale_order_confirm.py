from odoo import models
from odoo.exceptions import UserError

# In the context where a customer confirms: nothing may keep them from it.
ONLINE = "xero_confirmed_online"


class SaleOrder(models.Model):
    """Orders of customers who owe too much: confirmed, held back for a manager, or
    refused, as the connection says."""

    _inherit = "sale.order"

    def action_confirm(self):
        """Confirm what nothing speaks against; what has to be approved first stays a
        quotation.

        :raise UserError: if a person confirms what is blocked or was refused
        """
        held = self._hold_for_xero_policy()
        if held and held == self:
            return self._tell_xero_held()
        return super(SaleOrder, self - held).action_confirm()

    def _validate_order(self):
        """A customer has signed: they never meet an error because of their account."""
        online = self.with_context(**{ONLINE: True})
        return super(SaleOrder, online)._validate_order()

    def _hold_for_xero_policy(self):
        """Ask for the approval of orders that need one.

        :return: the orders that cannot be confirmed yet
        """
        new = self.filtered(lambda order: order.state in ("draft", "sent"))
        held = self.browse()
        risks = new._get_xero_risks(("ask", "block"), together=True)
        for order, risk in risks.items():
            decided = order.xero_approval if order._is_xero_decided() else False
            if decided == "approved":
                continue
            is_person = order._is_confirmed_by_person()
            if is_person and order.xero_may_approve:
                order._decide_xero_approval("approved", as_it_is=True)
                continue
            if is_person and (risk["policy"] == "block" or decided == "refused"):
                raise UserError(order._get_xero_block_text(risk, decided))
            held |= order
        held._ask_xero_approval()
        return held

    def _check_xero_policy(self):
        """:raise UserError: if somebody goes round `action_confirm`"""
        new = self.filtered(lambda order: order.state in ("draft", "sent"))
        for order, risk in new._get_xero_risks(("ask", "block")).items():
            decided = order.xero_approval if order._is_xero_decided() else False
            if decided != "approved":
                raise UserError(order._get_xero_block_text(risk, decided))

    def _is_confirmed_by_person(self):
        """Whether somebody of the company presses Confirm. One record.

        A customer who signs or pays, and an automation, meet no error."""
        return not self.env.context.get(ONLINE) and self._is_internal_person()

    def _get_xero_block_text(self, risk, decided):
        """Return why an order cannot be confirmed, and what to do."""
        if decided == "refused":
            first = self.env._(
                "%(order)s was refused by %(user)s.",
                order=self.name,
                user=self.sudo().xero_approver_id.name,
            )
        else:
            first = self.env._("%(order)s cannot be confirmed.", order=self.name)
        last = self.env._("Have the customer pay, or talk to your manager.")
        return " ".join((first, self._get_xero_policy_text(risk), last))

    def _tell_xero_held(self):
        """Return what shows that these orders wait."""
        if not self.env.user._is_internal():
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Waiting for approval"),
                "message": self.env._(
                    "%(orders)s can be confirmed once a manager has approved it.",
                    orders=", ".join(self.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
