import dataclasses
from collections import defaultdict

from odoo import fields, models

from ..mapping.merge import three_way
from .xero_change import Change, Problem, XeroProblem
from .xero_sync_mixin import NO_ENQUEUE


class XeroTwoWayMixin(models.AbstractModel):
    """Records that both sides may change: contacts and items.

    Plans what a page from Xero, or a push to it, means for each record, field by field,
    against the values that both sides last agreed on. Planning changes nothing, so that
    a preview is the same code as the sync.
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
        waiting = self._get_waiting_links(connection, matches.values())
        for data in datas:
            link = links.get(data.xero_id)
            if link:
                record = records.get(link.res_id, self.browse())
                change = self._plan_linked(connection, link, record, data, policy)
            else:
                match = matches[data.xero_id]
                change = self._plan_unlinked(connection, match, data, policy)
                change.link = waiting.get(match.id)
            changes.append(change)
        return changes

    def _get_waiting_links(self, connection, matches):
        """Links of matched records that wait to be sent and have no Xero id yet."""
        records = self.browse([match.id for match in matches if match.id])
        links = self.env["xero.link"]._of(records, connection)
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

    def _plan_unlinked(self, connection, match, data, policy):
        change = Change("skip", data.name, xero_id=data.xero_id, rule=match.rule or "")
        change.data = data = self._canonical(data)
        if match.ambiguous_ids:
            change.operation = "conflict"
            change.problem = self._get_ambiguity_problem(match)
        elif match.id:
            change.record = self.browse(match.id)
            change.record._plan_merge(connection, change, None, policy)
            change.operation = "link"
        elif self._is_wanted_from_xero(data):
            change.operation = "create"
            change.vals = self._prepare_vals_from_xero(data)
            change.base = self._get_xero_values(data)
            change.fields = {
                name: ("", value) for name, value in change.base.items() if value
            }
        return change

    def _plan_merge(self, connection, change, base, policy=None):
        """Merge one record with its Xero counterpart into `change`. One record."""
        ours = self._get_xero_values()
        theirs = self._get_xero_values(change.data)
        merge = three_way(
            base,
            ours,
            theirs,
            policy=policy or connection.conflict_policy,
            ours_changed_at=self.write_date,
            theirs_changed_at=change.data.updated,
            read_only_theirs=self._xero_read_only,
        )
        change.base = {
            **merge.agreed,
            **{name: theirs[name] for name in merge.to_theirs},
        }
        change.send_back = bool(merge.to_theirs)
        change.fields = {
            name: (ours[name], value) for name, value in merge.to_ours.items()
        }
        merged = dataclasses.replace(change.data, **{**ours, **merge.to_ours})
        change.vals = self._filter_vals(
            self._prepare_vals_from_xero(merged), merge.to_ours
        )
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
        alone = quiet.with_context(_partners_skip_fields_sync=True)
        records = alone.create([change.vals for change in creates])
        for change, record in zip(creates, records, strict=True):
            change.record = record
        alike = defaultdict(list)
        for change in changes:
            if change.operation in ("link", "update", "conflict") and change.vals:
                alike[tuple(sorted(change.vals.items()))].append(change.record.id)
        for vals, ids in alike.items():
            quiet.browse(ids).write(dict(vals))
        self._bind_changes(connection, changes)

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
            vals = {"base": change.base}
        changed = {name: value for name, value in vals.items() if link[name] != value}
        if changed:
            link.write({**changed, "synced_at": fields.Datetime.now()})

    def _prepare_link_vals(self, change):
        state = "pending" if change.send_back else "synced"
        problem = change.problem
        return {
            "base": change.base,
            "state": "conflict" if change.operation == "conflict" else state,
            "error": problem.message if problem else False,
            "idempotency_key": False,
            "attempts": 0,
            "next_try": False,
        }

    # === TO XERO === #

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent for this record. One record.

        :raise XeroProblem: if Xero would refuse it, or it is excluded
        """
        self._check_xero_push(connection)
        link = change.link
        ours = self._get_xero_values()
        base = link.base or {}
        changed = {
            name
            for name, value in ours.items()
            if name not in self._xero_read_only and value != base.get(name, "")
        }
        if not link.xero_id:
            change.operation, changed = "create", None
        elif changed:
            change.operation = "update"
        else:
            change.operation = "unchanged"
            return
        change.payload = self._prepare_xero_payload(connection, changed)
        if changed is None:
            # What Xero cannot take is no part of what both sides agree on: it would
            # look as if Xero had emptied it, and the next fetch would empty it here.
            changed = {n for n in ours if ours[n] and n not in self._xero_read_only}
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
            base = self._get_xero_values(answer)
        link._mark_synced(element.xero_id, {**base, **change.base})
        ours = self._get_xero_values()
        if any(ours[name] != value for name, value in change.base.items()):
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
        if change.vals:
            self.with_context(**{NO_ENQUEUE: True}).write(change.vals)
        self._update_link(change)
        self.env["xero.log"]._resolve_for(link)
        self.env["xero.log"]._add_success(link, "pull", "link", change.fields)

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
