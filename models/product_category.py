from odoo import fields, models


class ProductCategory(models.Model):
    """The Xero account of all products of a category, and of those below it."""

    _inherit = "product.category"

    xero_account_id = fields.Many2one(
        "xero.account",
        "Xero Sales Account",
        domain="[('is_revenue', '=', True)]",
        company_dependent=True,
        groups="xero_crm.group_xero_user",
        help="Account on Xero invoices of the products of this category that name none "
        "themselves. Where it is empty, the parent category's is used, then the "
        "connection's default.",
    )

    def write(self, vals):
        """What waited for another account goes on by itself."""
        result = super().write(vals)
        if "xero_account_id" in vals or "parent_id" in vals:
            below = self.sudo().search([("id", "child_of", self.ids)])
            self.env["xero.log"]._retry_fixed("category", below.ids)
        return result

    def _get_xero_owner_of_account(self, connection):
        """Return the nearest category upwards that names an account of an organisation.

        :param connection: `xero.connection`, one record
        :return: `product.category`, one record or none
        """
        category = self.with_company(connection.company_id)
        while category and category.xero_account_id.connection_id != connection:
            category = category.parent_id
        return category

    def _get_with_xero_account(self, connection):
        """Return all categories whose products have an account by them.

        :param connection: `xero.connection`, one record
        """
        categories = self.with_company(connection.company_id).sudo()
        own = categories.search([("xero_account_id.connection_id", "=", connection.id)])
        return categories.search([("id", "child_of", own.ids)])
