from odoo import api, fields, models

# In the context while documents are read for the first time: nobody is told of them.
QUIET = "xero_quiet"


class XeroInvoice(models.Model):
    """What of an invoice is told to people: that it is overdue, that it was paid."""

    _inherit = "xero.invoice"

    alert_ids = fields.One2many(
        "xero.alert", "invoice_id", groups="xero_crm.group_xero_accountant"
    )

    def _get_salesperson(self):
        """Return who sells to the customer. One record."""
        self.ensure_one()
        return (
            self.order_id.user_id
            or self.order_id.opportunity_id.user_id
            or self.partner_id.user_id
            or self.commercial_partner_id.user_id
        )

    def _get_money_received(self):
        """Return the money that has come in for this invoice, in its currency: its
        payments, and what was paid in advance or too much before. One record."""
        self.ensure_one()
        return self.amount_paid + self.amount_credited - self.amount_by_credit_note

    # === PULL === #

    def _write_from_xero(self, connection, changes):
        """Note what has come in; a scheduled action, woken at once, tells of it."""
        known = self.browse([change.record.id for change in changes if change.record])
        before = {invoice.id: invoice._get_money_received() for invoice in known}
        result = super()._write_from_xero(connection, changes)
        rows = self._prepare_payment_alerts(connection, changes, before)
        alerts = self.env["xero.alert"].sudo()
        alerts.create(rows)
        if rows or known._has_settled():
            alerts._wake_cron()
        return result

    def _prepare_payment_alerts(self, connection, changes, before):
        """Return the values of an alert for each invoice for which money has come in.

        :param dict before: money that had come in, by id of invoices that were known
        """
        oldest = connection._get_oldest_payment()
        rows = []
        for change in changes:
            invoice = change.record
            is_new = invoice.id not in before
            rise = invoice._get_money_received() - before.get(invoice.id, 0.0)
            if invoice.currency_id.compare_amounts(rise, 0) <= 0:
                continue
            if is_new and self.env.context.get(QUIET):
                continue
            days = [payment.date for payment in change.data.payments]
            day = max(filter(None, [*days, invoice.paid_on]), default=None)
            # One that is new here may have been paid long ago.
            if (day and day < oldest) or (is_new and not day):
                continue
            rows.append(
                {
                    "connection_id": connection.id,
                    "kind": "payment",
                    "state": "waiting",
                    "invoice_id": invoice.id,
                    "partner_id": invoice.commercial_partner_id.id,
                    "amount": rise,
                }
            )
        return rows

    def _has_settled(self):
        """Whether somebody was told that one of these is overdue, and it is not."""
        told = [("kind", "=", "overdue"), ("state", "=", "open")]
        alerts = self.env["xero.alert"].sudo()
        alerts = alerts.search([("invoice_id", "in", self.ids), *told])
        return any(
            not alert.invoice_id.is_overdue
            or alert.due_date != alert.invoice_id.due_date
            for alert in alerts
        )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_overdue(self):
        """Tell who sells of what has fallen overdue."""
        result = super()._cron_overdue()
        alerts = self.env["xero.alert"].sudo()
        for connection in self.env["xero.connection"].sudo().search([]):
            alerts._close_overdue(connection)
            alerts._tell_overdue(connection)
            alerts._work_in_batches(connection, alerts._tell_large)
        return result
