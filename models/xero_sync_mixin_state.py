from odoo import api, fields, models

from ..const import SYNC_STATES


class XeroSyncMixin(models.AbstractModel):
    """What users see of a record's sync: its state, its problem, its place in Xero."""

    _inherit = "xero.sync.mixin"

    xero_sync_state = fields.Selection(
        SYNC_STATES,
        "Xero Sync",
        compute="_compute_xero_sync",
        search="_search_xero_sync_state",
        groups="xero_crm.group_xero_user",
    )
    xero_conflict_count = fields.Integer(
        "Conflicts With Xero",
        compute="_compute_xero_sync",
        groups="xero_crm.group_xero_user",
        help="Fields that both sides changed, and somebody has to choose between.",
    )
    xero_error = fields.Char(
        "Xero Problem",
        compute="_compute_xero_sync",
        groups="xero_crm.group_xero_user",
    )
    xero_url = fields.Char(
        "Xero Address", compute="_compute_xero_sync", groups="xero_crm.group_xero_user"
    )

    @api.depends(
        "xero_do_not_sync",
        "xero_link_ids.state",
        "xero_link_ids.error",
        "xero_link_ids.xero_id",
        "xero_link_ids.conflict_ids",
    )
    @api.depends_context("allowed_company_ids")
    def _compute_xero_sync(self):
        owners = {
            record: sudo._xero_owner()
            for record, sudo in zip(self, self.sudo(), strict=True)
        }
        links = self.env["xero.link"].sudo()._of(self.browse().union(*owners.values()))
        links = links.filtered(lambda link: link.company_id in self.env.companies)
        links.fetch(["state", "error", "xero_id", "res_id", "conflict_ids"])
        by_record = links.grouped("res_id")
        # Most of a list are alike: these at once.
        self.xero_sync_state = "none"
        self.xero_conflict_count = 0
        self.xero_error = self.xero_url = False
        if self._xero_id_name:
            self[self._xero_id_name] = False
        for (record, owner), sudo in zip(owners.items(), self.sudo(), strict=True):
            link = by_record.get(owner.id, links.browse())[:1]
            excluded = sudo.xero_do_not_sync
            if not (link or excluded):
                continue
            state = "excluded" if excluded else link._get_shown_state() or "none"
            record.xero_sync_state = state
            record.xero_conflict_count = not excluded and len(link.conflict_ids)
            record.xero_error = link.state in ("error", "conflict") and link.error
            record.xero_url = link.xero_url
            if self._xero_id_name:
                record[self._xero_id_name] = link.xero_id

    def _search_xero_sync_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        states = set(value) - {"none", "excluded"}
        links = self.env["xero.link"].sudo()
        all_links = [("res_model", "=", self._name)]
        wanted = fields.Domain("state", "in", list(states))
        if "conflict" in states:
            wanted |= fields.Domain("conflict_ids", "!=", False)
        found = links._search(fields.Domain(all_links) & wanted)
        domain = fields.Domain("id", "in", found.subselect("res_id"))
        domain &= fields.Domain("xero_do_not_sync", "=", False)
        if "excluded" in value:
            domain |= fields.Domain("xero_do_not_sync", "=", True)
        if "none" in value:
            linked = links._search(all_links).subselect("res_id")
            domain |= fields.Domain("id", "not in", linked) & fields.Domain(
                "xero_do_not_sync", "=", False
            )
        return domain if operator == "in" else ~domain
