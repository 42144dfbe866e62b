from collections import defaultdict

from odoo import models


class XeroAlert(models.Model):
    """Payments: told in the chatter of order and deal, and to who sells."""

    _inherit = "xero.alert"

    def _tell_payments(self, connection):
        """Tell of payments that have come in since the last time. May commit.

        The chatter tells at once, notifications wait for a working day.

        :param connection: `xero.connection`, one record
        """
        waiting = self.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "payment"),
                ("state", "=", "waiting"),
            ],
            order="id",
        )
        if connection.payment_channel == "none":
            waiting.write({"state": "done"})
            return
        self._work_in_batches(
            waiting.filtered(lambda alert: not alert.is_logged),
            lambda batch: batch._log_payments(),
        )
        if connection.payment_channel == "chatter":
            waiting.filtered("is_logged").write({"state": "done"})
        elif not connection._is_quiet_day():
            self._work_in_batches(
                waiting.filtered("is_logged"),
                lambda batch: batch._notify_payments(connection),
            )

    def _get_received(self):
        """Return what came in by invoice, in its currency; less what was taken back
        meanwhile.

        :rtype: dict
        """
        received = {}
        for invoice, alerts in self.grouped("invoice_id").items():
            amount = min(sum(alerts.mapped("amount")), invoice._get_money_received())
            if invoice.currency_id.compare_amounts(amount, 0) > 0:
                received[invoice] = amount
        return received

    def _log_payments(self):
        rows = []
        for invoice, amount in self._get_received().items():
            text = self._get_payment_text(invoice, amount)
            order = invoice.order_id
            for record in (order, order.opportunity_id):
                if record:
                    rows.append((record, "", text))
        self._log(rows)
        self.write({"is_logged": True})

    def _notify_payments(self, connection):
        """Send each salesperson and follower one notification of what came in."""
        received = self._get_received()
        news = defaultdict(self.env["xero.invoice"].sudo().browse)
        for invoice, users in self._get_interested(connection, received).items():
            for user in users:
                news[user] |= invoice
        for user, invoices in news.items():
            this = self._in_language_of(user)
            sentences = [this._get_payment_text(i, received[i]) for i in invoices]
            if len(invoices) == 1:
                [subject] = sentences
                record = self._get_places(invoices, user)[invoices]
                this._notify(user, subject, sentences, record)
            else:
                subject = this.env._("%(count)s payments received", count=len(invoices))
                this._notify(user, subject, sentences)
        self.write({"state": "done"})

    def _get_interested(self, connection, received):
        """Return who wants to know of payments: the salesperson and the followers of
        the order, as far as they may see the invoice.

        :rtype: dict
        """
        invoices = self.env["xero.invoice"].sudo().union(*received)
        followers = self._get_followers(invoices.order_id)
        wanted = {
            invoice: (invoice._get_salesperson() | followers[invoice.order_id.id])
            for invoice in invoices
        }
        people = self.env["res.users"].sudo().union(*wanted.values())
        readers = self._get_readers(people.filtered("xero_payment_notices"), invoices)
        return {
            invoice: users.filtered(lambda u, i=invoice: i in readers.get(u, ()))
            for invoice, users in wanted.items()
        }

    def _get_payment_text(self, invoice, amount):
        """Return what came in, as a sentence in the language at hand."""
        values = {
            "number": invoice.display_name,
            "customer": invoice.commercial_partner_id.name or invoice.contact_name,
            "amount": self._format(invoice.currency_id, amount),
            "total": self._format(invoice.currency_id, invoice.amount_total),
            "left": self._format(invoice.currency_id, invoice.amount_due),
        }
        if invoice.status != "paid":
            return self.env._(
                "%(amount)s received for %(number)s of %(customer)s, %(left)s left to "
                "pay",
                **values,
            )
        if invoice.order_id._has_xero_to_deliver():
            return self.env._(
                "%(number)s of %(customer)s was paid in full: %(total)s - start "
                "delivery",
                **values,
            )
        return self.env._(
            "%(number)s of %(customer)s was paid in full: %(total)s", **values
        )
