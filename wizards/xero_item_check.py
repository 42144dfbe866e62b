from odoo import api, fields, models
from odoo.exceptions import AccessError

QUIET = ("same", "excluded")


class XeroItemCheck(models.TransientModel):
    """Compares products with their Xero items, and tries a sale of each."""

    _name = "xero.item.check"
    _description = "Xero Mapping Check"
    _rec_name = "connection_id"

    connection_id = fields.Many2one("xero.connection", "Organisation", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    all_products = fields.Boolean(
        readonly=True, help="All products are compared; those that fit are not listed."
    )
    product_count = fields.Integer("Compared", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        help="Who buys in the test sale, with their fiscal position and price list.",
    )
    line_ids = fields.One2many("xero.item.check.line", "check_id", "Products")
    sale_ids = fields.One2many("xero.item.check.sale", "check_id", "Test Sale")
    same_count = fields.Integer("In Step", compute="_compute_counts")
    differ_count = fields.Integer("To Look At", compute="_compute_counts")
    action_count = fields.Integer("Suggestions", compute="_compute_counts")

    @api.depends("line_ids.state", "line_ids.action", "product_count")
    def _compute_counts(self):
        for check in self:
            lines = check.line_ids
            check.differ_count = len(lines.filtered(lambda r: r.state not in QUIET))
            check.same_count = check.product_count - check.differ_count
            check.action_count = len(lines.filtered("action"))

    # === CRUD METHODS === #

    def write(self, vals):
        """:raise AccessError: if a person writes more than who buys: another company's
        organisation, say"""
        if not self.env.su and set(vals) - {"partner_id", "line_ids"}:
            raise AccessError(self.env._("Only the customer can be chosen here."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_check_again(self):
        """Compare again, in one call."""
        self.ensure_one()
        self.check_access("write")
        products = self.line_ids.product_id
        if self.all_products:
            products = self._get_all_products()
            self.sudo().line_ids.unlink()
        self.sudo()._compare(products)
        return True

    def action_apply_all(self):
        """Carry out what is chosen on each line.

        :raise UserError: if nothing can be sent now, or Xero does not answer
        """
        self.ensure_one()
        self.check_access("write")
        self.line_ids.filtered("action")._apply()
        return True

    def action_test_sale(self):
        """Try a sale of each product: nothing is stored, nothing is sent."""
        self.ensure_one()
        self.check_access("write")
        connection = self.connection_id.sudo()
        partner = self.partner_id or self.company_id.partner_id
        products = self.line_ids.product_id.sudo()._in_xero(connection)
        rows = [
            {
                "check_id": self.id,
                "product_id": product.id,
                **product._test_xero_sale(connection, partner.sudo()),
            }
            for product in products.filtered("sale_ok")
        ]
        self.sudo().sale_ids.unlink()
        self.sudo().sale_ids.create(rows)
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, connection, products=None):
        """Compare products with the items of a connection, and show the result.

        :param products: `product.product`; all that may be items when None
        :raise UserError: if it is not connected, or Xero does not answer
        """
        connection._check_exists()
        connection._check_connected()
        check = self.sudo().create(
            {"connection_id": connection.id, "all_products": products is None}
        )
        check._compare(check._get_all_products() if products is None else products)
        return check._get_action()

    def _get_all_products(self):
        """Return the products that are items, or might be."""
        products = self.env["product.product"].with_context(active_test=False)
        domain = products._get_xero_audit_domain(self.connection_id)
        domain &= fields.Domain("active", "=", True)
        links = self.env["xero.link"].sudo()
        linked = links._search(
            [("connection_id", "=", self.connection_id.id), ("resource", "=", "Items")]
        )
        return products.search(
            domain | fields.Domain("id", "in", linked.subselect("res_id"))
        )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Xero Mapping Check"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _get_datas(self):
        """Return all items as `ItemData`: one call, for Xero has no pages of them."""
        pull = self.env["xero.pull"]
        with self.env["xero.log"]._explained():
            page = pull._fetch(self.connection_id, "Items")
        model = pull._get_model(self.connection_id, "Items")
        _refused, datas = pull._read_payloads(model, page.items)
        return datas

    def _compare(self, products, datas=None):
        """Write a line for each product, in place of the one it has.

        :param products: `product.product`
        :param datas: `ItemData` of all items; fetched when None
        """
        datas = self._get_datas() if datas is None else datas
        rows = products.sudo()._compare_with_xero(self.connection_id, datas)
        self.product_count = max(self.product_count, len(rows))
        known = {line.product_id.id: line for line in self.line_ids}
        new = []
        for row in rows:
            product_id = row.pop("res_id")
            if self.all_products and row["state"] == "unlinked" and not row["xero_id"]:
                row["action"] = False  # whether it is wanted in Xero, a person knows
            if line := known.get(product_id):
                line.write(row)
            elif not self.all_products or row["state"] not in QUIET:
                new.append({"check_id": self.id, "product_id": product_id, **row})
        self.line_ids.create(new)
