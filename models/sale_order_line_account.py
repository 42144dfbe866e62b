from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """The Xero account that a line is booked on."""

    _inherit = "sale.order.line"

    def _get_xero_account(self, connection):
        product = self.product_id.with_company(connection.company_id)
        account = product.xero_account_id
        if account.connection_id != connection:
            account = connection.default_account_id
        if not account.code:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "No Xero account is known for %(product)s.",
                        product=self.product_id.display_name or self.name,
                    ),
                    self.env._(
                        "Set the account on the product, or the default sales account "
                        "on the connection, then press Resync."
                    ),
                    fix="account",
                    fix_id=connection.id,
                )
            )
        return account
