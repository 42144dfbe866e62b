from odoo import api, models
from odoo.tools import ormcache

from ..mapping.field_rule import mirror_rules


class XeroInvoice(models.Model):
    """What of an invoice is where, for the data map. There is nothing to choose: Odoo
    asks for an invoice, and from then on Xero is the ledger."""

    _inherit = "xero.invoice"

    _xero_fields = {
        "contact_id": ("partner_id",),
        "number": ("number",),
        "reference": ("reference",),
        "status": ("status",),
        "date": ("date",),
        "due_date": ("due_date",),
        "currency": ("currency_id",),
        "currency_rate": ("currency_rate",),
        "lines": ("line_ids",),
        "subtotal": ("amount_untaxed",),
        "total_tax": ("amount_tax",),
        "total": ("amount_total",),
        "amount_due": ("amount_due",),
        "amount_paid": ("amount_paid",),
        "amount_credited": ("amount_credited",),
        "is_sent": ("is_sent",),
        "url": ("back_url",),
        "fully_paid_on": ("paid_on",),
        "payments": ("payment_ids",),
    }
    # What Odoo says when it asks for an invoice.
    _xero_sent_once = (
        "contact_id",
        "reference",
        "status",
        "date",
        "due_date",
        "currency",
        "lines",
        "url",
    )

    @api.model
    @ormcache()
    def _get_xero_rules(self):
        """See `xero.sync.mixin`."""
        return mirror_rules(
            self._xero_data, self._xero_fields, sent_once=self._xero_sent_once
        )

    @api.model
    def _get_xero_tracked_fields(self):
        """Nobody edits an invoice here: no change of one is for Xero."""
        return frozenset()
