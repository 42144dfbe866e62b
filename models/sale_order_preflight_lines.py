from odoo import models

from ..mapping.errors import MappingError
from .xero_change import Problem, XeroProblem


class SaleOrder(models.Model):
    """The preflight of an order's lines: their taxes, accounts and amounts."""

    _inherit = "sale.order"

    def _get_xero_line_problems(self, connection, billed):
        """What the lines lack that Xero has to be told. One record.

        :param connection: `xero.connection`, one record
        :param list billed: see `_get_xero_billable`
        :rtype: iterator of Problem
        """
        lines = [line for line, _q, _t in billed if not line._is_xero_note()]
        return self._get_xero_failures(
            [
                lambda: self._get_xero_branding_theme_id(connection),
                *(
                    lambda line=line: line._check_xero_tax_rate(connection)
                    for line in lines
                ),
                *(
                    lambda line=line: line._get_xero_account(connection)
                    for line in lines
                ),
            ]
        )

    def _get_xero_amount_problems(self, connection, billed):
        """What the amounts themselves would be refused for. One record.

        :param connection: `xero.connection`, one record
        :param list billed: see `_get_xero_billable`
        :rtype: iterator of Problem
        """

        def check():
            amounts = self._get_xero_amounts(billed)
            total = sum(untaxed + tax for untaxed, tax in amounts.values())
            self._check_xero_whole(billed, total)
            self._get_xero_line_datas(connection, billed, amounts)

        return self._get_xero_failures([check])

    def _get_xero_failures(self, checks):
        """Make checks that are also made before sending, and return what they find.

        :param checks: callables that raise `XeroProblem`, one thing each
        :rtype: iterator of Problem
        """
        for check in checks:
            try:
                check()
            except XeroProblem as error:
                yield error.problem
            except MappingError as error:
                yield Problem(str(error), "", fix="order", fix_id=self.id)
