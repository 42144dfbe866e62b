from odoo import api, fields, models
from odoo.fields import Domain

from .xero_change import Problem
from .xero_invoice import GONE_STATUSES
from .xero_payment_request import OPEN_PHASES

# Statuses of an invoice that may be approved yet; without one, Xero has not made it.
UNAPPROVED = (False, "draft", "submitted")


class XeroPaymentRequest(models.Model):
    """Which invoice takes a payment; and why none does yet."""

    _inherit = "xero.payment.request"

    @api.model
    def _assign(self, connection):
        """Give what was paid to the invoices that are due, and say of the rest why it
        waits. For who holds the push lock: nobody else gives anything then.

        :param connection: `xero.connection`, one record
        """
        requests = self.search(
            [("connection_id", "=", connection.id), ("is_to_look", "=", True)],
            order="date, id",
        )
        if not requests:
            return
        requests.write({"is_to_look": False})
        invoices = requests.transaction_id._get_xero_invoices()
        left = self._get_left_due(invoices)
        for request in requests.filtered(lambda r: r.phase in OPEN_PHASES):
            request._give(left)

    @api.model
    def _get_left_due(self, invoices):
        """Return what is due on invoices and not on its way already.

        :return: amount in the invoice's currency, by invoice
        :rtype: dict
        """
        left = {
            invoice: invoice.amount_due if invoice.status == "authorised" else 0.0
            for invoice in invoices
        }
        for request in self._get_on_their_way(invoices):
            left[request.invoice_id] -= request.amount
        return left

    @api.model
    def _get_on_their_way(self, invoices):
        """Return the requests for invoices that Xero has not done yet."""
        asked = self.search(
            [("invoice_id", "in", invoices.ids), ("phase", "=", "asked")]
        )
        return asked.filtered(lambda request: request.state == "sending")

    def _give(self, left):
        """Give a payment to the invoices that it pays, the oldest due first.

        :param dict left: see `_get_left_due`; what is given is taken from it
        """
        self.ensure_one()
        if self._get_stop_reason():
            self._hold("waiting")
            return
        given = self.search(
            [
                ("transaction_id", "=", self.transaction_id.id),
                ("invoice_id", "!=", False),
            ]
        ).invoice_id
        invoices = self.transaction_id._get_xero_invoices()
        far = fields.Date.to_date("9999-12-31")
        for invoice in (invoices - given).sorted(lambda i: (i.due_date or far, i.id)):
            amount = self._get_payable(invoice, left[invoice])
            if amount <= 0:
                continue
            part = self._ask_for(invoice, min(amount, self.amount))
            left[invoice] -= part.amount
            if part == self:
                return
        self._wait_or_tell(invoices)

    def _get_payable(self, invoice, left):
        """Return what of an invoice this may pay: what is due, or what Xero has of this
        very payment already, from somebody else."""
        if invoice.currency_id != self.currency_id or invoice.status in GONE_STATUSES:
            return 0.0
        mirrored = self._find_mirrored(invoice)
        return mirrored.amount if mirrored else self.currency_id.round(left)

    def _ask_for(self, invoice, amount):
        """Put a payment, or a part of it, into the outbox. One record.

        :return: the request that is on its way
        """
        part = self._split_off(amount)
        self.env["xero.log"]._resolve_payments(part)
        part.write(
            {
                "invoice_id": invoice.id,
                "partner_id": invoice.partner_id.id or part.partner_id.id,
                "phase": "asked",
                "reason": False,
            }
        )
        self.env.flush_all()
        self.env["xero.link"]._ensure(self.connection_id, part)._mark_pending()
        return part

    def _give_back(self, amount):
        """Take back, before it was sent, what an invoice does not take any more.

        :param float amount: at most this request's own
        """
        self.ensure_one()
        part = self._split_off(amount)
        mine = Domain("transaction_id", "=", self.transaction_id.id)
        other = self.search(mine & Domain("phase", "in", OPEN_PHASES))
        if other:
            part.amount += other.amount
            self.env["xero.log"]._resolve_payments(other)
            other.unlink()
        part.write({"phase": "waiting", "invoice_id": False, "account_id": False})
        part._look_again()

    # === WAITING === #

    def _hold(self, phase, problem=None):
        """Note that a payment is not on its way, and why. One record.

        :param str phase: of `PHASES`
        :param problem: `Problem`, where a person has to look after it; what goes on by
            itself says what it waits for, see `_get_wait_reason`
        """
        self.write({"phase": phase, "reason": problem and problem.message})
        told = self._get_open_logs()
        if problem and problem.message in told.mapped("message"):
            return
        told.write({"state": "resolved"})
        if problem:
            self.env["xero.log"]._add_payment_problem(self, problem)

    def _wait_or_tell(self, invoices):
        """Nothing can be paid with this now: wait for what may come, or tell that
        nothing will."""
        if self._get_wait_reason():
            self._hold("waiting")
        else:
            self._hold("rest", self._get_rest_problem(invoices))

    def _get_stop_reason(self):
        """Return why nothing is to be sent, because somebody wants it so; or None."""
        if not self.connection_id.payment_push:
            return self.env._("Sending online payments to Xero is switched off.")
        partner = self.partner_id | self.partner_id.commercial_partner_id
        excluded = any(partner.mapped("xero_do_not_sync"))
        if excluded or (self.order_id and self.order_id._is_xero_excluded()):
            return self.env._("The order or its customer is excluded from Xero.")
        return None

    def _get_wait_reason(self):
        """Return what has to happen before this can go on by itself, or None."""
        if reason := self._get_stop_reason():
            return reason
        invoices = self.transaction_id._get_xero_invoices()
        open_ones = invoices.filtered(lambda invoice: invoice.status in UNAPPROVED)
        if made := open_ones.filtered("xero_id")[:1]:
            return self.env._(
                "%(invoice)s is not approved in Xero yet.", invoice=made.display_name
            )
        if open_ones:
            error = open_ones[:1].xero_error
            return error or self.env._("The invoice is on its way to Xero.")
        orders = self.transaction_id._get_xero_orders()
        if orders.filtered(lambda order: order.state in ("draft", "sent")):
            return self.env._("The order is not confirmed yet.")
        if orders.filtered(lambda order: order._may_be_billed_in_xero()):
            if self._get_active(invoices):
                return self.env._("It waits for the next invoice of the order.")
            return self.env._("The order is not invoiced in Xero yet.")
        return None

    def _get_active(self, invoices):
        return invoices.filtered(lambda i: i.status not in GONE_STATUSES)

    def _get_rest_problem(self, invoices):
        """Return why nothing takes this, and what an accountant can do."""
        active = self._get_active(invoices)
        names = ", ".join(active.mapped("display_name"))
        foreign = active.filtered(lambda i: i.currency_id != self.currency_id)[:1]
        remedy = self.env._(
            "Pay it back to the customer and press Settled by Hand. Or keep it for "
            "their next invoice: in Xero open the bank account, choose Receive Money > "
            "Overpayment and enter the customer, %(amount)s and the reference "
            "%(payment)s; this row then closes by itself.",
            amount=self.currency_id.format(self.amount),
            payment=self.reference,
        )
        if foreign:
            message = self.env._(
                "%(amount)s was paid, but %(invoice)s is in %(currency)s.",
                amount=self.currency_id.format(self.amount),
                invoice=foreign.display_name,
                currency=foreign.currency_id.name,
            )
            remedy = self.env._(
                "Record the payment in Xero by hand, with the rate of the bank. Then "
                "press Settled by Hand."
            )
        elif active:
            message = self.env._(
                "%(amount)s of %(payment)s is left over: nothing more is due on "
                "%(invoices)s.",
                amount=self.currency_id.format(self.amount),
                payment=self.reference,
                invoices=names,
            )
        else:
            message = self.env._(
                "%(amount)s was paid (%(payment)s), and there is no invoice for it: "
                "the order was cancelled, or its invoice voided.",
                amount=self.currency_id.format(self.amount),
                payment=self.reference,
            )
        fix = "payment_invoice" if active else ""
        return Problem(message, remedy, fix=fix, fix_id=active[:1].id)

    # === WHAT LETS THEM GO ON === #

    @api.model
    def _look_at_waiting(self, connections=None):
        """Look again at what waits, for what nothing else has told.

        :param connections: `xero.connection`; all when None
        """
        domain = Domain("phase", "=", "waiting")
        if connections is not None:
            domain &= Domain("connection_id", "in", connections.ids)
        self.search(domain)._look_again()

    @api.model
    def _get_open_for(self, orders, invoices=None):
        """Return what waits, or is left over, of what pays orders or invoices.

        :param orders: `sale.order`
        :param invoices: `xero.invoice`, where they may have been paid directly
        """
        mine = Domain("order_id", "in", orders.ids)
        mine |= Domain("transaction_id.sale_order_ids", "in", orders.ids)
        if invoices:
            for name in ("transaction_id", "transaction_id.source_transaction_id"):
                mine |= Domain(f"{name}.xero_invoice_ids", "in", invoices.ids)
        return self.search(Domain("phase", "in", OPEN_PHASES) & mine)
