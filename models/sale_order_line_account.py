from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """The Xero account that a line is booked on."""

    _inherit = "sale.order.line"

    def _get_xero_account(self, connection):
        """Return the account of this line: the product's, else its category's, else the
        connection's; replaced where the fiscal position has another. One record.

        :param connection: `xero.connection`, one record
        :return: `xero.account`, one record
        :raise XeroProblem: if there is none, or Xero has archived it
        """
        account, owner = self._find_xero_account(connection)
        if not account.code:
            raise XeroProblem(self._get_xero_no_account_problem(connection))
        position = self.order_id.fiscal_position_id
        mapped = self.env["xero.account.map"]._find(connection, account, position)
        if mapped:
            account, owner = mapped, position
        if not account.active:
            raise XeroProblem(self._get_xero_archived_problem(account, owner))
        return account

    def _find_xero_account(self, connection):
        """Return the account, and what names it: product, category or connection."""
        company = connection.company_id
        product = self.product_id.with_company(company)
        if product.xero_account_id.connection_id == connection:
            return product.xero_account_id, product
        category = product.categ_id._get_xero_owner_of_account(connection)
        if category:
            return category.xero_account_id, category
        return connection.default_account_id, connection

    def _get_xero_no_account_problem(self, connection):
        return Problem(
            self.env._(
                "No Xero account is known for %(product)s.",
                product=self.product_id.display_name or self.name,
            ),
            self.env._(
                "Set the account on the product, on its category, or the default sales "
                "account on the connection, then press Resync."
            ),
            fix="account",
            fix_id=connection.id,
        )

    def _get_xero_archived_problem(self, account, owner):
        kinds = {
            "product.product": ("product", self.env._("the product")),
            "product.category": ("category", self.env._("the product category")),
            "account.fiscal.position": ("account_map", self.env._("fiscal position")),
        }
        fix, kind = kinds.get(owner._name, ("account", self.env._("the connection")))
        return Problem(
            self.env._(
                "The account %(account)s, which %(kind)s %(name)s names, is archived "
                "in Xero.",
                account=account.display_name,
                kind=kind,
                name=owner.display_name,
            ),
            self.env._(
                "Choose another account there, or restore it in Xero; then press "
                "Resync."
            ),
            fix=fix,
            fix_id=owner.id,
        )
