from odoo import api, fields, models
from odoo.tools import float_repr

from ..mapping.item import PURCHASE_SIDE, SALE_SIDE, TRACKED_READ_ONLY, ItemData
from .xero_change import Problem
from .xero_item_references import ItemReferences

# Held by the template, which several variants may share.
TEMPLATE_FIELDS = (
    "name",
    "description",
    "purchase_description",
    "sale_price",
    "sale_tax_type",
    "purchase_tax_type",
    "is_sold",
    "is_purchased",
)
PRICE_DIGITS = 4  # of Xero's items, asked for with unitdp=4
PRICES = {"sale_price": "lst_price", "purchase_price": "standard_price"}
TAX_TYPES = ("sale_tax_type", "purchase_tax_type")
# What Xero names by a code that Odoo may not know.
CODED = (*TAX_TYPES, "sale_account", "purchase_account")


class ProductProduct(models.Model):
    """Product variants and Xero items: what is sent, and which fields may flow."""

    _name = "product.product"
    _inherit = ["product.product", "xero.two.way.mixin"]

    _xero_resource = "Items"
    _xero_data = ItemData
    _xero_fields = {
        "code": ("default_code",),
        "name": ("name",),
        "description": ("description_sale",),
        "purchase_description": ("description_purchase",),
        "sale_price": ("list_price", "lst_price"),
        "sale_account": ("xero_account_id",),
        "sale_tax_type": ("taxes_id",),
        "purchase_price": ("standard_price",),
        "purchase_account": ("xero_purchase_account_id",),
        "purchase_tax_type": ("supplier_taxes_id",),
        "is_sold": ("sale_ok",),
        "is_purchased": ("purchase_ok",),
    }
    _xero_fix = "product"
    _xero_unique = ("code",)

    xero_twin_ids = fields.Many2many(
        "product.product",
        compute="_compute_xero_twin_ids",
        string="Products With the Same Code",
        groups="xero_crm.group_xero_user",
    )

    @api.depends("default_code", "company_id", "xero_do_not_sync")
    @api.depends_context("company")
    def _compute_xero_twin_ids(self):
        """Others of the same internal reference: Xero has each code once."""
        groups = self.sudo()._read_group(
            [
                ("default_code", "in", list(set(self.mapped("default_code")))),
                ("default_code", "!=", False),
                ("xero_do_not_sync", "=", False),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            ["default_code"],
            ["id:array_agg"],
            having=[("__count", ">", 1)],
        )
        by_code = dict(groups)
        for product in self:
            twins = by_code.get(product.default_code, ())
            product.xero_twin_ids = self.browse(twins) - product._origin

    # === IN WHICH ORGANISATION === #

    def _in_xero(self, connection):
        """See `xero.sync.mixin`. Accounts and taxes are looked up once for all."""
        known = self.env.context.get("xero_references")
        if known and known.connection == connection:
            return self
        references = ItemReferences(connection.sudo())
        return super()._in_xero(connection).with_context(xero_references=references)

    def _get_xero_references(self):
        known = self.env.context.get("xero_references")
        if known:
            return known
        connections = self.env["xero.connection"]
        return ItemReferences(connections._get_for_company(self.env.company))

    def _plan_xero_push(self, connection, change):
        products = self._in_xero(connection)
        return super(ProductProduct, products)._plan_xero_push(connection, change)

    def _after_xero_push(self, connection, change, element):
        products = self._in_xero(connection)
        return super(ProductProduct, products)._after_xero_push(
            connection, change, element
        )

    def _adopt_from_xero(self, connection, link, payload):
        products = self._in_xero(connection)
        return super(ProductProduct, products)._adopt_from_xero(
            connection, link, payload
        )

    # === WHAT IS SENT === #

    def _get_xero_domain(self, connection):
        return fields.Domain(
            [
                ("default_code", "!=", False),
                ("xero_do_not_sync", "=", False),
                ("company_id", "in", (False, connection.company_id.id)),
                ("sale_ok", "=", True),
            ]
        )

    def _get_xero_data(self):
        self.ensure_one()
        references = self._get_xero_references()
        product = self.with_context(lang="en_US")
        return ItemData(
            code=product.default_code or "",
            name=product.xero_item_name or "",
            description=product.description_sale or "",
            purchase_description=product.description_purchase or "",
            sale_price=self._get_xero_price("sale_price"),
            sale_account=self._get_xero_account_code("xero_account_id"),
            sale_tax_type=references.get_tax_type(product.taxes_id),
            purchase_price=self._get_xero_price("purchase_price"),
            purchase_account=self._get_xero_account_code("xero_purchase_account_id"),
            purchase_tax_type=references.get_tax_type(product.supplier_taxes_id),
            is_sold=product.sale_ok,
            is_purchased=product.purchase_ok,
            is_tracked=product.xero_is_tracked,
        )

    def _get_xero_price(self, name):
        """Return a price to the four decimals that Xero keeps, for Odoo rounds prices
        on the screen only; None where it is in another currency than Xero's: it is
        neither sent nor fetched then."""
        if not self._has_xero_currency(name):
            return None
        return float_repr(self[PRICES[name]], PRICE_DIGITS)

    def _has_xero_currency(self, name):
        references = self._get_xero_references()
        if name == "purchase_price":
            currency = (self.company_id or self.env.company).currency_id
        else:
            currency = self.company_id.currency_id or references.main_currency
        return references.is_base_currency(currency)

    def _get_xero_account_code(self, name):
        account = self[name]
        connection = self._get_xero_references().connection
        return account.code or "" if account.connection_id == connection else ""

    def _get_xero_values(self, data=None):
        """See `xero.sync.mixin`. Left out is what one side does not say: a price in
        another currency, taxes that are not mapped, the side that is switched off.

        Xero knows items without a price, Odoo a price of 0: both mean that there is
        none.
        """
        mine = data is None
        data = data or self._get_xero_data()
        values = super()._get_xero_values(data)
        for name in PRICES:
            if values.get(name) == "0":
                values[name] = None
        for name in self._get_xero_unsaid(data, mine):
            values.pop(name, None)
        return values

    def _get_xero_unsaid(self, data, mine):
        unsaid = set()
        if not data.is_sold:
            unsaid |= set(SALE_SIDE)
        if not data.is_purchased:
            unsaid |= set(PURCHASE_SIDE)
        if mine:
            unsaid |= {name for name in TAX_TYPES if not getattr(data, name)}
            unsaid |= {name for name in PRICES if not self._has_xero_currency(name)}
            return unsaid
        references = self._get_xero_references()
        known = (
            references.sale_taxes,
            references.purchase_taxes,
            {"": False, **references.accounts},
            {"": False, **references.accounts},
        )
        pairs = zip(CODED, known, strict=True)
        return unsaid | {name for name, ids in pairs if getattr(data, name) not in ids}

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`. Xero wants the code with each change, and a side that
        is switched on whole: it emptied it when it was switched off."""
        self.ensure_one()
        if changed is not None:
            changed = changed | {"code"}
            for flag, side in (("is_sold", SALE_SIDE), ("is_purchased", PURCHASE_SIDE)):
                if flag in changed:
                    changed = changed.union(side)
        data = data or self._in_xero(connection)._get_xero_data()
        return data.to_xero(changed)

    def _get_xero_unwritable(self, data=None):
        """See `xero.sync.mixin`. Xero keeps tracked inventory itself."""
        is_tracked = data.is_tracked if data else self.xero_is_tracked
        return TRACKED_READ_ONLY if is_tracked else ()

    def _get_xero_odoo_only(self):
        """See `xero.sync.mixin`. What variants share is Odoo's, and the cost where
        Odoo computes it from stock moves."""
        fixed = TEMPLATE_FIELDS if self._is_xero_variant() else ()
        return (*fixed, "purchase_price") if "cost_method" in self._fields else fixed

    # === WHAT XERO WOULD REFUSE === #

    def _get_xero_refusals(self, connection):
        """See `xero.sync.mixin`. Of products with one code, one is the item."""
        product = self._in_xero(connection)
        found = super(ProductProduct, product)._get_xero_refusals(connection)
        if twins := product.xero_twin_ids:
            links = product.sudo().xero_link_ids
            if not links.filtered(
                lambda r: r.connection_id == connection and r.xero_id
            ):
                sentence = self.env._(
                    "%(names)s has the same internal reference, and Xero has each code "
                    "once.",
                    names=", ".join(twins[:3].mapped("name")),
                )
                found.append(("code", sentence))
        return found

    def _get_xero_problem(self, connection):
        problems = self._get_xero_refusals(connection)
        if not problems:
            return None
        return Problem(
            self.env._(
                "%(name)s cannot go to Xero: %(why)s",
                name=self.display_name[:60],
                why=" ".join(sentence for _field, sentence in problems),
            ),
            self.env._("Correct the product, then press Resync."),
            fix="product",
            fix_id=self.id,
        )
