import dataclasses

from odoo import fields, models

from ..mapping.invoice import InvoiceData
from ..mapping.line import LineData
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
        self._check_xero_items(connection)
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
        self._check_xero_dependencies(connection)
        date = fields.Date.context_today(self)
        data = InvoiceData(
            type="ACCREC",
            reference=self.name,
            status=connection.invoice_status.upper(),
            date=date,
            due_date=self._get_xero_due_date(date),
            currency=self.currency_id.name,
            line_amount_types=self._get_xero_line_amount_types(),
            lines=tuple(
                line._get_xero_line_data(connection) for line in self._get_xero_lines()
            ),
            url=invoice._get_back_url(),
        )
        invoice._check_totals(data)
        return data

    def _check_xero_dependencies(self, connection):
        """:raise XeroProblem: if Xero would refuse the customer or an item, which go
        there first
        """
        partner = self.partner_invoice_id.commercial_partner_id
        self._check_xero_email(connection, partner)
        self._check_xero_archived(connection, partner)
        self._check_xero_content()
        for records in (partner, self._get_xero_lines()._get_xero_items()):
            links = self.env["xero.link"]._of(records, connection)
            linked = records.browse(links.filtered("xero_id").mapped("res_id"))
            for record in records - linked:
                if problem := record._get_xero_problem(connection):
                    raise XeroProblem(problem)

    def _check_xero_content(self):
        if self._get_xero_lines().filtered(lambda line: not line.display_type):
            return
        raise XeroProblem(
            Problem(
                self.env._("%(order)s has nothing to invoice.", order=self.name),
                self.env._("Add a product to the order, then press Resync."),
                fix="order",
                fix_id=self.id,
            )
        )

    def _check_xero_archived(self, connection, partner):
        link = self.env["xero.link"]._of(partner, connection)
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
        link = self.env["xero.link"]._of(partner, connection)
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

    def _check_xero_items(self, connection):
        """A line may only name an item that Xero has.

        :raise XeroProblem: if one is not there, or not yet
        """
        products = self._get_xero_lines()._get_xero_items()
        links = self.env["xero.link"]._of(products, connection)
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
                fix="partner",
                fix_id=partner.id,
            )
        )

    def _get_xero_due_date(self, date):
        """Return the last due date by the order's payment term; the day itself when
        there is none."""
        if not self.payment_term_id:
            return date
        terms = self.payment_term_id._compute_terms(
            date_ref=date,
            currency=self.currency_id,
            company=self.company_id,
            tax_amount=self.amount_tax,
            tax_amount_currency=self.amount_tax,
            sign=1,
            untaxed_amount=self.amount_untaxed,
            untaxed_amount_currency=self.amount_untaxed,
        )
        return max((line["date"] for line in terms["line_ids"]), default=date)

    def _get_xero_line_amount_types(self):
        """Tax is inside the prices or on top of them; Xero knows no mixture."""
        taxes = self._get_xero_lines().tax_ids
        included = taxes.filtered("price_include")
        if included and taxes - included:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "%(order)s mixes prices with and without tax, which one Xero "
                        "invoice cannot.",
                        order=self.name,
                    ),
                    self.env._("Use taxes of one kind on the order, then Resync."),
                    fix="order",
                    fix_id=self.id,
                )
            )
        return "Inclusive" if included else "Exclusive"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_xero_line_data(self, connection):
        """Return the invoice line of this order line. One record.

        :rtype: LineData
        :raise XeroProblem: if its tax has no Xero tax rate, or no account is known
        """
        self.ensure_one()
        if self.display_type:
            return LineData(description=self.name)
        rate = self._get_xero_tax_rate(connection)
        return LineData(
            description=self.name,
            quantity=self._get_xero_number("product_uom_qty"),
            unit_amount=self._get_xero_number("price_unit"),
            discount_rate=self._get_xero_number("discount"),
            account_code=self._get_xero_account(connection).code,
            tax_type=rate.tax_type or "NONE",
            tax_rate=str(rate.rate),
            item_code=self._get_xero_items().default_code or "",
        )

    def _get_xero_items(self):
        """Return the products that these lines name as items in Xero."""
        return self.product_id.filtered(
            lambda product: product.default_code and not product.xero_do_not_sync
        )

    def _get_xero_number(self, field_name):
        """Return a float field as the text that a person sees, never a binary tail."""
        digits = self._fields[field_name].get_digits(self.env)
        return f"{self[field_name]:.{digits[1] if digits else 4}f}"

    def _get_xero_account(self, connection):
        account = self.product_id.xero_account_id
        if account.connection_id != connection:
            account = connection.default_account_id
        if not account.code:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "No Xero account is known for %(product)s.",
                        product=self.product_id.display_name or self.name,
                    ),
                    self.env._(
                        "Set the account on the product, or the default sales account "
                        "on the connection, then press Resync."
                    ),
                    fix="account",
                    fix_id=connection.id,
                )
            )
        return account

    def _get_xero_tax_rate(self, connection):
        taxes = self.tax_ids
        if not taxes:
            return connection.default_tax_rate_id
        if len(taxes) > 1:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "%(line)s carries several taxes (%(taxes)s); a Xero line takes "
                        "one.",
                        line=self.product_id.display_name or self.name,
                        taxes=", ".join(taxes.mapped("name")),
                    ),
                    self.env._("Use one tax on the line, then press Resync."),
                    fix="order",
                    fix_id=self.order_id.id,
                )
            )
        row = connection.tax_map_ids.filtered(lambda row: row.tax_id == taxes)
        if not row.tax_rate_id.active:
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The tax %(tax)s is not mapped to a Xero tax rate.",
                        tax=taxes.name,
                    ),
                    self.env._(
                        "Choose its Xero tax rate under Xero > Configuration > Taxes, "
                        "then press Resync."
                    ),
                    fix="tax_map",
                    fix_id=taxes.id,
                )
            )
        return row.tax_rate_id
