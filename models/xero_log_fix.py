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

    def _fix_account(self):
        return self._fix_connection()

    def _fix_partner(self):
        return self._open("res.partner", self.fix_id)

    def _fix_xero_contact(self):
        return {
            "type": "ir.actions.act_url",
            "url": self.connection_id._get_web_url(f"/Contacts/View/{self.xero_id}"),
            "target": "new",
        }

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

    def _open(self, model, res_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }
