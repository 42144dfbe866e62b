from functools import cached_property


class ItemReferences:
    """What items name by code in Xero, as Odoo's records: accounts and taxes.

    Lives for one page or batch, in the context: looked up once, whatever its length.
    """

    def __init__(self, connection):
        """
        :param connection: `xero.connection`, one record or none
        """
        self.connection = connection
        self.company = connection.company_id

    @cached_property
    def companies(self):
        """The company and those above it, whose taxes it uses as well."""
        return self.company.parent_ids

    @cached_property
    def main_currency(self):
        """Currency of the prices of products that belong to no company."""
        return self.company._get_main_company().currency_id

    @cached_property
    def accounts(self):
        """Account ids by code."""
        return {a.code: a.id for a in self.connection.account_ids if a.code}

    @cached_property
    def _rows(self):
        """The mapping of single taxes, wherever they are sold: an item has one."""
        return self.connection.tax_map_ids.filtered(
            lambda row: (
                row.tax_id and not row.further_tax_ids and not row.fiscal_position_id
            )
        )

    @cached_property
    def tax_types(self):
        """Xero's tax types by the id of the tax that is mapped to them."""
        rows = self._rows.filtered("tax_rate_id.active")
        return {row.tax_id.id: row.tax_rate_id.tax_type for row in rows}

    @cached_property
    def sale_taxes(self):
        """Ids of sale taxes by Xero's tax type."""
        return self._get_taxes("sale", self.company.account_sale_tax_id)

    @cached_property
    def purchase_taxes(self):
        """Ids of purchase taxes by Xero's tax type."""
        return self._get_taxes("purchase", self.company.account_purchase_tax_id)

    def get_tax_type(self, taxes):
        """Return the tax type of a product's taxes; '' where it is not one's alone."""
        mine = [tax for tax in taxes if tax.company_id in self.companies]
        return self.tax_types.get(mine[0].id, "") if len(mine) == 1 else ""

    def is_base_currency(self, currency):
        """Whether prices in a currency are Xero's prices: items carry none of their
        own, and converting would change them with every day's rate."""
        base = self.connection.base_currency_id
        return not base or currency == base

    def _get_taxes(self, use, default):
        """Where several taxes are mapped to a type, the company's default one is meant
        if it is among them; else it is not known which."""
        rows = self._rows.filtered(
            lambda row: row.tax_rate_id and row.tax_id.type_tax_use == use
        )
        found = {}
        for tax_type, mine in rows.grouped(lambda r: r.tax_rate_id.tax_type).items():
            taxes = mine.tax_id & default or mine.tax_id
            if len(taxes) == 1:
                found[tax_type] = taxes.id
        return found
