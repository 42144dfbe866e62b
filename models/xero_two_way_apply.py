from odoo import fields, models

from ..mapping.merge import get_winner
from .xero_sync_mixin import NO_ENQUEUE
from .xero_two_way_create import ALIKE


class XeroTwoWayMixin(models.AbstractModel):
    """From Xero: carries out what was planned for a page, and writes its links."""

    _inherit = "xero.two.way.mixin"

    # === FROM XERO: APPLY === #

    def _apply_xero_page(self, connection, changes):
        """Carry out what `_plan_xero_page` planned, in batches.

        :param connection: `xero.connection`, one record
        :param changes: list of `Change`; created records are put into them
        """
        quiet = self.with_context(
            **{NO_ENQUEUE: True},
            tracking_disable=True,
            no_vat_validation=True,
        )
        creates = [change for change in changes if change.operation == "create"]
        # New ones have no parent and no children to bring in line.
        alone = quiet.with_context(**{ALIKE: True}, _partners_skip_fields_sync=True)
        records = alone.create([change.vals for change in creates])
        for change, record in zip(creates, records, strict=True):
            change.record = record
        # Once, with all that is computed: what follows would store it bit by bit.
        quiet.env.flush_all()
        quiet._write_each(
            {
                change.record.id: change.vals
                for change in changes
                if change.operation in ("link", "update", "conflict") and change.vals
            }
        )
        quiet._apply_details(changes)
        # What depends on it is computed here, where nothing is tracked.
        quiet.env.flush_all()
        self._bind_changes(connection, changes)
        self._after_xero_page(connection, changes)

    def _after_xero_page(self, connection, changes):
        """Hook: a page was applied.

        :param list changes: of `Change`
        """

    def _apply_details(self, changes):
        """Carry out what was planned for records that hang on these. A hook.

        :param changes: list of `Change` of one page
        """

    def _bind_changes(self, connection, changes):
        """Write the links of a page: new ones in one batch."""
        links = self.env["xero.link"]
        known = [c for c in changes if c.link and c.base]
        new = [c for c in changes if c.record and not c.link and c.base]
        created = links._insert(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "resource": self._xero_resource,
                    "res_model": self._name,
                    "res_id": change.record.id,
                    "xero_id": change.xero_id,
                    "rule": change.rule,
                    "synced_at": fields.Datetime.now(),
                    **self._prepare_link_vals(change),
                }
                for change in new
            ]
        )
        created.modified(["res_id", "state", "xero_id"])
        for change, link in zip(new, created, strict=True):
            change.link = link
        for change in known:
            self._update_link(change)
        self.env["xero.conflict"]._record(changes)
        if any(change.send_back for change in changes):
            links._wake_cron()

    def _update_link(self, change):
        link, vals = change.link, self._prepare_link_vals(change)
        if not link.xero_id:
            vals.update(xero_id=change.xero_id, rule=change.rule)
        elif change.operation == "unchanged" and link.base == change.base:
            if link.state != "conflict":
                return
        elif link.state in ("pending", "sending") and vals["state"] == "synced":
            # Something waits to be sent that this page knows nothing of.
            vals = {"base": change.base, "reasons": vals["reasons"]}
        changed = {name: value for name, value in vals.items() if link[name] != value}
        if changed:
            link.write({**changed, "synced_at": fields.Datetime.now()})

    def _prepare_link_vals(self, change):
        quiet = "conflict" if change.operation == "conflict" else "synced"
        problem = change.problem
        sent = [n for n, why in change.reasons.items() if get_winner(why) == "odoo"]
        return {
            "base": change.base,
            "state": "pending" if change.send_back else quiet,
            "reasons": {name: change.reasons[name] for name in sent} or False,
            "error": problem.message if problem else False,
            "idempotency_key": False,
            "attempts": 0,
            "next_try": False,
        }
