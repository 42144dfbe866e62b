from odoo import api, models
from odoo.exceptions import UserError

# What is put right by changing a customer or a product, whichever field it is.
FIXED_WITH = {
    "partner": ["partner", "email", "xero_contact"],
    "product": ["product", "product_account"],
}


class XeroLog(models.Model):
    """What people can do with rows of the log, and what a correction sets off."""

    _inherit = "xero.log"

    def action_resync(self):
        """Try again what these rows are about: send the record, or fetch it."""
        for connection, logs in self.grouped("connection_id").items():
            connection._check_connected()
            logs._refetch(connection)
        links = self._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def _requeue(self):
        """Put what these rows failed to send into the outbox again, with the customers
        and items that their invoices wait for.

        :return: `xero.link`
        """
        links = self.env["xero.link"].sudo()
        for log in self:
            links |= log._get_link()
        return links._requeue()

    @api.model
    def _retry_fixed(self, fix, ids):
        """What waited for a correction goes on by itself once it was made.

        :param str fix: kind of fix, as in `Problem`
        :param list ids: records that were corrected
        """
        rows = self.sudo().search(
            [
                ("state", "=", "error"),
                ("direction", "=", "push"),
                ("fix", "in", FIXED_WITH.get(fix, [fix])),
                ("fix_id", "in", ids),
            ]
        )
        if rows:
            rows._requeue()._wake_cron()

    def _get_link(self):
        """Return the link of the record that failed to be sent."""
        self.ensure_one()
        links = self.env["xero.link"].sudo()
        if self.direction != "push" or not self.res_id:
            return links
        return links.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
            ],
            limit=1,
        )

    def _refetch(self, connection):
        """Fetch again the Xero records that these rows failed to take over."""
        pull = self.env["xero.pull"].sudo()
        rows = self.filtered(lambda log: log.direction == "pull" and log.xero_id)
        for resource, logs in rows.grouped("resource").items():
            pull._pull_records(connection, resource, logs.mapped("xero_id"))
        if self.filtered(lambda log: log.operation == "fetch"):
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
            self.env["xero.webhook.event"].sudo()._retry(connection)

    def action_resolve(self):
        """Mark as resolved: a person has looked after it."""
        rows = self.filtered(lambda log: log.state in ("error", "conflict"))
        rows.sudo().write({"state": "resolved", "resolved_by_id": self.env.uid})
        return True

    def action_do_not_sync(self):
        """Exclude the records of these rows from syncing."""
        for model_name, logs in self.grouped("res_model").items():
            if model_name and "xero_do_not_sync" in self.env[model_name]._fields:
                records = self.env[model_name].browse(logs.mapped("res_id")).exists()
                records.sudo().write({"xero_do_not_sync": True})
        return self.action_resolve()

    def action_keep_odoo(self):
        """Settle what is disputed of these records: Odoo's values go to Xero."""
        return self._settle_conflicts(lambda rows: rows.action_keep_odoo())

    def action_keep_xero(self):
        """Settle what is disputed of these records: Xero's values come to Odoo."""
        return self._settle_conflicts(lambda rows: rows.action_keep_xero())

    def action_review_conflicts(self):
        """Show what is disputed of this row's record, side by side."""
        self.ensure_one()
        conflicts = self._get_conflicts()
        if not conflicts:
            raise UserError(self.env._("Nothing of this record is disputed any more."))
        return conflicts.link_id._open_review()

    def _get_conflicts(self):
        """Return what is disputed of the records of these rows.

        :return: `xero.conflict`
        """
        links = self.env["xero.link"]
        rows = self.filtered(lambda log: log.state == "conflict" and log.res_id)
        for connection, logs in rows.grouped("connection_id").items():
            for resource, some in logs.grouped("resource").items():
                found = links._find(connection, resource, some.mapped("xero_id"))
                links = links.union(*found.values())
        return links.conflict_ids

    def _settle_conflicts(self, keep):
        rows = self.filtered(lambda log: log.state == "conflict" and log.res_id)
        outcome = keep(rows._get_conflicts())
        # What either side has left behind meanwhile is told in a new row.
        rows.filtered(lambda log: not log._get_conflicts()).action_resolve()
        rows.sudo().write({"resolved_by_id": self.env.uid})
        return outcome

    def action_open_record(self):
        """Open the record that this row is about."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            raise UserError(self.env._("This row is not about a record in Odoo."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
