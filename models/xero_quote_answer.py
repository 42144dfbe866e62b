from odoo import models
from odoo.exceptions import UserError, ValidationError

ACTIVITY = "xero_crm.mail_activity_type_quote"


class XeroQuote(models.Model):
    """What the customer, or the accountant, has answered in Xero is told to whoever
    sells; where the connection says so, the quotation is confirmed."""

    _inherit = "xero.quote"

    def _tell_answers(self, quotes, before):
        """Tell of quotes that were accepted or declined in Xero just now.

        :param list quotes: records that were just written
        :param dict before: status by id, of those that were known
        """
        for quote in quotes:
            if before.get(quote.id) == quote.status or not quote._is_answer():
                continue
            obstacle, known = None, before.get(quote.id)
            if quote.status == "accepted" and quote.connection_id.quote_confirms:
                obstacle = quote._confirm_order()
            quote._tell_answer(known, obstacle)

    def _is_answer(self):
        """Whether Xero has an answer that the quotation does not know. One record."""
        is_open = self.order_id.state in ("draft", "sent")
        return is_open and self.status in ("accepted", "declined")

    def _tell_answer(self, before, obstacle):
        """Note it on the quotation, and give the salesperson something to do.

        :param str before: the status that was known
        :param str obstacle: what keeps the order from being confirmed, or None
        """
        order = self.order_id
        if self.status == "accepted":
            summary = self.env._("Accepted in Xero: %(name)s", name=self.number)
            to_do = self.env._("Confirm the order, or talk to the customer.")
        else:
            summary = self.env._("Declined in Xero: %(name)s", name=self.number)
            to_do = self.env._("Revise the quotation, or cancel it.")
        order._log_xero_change(self.status, "xero_quote_status", before)
        if order.state == "sale":
            return
        order.activity_unlink([ACTIVITY])
        order.activity_schedule(
            ACTIVITY,
            summary=summary,
            note=obstacle or to_do,
            user_id=order.user_id.id or order.create_uid.id,
        )

    def _confirm_order(self):
        """Confirm the quotation that was accepted.

        :return: what keeps it from that, as a sentence, or None
        :rtype: str | None
        """
        order = self.order_id
        try:
            with self.env.cr.savepoint():
                order.action_confirm()
        except (UserError, ValidationError) as error:
            return self.env._(
                "%(order)s could not be confirmed by itself: %(why)s",
                order=order.name,
                why=str(error),
            )
        return None
