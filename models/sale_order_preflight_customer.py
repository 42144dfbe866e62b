from odoo import models

from .xero_change import Problem


class SaleOrder(models.Model):
    """The preflight of an order's customer, and of what goes to Xero before it."""

    _inherit = "sale.order"

    def _get_xero_inclusion_problems(self, connection):
        """Whether the order is kept out of Xero, by its customer or by its age. One
        record.

        :param connection: `xero.connection`, one record
        :rtype: iterator of Problem
        """
        if self._is_xero_excluded():
            partner = self.partner_invoice_id.commercial_partner_id
            yield Problem(
                self.env._(
                    "%(name)s is excluded from Xero.", name=partner.display_name
                ),
                self.env._("Untick Do Not Sync With Xero to include it."),
                fix="partner",
                fix_id=partner.id,
            )
        if connection._is_before_day_zero(self.date_order):
            yield Problem(
                self.env._(
                    "%(order)s is older than day zero (%(date)s), from which on things "
                    "are sent to Xero.",
                    order=self.name,
                    date=connection.date_start,
                ),
                self.env._("Change day zero on the connection."),
                fix="connection",
                fix_id=connection.id,
            )

    def _get_xero_email_problems(self, connection):
        """Whether the customer lacks the address that an invoice needs. One record."""
        partner = self.partner_invoice_id.commercial_partner_id
        return self._get_xero_failures(
            [lambda: self._check_xero_email(connection, partner)]
        )

    def _get_xero_archived_problems(self, connection):
        """Whether the customer is archived in Xero. One record."""
        partner = self.partner_invoice_id.commercial_partner_id
        return self._get_xero_failures(
            [lambda: self._check_xero_archived(connection, partner)]
        )

    def _get_xero_record_problems(self, connection, billed):
        """What Xero would refuse of the customer and the products that go first. One
        record.

        :param connection: `xero.connection`, one record
        :param list billed: see `_get_xero_billable`
        :rtype: iterator of Problem
        """
        return self._get_xero_failures(
            [
                lambda record=record: record._check_xero_acceptable(connection)
                for record in self._get_xero_unlinked(connection, billed)
            ]
        )
