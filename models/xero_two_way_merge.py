import dataclasses

from odoo import models

from ..mapping.merge import same, three_way
from .xero_change import Problem


class XeroTwoWayMixin(models.AbstractModel):
    """What a merge with its Xero counterpart means for one record."""

    _inherit = "xero.two.way.mixin"

    def _plan_merge(self, connection, change, base, choices=None):
        """Merge one record with its Xero counterpart into `change`. One record.

        :param dict base: what both sides last agreed on; None for a first match
        :param dict choices: what a person chose of conflicts, a `mapping.Choice` by
            field
        """
        field_map = self._get_xero_map(connection)
        all_ours = self._get_mapped_values(connection, with_off=True)
        all_theirs = self._get_mapped_values(connection, change.data, with_off=True)
        ours = field_map.without_off(all_ours)
        theirs = field_map.without_off(all_theirs)
        merge = three_way(
            field_map.merge_base(base, ours, theirs),
            ours,
            theirs,
            policy=connection.conflict_policy,
            ours_changed_at=self._get_changed_at(change.link, ours),
            theirs_changed_at=change.data.updated,
            read_only_ours=field_map.read_only_ours.union(
                self._get_xero_odoo_only(), change.unreadable
            ),
            read_only_theirs=field_map.read_only_theirs.union(
                self._get_unsendable(change.link, ours, change.data)
            ),
            mergers=self._xero_mergers,
            choices=choices,
        )
        agreed = {
            **merge.agreed,
            **{name: theirs[name] for name in merge.to_theirs},
        }
        change.base = field_map.next_base(agreed, base, all_theirs)
        change.send_back = bool(merge.to_theirs)
        change.reasons = merge.reasons
        change.conflicts = merge.conflicts
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

    def _get_changed_at(self, link, names):
        """Return when fields were last changed in Odoo, for the policy *newest*.

        A record's own `write_date` moves by whatever is written to it. It counts only
        for what the link knows nothing of: a first match, a change from before it kept
        the times.

        :param link: `xero.link`, one record or None
        :rtype: dict of datetime by field
        """
        known = link._get_changed_at() if link else {}
        return {name: known.get(name, self.write_date) for name in names}

    def _get_unsendable(self, link, ours, data=None):
        """Return the fields that Xero does not take, or has not taken as they are.

        :param link: `xero.link`, one record or None
        :param dict ours: this record's values
        :param data: what Xero holds of it, where that is known
        :rtype: set
        """
        untaken = link and link.untaken or {}
        kept_out = {name for name in untaken if same(untaken[name], ours.get(name))}
        return kept_out.union(self._get_xero_unwritable(data))

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
                field=field,
                ours=ours or "-",
                theirs=theirs or "-",
            )
            for field, ours, theirs in self._describe_xero_fields(
                {name: sides for name, (_base, *sides) in conflicts.items()}
            )
        ]
        return Problem(
            self.env._(
                "Both sides changed the same field. %(fields)s.",
                fields="; ".join(lines),
            ),
            self.env._("Choose which value to keep under Xero > Sync > Conflicts."),
        )
