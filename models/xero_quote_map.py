from odoo import api, models
from odoo.tools import ormcache

from ..mapping.field_rule import mirror_rules
from ..mapping.quote import CONTENT


class XeroQuote(models.Model):
    """What of a quote is where, for the data map. There is nothing to choose: the
    quotation says what is quoted."""

    _inherit = "xero.quote"

    _xero_fields = {
        "contact_id": ("partner_id",),
        "number": ("number",),
        "reference": ("reference",),
        "status": ("status",),
        "date": ("date",),
        "expiry_date": ("expiry_date",),
        "currency": ("currency_id",),
        "currency_rate": ("currency_rate",),
        "line_amount_types": (),
        "title": ("title",),
        "summary": ("summary",),
        "terms": ("terms",),
        "branding_theme_id": ("branding_theme_id",),
        "lines": ("line_ids",),
        "subtotal": ("amount_untaxed",),
        "total_tax": ("amount_tax",),
        "total": ("amount_total",),
    }

    @api.model
    @ormcache()
    def _get_xero_rules(self):
        """See `xero.sync.mixin`."""
        held = {name: names for name, names in self._xero_fields.items() if names}
        return mirror_rules(self._xero_data, held, sent_once=(*CONTENT, "status"))

    @api.model
    def _get_xero_tracked_fields(self):
        """Nobody edits a quote here: no change of one is for Xero."""
        return frozenset()
