import dataclasses

from odoo import api, fields, models
from odoo.tools import SQL

from ..mapping.base import MappingError
from ..mapping.contact_group import ContactGroupData, merge_members
from .xero_sync_mixin import NO_ENQUEUE


class XeroContactGroup(models.Model):
    """Who is in a group, on both sides."""

    _inherit = "xero.contact.group"

    # === FROM XERO === #

    @api.model
    def _get_mapped(self, connection):
        """Return the groups of a connection that have a tag."""
        return self.search(
            [("connection_id", "=", connection.id), ("category_id", "!=", False)]
        )

    @api.model
    def _add_members(self, connection, page):
        """Complete a list of groups: Xero tells the members group by group, and only
        those with a tag are asked for.

        :param page: the `Page` that was read
        :rtype: Page
        """
        wanted = set(self._get_mapped(connection).mapped("xero_key"))
        items = []
        for item in page.items:
            item = {key: value for key, value in item.items() if key != "Contacts"}
            if str(item.get("ContactGroupID", "")).lower() in wanted:
                item = self.env["xero.gateway"]._call(
                    connection, "get_one", "ContactGroups", item["ContactGroupID"]
                )
            items.append(item)
        return dataclasses.replace(page, items=items)

    def _plan_xero_page(self, connection, payloads, choices=None):
        changes = super()._plan_xero_page(connection, payloads, choices)
        datas = {}
        for payload in payloads:
            try:
                data = ContactGroupData.from_xero(payload)
            except MappingError:
                continue  # refused above
            datas[data.xero_id] = data
        for change in changes:
            change.data = datas.get(change.vals.get("xero_key"))
        return changes

    def _plan_vanished(self, records, payloads):
        # This list always comes whole: an empty one means that all groups are gone.
        return super()._plan_vanished(records, payloads or [{}])

    def _prepare_vals_from_xero(self, data):
        return {
            "xero_key": data.xero_id,
            "name": data.name,
            "active": data.status == "ACTIVE",
        }

    def _apply_xero_page(self, connection, changes):
        result = super()._apply_xero_page(connection, changes)
        for change in changes:
            if change.data and "members" not in change.data.absent:
                change.record._merge_from_xero(change.data.members)
        return result

    def _merge_from_xero(self, members):
        """Take over who is in the group. One record.

        :param members: ids of contacts
        """
        self.ensure_one()
        links = self.env["xero.link"]
        known = links._find(self.connection_id, "Contacts", members)
        theirs = links.union(*known.values())
        ours, agreed = self._get_tagged(), self.member_ids
        partners = self._get_synced(theirs | ours | agreed)
        theirs, ours, agreed = (
            {link.id for link in some if link.res_id in partners}
            for some in (theirs, ours, agreed)
        )
        added, removed = merge_members(agreed, ours, theirs)
        quiet = self.env["res.partner"].sudo().with_context(**{NO_ENQUEUE: True})
        for ids, command in (
            (added, fields.Command.link(self.category_id.id)),
            (removed, fields.Command.unlink(self.category_id.id)),
        ):
            res_ids = links.browse(ids).mapped("res_id")
            quiet.browse(res_ids).write({"category_id": [command]})
        left_alone = {link.id for link in self.member_ids} - agreed
        self._remember_members(theirs | left_alone)
        self.refused_ids = False
        self._log_tags(links.browse(sorted(added | removed)), "pull", added)

    def _remember_members(self, link_ids):
        if link_ids != set(self.member_ids.ids):
            self.member_ids = [fields.Command.set(sorted(link_ids))]

    def _get_tagged(self):
        """Return the links of customers that have the group's tag. One record."""
        partners = self.env["res.partner"].search(
            [
                ("category_id", "=", self.category_id.id),
                ("parent_id", "=", False),
                ("active", "=", True),
            ]
        )
        links = self.env["xero.link"]._of(partners, self.connection_id)
        return links.filtered("xero_id")

    @api.model
    def _get_synced(self, links):
        """Return the ids of the partners of links that take part: neither archived,
        nor deleted, nor excluded."""
        return set(
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("id", "in", links.mapped("res_id")),
                    ("xero_do_not_sync", "=", False),
                    ("active", "=", True),
                ]
            )
            .ids
        )

    # === TO XERO === #

    @api.model
    def _get_differences(self, connection=None):
        """Return who has to join or to leave which group in Xero, in one query.

        :param connection: `xero.connection`, one record; all when None
        :return: dict of (links to add, links to remove) by group
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
    WITH wanted AS (
        SELECT g.id AS group_id, link.id AS link_id
          FROM xero_contact_group g
          JOIN res_partner_res_partner_category_rel tag
            ON tag.category_id = g.category_id
          JOIN xero_link link ON link.connection_id = g.connection_id
           AND link.resource = 'Contacts' AND link.res_model = 'res.partner'
           AND link.res_id = tag.partner_id
         WHERE g.active
    ), agreed AS (
        SELECT g.id AS group_id, member.link_id
          FROM xero_contact_group g
          JOIN xero_contact_group_member member ON member.group_id = g.id
         WHERE g.active AND g.category_id IS NOT NULL
    ), difference AS (
        SELECT TRUE AS joins, * FROM (TABLE wanted EXCEPT TABLE agreed) AS added
        UNION ALL
        SELECT FALSE, * FROM (TABLE agreed EXCEPT TABLE wanted) AS removed
    )
    SELECT difference.group_id, difference.link_id, joins
      FROM difference
      JOIN xero_link link ON link.id = difference.link_id
      JOIN res_partner partner ON partner.id = link.res_id
     WHERE link.xero_id IS NOT NULL AND partner.active
       AND partner.xero_do_not_sync IS NOT TRUE
       AND (%(connection)s IS NULL OR link.connection_id = %(connection)s)
       AND NOT EXISTS (
           SELECT FROM xero_contact_group_refused refused
            WHERE refused.group_id = difference.group_id
              AND refused.link_id = difference.link_id)
     ORDER BY 1, 2""",
                connection=connection and connection.id or None,
            )
        )
        found = {}
        for group_id, link_id, joins in rows:
            pair = found.setdefault(self.browse(group_id), ([], []))
            pair[0 if joins else 1].append(link_id)
        links = self.env["xero.link"]
        return {
            group: (links.browse(added), links.browse(removed))
            for group, (added, removed) in found.items()
        }

    def _log_tags(self, links, direction, added_ids):
        """Log who joined or left the group. One record."""
        logs = self.env["xero.log"]
        rows = []
        for link in links:
            told = ("", self.name) if link.id in added_ids else (self.name, "")
            rows.append(
                logs._prepare_success_vals(
                    link, direction, "update", {"tags": told}, None
                )
            )
        logs.sudo().create(rows)
