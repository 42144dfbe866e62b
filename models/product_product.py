from odoo import api, fields, models
from odoo.tools import float_repr

from ..mapping.item import ItemData
from ..mapping.matching import Match
from .xero_change import Problem
from .xero_sync_mixin import LOOK_UP


class ProductProduct(models.Model):
    """Product variants and Xero items: matched by internal reference."""

    _name = "product.product"
    _inherit = ["product.product", "xero.two.way.mixin"]

    _xero_resource = "Items"
    _xero_data = ItemData
    _xero_fields = {
        "code": ("default_code",),
        "name": ("name",),
        "description": ("description_sale",),
        "sale_price": ("list_price", "lst_price"),
    }
    _xero_fix = "product"
    _xero_unique = ("code",)

    xero_item_id = fields.Char(
        "Xero Item ID",
        compute="_compute_xero_item_id",
        groups="xero_crm.group_xero_user",
    )
    xero_quantity_on_hand = fields.Float(
        "Xero Quantity on Hand",
        digits="Product Unit",
        readonly=True,
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_account_id = fields.Many2one(
        "xero.account",
        "Xero Sales Account",
        domain="[('is_revenue', '=', True)]",
        groups="xero_crm.group_xero_user",
        help="Account of this product on Xero invoices. "
        "Where it is empty, the connection's default is used.",
    )

    @api.depends("xero_link_ids.xero_id")
    def _compute_xero_item_id(self):
        links = self.env["xero.link"].sudo()._of(self)
        links = links.filtered(lambda link: link.company_id in self.env.companies)
        ids = {link.res_id: link.xero_id for link in links}
        for product in self:
            product.xero_item_id = ids.get(product.id)

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
        product = self.with_context(lang="en_US")
        return ItemData(
            code=product.default_code or "",
            name=product.name or "",
            description=product.description_sale or "",
            sale_price=float_repr(product.lst_price, self._get_price_digits()),
            is_purchased=product.purchase_ok,
        )

    @api.model
    def _get_price_digits(self):
        return self.env["decimal.precision"].precision_get("Product Price")

    def _get_xero_values(self, data=None):
        """See `xero.sync.mixin`. Xero knows items without a price, Odoo a price of 0:
        both mean that there is none."""
        values = super()._get_xero_values(data)
        if values.get("sale_price") == "0":
            values["sale_price"] = None
        return values

    def _prepare_xero_payload(self, connection=None, changed=None):
        """See `xero.sync.mixin`. Xero wants the code with each change."""
        self.ensure_one()
        if changed is not None:
            changed = changed | {"code"}
        return self._get_xero_data().to_xero(changed)

    def _get_xero_problem(self, connection):
        problems = self._get_xero_data().problems()
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

    # === WHAT ARRIVES === #

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`."""
        data = payload
        return {
            "default_code": data.code,
            "name": data.name or data.code,
            "description_sale": data.description or False,
            "sale_ok": data.is_sold,
            "xero_quantity_on_hand": float(data.quantity_on_hand or 0),
            "list_price": float(data.sale_price or 0),
        }

    def _filter_vals(self, vals, data_fields):
        # What Odoo says of a known product stays: Xero only knows whether it is sold.
        vals.pop("sale_ok", None)
        return super()._filter_vals(vals, data_fields)

    def _match_xero(self, connection, datas):
        products = self.search(
            [
                ("default_code", "in", [data.code for data in datas]),
                ("company_id", "in", (False, connection.company_id.id)),
            ]
        )
        links = self.env["xero.link"]._of(products, connection)
        taken = set(links.filtered("xero_id").mapped("res_id"))
        by_code = products.filtered(lambda p: p.id not in taken).grouped("default_code")
        return {
            data.xero_id: self._match_code(by_code.get(data.code, self.browse()))
            for data in datas
        }

    def _match_code(self, products):
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
            self.env["xero.pull"]._pull(connection, ["Items"])
        return None

    def _find_in_xero(self, connection, link):
        """Ask for the item of this internal reference."""
        page = self.env["xero.gateway"]._call(connection, "get_page", "Items")
        code = self._get_xero_data().code
        return next((row for row in page.items if row.get("Code") == code), None)
