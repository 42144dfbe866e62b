from odoo import api, models


class XeroInvoice(models.Model):
    """Who looks at an order, a deal, a customer or an invoice sees at once what came
    from Xero, and what a new day has made overdue; orders that waited for it go on."""

    _inherit = "xero.invoice"

    def _apply_xero_page(self, connection, changes):
        result = super()._apply_xero_page(connection, changes)
        moved = self.union(
            *(c.record for c in changes if c.operation in ("create", "update"))
        )
        moved._tell_open_forms()
        if moved:
            self.env["sale.order"]._wake_xero_release(moved.commercial_partner_id)
        return result

    @api.model
    def _mark_crossed(self):
        crossed = super()._mark_crossed()
        crossed._tell_open_forms()
        return crossed

    def _tell_open_forms(self):
        """Tell over the bus, when this is committed, which records look different.

        No more than ids are told: each form reads by the rights of who has it open.
        """
        if not self:
            return
        orders = self.order_id
        self.env.ref("xero_crm.group_xero_user").sudo()._bus_send(
            "xero_crm.changed",
            {
                "xero.invoice": self.ids,
                "sale.order": orders.ids,
                "crm.lead": orders.opportunity_id.ids,
                "res.partner": (self.partner_id | self.commercial_partner_id).ids,
            },
        )
