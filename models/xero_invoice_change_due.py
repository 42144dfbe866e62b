from odoo import fields, models

from ..mapping.invoice import InvoiceData


class XeroInvoice(models.Model):
    """Moving the due date of an invoice in Xero, as a person has decided, and nothing
    else of it: an approved one takes that as long as nothing is paid."""

    _inherit = "xero.invoice"

    wanted_change = fields.Selection(selection_add=[("due_date", "Change Due Date")])

    def _can_change(self, wanted):
        """See above."""
        if wanted == "due_date" and self._is_approved_and_unpaid():
            return True
        return super()._can_change(wanted)

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be done any more
        """
        if self.xero_id and self.wanted_change == "due_date":
            return self._plan_due_date(connection, change)
        return super()._plan_xero_push(connection, change)

    def _plan_due_date(self, connection, change):
        order = self._get_billing_order()
        self._check_order_goes_to_xero(order)
        day = order._get_xero_due_date(self.date, connection)
        if day == self.due_date:
            # Somebody was quicker, or the answer of an earlier call was lost.
            self.wanted_change = False
            self._note_due_date(order.payment_term_id.id)
            change.operation = "unchanged"
            return
        self._check_change()
        change.operation = "update"
        change.payload = InvoiceData(xero_id=self.xero_id, due_date=day).to_xero(
            {"due_date"}
        )
        change.vals = {"due_by_term_id": order.payment_term_id.id}
        before = self.due_date.isoformat() if self.due_date else ""
        change.fields = {"due_date": (before, day.isoformat())}

    def _after_xero_push(self, connection, change, element):
        """Take over what Xero has made of a change; see `xero.push`."""
        problem = super()._after_xero_push(connection, change, element)
        if "due_by_term_id" in change.vals:
            self._note_due_date(change.vals["due_by_term_id"])
        return problem

    def _note_due_date(self, term_id):
        """It is due as these terms say, on both sides. One record.

        :param int term_id: of `account.payment.term`; False for none
        """
        self.write({"order_term_id": term_id, "bound_due_date": self.due_date})
