import dataclasses

from odoo import models

from ..mapping.merge import ONLY, same
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
        # What waits for a person's choice stays as it is on both sides.
        kept_out = self._get_unsendable(link, ours).union(
            link.conflict_ids.mapped("field")
        )
        changed = field_map.changed(ours, base, kept_out)
        if not link.xero_id:
            change.operation, changed = "create", None
        elif changed:
            change.operation = "update"
        else:
            change.operation = "unchanged"
            return
        told = self._get_told_data(connection, base if link.xero_id else None)
        # What goes together (an address) goes with what Xero has of the disputed.
        theirs = {row.field: row.values["xero"] for row in link.conflict_ids}
        change.data = dataclasses.replace(told, **theirs)
        change.payload = self._prepare_xero_payload(connection, changed, change.data)
        if changed is None:
            # What Xero is not told is no part of what both sides agree on: it would
            # look as if Xero had emptied it, and the next fetch would empty it here.
            kept_back = field_map.withheld.union(field_map.unwritable, kept_out)
            changed = {n for n in ours if ours[n] and n not in kept_back}
        change.fields = {
            name: (base.get(name, ""), value)
            for name, value in ours.items()
            if name in changed
        }
        change.reasons = {
            name: (link.reasons or {}).get(name, ONLY.format("odoo"))
            for name in changed
            if link.xero_id
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
        self._check_xero_acceptable(connection)

    def _check_xero_acceptable(self, connection):
        """:raise XeroProblem: if Xero would refuse this record. One record."""
        if problem := self._get_xero_problem(connection):
            raise XeroProblem(problem)

    def _after_xero_push(self, connection, change, element):
        """Remember what both sides agree on now. Returns no warning.

        A fetch may have moved the agreed values during the call, and a person may have
        changed the record once more: that has to be sent as well.
        """
        link = change.link
        answer = self._canonical(self._xero_data.from_xero(element.payload))
        answer = self._get_mapped_values(connection, answer)
        # Taken for agreed, a value that Xero did not keep would look as if a person
        # had emptied it there, and the next fetch would empty it here.
        untaken = {
            name: value
            for name, value in change.base.items()
            if not same(value, "") and same(answer.get(name, value), "")
        }
        base = {**(link.base or answer), **change.base, **dict.fromkeys(untaken, "")}
        link.untaken = untaken or False
        link._mark_synced(element.xero_id, base)
        if self._is_changed_since(connection, change, base):
            link._mark_pending()

    def _is_changed_since(self, connection, change, base):
        """Whether a person has changed this record during the call: what was sent of
        it, or another field, for which the link did not go into the outbox again. One
        record.

        :param dict base: what both sides agree on now
        """
        link, sent = change.link, change.base
        ours = self._get_mapped_values(connection)
        if any(ours.get(name, value) != value for name, value in sent.items()):
            return True
        kept_out = self._get_unsendable(link, ours).union(
            link.conflict_ids.mapped("field"), sent
        )
        others = self._get_xero_map(connection).changed(ours, base, kept_out)
        # What Xero fills by itself of a new document is no change of ours.
        return any(ours[name] or change.operation == "update" for name in others)

    def _read_before_push(self, connection, links):
        """Merge anew what may have moved under the base: a conflict whose Odoo value is
        another one by now, and fields that the base knows nothing of, which would
        otherwise go to Xero over what it has there.

        :param links: `xero.link` that are about to be sent
        """
        records = {record.id: record for record in self}
        unread = links.filtered(
            lambda link: (
                link.xero_id
                and link.state == "pending"
                and link.res_id in records
                and records[link.res_id]._is_to_be_read(connection, link)
            )
        )
        if unread:
            self.env["xero.pull"]._pull_records(
                connection, self._xero_resource, unread.mapped("xero_id")
            )

    def _is_to_be_read(self, connection, link):
        try:
            return self._has_to_be_read(connection, link)
        except ValueError:
            return False  # refused, with the reason, where its sending is planned

    def _has_to_be_read(self, connection, link):
        """Whether the base does not suffice to plan a push. One record.

        :raise ValueError: if the record holds what no document can
        """
        if self.xero_do_not_sync:
            return False
        ours, base = self._get_mapped_values(connection), link.base or {}
        disputed = {row.field: row.values["odoo"] for row in link.conflict_ids}
        known = self._get_xero_map(connection).read_only_theirs.union(
            self._get_unsendable(link, ours), base, disputed
        )
        return any(
            not same(disputed[name], value)
            if name in disputed
            else name not in known and not same(value, "")
            for name, value in ours.items()
        )

    def _before_xero_push(self, connection, links):
        """Look for records in Xero that are the same as unlinked ones here, and link
        them: a create must not make a duplicate."""
        for link in links.filtered(lambda link: not link.xero_id):
            record = link._get_record()
            if record and not record._get_xero_problem(connection):
                problem = self.env["xero.push"]._look_for(connection, link, record)
                if problem:
                    link._mark_error(problem.message)

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
        self.env["xero.conflict"]._record([change])
        self.env["xero.log"]._resolve_for(link)
        self.env["xero.log"]._add_success(
            link, "pull", "link", change.fields, reasons=change.reasons
        )
