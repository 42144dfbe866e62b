from odoo import models
from odoo.tools import format_date


class XeroInvoice(models.Model):
    """What speaks against reminding a customer now, in one look at many invoices."""

    _inherit = "xero.invoice"

    def _get_reminder_holds(self, connection, day):
        """Return why customers are not to be reminded of these invoices.

        As superuser: the queries are the same for one invoice and for thousands.

        :param connection: `xero.connection`, one record
        :param date day: on which they would be reminded
        :return: a sentence by id of the invoice, only of those that are held
        :rtype: dict
        """
        paying = self._get_ids_being_paid()
        wrong = self._get_ids_in_trouble(connection)
        holds = {}
        for invoice in self:
            reason = invoice._get_own_hold(day) or invoice._get_customer_hold(day)
            if not reason and invoice.id in paying:
                reason = self.env._("A payment of the customer is on its way to Xero.")
            if not reason and invoice.id in wrong:
                reason = self.env._("It has a problem in Xero: see its page Sync.")
            if reason:
                holds[invoice.id] = reason
        rest = self.filtered(lambda invoice: invoice.id not in holds)
        return holds | rest._get_credit_holds(connection)

    def _get_own_hold(self, day):
        self.ensure_one()
        if self.is_disputed:
            return self.env._("Disputed: %(reason)s", reason=self.dispute_reason or "")
        if self._is_paused_on(day):
            return self._get_pause_text(
                self.reminders_paused_until, self.reminders_pause_reason
            )
        if self.wanted_change:
            return self.env._("It is being changed in Xero.")
        return None

    def _get_customer_hold(self, day):
        self.ensure_one()
        customer = self.commercial_partner_id
        if not customer._is_reminder_paused_on(day):
            return None
        return self.env._(
            "%(customer)s: %(reason)s",
            customer=customer.display_name,
            reason=self._get_pause_text(
                customer.xero_reminders_paused_until, customer.xero_reminders_reason
            ),
        )

    def _get_pause_text(self, until, reason):
        text = self.env._("No reminders")
        if until:
            text = self.env._(
                "No reminders until %(date)s", date=format_date(self.env, until)
            )
        return f"{text}. {reason}" if reason else text

    def _get_ids_being_paid(self):
        """Return the ids of the invoices that a payment in Odoo is about to settle.

        :rtype: set
        """
        orders = self.order_id
        transactions = self.env["payment.transaction"].search(
            [
                ("state", "in", ("pending", "authorized", "done")),
                "|",
                ("xero_invoice_ids", "in", self.ids),
                ("sale_order_ids", "in", orders.ids),
            ]
        )
        waiting = transactions._filter_not_in_xero()
        return set(waiting._get_xero_invoices().ids)

    def _get_ids_in_trouble(self, connection):
        """Return the ids of the invoices that Xero has otherwise than Odoo wanted: what
        is wrong is not asked for.

        :rtype: set
        """
        links = self.env["xero.link"]._of(self, connection)
        return {link.res_id for link in links if link.state in ("error", "conflict")}

    def _get_credit_holds(self, connection):
        """Who has as much to come as is asked for, is not asked."""
        rows = self.env["xero.credit.note"]._read_group(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("connection_id", "=", connection.id),
                ("is_open", "=", True),
            ],
            ["commercial_partner_id"],
            ["amount_remaining_company:sum"],
        )
        credits = {customer: left for customer, left in rows}
        holds, currency = {}, connection.company_id.currency_id
        for customer, invoices in self.grouped("commercial_partner_id").items():
            credit = credits.get(customer, 0.0)
            due = sum(invoices.mapped("amount_due_company"))
            if credit and currency.compare_amounts(credit, due) >= 0:
                text = self.env._(
                    "%(customer)s has credit of %(credit)s in Xero: give it to the "
                    "invoices first.",
                    customer=customer.display_name,
                    credit=currency.format(credit),
                )
                holds |= dict.fromkeys(invoices.ids, text)
        return holds
