from odoo import api, fields, models
from odoo.fields import Domain


class XeroPaymentRequest(models.Model):
    """What is left over, and an accountant keeps for the customer in Xero.

    Xero makes overpayments by bank transactions only. To write those, Odoo would have
    to ask for the right to all of the organisation's bank accounts, for what happens a
    few times a year. So a person records it there; that they did, Odoo sees.
    """

    _inherit = "xero.payment.request"

    overpayment_id = fields.Many2one(
        "xero.credit.note",
        readonly=True,
        index="btree_not_null",
        help="As which what was left over is kept for the customer in Xero.",
    )

    @api.model
    def _assign(self, connection):
        result = super()._assign(connection)
        self._close_overpaid(connection)
        return result

    @api.model
    def _close_overpaid(self, connection, credits=None):
        """Close what is left over and recorded in Xero as an overpayment: under the
        name of this very payment, over as much.

        :param connection: `xero.connection`, one record
        :param credits: `xero.credit.note` that may be it; all when None
        """
        left_over = [("connection_id", "=", connection.id), ("phase", "=", "rest")]
        requests = self.search(left_over)
        if not requests:
            return
        requests.mapped("transaction_id.provider_reference")  # read together
        names = {name for request in requests for name in request._get_names()}
        domain = Domain(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "overpayment"),
                ("status", "in", ("authorised", "paid")),
                ("reference", "in", list(names)),
            ]
        )
        if credits is not None:
            domain &= Domain("id", "in", credits.ids)
        found = self.env["xero.credit.note"].search(domain).grouped("reference")
        for request in requests:
            same = [found[name] for name in request._get_names() if name in found]
            for credit in self.env["xero.credit.note"].union(*same):
                if request._is_overpaid_by(credit):
                    request.overpayment_id = credit
                    request._close(request._get_overpaid_text(credit))
                    break

    def _get_names(self):
        """Return how this payment may be named in Xero. One record.

        :rtype: set of str
        """
        names = {self.reference, self.transaction_id.provider_reference}
        return {name.strip() for name in names if name}

    def _is_overpaid_by(self, credit):
        """Whether an overpayment is what is left over of this payment. One record."""
        theirs = credit.partner_id.commercial_partner_id
        if theirs and theirs != self.partner_id.commercial_partner_id:
            return False
        return credit.currency_id == self.currency_id and not (
            self.currency_id.compare_amounts(credit.amount_total, self.amount)
        )

    def _get_overpaid_text(self, credit):
        return self.env._(
            "%(amount)s are kept for the customer in Xero as an overpayment.",
            amount=credit.currency_id.format(credit.amount_total),
        )
