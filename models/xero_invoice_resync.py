from odoo import models

from ..mapping.values import to_decimal
from .xero_change import XeroProblem
from .xero_invoice import GONE_STATUSES


class XeroInvoice(models.Model):
    """Resync of an invoice that Xero has: its total is compared again, with what Xero
    has now. Trying again is no way to make a difference go away."""

    _inherit = "xero.invoice"

    def _read_before_push(self, connection, links):
        """See `xero.sync.mixin`."""
        result = super()._read_before_push(connection, links)
        # What is to be changed is read by who changes it.
        xero_ids = self.filtered(lambda i: not i.wanted_change).mapped("xero_id")
        xero_ids = [xero_id for xero_id in xero_ids if xero_id]
        if xero_ids:
            self.env["xero.pull"]._pull_records(
                connection, self._xero_resource, xero_ids
            )
        return result

    def _plan_xero_push(self, connection, change):
        """See `xero.push`.

        :raise XeroProblem: if what Xero has differs from the order
        """
        result = super()._plan_xero_push(connection, change)
        asked = self.order_sequence and self.status not in GONE_STATUSES
        if change.operation == "unchanged" and asked:
            if problem := self._get_total_difference():
                raise XeroProblem(problem)
        return result

    def _get_total_difference(self):
        """Return a `Problem` if Xero's total is neither that of the order nor one that
        a person has accepted.

        :rtype: Problem or None
        """
        expected = self.currency_id.compare_amounts(
            self.amount_total, self.amount_expected
        )
        if self.accepted_at and not expected:
            return None
        return self._compare_with_order(self._get_xero_totals())

    def _get_xero_totals(self):
        """Return number and totals, as Odoo has them from Xero.

        :rtype: InvoiceData
        """
        return self._xero_data(
            number=self.number or "",
            total=to_decimal(f"{self.amount_total:.6f}"),
            total_tax=to_decimal(f"{self.amount_tax:.6f}"),
        )
