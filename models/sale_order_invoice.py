import dataclasses

from odoo import fields, models

from ..mapping.invoice import InvoiceData
from .xero_change import Problem, XeroProblem


class SaleOrder(models.Model):
    """What an order becomes as a Xero invoice."""

    _inherit = "sale.order"

    def _get_xero_invoice_data(self, connection, invoice):
        """Return the Xero invoice of this order.

        :param connection: `xero.connection`, one record
        :param invoice: `xero.invoice`, the record that stands for it
        :rtype: InvoiceData
        :raise XeroProblem: if something that Xero needs is missing
        """
        data = self._draft_xero_invoice(connection, invoice)
        self._check_xero_items(connection, invoice._get_billed())
        contact_id = self._get_xero_contact_id(connection)
        data = dataclasses.replace(data, contact_id=contact_id)
        if problems := data.problems():
            raise XeroProblem(self._get_xero_data_problem(problems))
        return data

    def _draft_xero_invoice(self, connection, invoice):
        """Return the invoice as far as Odoo alone knows it: without Xero's contact.

        Everything that can be found missing without asking Xero is found here, so that
        neither the customer nor an item goes to Xero for an invoice that cannot follow.

        :rtype: InvoiceData
        :raise XeroProblem: if something is missing
        """
        self.ensure_one()
        billed, amounts = invoice._get_billed(), invoice._get_billed_amounts()
        self._check_xero_content(invoice, billed)
        self._check_xero_dependencies(connection, billed)
        date = fields.Date.context_today(self)
        data = InvoiceData(
            type="ACCREC",
            number=invoice.wanted_number or "",
            reference=invoice.reference,
            status=connection.invoice_status.upper(),
            date=date,
            due_date=self._get_xero_due_date(date, connection),
            currency=self.currency_id.name,
            currency_rate=self._get_xero_currency_rate(connection, date),
            line_amount_types=self._get_xero_line_amount_types(billed),
            lines=tuple(self._get_xero_line_datas(connection, billed, amounts)),
            url=invoice._get_back_url(),
            branding_theme_id=self._get_xero_branding_theme_id(connection),
        )
        invoice._check_totals(data)
        return data

    def _get_xero_currency_rate(self, connection, date):
        """Return the rate of the order's currency that Xero is told, in units of that
        currency per unit of the organisation's; None where Xero's own is wanted."""
        base = connection.base_currency_id
        if connection.currency_rate_source != "odoo" or self.currency_id == base:
            return None
        rate = base._get_conversion_rate(base, self.currency_id, self.company_id, date)
        return f"{rate:.6f}"

    def _get_xero_data_problem(self, problems):
        return Problem(
            self.env._(
                "%(order)s cannot go to Xero: %(why)s",
                order=self.name,
                why=" ".join(sentence for _field, sentence in problems),
            ),
            self.env._("Correct the order, then press Resync."),
            fix="order",
            fix_id=self.id,
        )

    def _get_xero_contact_id(self, connection):
        """Return the ContactID of the invoiced customer.

        An unlinked customer is an error: an invoice must never go to somebody else.
        """
        partner = self.partner_invoice_id.commercial_partner_id
        link = partner._get_xero_link(connection)
        if not link.xero_id:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The customer %(name)s is not in Xero. %(why)s",
                        name=(partner.display_name or "")[:60],
                        why=link.error or "",
                    ),
                    self.env._("Correct the customer, then press Resync."),
                    fix="partner",
                    fix_id=partner.id,
                    wait=link.state in ("pending", "sending"),
                )
            )
        return link.xero_id
