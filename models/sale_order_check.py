from odoo import models

from .xero_change import Problem, XeroProblem


class SaleOrder(models.Model):
    """What Xero would refuse, found before anything is sent."""

    _inherit = "sale.order"

    def _check_xero_dependencies(self, connection, billed):
        """:raise XeroProblem: if Xero would refuse the customer or an item, which go
        there first
        """
        partner = self.partner_invoice_id.commercial_partner_id
        self._check_xero_email(connection, partner)
        self._check_xero_records(connection, billed)

    def _check_xero_records(self, connection, billed):
        """:raise XeroProblem: if Xero would refuse the customer or an item, e-mails
        apart
        """
        partner = self.partner_invoice_id.commercial_partner_id
        self._check_xero_archived(connection, partner)
        for record in self._get_xero_unlinked(connection, billed):
            record._check_xero_acceptable(connection)

    def _get_xero_unlinked(self, connection, billed):
        """Return what has to go to Xero before a document of this order: its customer
        and products, as far as they are not there. One record.

        :param connection: `xero.connection`, one record
        :param list billed: see `_get_xero_billable`
        :return: records, each of one model
        :rtype: list
        """
        partner = self.partner_invoice_id.commercial_partner_id
        return [
            record
            for records in (partner, self._get_xero_billed_items(billed))
            for record in records
            if not record._get_xero_link(connection).xero_id
        ]

    def _check_xero_content(self, invoice, billed):
        """:raise XeroProblem: if there is nothing to invoice, or less than nothing"""
        if any(not line.display_type for line, _quantity, _text in billed):
            if not invoice.is_down_payment:
                self._check_xero_whole(billed, invoice.amount_expected)
            if invoice.currency_id.compare_amounts(invoice.amount_expected, 0) >= 0:
                return
            raise XeroProblem(
                Problem(
                    self.env._(
                        "What is to be invoiced of %(order)s comes to %(total)s; an "
                        "invoice cannot be over less than nothing.",
                        order=self.name,
                        total=self.currency_id.format(invoice.amount_expected),
                    ),
                    self.env._(
                        "If too much was invoiced before, make a credit note of that "
                        "invoice. Otherwise correct the order, then press Resync."
                    ),
                    fix="order",
                    fix_id=self.id,
                )
            )
        raise XeroProblem(
            Problem(
                self.env._("%(order)s has nothing to invoice.", order=self.name),
                self.env._(
                    "Add a product to the order, or deliver what is invoiced by "
                    "delivered quantities; then press Resync."
                ),
                fix="order",
                fix_id=self.id,
            )
        )

    def _get_xero_billed_items(self, billed):
        lines = self.order_line.browse([line.id for line, _quantity, _text in billed])
        return lines._get_xero_items()

    def _check_xero_archived(self, connection, partner):
        link = partner._get_xero_link(connection)
        if link.xero_id and (link.base or {}).get("archived"):
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The contact %(name)s is archived in Xero.",
                        name=partner.display_name,
                    ),
                    self.env._(
                        "Restore the contact in Xero (or unarchive the customer here), "
                        "then press Resync."
                    ),
                    fix="partner",
                    fix_id=partner.id,
                )
            )

    def _check_xero_items(self, connection, billed):
        """A line may only name an item that Xero has.

        :raise XeroProblem: if one is not there, or not yet
        """
        products = self._get_xero_billed_items(billed)
        links = products._get_xero_link(connection)
        for link in links.filtered(lambda link: not link.xero_id):
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The product %(name)s is not in Xero. %(why)s",
                        name=link.record_name,
                        why=link.error or "",
                    ),
                    self.env._("Correct the product, then press Resync."),
                    fix="product",
                    fix_id=link.res_id,
                    wait=link.state in ("pending", "sending"),
                )
            )

    def _check_xero_email(self, connection, partner):
        if not connection.require_email or self.partner_invoice_id.email:
            return
        if partner.email:
            return
        raise XeroProblem(
            Problem(
                self.env._(
                    "%(name)s has no e-mail address, so the invoice cannot be sent.",
                    name=partner.display_name,
                ),
                self.env._(
                    "Enter the e-mail of the customer, then press Resync. (The "
                    "connection can be told not to require one.)"
                ),
                fix="email",
                fix_id=partner.id,
            )
        )
