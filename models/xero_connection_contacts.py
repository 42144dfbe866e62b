from odoo import fields, models


class XeroConnection(models.Model):
    """Which contacts of Xero become customers in Odoo."""

    _inherit = "xero.connection"

    # Suppliers that never were billed are left out at first: they can be let in later,
    # while thousands of them are hard to get out of a sales team's customers again. Who
    # is neither stays in: a contact without an invoice may become a customer.
    contact_filter = fields.Selection(
        [
            ("not_suppliers", "Customers, and who is neither customer nor supplier"),
            ("customers", "Customers only: who has an invoice in Xero"),
            ("all", "All contacts, suppliers as well"),
        ],
        "Xero Contacts in Odoo",
        default="not_suppliers",
        required=True,
        tracking=True,
        help="Which contacts of Xero become new customers here. A contact that Odoo "
        "knows already is linked in any case.",
    )

    contact_group_ids = fields.One2many(
        "xero.contact.group", "connection_id", "Contact Groups"
    )

    def write(self, vals):
        before = {connection.id: connection.contact_filter for connection in self}
        result = super().write(vals)
        for connection in self:
            if connection.contact_filter != before[connection.id]:
                # Who was left out did not change in Xero: ask for all of them again.
                self.env["xero.sync.cursor"].sudo()._reset(connection, ["Contacts"])
        return result
