from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What a person chooses; all else is what was found.
CHOICES = frozenset({"action", "new_code"})
# What needs a person comes first.
RANKS = {
    "no_code": 1,
    **dict.fromkeys(("unlinked", "archived"), 2),
    **dict.fromkeys(("same", "sent", "excluded"), 3),
}


class XeroItemCheckLine(models.TransientModel):
    """One product beside its Xero item: what differs, and what to do about it."""

    _name = "xero.item.check.line"
    _description = "Product Beside Its Xero Item"
    _order = "rank, id"

    check_id = fields.Many2one(
        "xero.item.check", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    state = fields.Selection(
        [
            ("same", "In Step"),
            ("sent", "Sent"),
            ("differs", "Differs"),
            ("unlinked", "Not Linked"),
            ("gone", "Gone From Xero"),
            ("no_code", "No Code"),
            ("refused", "Refused"),
            ("archived", "Archived"),
            ("excluded", "Excluded"),
        ],
        readonly=True,
    )
    rank = fields.Integer(compute="_compute_rank", store=True)
    differs = fields.Text("What Differs", readonly=True)
    odoo_values = fields.Text("In Odoo", readonly=True)
    xero_values = fields.Text("In Xero", readonly=True)
    message = fields.Text(readonly=True)
    xero_id = fields.Char(readonly=True)
    action = fields.Selection(
        [
            ("send", "Send to Xero"),
            ("fetch", "Fetch from Xero"),
            ("merge", "Merge Both"),
            ("link", "Link Again"),
            ("code", "Give Code"),
            ("restore", "Unarchive"),
            ("exclude", "Do Not Sync"),
        ],
        "What to Do",
    )
    new_code = fields.Char(help="The internal reference that the product is to have.")

    @api.depends("state")
    def _compute_rank(self):
        for line in self:
            line.rank = RANKS.get(line.state, 0)

    def write(self, vals):
        """:raise AccessError: if a person writes what was found"""
        if not self.env.su and set(vals) - CHOICES:
            raise AccessError(self.env._("Only what to do can be chosen in this list."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_apply(self):
        """Carry out what is chosen on this line.

        :raise UserError: if nothing is chosen, or it cannot be done now
        """
        self.check_access("write")
        if not self.filtered("action"):
            raise UserError(self.env._("Choose what to do with the product first."))
        self.filtered("action")._apply()
        return True

    def action_open_record(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.product",
            "res_id": self.product_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _apply(self):
        """Carry out the chosen actions: each kind for all its products at once."""
        check = self.check_id
        connection = check.connection_id.sudo()
        connection._check_connected()
        products = self.product_id
        products.check_access("read")
        kinds = self.grouped("action")
        if {"send", "merge"} & set(kinds):
            connection._check_can_send()
        datas = check.sudo()._get_datas()
        for kind, lines in kinds.items():
            getattr(lines, f"_apply_{kind}")(connection, datas)
        # What was sent goes after this transaction: Check Again shows how it went.
        sent = self.filtered(lambda line: line.action in ("send", "merge")).sudo()
        self.sudo().write({"action": False, "new_code": False})
        sent.write({"state": "sent", "message": False})
        if rest := products - sent.product_id:
            check.sudo()._compare(rest)

    def _get_links(self, connection):
        products = self.sudo().product_id
        return self.env["xero.link"].sudo()._ensure(connection, products)

    def _apply_send(self, connection, datas):
        links = self._get_links(connection)
        by_id = {data.xero_id: data for data in datas}
        self.sudo().product_id._force_to_xero(connection, links, by_id)
        self.env["xero.push"].sudo()._flush_after_commit(links)

    def _apply_fetch(self, connection, datas):
        links = self._get_links(connection).filtered("xero_id")
        self.sudo().product_id._force_from_xero(connection, links)

    def _apply_merge(self, connection, datas):
        links = self._get_links(connection)
        self.env["xero.pull"].sudo()._pull_records_or_explain(
            connection, "Items", links.mapped("xero_id")
        )
        waiting = links.filtered(lambda link: link.state == "pending")
        self.env["xero.push"].sudo()._flush_after_commit(waiting)

    def _apply_link(self, connection, datas):
        xero_ids = {line.product_id.id: line.xero_id for line in self}
        self.sudo().product_id._link_again(connection, xero_ids)

    def _apply_code(self, connection, datas):
        for line in self:
            if not line.new_code:
                raise UserError(
                    self.env._(
                        "Enter the new code of %(product)s first.",
                        product=line.product_id.display_name,
                    )
                )
            line.product_id.default_code = line.new_code

    def _apply_restore(self, connection, datas):
        self.product_id.action_unarchive()

    def _apply_exclude(self, connection, datas):
        # By the right to work the outbox: accountants may not edit products.
        self.sudo().product_id.xero_do_not_sync = True
