from odoo import fields, models
from odoo.exceptions import UserError

from .xero_invoice import GONE_STATUSES


class SaleOrder(models.Model):
    """How an order asks for its invoice in Xero, and never twice."""

    _inherit = "sale.order"

    def write(self, vals):
        """An order that is excluded takes its waiting invoice out of the outbox."""
        result = super().write(vals)
        if vals.get("xero_do_not_sync"):
            self._drop_xero_waiting()
        return result

    def _action_cancel(self):
        """A cancelled order takes its waiting invoice out of the outbox."""
        result = super()._action_cancel()
        self._drop_xero_waiting()
        return result

    def _drop_xero_waiting(self):
        """Forget invoices that were asked for and that Xero has not heard of."""
        waiting = self.sudo().xero_invoice_ids._filter_unsent()
        self.env["xero.link"].sudo()._of(waiting).unlink()
        down_payments = waiting.filtered("is_down_payment")
        down_payments.billed_line_ids.order_line_id.unlink()
        waiting.unlink()

    def action_create_xero_invoice(self):
        """Create the Xero invoice of these orders, now and once.

        A second click, a second tab, or a retry finds the invoice that there is.

        :return: True
        :raise UserError: if an order cannot be invoiced; nothing is done then
        """
        self.env["xero.invoice"].check_access("read")
        self.check_access("write")
        self._check_xero_invoice()
        links = self.sudo()._request_xero_invoice()
        if not links and not self.sudo().xero_invoice_ids:
            raise UserError(self._get_xero_nothing_text())
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def _get_xero_nothing_text(self):
        return self.env._(
            "%(orders)s: nothing to invoice. Add a product to the order, or deliver "
            "what is invoiced by delivered quantities.",
            orders=", ".join(self.mapped("name")),
        )

    def _check_xero_invoice(self):
        """:raise UserError: why one of these gets no invoice, and what to do"""
        for company, orders in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            for order in orders:
                order._check_xero_order(connection)
            connection._check_can_send()

    def _check_xero_order(self, connection):
        self.ensure_one()
        if self.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed yet. Confirm it, then create the "
                    "invoice.",
                    order=self.name,
                )
            )
        self._check_xero_included()
        if connection._is_before_day_zero(self.date_order):
            raise UserError(
                self.env._(
                    "%(order)s is older than day zero (%(date)s): it was billed before "
                    "Xero was connected.",
                    order=self.name,
                    date=connection.date_start,
                )
            )

    def _check_xero_included(self):
        """:raise UserError: if the order or its customer is excluded"""
        if self.sudo()._is_xero_excluded():
            raise UserError(
                self.env._(
                    "%(order)s or its customer is excluded from Xero. Untick Do Not "
                    "Sync to include it.",
                    order=self.name,
                )
            )

    def _is_xero_excluded(self):
        """Whether the order, or who is ordering or billed, is excluded from Xero."""
        self.ensure_one()
        partners = self.partner_id | self.partner_invoice_id
        partners |= partners.commercial_partner_id
        return self.xero_do_not_sync or any(partners.mapped("xero_do_not_sync"))

    def _request_xero_invoice(self):
        """Put the invoices of orders, with what they need, into the outbox.

        Writing the order makes a second transaction that does the same at once wait,
        fail as a serialization failure, be repeated by Odoo, and find this one's work.

        :return: `xero.link` of the invoices, customers and items
        """
        self.write({"xero_requested_at": fields.Datetime.now()})
        self.env.flush_all()
        links = self.env["xero.link"]
        for company, orders in self.grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            links |= orders._request_xero_invoices_of(connection)
        links._mark_pending()
        return links

    def _request_xero_invoices_of(self, connection):
        """Return the links of what waits to be invoiced, new or from before, and of
        what has to go first."""
        invoices = self.env["xero.invoice"]
        new = self.browse()
        for order in self:
            waiting = order._get_xero_active_invoices().filtered(
                lambda i: not i.xero_id
            )
            invoices |= waiting
            if not waiting and order._is_xero_to_invoice():
                new |= order
        invoices |= new._create_xero_invoice_records(connection)
        links = invoices._requeue_dependencies(connection)
        return links | links._ensure(connection, invoices)

    def _is_xero_to_invoice(self):
        """Whether something is left to invoice.

        An order that somebody billed by hand in Xero is left to that person: nobody
        knows what of it was billed.
        """
        self.ensure_one()
        return self.invoice_status == "to invoice" and all(
            invoice.billed_line_ids
            or invoice.is_bound
            or invoice.status in GONE_STATUSES
            for invoice in self.xero_invoice_ids
        )

    def _create_xero_invoice_records(self, connection):
        return self.env["xero.invoice"].create(
            [order._prepare_xero_invoice_vals(connection) for order in self]
        )

    def _prepare_xero_invoice_vals(self, connection):
        self.ensure_one()
        return {
            "connection_id": connection.id,
            "partner_id": self.partner_invoice_id.commercial_partner_id.id,
            "order_id": self.id,
            "order_sequence": len(self.xero_invoice_ids) + 1,
            "reference": self._get_xero_reference(connection),
            "currency_id": self.currency_id.id,
        }

    def _get_xero_reference(self, connection):
        """Return what the customer knows the order by, as the connection has it."""
        self.ensure_one()
        theirs = (self.client_order_ref or "").strip()
        if not theirs or connection.reference_source == "order":
            return self.name
        if connection.reference_source == "customer":
            return theirs
        return f"{self.name} / {theirs}"
