from odoo import models

from ..const import LOOK_UP
from ..mapping.matching import Match
from .product_product_sync import CODED, TAX_TYPES


class ProductProduct(models.Model):
    """Product variants and Xero items: what arrives, and which product it is."""

    _inherit = "product.product"

    # === WHAT ARRIVES === #

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`."""
        data, references = payload, self._get_xero_references()
        vals = {
            "default_code": data.code,
            "name": data.name or data.code,
            "description_sale": data.description or False,
            "description_purchase": data.purchase_description or False,
            "sale_ok": data.is_sold,
            "purchase_ok": data.is_purchased,
            "list_price": self._get_price_from_xero(data, "sale_price"),
            "standard_price": self._get_price_from_xero(data, "purchase_price"),
            "xero_account_id": references.accounts.get(data.sale_account, False),
            "xero_purchase_account_id": references.accounts.get(
                data.purchase_account, False
            ),
            "xero_quantity_on_hand": float(data.quantity_on_hand or 0),
            "xero_is_tracked": data.is_tracked,
        }
        for name, known, wanted in (
            ("taxes_id", references.sale_taxes, data.sale_tax_type),
            ("supplier_taxes_id", references.purchase_taxes, data.purchase_tax_type),
        ):
            if tax_id := known.get(wanted):
                vals[name] = self._replace_tax(self[name], tax_id)
        return vals

    def _get_price_from_xero(self, data, name):
        if not self._has_xero_currency(name):
            return 0.0
        price = float(getattr(data, name) or 0)
        return price - self.price_extra if name == "sale_price" else price

    def _replace_tax(self, taxes, tax_id):
        """Return tax ids: the company's own are replaced, those of others stay. A
        tuple, which the ORM takes as a command to set them."""
        mine = self._get_xero_references().companies
        others = taxes.filtered(lambda tax: tax.company_id not in mine)
        return tuple(sorted({*others.ids, tax_id}))

    def _filter_vals(self, vals, data_fields):
        """See `xero.two.way.mixin`. Taxes are lists, which it cannot compare."""
        taxes = {
            name: vals.pop(name)
            for name in ("taxes_id", "supplier_taxes_id")
            if name in vals
        }
        kept = super()._filter_vals(vals, data_fields)
        for key in set(TAX_TYPES) & set(data_fields):
            [name] = self._xero_fields[key]
            if name in taxes and set(taxes[name]) != set(self[name].ids):
                kept[name] = taxes[name]
        return kept

    def _plan_merge(self, connection, change, base, choices=None):
        """See `xero.two.way.mixin`. Where one side names a tax or account that the
        other does not know, both agree to differ: only a change is sent."""
        result = super()._plan_merge(connection, change, base, choices)
        ours = self._get_xero_data()
        for name in set(CODED) - self._get_xero_map(connection).off:
            if name not in change.base:
                known = (base or {}).get(name)
                value = known or getattr(ours, name) or getattr(change.data, name)
                change.base[name] = value
        return result

    def _plan_unlinked(self, connection, match, record, data):
        """See `xero.two.way.mixin`. A new product has Odoo's default taxes where Xero's
        are not known; they are not sent back."""
        change = super()._plan_unlinked(connection, match, record, data)
        if change.operation == "create":
            references = self._get_xero_references()
            company = references.company
            for name, taxes in (
                ("sale_tax_type", company.account_sale_tax_id),
                ("purchase_tax_type", company.account_purchase_tax_id),
            ):
                change.base.setdefault(name, references.get_tax_type(taxes))
        return change

    # === WHO IS WHO === #

    def _match_xero(self, connection, datas):
        # Xero takes "abc" and "ABC" for one code.
        codes = {data.code for data in datas}
        codes |= {code.lower() for code in codes} | {code.upper() for code in codes}
        products = self.with_context(active_test=False).search(
            [
                ("default_code", "in", list(codes)),
                ("company_id", "in", (False, connection.company_id.id)),
                ("xero_do_not_sync", "=", False),
            ]
        )
        links = self.env["xero.link"]._of(products, connection)
        taken = set(links.filtered("xero_id").mapped("res_id"))
        free = products.filtered(lambda product: product.id not in taken)
        by_code = free.grouped(lambda product: product.default_code.casefold())
        none = self.browse()
        return {
            data.xero_id: self._match_code(by_code.get(data.code.casefold(), none))
            for data in datas
        }

    def _match_code(self, products):
        """An archived product counts where no other has its code: a new one of the
        same code would be its duplicate."""
        products = products.filtered("active") or products
        if len(products) > 1:
            return Match(id=None, rule="code", ambiguous_ids=tuple(products.ids))
        return Match(id=products.id or None, rule="code", ambiguous_ids=())

    def _before_xero_push(self, connection, links):
        """Items have no pages: one call brings all that changed, and links them."""
        way = self.env.context.get(LOOK_UP)
        if way == "done":
            return None
        if way == "each":
            return super()._before_xero_push(connection, links)
        if links.filtered(lambda link: not link.xero_id):
            self.env["xero.push"]._fetch_list(connection, "Items")
        return None

    def _find_in_xero(self, connection, link):
        """Ask for the item of this internal reference, if it is no other product's."""
        page = self.env["xero.gateway"]._call(connection, "get_page", "Items")
        code = self._get_xero_data().code
        rows = [row for row in page.items if row.get("Code") == code]
        ids = [row["ItemID"] for row in rows]
        taken = self.env["xero.link"]._find(connection, "Items", ids)
        return next((row for row in rows if row["ItemID"] not in taken), None)
