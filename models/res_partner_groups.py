from odoo import fields, models
from odoo.tools import SQL

from ..mapping.contact_group import merge_members
from .xero_sync_mixin import NO_ENQUEUE

MOVED = ("create", "link", "update", "conflict", "unchanged")


class ResPartner(models.Model):
    """Tags of customers and groups of contacts, where a tag was chosen for a group."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "category_id" in vals and not self.env.context.get(NO_ENQUEUE):
            self.env["xero.link"].sudo()._wake_cron()
        return result

    def _plan_xero_page(self, connection, payloads, choices=None):
        changes = super()._plan_xero_page(connection, payloads, choices)
        groups = self.env["xero.contact.group"]._get_mapped(connection)
        if not groups:
            return changes
        by_key = {group.xero_key: group for group in groups}
        agreed = self._get_agreed_groups(groups, [c.link for c in changes if c.link])
        for change in changes:
            data = change.data
            if change.operation not in MOVED or not data or "groups" in data.absent:
                continue
            theirs = {by_key[key].id for key in data.groups if key in by_key}
            known = agreed.get(change.link.id, set()) if change.link else set()
            self._plan_tags(change, groups, known, theirs)
        return changes

    def _get_agreed_groups(self, groups, links):
        """Return the ids of the groups in which links are, as last agreed, by link."""
        groups.flush_model(["member_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT link_id, group_id FROM xero_contact_group_member"
                " WHERE group_id = ANY(%s) AND link_id = ANY(%s)",
                groups.ids,
                [link.id for link in links],
            )
        )
        agreed = {}
        for link_id, group_id in rows:
            agreed.setdefault(link_id, set()).add(group_id)
        return agreed

    def _plan_tags(self, change, groups, agreed, theirs):
        tags = change.record.category_id if change.record else groups.category_id[:0]
        if change.record and not change.record.active:
            return
        ours = {group.id for group in groups if group.category_id in tags}
        added, removed = merge_members(agreed, ours, theirs)
        change.groups = (agreed, theirs) if agreed != theirs else None
        if not added and not removed:
            if change.groups and change.operation == "unchanged":
                change.operation = "update"
            return
        commands = []
        for group in groups:
            if group.id in added:
                commands.append(fields.Command.link(group.category_id.id))
            elif group.id in removed:
                commands.append(fields.Command.unlink(group.category_id.id))
        change.vals["category_id"] = commands
        old, new = ours, (ours | added) - removed
        change.fields["tags"] = (_names(groups, old), _names(groups, new))
        if change.operation == "unchanged":
            change.operation = "update"

    def _apply_xero_page(self, connection, changes):
        result = super()._apply_xero_page(connection, changes)
        joined, left = {}, {}
        for change in changes:
            if change.groups and change.link:
                agreed, theirs = change.groups
                for group_id in theirs - agreed:
                    joined.setdefault(group_id, []).append(change.link.id)
                for group_id in agreed - theirs:
                    left.setdefault(group_id, []).append(change.link.id)
        for group_id in joined.keys() | left.keys():
            commands = [fields.Command.link(i) for i in joined.get(group_id, ())]
            commands += [fields.Command.unlink(i) for i in left.get(group_id, ())]
            self.env["xero.contact.group"].browse(group_id).member_ids = commands
        return result


def _names(groups, ids):
    return ", ".join(group.category_id.name for group in groups if group.id in ids)
