from odoo import api, fields, models


class XeroInvoice(models.Model):
    """Whether the customer has looked at the invoice: Xero's API does not tell."""

    _inherit = "xero.invoice"

    viewed_on = fields.Datetime(
        "Viewed by Customer",
        readonly=True,
        copy=False,
        help="When the customer first looked at the invoice in the portal, also by the "
        "link of a mail. Xero does not tell who opened its own page of the invoice.",
    )

    @api.depends("viewed_on")
    def _compute_payment_status(self):
        return super()._compute_payment_status()

    def _get_payment_status(self):
        status = super()._get_payment_status()
        return "viewed" if status == "sent" and self.viewed_on else status

    def _mark_viewed(self):
        """Note that the customer looked at the invoice, the first time. One record."""
        if self.viewed_on:
            return
        self.viewed_on = fields.Datetime.now()
        # For those who work here, not for the customer who has just looked.
        lang = self.user_id.lang or self.company_id.partner_id.lang or "en_US"
        text = self.with_context(lang=lang).env._(
            "%(invoice)s viewed by the customer", invoice=self.display_name
        )
        self._message_log(body=text)
        self.order_id._log_xero_change(text)
        self._tell_open_forms()
