from odoo import api, fields, models
from odoo.tools import ormcache


class XeroAccountMap(models.Model):
    """Which account replaces another for the orders of a fiscal position: sales abroad
    on an account of their own."""

    _name = "xero.account.map"
    _inherit = "xero.map.mixin"
    _description = "Xero Account by Fiscal Position"
    _order = "connection_id, fiscal_position_id, id"
    _rec_name = "fiscal_position_id"

    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        required=True,
        ondelete="cascade",
        domain="[('company_id', 'parent_of', company_id)]",
    )
    source_id = fields.Many2one(
        "xero.account",
        "Instead Of",
        ondelete="cascade",
        domain="[('connection_id', '=', connection_id), ('is_revenue', '=', True)]",
        help="Empty: instead of all accounts that have no row of their own.",
    )
    account_id = fields.Many2one(
        "xero.account",
        required=True,
        ondelete="cascade",
        domain="[('connection_id', '=', connection_id), ('is_revenue', '=', True)]",
    )

    _source_uniq = models.UniqueIndex(
        "(connection_id, fiscal_position_id, COALESCE(source_id, 0))",
        "This account is replaced in this fiscal position already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._retry_waiting(rows.fiscal_position_id)
        return rows

    def write(self, vals):
        """What waited for another account goes on by itself."""
        result = super().write(vals)
        self._retry_waiting(self.fiscal_position_id)
        return result

    def unlink(self):
        positions = self.fiscal_position_id
        result = super().unlink()
        self._retry_waiting(positions)
        return result

    @api.model
    def _retry_waiting(self, positions):
        self.env.registry.clear_cache()
        self.env["xero.log"]._retry_fixed("account_map", positions.ids)

    @api.model
    @ormcache("connection_id")
    def _get_account_ids(self, connection_id):
        """Return the ids of the accounts by fiscal position and account replaced: read
        once, not once a line.

        :param int connection_id: of `xero.connection`
        :rtype: dict
        """
        rows = self.sudo().search([("connection_id", "=", connection_id)])
        return {
            (row.fiscal_position_id.id, row.source_id.id): row.account_id.id
            for row in rows
        }

    @api.model
    def _find(self, connection, account, position):
        """Return what replaces an account in a fiscal position.

        :return: `xero.account`, one record or none
        """
        known = self._get_account_ids(connection.id)
        found = known.get((position.id, account.id)) or known.get((position.id, False))
        return account.browse(position and found)
