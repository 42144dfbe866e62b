from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrder(models.Model):
    """The branding theme of an order's invoice."""

    _inherit = "sale.order"

    def _get_xero_branding_theme_id(self, connection):
        """Return Xero's id of the theme: the sales team's, else the connection's; ''
        where Xero's own default is meant. One record.

        :param connection: `xero.connection`, one record
        :rtype: str
        :raise XeroProblem: if it was deleted in Xero
        """
        team = self.team_id.with_company(connection.company_id)
        theme, fix, owner = team.xero_branding_theme_id, "team", team
        if theme.connection_id != connection:
            theme, fix, owner = connection.branding_theme_id, "connection", connection
        if not theme or theme.active:
            return theme.xero_key or ""
        raise XeroProblem(
            Problem(
                self.env._(
                    "The branding theme %(theme)s of %(owner)s is not in Xero any "
                    "more.",
                    theme=theme.name,
                    owner=owner.display_name,
                ),
                self.env._("Choose another theme there, then press Resync."),
                fix=fix,
                fix_id=owner.id,
            )
        )
