from odoo import models


class XeroCreditNote(models.Model):
    """Who looks at a credit or its customer sees at once what came from Xero; orders
    that waited for it go on, and what was left over of a payment is settled."""

    _inherit = "xero.credit.note"

    def _apply_xero_page(self, connection, changes):
        result = super()._apply_xero_page(connection, changes)
        moved = self.union(
            *(c.record for c in changes if c.operation in ("create", "update"))
        )
        moved._tell_open_forms()
        if moved:
            self.env["sale.order"]._wake_xero_release(moved.commercial_partner_id)
            requests = self.env["xero.payment.request"].sudo()
            requests._close_overpaid(connection, moved)
        return result

    def _tell_open_forms(self):
        """Tell over the bus, when this is committed, which records look different: ids
        only, as `xero.invoice` does."""
        if not self:
            return
        self.env.ref("xero_crm.group_xero_user").sudo()._bus_send(
            "xero_crm.changed",
            {
                "xero.credit.note": self.ids,
                "res.partner": (self.partner_id | self.commercial_partner_id).ids,
            },
        )
