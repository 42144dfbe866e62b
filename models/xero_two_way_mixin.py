import dataclasses

from odoo import models

from ..mapping.errors import MappingError
from ..mapping.merge import three_way
from .xero_change import Change, Problem


class XeroTwoWayMixin(models.AbstractModel):
    """Records that both sides may change: contacts and items.

    Plans what a page from Xero, or a push to it, means for each record, field by field,
    against the values that both sides last agreed on. Planning changes nothing, so that
    a preview is the same code as the sync. Here is the planning of what Xero sent;
    `xero_two_way_apply` carries it out, `xero_two_way_push` is the way to Xero.
    """

    _name = "xero.two.way.mixin"
    _inherit = "xero.sync.mixin"
    _description = "Synced With Xero Both Ways"

    # === FROM XERO: PLAN === #

    def _plan_xero_page(self, connection, payloads, policy=None):
        """Plan one page of Xero documents.

        :param connection: `xero.connection`, one record
        :param payloads: dicts as Xero sent them
        :param str policy: settles conflicts; the connection's policy when None
        :return: list of `Change`
        """
        changes, datas = self.env["xero.pull"]._read_payloads(self, payloads)
        links = self.env["xero.link"]._find(
            connection, self._xero_resource, [data.xero_id for data in datas]
        )
        records = self._browse_linked(links.values())
        unlinked = [data for data in datas if data.xero_id not in links]
        matches = self._match_xero(connection, unlinked)
        # Browsed together, so that they are read together.
        matched = self.browse([match.id for match in matches.values() if match.id])
        records.update({record.id: record for record in matched})
        waiting = self._get_waiting_links(connection, matched)
        for data in datas:
            link = links.get(data.xero_id)
            try:
                if link:
                    record = records.get(link.res_id, self.browse())
                    change = self._plan_linked(connection, link, record, data, policy)
                else:
                    match = matches[data.xero_id]
                    record = records.get(match.id, self.browse())
                    change = self._plan_unlinked(
                        connection, match, record, data, policy
                    )
                    change.link = waiting.get(match.id)
            except MappingError as error:
                # What one side holds, the other cannot: this record fails alone.
                change = self._refuse_data(link, data, error)
            changes.append(change)
        return changes

    def _refuse_data(self, link, data, error):
        problem = Problem(
            self.env._(
                "%(name)s could not be taken over: %(why)s",
                name=data.name or data.xero_id,
                why=str(error),
            ),
            self.env._(
                "Correct the value in Xero or in Odoo, or the field's row in the "
                "data map; then press Resync."
            ),
        )
        record = link and self.browse(link.res_id)
        return Change("refuse", data.name, record, None, data.xero_id, problem=problem)

    def _get_waiting_links(self, connection, matched):
        """Links of matched records that wait to be sent and have no Xero id yet."""
        links = self.env["xero.link"]._of(matched, connection)
        return {link.res_id: link for link in links}

    def _browse_linked(self, links):
        records = self.with_context(active_test=False).search(
            [("id", "in", [link.res_id for link in links])]
        )
        return {record.id: record for record in records}

    def _plan_linked(self, connection, link, record, data, policy):
        change = Change(
            "skip", data.name, record, link, data.xero_id, self._canonical(data)
        )
        # A record that was deleted in Odoo stays away: its link remembers it.
        if record and not record.xero_do_not_sync:
            record._plan_merge(connection, change, link.base, policy)
        return change

    def _plan_unlinked(self, connection, match, record, data, policy):
        change = Change("skip", data.name, xero_id=data.xero_id, rule=match.rule or "")
        change.data = data = self._canonical(data)
        if match.waits:
            if self._is_wanted_from_xero(data):
                self._plan_waiting(change, match)
        elif record:
            change.record = record
            record._plan_merge(connection, change, None, policy)
            change.operation = "link"
        elif not match.ignored and self._is_wanted_from_xero(data):
            self._plan_create(connection, change)
        return change

    def _plan_waiting(self, change, match):
        """A person has to say which record this is."""
        change.operation = "conflict"
        change.problem = self._get_ambiguity_problem(match)

    def _plan_merge(self, connection, change, base, policy=None):
        """Merge one record with its Xero counterpart into `change`. One record."""
        field_map = self._get_xero_map(connection)
        all_ours = self._get_mapped_values(connection, with_off=True)
        all_theirs = self._get_mapped_values(connection, change.data, with_off=True)
        ours = field_map.without_off(all_ours)
        theirs = field_map.without_off(all_theirs)
        merge = three_way(
            field_map.merge_base(base, ours, theirs),
            ours,
            theirs,
            policy=policy or connection.conflict_policy,
            ours_changed_at=self.write_date,
            theirs_changed_at=change.data.updated,
            read_only_ours=field_map.read_only_ours.union(self._get_xero_odoo_only()),
            read_only_theirs=field_map.read_only_theirs.union(
                self._get_xero_unwritable(change.data)
            ),
            mergers=self._xero_mergers,
        )
        agreed = {
            **merge.agreed,
            **{name: theirs[name] for name in merge.to_theirs},
        }
        change.base = field_map.next_base(agreed, base, all_theirs)
        change.send_back = bool(merge.to_theirs)
        change.fields = {
            name: (ours[name], value) for name, value in merge.to_ours.items()
        }
        merged = dataclasses.replace(change.data, **{**all_ours, **merge.to_ours})
        change.vals = {
            **self._filter_vals(self._prepare_vals_from_xero(merged), merge.to_ours),
            **self._prepare_further_vals(field_map, merged, merge.to_ours),
        }
        if merge.conflicts:
            change.operation = "conflict"
            change.problem = self._get_conflict_problem(merge.conflicts)
        elif change.vals or change.send_back:
            change.operation = "update"
        else:
            change.operation = "unchanged"

    def _filter_vals(self, vals, data_fields):
        """Keep of `vals` what the changed fields of the dataclass own, and what no
        field of it owns (extensions), as far as it differs."""
        owned = {name for names in self._xero_fields.values() for name in names}
        wanted = {
            name for key in data_fields for name in self._xero_fields.get(key, ())
        }
        vals = {
            name: value
            for name, value in vals.items()
            if name in wanted or name not in owned
        }
        current = self._convert_to_write({name: self[name] for name in vals})
        return {n: value for n, value in vals.items() if current[n] != value}

    def _get_conflict_problem(self, conflicts):
        lines = [
            self.env._(
                "%(field)s: Odoo says %(ours)s, Xero says %(theirs)s",
                field=name.replace("_", " "),
                ours=ours or "-",
                theirs=theirs or "-",
            )
            for name, (_base, ours, theirs) in conflicts.items()
        ]
        return Problem(
            self.env._(
                "Both sides changed the same field. %(fields)s.",
                fields="; ".join(lines),
            ),
            self.env._("Choose Keep Odoo's Values or Keep Xero's Values."),
        )

    def _get_ambiguity_problem(self, match):
        records = self.browse(match.ambiguous_ids)
        return Problem(
            self.env._(
                "More than one record fits by %(rule)s: %(names)s.",
                rule=match.rule.replace("_", " "),
                names=", ".join(records.mapped("display_name")),
            ),
            self.env._("Make them differ (or merge them) in Odoo, then press Resync."),
            fix="records",
            fix_id=records[:1].id,
        )

    # === BOTH SIDES === #

    def _compare_with_xero(self, data):
        """See `xero.labels.mixin`. One record."""
        ours = self._get_xero_values()
        theirs = self._get_xero_values(self._canonical(data))
        rows = self._describe_xero_fields(
            {name: (value, theirs.get(name)) for name, value in ours.items()}
        )
        return [row for row in rows if row[1] or row[2]]

    # === HOOKS === #

    def _match_xero(self, connection, datas):
        """Match Xero documents with records that have no link yet.

        :param datas: dataclasses of one page
        :return: dict of `mapping.matching.Match` by Xero id
        """
        raise NotImplementedError()

    def _find_in_xero(self, connection, link):
        """Ask Xero for the document that is this record's. One record.

        :return: the document as Xero sent it, or None
        """
        raise NotImplementedError()

    def _canonical(self, data):
        """Return `data` with Xero's free text as Odoo would write it (countries)."""
        return data

    def _is_wanted_from_xero(self, data):
        """Whether an unknown Xero document makes a new record here."""
        return True
