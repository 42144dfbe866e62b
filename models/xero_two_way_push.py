from odoo import models

from .xero_change import Change, Problem, XeroProblem
from .xero_sync_mixin import NO_ENQUEUE


class XeroTwoWayMixin(models.AbstractModel):
    """To Xero: plans what is sent, and remembers what was agreed with the answer."""

    _inherit = "xero.two.way.mixin"

    # === TO XERO === #

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent for this record. One record.

        :raise XeroProblem: if Xero would refuse it, or it is excluded
        """
        self._check_xero_push(connection)
        link = change.link
        field_map = self._get_xero_map(connection)
        ours = self._get_mapped_values(connection)
        base = link.base or {}
        unwritable = self._get_xero_unwritable()
        changed = field_map.changed(ours, base, unwritable)
        if not link.xero_id:
            change.operation, changed = "create", None
        elif changed:
            change.operation = "update"
        else:
            change.operation = "unchanged"
            return
        change.data = self._get_told_data(connection, base if link.xero_id else None)
        change.payload = self._prepare_xero_payload(connection, changed, change.data)
        if changed is None:
            # What Xero is not told is no part of what both sides agree on: it would
            # look as if Xero had emptied it, and the next fetch would empty it here.
            kept_back = field_map.withheld.union(field_map.unwritable, unwritable)
            changed = {n for n in ours if ours[n] and n not in kept_back}
        change.fields = {
            name: (base.get(name, ""), value)
            for name, value in ours.items()
            if name in changed
        }
        if link.xero_id:
            change.payload[self._xero_data.id_field] = link.xero_id
        change.base = {name: ours[name] for name in changed}

    def _check_xero_push(self, connection):
        if self.xero_do_not_sync:
            raise XeroProblem(
                Problem(
                    self.env._("%(name)s is excluded.", name=self.display_name),
                    self.env._("Untick Do Not Sync With Xero to include it."),
                    skip=True,
                )
            )
        if problem := self._get_xero_problem(connection):
            raise XeroProblem(problem)

    def _after_xero_push(self, connection, change, element):
        """Remember what both sides agree on now. Returns no warning.

        A fetch may have moved the agreed values during the call, and a person may have
        changed the record once more: that has to be sent as well.
        """
        link = change.link
        base = link.base
        if not base:
            answer = self._canonical(self._xero_data.from_xero(element.payload))
            base = self._get_mapped_values(connection, answer)
        link._mark_synced(element.xero_id, {**base, **change.base})
        ours = self._get_mapped_values(connection)
        if any(ours.get(name, v) != v for name, v in change.base.items()):
            link._mark_pending()

    def _before_xero_push(self, connection, links):
        """Look for records in Xero that are the same as unlinked ones here, and link
        them: a create must not make a duplicate."""
        for link in links.filtered(lambda link: not link.xero_id):
            record = link._get_record()
            if record and not record._get_xero_problem(connection):
                payload = record._find_in_xero(connection, link)
                if payload:
                    record._adopt_from_xero(connection, link, payload)

    def _adopt_from_xero(self, connection, link, payload):
        """Bind a link that has no id yet to a document found in Xero. One record."""
        data = self._canonical(self._xero_data.from_xero(payload))
        change = Change("link", data.name, self, link, data.xero_id, data)
        self._plan_merge(connection, change, None)
        change.rule = "found"
        quiet = self.with_context(**{NO_ENQUEUE: True})
        if change.vals:
            quiet.write(change.vals)
        quiet._apply_details([change])
        self._update_link(change)
        self.env["xero.log"]._resolve_for(link)
        self.env["xero.log"]._add_success(link, "pull", "link", change.fields)
