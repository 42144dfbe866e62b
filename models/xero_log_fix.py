from odoo import models
from odoo.exceptions import UserError


class XeroLog(models.Model):
    """Fix: leads from a row of the log to where its problem is put right."""

    _inherit = "xero.log"

    def action_fix(self):
        """Open where the problem of this row is put right."""
        self.ensure_one()
        opener = getattr(self, f"_fix_{self.fix or 'record'}", self._fix_record)
        return opener()

    def _fix_record(self):
        return self.action_open_record()

    def _fix_connection(self):
        return self._open("xero.connection", self.connection_id.id)

    def _fix_reconnect(self):
        return self._fix_connection()

    def _fix_account(self):
        """The default account, alone in a dialog."""
        return self._open_field(
            self.env._("Default Sales Account"),
            "xero.connection",
            self.fix_id or self.connection_id.id,
            "xero_crm.xero_connection_view_form_account",
        )

    def _fix_product_account(self):
        """The account of a product, alone in a dialog."""
        return self._open_field(
            self.env._("Xero Sales Account"),
            "product.product",
            self.fix_id,
            "xero_crm.product_product_view_form_account",
        )

    def _fix_plan(self):
        """As what invoices are created, alone in a dialog: drafts are not counted."""
        return self._open_field(
            self.env._("Create Invoices As"),
            "xero.connection",
            self.connection_id.id,
            "xero_crm.xero_connection_view_form_status",
        )

    def _fix_email(self):
        """The e-mail of a customer, alone in a dialog."""
        return self._open_field(
            self.env._("E-Mail of the Customer"),
            "res.partner",
            self.fix_id,
            "xero_crm.res_partner_view_form_xero_email",
        )

    def _fix_number(self):
        """The number of an invoice that Xero has given away already."""
        invoice = self.env["xero.invoice"].browse(self.fix_id)
        return self.env["xero.invoice.number"]._open(invoice)

    def _fix_taxes(self):
        """The mapping of the taxes of an order line, which gets its row now."""
        line = self.env["sale.order.line"].browse(self.fix_id)
        maps = self.env["xero.tax.map"].sudo()
        self.fix_id = maps._ensure(self.connection_id, line.tax_ids._origin).id
        return self._fix_tax_map()

    def _fix_lock_date(self):
        """Lock dates are moved in Xero alone."""
        return self._open_in_xero("/Settings")

    def _fix_currency(self):
        """Currencies are added in Xero alone."""
        return self._open_in_xero("/Settings")

    def _fix_xero_settings(self):
        return self._open_in_xero("/Settings")

    def _fix_partner(self):
        return self._open("res.partner", self.fix_id)

    def _fix_xero_contact(self):
        """The contact in Xero: of the customer to fix, or the one of this row."""
        xero_id = self.xero_id
        if self.fix_id:
            partner = self.env["res.partner"].browse(self.fix_id)
            links = self.env["xero.link"].sudo()._of(partner, self.connection_id)
            xero_id = links.xero_id
        return self._open_in_xero(f"/Contacts/View/{xero_id}")

    def _open_in_xero(self, path):
        url = self.connection_id.sudo()._get_web_url(path)
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _fix_merge_partners(self):
        """Open Odoo's merge of customers with the two of this row."""
        ids = [self.res_id, self.fix_id]
        if not self.env["base.partner.merge.automatic.wizard"].has_access("create"):
            raise UserError(
                self.env._(
                    "You may not merge customers in Odoo: ask somebody who has the "
                    "right Contact Creation."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_merge"
        )
        action["context"] = {"active_model": "res.partner", "active_ids": ids}
        return action

    def _fix_product(self):
        return self._open("product.product", self.fix_id)

    def _fix_tracking(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_tracking_map_action"
        )
        if self.fix_id:
            action["domain"] = [("category_id", "=", self.fix_id)]
            action["context"] = {"default_category_id": self.fix_id}
        return action

    def _fix_team(self):
        return self._open("crm.team", self.fix_id)

    def _fix_category(self):
        return self._open("product.category", self.fix_id)

    def _fix_account_map(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_account_map_action"
        )
        action["domain"] = [
            ("connection_id", "=", self.connection_id.id),
            ("fiscal_position_id", "=", self.fix_id),
        ]
        return action

    def _fix_order(self):
        return self._open("sale.order", self.fix_id)

    def _fix_quote(self):
        return self._open("xero.quote", self.fix_id)

    def _fix_tax_map(self):
        """Open the mapping at the row that waits, or at all that wait."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_tax_map_action"
        )
        row = self.env["xero.tax.map"].browse(self.fix_id).exists()
        mine = [("connection_id", "=", self.connection_id.id)]
        action["domain"] = [("id", "=", row.id)] if row else mine
        action["context"] = {"default_connection_id": self.connection_id.id}
        return action

    def _fix_match(self):
        """The contact that waits: named by its id in Xero, or by what was held."""
        matches = self.env["xero.match"]
        match = matches.browse(self.fix_id).exists() or matches.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("xero_id", "=", self.xero_id),
            ],
            limit=1,
        )
        if match:
            return self._open("xero.match", match.id)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_match_action"
        )

    def _open_field(self, name, model, res_id, view):
        """Open a dialog with the one field that a problem is about.

        :param str name: title of the dialog
        :param str view: XML id of the form
        """
        return {
            **self._open(model, res_id),
            "name": name,
            "views": [(self.env.ref(view).id, "form")],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    def _open(self, model, res_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }
