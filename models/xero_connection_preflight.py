from odoo import fields, models

from .xero_change import Problem


class XeroConnection(models.Model):
    """What of a connection and of its organisation would keep documents from Xero, as
    far as is known: nothing is asked of Xero."""

    _inherit = "xero.connection"

    def _get_sending_problems(self):
        """Whether anything can go to Xero at all. One record.

        :rtype: iterator of Problem
        """
        if self.state != "connected":
            yield Problem(
                self.env._("Xero no longer accepts the connection."),
                self.env._("It has to be connected again."),
                fix="reconnect",
                fix_id=self.id,
            )
        elif self.sync_mode != "live":
            yield Problem(
                self.env._(
                    "%(name)s is in read-only mode: nothing is sent to Xero yet.",
                    name=self.name,
                ),
                self.env._("Press Go Live on the connection."),
                fix="connection",
                fix_id=self.id,
            )
        if self.missing_scopes:
            yield Problem(
                self.env._(
                    "The consent in Xero lacks permissions: %(scopes)s.",
                    scopes=", ".join(self.missing_scopes.split()),
                ),
                self.env._("Connect again to allow them."),
                fix="reconnect",
                fix_id=self.id,
            )

    def _get_numbering_problems(self):
        """Whether invoices get their numbers from Odoo, and none is there. One record.

        :rtype: iterator of Problem
        """
        if self.number_source == "odoo" and not self.number_sequence_id:
            yield Problem(
                self.env._("Odoo is to number the invoices, but by no sequence."),
                self.env._("Choose one on the connection."),
                fix="connection",
                fix_id=self.id,
            )

    def _get_lock_problems(self, day):
        """Whether the books are closed on the day of an invoice. One record.

        :param date day: of the invoice
        :rtype: iterator of Problem
        """
        locked = self._get_lock_date()
        if locked and day <= locked:
            yield Problem(
                self.env._(
                    "The books are closed up to %(date)s; the invoice is of %(day)s.",
                    date=fields.Date.to_string(locked),
                    day=fields.Date.to_string(day),
                ),
                self.env._("Move the lock date in Xero."),
                fix="lock_date",
                fix_id=self.id,
            )

    def _get_currency_problems(self, currency):
        """Whether Xero is known not to use a currency. One record.

        :param currency: `res.currency`, one record
        :rtype: iterator of Problem
        """
        if currency == self.base_currency_id:
            return
        known = self.env["xero.currency"].search([("connection_id", "=", self.id)])
        if known and currency.name not in known.mapped("xero_key"):
            yield Problem(
                self.env._(
                    "%(organisation)s does not use %(currency)s.",
                    organisation=self.name,
                    currency=currency.name,
                ),
                self.env._("Add the currency in Xero, or use another pricelist."),
                fix="currency",
                fix_id=self.id,
            )

    def _get_approval_problems(self):
        """Whether Xero would not approve one more invoice. One record.

        :rtype: iterator of Problem
        """
        if self.invoice_status != "authorised":
            return
        if self._is_plan_limited():
            yield Problem(
                self.env._(
                    "The Xero plan allows no more approved invoices until %(date)s.",
                    date=fields.Date.to_string(self.plan_limited_until),
                ),
                self.env._("Upgrade the plan in Xero, or create drafts meanwhile."),
                fix="plan",
                fix_id=self.id,
            )
        if not self.may_approve:
            yield Problem(
                self.env._(
                    "The person who connected Xero may not approve invoices there."
                ),
                self.env._("Connect as somebody who may, or create drafts."),
                fix="plan",
                fix_id=self.id,
            )
