from odoo import api, models
from odoo.tools import SQL


class XeroInvoice(models.Model):
    """Invoices that were mirrored before it was known whose they are."""

    _inherit = "xero.invoice"

    @api.model
    def _find_customers(self, connection, partner_by_contact):
        """Give invoices their customer, all in one write, and the orders they bill.

        :param connection: `xero.connection`, one record
        :param dict partner_by_contact: id of the customer by the contact's Xero id
        :return: the invoices that have found their customer
        """
        if not partner_by_contact:
            return self.browse()
        self.flush_model(["partner_id", "xero_contact_id", "connection_id"])
        rows = self.env.execute_query(
            SQL(
                """
            UPDATE xero_invoice i SET partner_id = found.partner_id
              FROM unnest(%s::varchar[], %s::int[]) AS found(contact_id, partner_id)
             WHERE i.connection_id = %s AND i.partner_id IS NULL
               AND i.xero_contact_id = found.contact_id
         RETURNING i.id""",
                list(partner_by_contact),
                list(partner_by_contact.values()),
                connection.id,
            )
        )
        invoices = self.browse(row[0] for row in rows)
        invoices.invalidate_recordset(["partner_id"])
        invoices.modified(["partner_id"])
        invoices._find_orders()
        return invoices

    def _find_orders(self):
        """Somebody billed an order by hand in Xero: it is not billed twice."""
        named = self.filtered(lambda i: i.reference and not i.order_id)
        if not named:
            return
        orders = self.env["sale.order"].search(
            [
                ("name", "in", named.mapped("reference")),
                ("company_id", "in", named.company_id.ids),
                ("state", "=", "sale"),
            ]
        )
        by_name = {(order.company_id, order.name): order for order in orders}
        for invoice in named:
            order = by_name.get((invoice.company_id, invoice.reference))
            if order and (
                order.partner_invoice_id.commercial_partner_id == invoice.partner_id
            ):
                invoice.order_id = order
