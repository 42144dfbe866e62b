"""Organisations of several countries, with the taxes and fiscal positions of Odoo's
charts for them."""

from odoo.exceptions import ValidationError
from odoo.fields import Command

from .common import XeroCommon


class TaxCase(XeroCommon):
    """An organisation of a country, its company, taxes and customers."""

    def use(self, country, currency):
        """Work in a company of a country, connected to an organisation there."""
        self.country = self.env.ref(
            f"base.{'uk' if country == 'GB' else country.lower()}"
        )
        money = self.env["res.currency"].with_context(active_test=False)
        money = money.search([("name", "=", currency)])
        money.active = True
        self.company = self.env["res.company"].create(
            {
                "name": f"Trader {country}",
                "country_id": self.country.id,
                "account_fiscal_country_id": self.country.id,
                "currency_id": money.id,
                "tax_calculation_rounding_method": "round_per_line",
            }
        )
        for user in (self.env.user, self.user_accountant, self.user_rep):
            user.company_ids |= self.company
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": [self.company.id]}
        )
        self.group = self.env["account.tax.group"].create(
            {
                "name": "Tax",
                "company_id": self.company.id,
                "country_id": self.country.id,
            }
        )
        self.org = self.xero.add_organisation(
            f"Demo Company ({country})", country=country, currency=currency
        )
        self.connection = self._connect(self.org, self.company)
        self.connection = self.connection.with_env(self.env)
        self.pull("Accounts", "TaxRates", "Currencies")
        self.connection._set_defaults()
        self.product = self.product.with_env(self.env)
        return self.connection

    def make_tax(self, name, amount, description="", **vals):
        """Return a sale tax, named as in Odoo's chart of the country."""
        return self.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "description": description,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
                "country_id": self.country.id,
                "tax_group_id": self.group.id,
                **vals,
            }
        )

    def make_position(self, name, taxes, instead_of, **vals):
        """Return a fiscal position that customers get by where they are.

        :param taxes: what they get instead
        :param instead_of: the tax of the product
        """
        position = self.env["account.fiscal.position"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "auto_apply": True,
                **vals,
            }
        )
        taxes.write({"original_tax_ids": [Command.set(instead_of.ids)]})
        position.tax_ids = taxes
        return position

    def row_of(self, *taxes, position=None):
        """Return the row of the mapping for these taxes."""
        taxes = self.env["account.tax"].union(*taxes)
        position = position or self.env["account.fiscal.position"]
        key = self.env["xero.tax.map"]._make_key(taxes, position)
        return self.connection.tax_map_ids.filtered(lambda row: row.tax_key == key)

    def rate(self, tax_type):
        """Return the mirrored Xero tax rate of a type."""
        rates = self.connection.tax_rate_ids
        return rates.filtered(lambda rate: rate.tax_type == tax_type)

    def sell(self, price=100.0, product_tax=None, **partner):
        """Return the order of a new customer, as it is when confirmed."""
        customer = self.env["res.partner"].create(
            {
                "name": f"Customer {len(self.org.invoices)}{partner.get('name', '')}",
                "email": "buyer@example.com",
                "is_company": True,
                **{k: v for k, v in partner.items() if k != "name"},
            }
        )
        if product_tax is not None:
            self.product.taxes_id = product_tax
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": price})
                ],
            }
        )
        order.action_confirm()
        return order

    def assertRefused(self, sentence, record, field, value):
        """Writing a value is refused, and changes nothing."""
        with self.assertRaises(ValidationError) as caught:
            record[field] = value
        self.assertIn(sentence, str(caught.exception))

    def invoice(self, order):
        """Send the order's invoice; return it as Xero has it."""
        order.action_create_xero_invoice()
        invoice = order.xero_invoice_ids
        self.assertFalse(invoice.xero_error)
        return self.org.invoices[invoice.xero_id]

    def assertInvoiced(self, order, tax_type, total):
        wire = self.invoice(order)
        [line] = wire["LineItems"]
        self.assertEqual((line["TaxType"], str(wire["Total"])), (tax_type, total))
        self.assertEqual(float(wire["Total"]), order.amount_total)
