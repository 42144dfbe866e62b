from odoo import api, models


class ProductProduct(models.Model):
    """What was sold of a product by Xero's invoices, also before it was linked."""

    _inherit = "product.product"

    def _bind_changes(self, connection, changes):
        result = super()._bind_changes(connection, changes)
        self._adopt_xero_lines(
            connection,
            {
                change.data.code: change.record.id
                for change in changes
                if change.operation in ("create", "link") and change.record
            },
        )
        return result

    def _adopt_from_xero(self, connection, link, payload):
        result = super()._adopt_from_xero(connection, link, payload)
        self._adopt_xero_lines(connection, {self.default_code: self.id})
        return result

    @api.model
    def _adopt_xero_lines(self, connection, products):
        """See `xero.line.mixin`.

        :param dict products: id of the product by item code
        """
        for model in ("xero.invoice.line", "xero.credit.note.line"):
            if products:
                self.env[model]._adopt(connection, products)

    # === ACTION METHODS === #

    def action_view_xero_history(self):
        """Show who bought these products, and how much of them, over the years."""
        return self._get_xero_history_action([("product_id", "in", self.ids)])

    @api.model
    def _get_xero_history_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_product_history_action"
        )
        action["domain"] = domain
        action["context"] = {"pivot_row_groupby": ["commercial_partner_id"]}
        return action
