from odoo import models

from ..mapping.line import LineTrackingData
from .xero_change import Problem, XeroProblem


class SaleOrderLine(models.Model):
    """The options of Xero's tracking categories that a line is filed under."""

    _inherit = "sale.order.line"

    def _get_xero_tracking(self, connection):
        """Return the tracking of this line: an option for each category that decides
        for it. One record.

        :param connection: `xero.connection`, one record
        :return: tuple of `mapping.LineTrackingData`
        :raise XeroProblem: if an option is archived in Xero, or several are meant
        """
        options = self.env["xero.tracking.option"].sudo()
        for _id, default, by_source in self.env["xero.tracking.map"]._get_tables(
            connection.id
        ):
            options |= options.browse(self._find_xero_option(by_source) or default)
        return tuple(self._read_xero_option(option) for option in options)

    def _find_xero_option(self, by_source):
        """Return the id of the option that this line's analytic account decides, else
        the salesperson, else the sales team; None where none has a row.

        :param dict by_source: option id by field and record id
        """
        found = {
            by_source[source]
            for account_id in self._get_xero_analytic_ids()
            if (source := ("analytic_account_id", account_id)) in by_source
        }
        if len(found) > 1:
            raise XeroProblem(self._get_xero_split_problem(found))
        order = self.order_id
        return next(
            filter(
                None,
                (
                    *found,
                    by_source.get(("user_id", order.user_id.id)),
                    by_source.get(("team_id", order.team_id.id)),
                ),
            ),
            None,
        )

    def _get_xero_analytic_ids(self):
        """Return the ids of the analytic accounts that this line is distributed to; a
        key of the distribution names one for each plan."""
        return {
            int(account_id)
            for key in self.analytic_distribution or {}
            for account_id in str(key).split(",")
        }

    def _read_xero_option(self, option):
        category = option.category_id
        if not (option.active and category.active):
            raise XeroProblem(self._get_xero_archived_option_problem(option))
        return LineTrackingData(
            category_id=category.xero_key,
            option_id=option.xero_key,
            name=category.name,
            option=option.name,
        )

    def _get_xero_split_problem(self, option_ids):
        options = self.env["xero.tracking.option"].sudo().browse(sorted(option_ids))
        return Problem(
            self.env._(
                "%(line)s is split between %(options)s, but Xero files a line under "
                "one option of %(category)s.",
                line=self.product_id.display_name or self.name,
                options=", ".join(options.mapped("name")),
                category=options[:1].category_id.name,
            ),
            self.env._(
                "Make two lines of it, or distribute it to one analytic account; then "
                "press Resync."
            ),
            fix="order",
            fix_id=self.order_id.id,
        )

    def _get_xero_archived_option_problem(self, option):
        category = option.category_id
        return Problem(
            self.env._(
                "%(line)s is to be filed under %(option)s (%(category)s), which is "
                "archived in Xero.",
                line=self.product_id.display_name or self.name,
                option=option.name,
                category=category.name,
            ),
            self.env._(
                "Choose another option under Xero > Configuration > Tracking, or "
                "restore it in Xero; then press Resync."
            ),
            fix="tracking",
            fix_id=category.id,
        )
