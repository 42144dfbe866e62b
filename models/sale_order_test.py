from odoo import models

from ..mapping.invoice import InvoiceData
from .xero_change import XeroProblem


class SaleOrder(models.Model):
    """What an order would be as a Xero invoice, without one."""

    _inherit = "sale.order"

    def _get_xero_test_sale(self, connection):
        """Return how the only line of this order would arrive in Xero.

        :return: values of `xero.item.check.sale`
        """
        try:
            billed = self._get_xero_quoted()
            kind = self._get_xero_line_amount_types(billed)
            [line] = self._get_xero_line_datas(connection, billed)
        except XeroProblem as error:
            return {"state": "refused", "message": error.problem.text}
        data = InvoiceData(
            type="ACCREC",
            contact_id=self.env._("test"),
            currency=self.currency_id.name,
            line_amount_types=kind,
            lines=(line,),
        )
        totals = data.computed_totals()
        return {
            "state": "refused" if data.problems() else "ok",
            "message": " ".join(sentence for _field, sentence in data.problems()),
            "item_code": line.item_code,
            "account_code": line.account_code,
            "tax_type": line.tax_type,
            "unit_price": float(line.unit_amount),
            "tax": float(totals.tax),
            "total": float(totals.total),
            "order_total": self.amount_total,
            "currency_id": self.currency_id.id,
        }
