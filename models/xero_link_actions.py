from odoo import models


class XeroLink(models.Model):
    """What people can do with a link."""

    _inherit = "xero.link"

    def action_resync(self):
        """Send again, at once."""
        self.check_access("read")
        links = self.sudo()._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_do_not_sync(self):
        """Exclude the records of these links from syncing."""
        for model_name, links in self.grouped("res_model").items():
            # By the right to work the outbox: accountants may not edit products.
            records = self.env[model_name].sudo().browse(links.mapped("res_id"))
            records.exists().write({"xero_do_not_sync": True})
        return True

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_open_in_xero(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_keep_odoo(self):
        """Settle the conflicts of these records: Odoo's values go to Xero."""
        return self.conflict_ids.action_keep_odoo()

    def action_keep_xero(self):
        """Settle the conflicts of these records: Xero's values come to Odoo."""
        return self.conflict_ids.action_keep_xero()

    def action_review_conflicts(self):
        """Show what is disputed of this record, side by side."""
        return self._open_review()
