from odoo import fields, models

# With more pages than these nobody waits for an audit in front of a frozen screen.
PAGES_IN_REQUEST = 3


class XeroSyncRun(models.Model):
    """A data audit at work: in the request at hand where Xero has few contacts, else in
    the background."""

    _inherit = "xero.sync.run"

    audit_id = fields.Many2one(
        "xero.audit", ondelete="cascade", index="btree_not_null", readonly=True
    )

    def _work_audit(self, step):
        """Read the contacts, then count. Returns whether that was done.

        Nothing is kept of a part: a worker that was killed, or found that there is too
        much for a request, leaves all of it to the next one.
        """
        step.write({"page": 0, "done": 0})
        datas, contacts = [], self.env["xero.audit.contact"]
        for page, found in contacts._iter_pages(self.connection_id):
            datas += found
            step._count_looked_at(page.page, len(page.items), page.item_count)
            self._commit()
            self.invalidate_recordset(["state"])
            in_request = self.env.context.get("xero_run_in_request")
            if self.state != "running" or (
                in_request and page.page_count > PAGES_IN_REQUEST
            ):
                return False
        self.audit_id._count(datas)
        mine = [("audit_id", "=", self.audit_id.id), ("state", "!=", "running")]
        self.search(mine).unlink()
        return True

    def _get_result_action(self):
        if self.kind != "audit":
            return super()._get_result_action()
        return self.audit_id._get_action()
