from functools import partial

from odoo import api, fields, models
from odoo.tools import split_every

from ..const import PAGE_SIZE
from ..mapping.traits import Traits, blocking_keys
from .xero_change import Change

# So many contacts are fetched and settled in one transaction: five calls.
AT_ONCE = 200


class XeroMatch(models.Model):
    """Remembers who waits, and closes what is settled: with every page from Xero."""

    _inherit = "xero.match"

    # === A PAGE WAS APPLIED === #

    @api.model
    def _keep(self, connection, changes):
        """Write down who waits after a page, and whose waiting has ended.

        :param connection: `xero.connection`, one record
        :param changes: list of `Change` of contacts
        """
        rows = {
            row.xero_id: row
            for row in self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("xero_id", "in", [c.xero_id for c in changes if c.xero_id]),
                ]
            )
        }
        waiting = [change for change in changes if change.operation == "hold"]
        self._keep_waiting(connection, rows, waiting)
        closed = [
            rows[change.xero_id].id
            for change in changes
            if change.operation != "hold"
            and change.xero_id in rows
            and rows[change.xero_id]._close(change)
        ]
        self.browse(closed)._retry_held()

    @api.model
    def _keep_waiting(self, connection, rows, changes):
        new = [change for change in changes if change.xero_id not in rows]
        created = self._insert(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "resource": "Contacts",
                    "xero_id": change.xero_id,
                    "state": "waiting",
                    "partner_id": change.match.similar[0].id,
                    **self._prepare_waiting_vals(change),
                }
                for change in new
            ]
        )
        pairs = list(zip(created, new, strict=True))
        keys = {row.id: blocking_keys(Traits.of(c.data)) for row, c in pairs}
        for change in changes:
            if row := rows.get(change.xero_id):
                if row._update_waiting(change):
                    keys[row.id] = blocking_keys(Traits.of(change.data))
                pairs.append((row, change))
        self._keep_candidates(pairs)
        if keys:
            self.env["xero.match.key"]._set_matches(keys)

    @api.model
    def _prepare_waiting_vals(self, change):
        return {
            "name": change.name,
            "contact_values": change.data.values(),
            "rule": change.match.rule,
            "score": change.match.similar[0].score,
        }

    def _update_waiting(self, change):
        """The contact still waits; it, or what it is like, may have changed.

        :return: whether the contact has changed
        """
        vals = {
            **self._prepare_waiting_vals(change),
            "state": "waiting",
            "decision": False,
        }
        if not self.partner_id:
            vals["partner_id"] = change.match.similar[0].id
        return "contact_values" in self._write_changed(vals)

    @api.model
    def _keep_candidates(self, pairs):
        """Bring the candidates of contacts up to date.

        :param pairs: of `xero.match` and `Change`
        """
        candidates = self.env["xero.match.candidate"]
        known = candidates.search([("match_id", "in", [row.id for row, _c in pairs])])
        known = {(c.match_id.id, c.partner_id.id): c for c in known}
        vals_list = []
        for row, change in pairs:
            for likeness in change.match.similar:
                vals = self._prepare_candidate_vals(change.match, likeness)
                candidate = known.pop((row.id, likeness.id), None)
                if candidate is None:
                    ids = {"match_id": row.id, "partner_id": likeness.id}
                    company = {"company_id": row.connection_id.company_id.id}
                    vals_list.append({**ids, **company, **vals})
                elif any(candidate[name] != value for name, value in vals.items()):
                    candidate.write(vals)
        candidates._insert(vals_list)
        # What a person said of a customer stays, and whom they looked up.
        candidates.union(*known.values()).filtered(
            lambda c: not c.rejected and c.source != "search"
        ).unlink()
        candidates.invalidate_model()
        self.invalidate_model(["candidate_ids"])

    @api.model
    def _prepare_candidate_vals(self, match, likeness):
        return {
            "score": likeness.score,
            "hints": [list(hint) for hint in likeness.hints],
            "source": "rule" if likeness.id in match.ambiguous_ids else "similar",
        }

    def _close(self, change):
        """The contact does not wait any more, or could not be taken over.

        :return: whether it waited until now
        """
        vals = {"decision": False, "message": False}
        if change.operation == "refuse":
            vals["message"] = change.problem.message
        elif change.operation == "create":
            vals.update(state="created", partner_id=change.record.id)
        elif change.link:
            merged = self.decision == "merge" or self.state == "merged"
            created = self.state == "created"
            vals["state"] = "created" if created else "merged" if merged else "linked"
            # Of a customer that was deleted since, the link alone knows.
            vals["partner_id"] = change.record.id if change.record else False
        elif self.state != "ignored":
            # Not wanted: archived in Xero, or merged into another contact there.
            vals["state"] = "gone"
        if vals.get("state") and self.state == "waiting" and not self.decided_at:
            vals["decided_at"] = fields.Datetime.now()
        return "state" in self._write_changed(vals)

    def _write_changed(self, vals):
        """Write what differs; return it. One record."""
        current = self._convert_to_write({name: self[name] for name in vals})
        vals = {n: v for n, v in vals.items() if (current[n] or False) != (v or False)}
        if vals:
            self.write(vals)
        return vals

    def _retry_held(self):
        """What was not sent because of these contacts is looked at again: customers,
        and the invoices that wait for them."""
        logs = self.env["xero.log"].sudo()
        held = logs.search(
            [
                ("state", "=", "error"),
                ("direction", "=", "push"),
                ("fix", "=", "match"),
                ("fix_id", "in", self.ids),
            ]
        )
        if held:
            logs._retry_fixed("match", self.ids)
            logs._retry_fixed("partner", held.mapped("res_id"))

    # === LOOKING AGAIN === #

    @api.model
    def _recheck(self, connection):
        """Look again at who waits: a customer may have been corrected, merged or linked
        meanwhile, so that it is clear now who a contact is, or a person has decided.
        Only those are fetched. Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        """
        repeat = self.env["xero.pull"]._commit_or_repeat
        for chunk in split_every(PAGE_SIZE, self._get_open(connection).ids):
            settled = repeat(partial(self.browse(chunk)._get_settled, connection))
            for part in split_every(AT_ONCE, settled.ids):
                repeat(partial(self.browse(part)._apply, connection))

    @api.model
    def _get_open(self, connection):
        """Return what waits for a person, or for what a person decided."""
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "waiting"),
                # What was refused comes again when it was changed in Xero.
                "|",
                ("message", "=", False),
                ("decision", "!=", False),
            ]
        )

    def _get_settled(self, connection):
        """Bring up to date whom these contacts are like; return who need not wait."""
        partners = self.env["xero.pull"]._get_model(connection, "Contacts")
        datas = {row: row._get_data() for row in self}
        matches = partners._match_xero(connection, list(datas.values()))
        settled, changes = self.browse(), []
        for row, data in datas.items():
            match = matches[row.xero_id]
            change = Change("hold", row.name, xero_id=row.xero_id, data=data)
            change.match = match
            if match.waits:
                changes.append(change)
            else:
                settled |= row
        self._keep(connection, changes)
        return settled

    def _apply(self, connection):
        """Fetch these contacts and do with them what is right now.

        :param connection: `xero.connection`, one record
        """
        if not self:
            return
        pull = self.env["xero.pull"]
        changes = pull._pull_records(connection, "Contacts", self.mapped("xero_id"))
        found = {change.xero_id for change in changes}
        self.filtered(lambda row: row.xero_id not in found).write(
            {"state": "gone", "decision": False}
        )

    # === HELD CUSTOMERS === #

    @api.model
    def _add_held(self, changes):
        """Propose a customer who was held for the contact because of which it was.

        :param changes: list of `Change` of a batch, of one connection
        """
        held = [c for c in changes if c.problem and c.problem.fix == "match"]
        if not held:
            return
        connection = held[0].link.connection_id
        candidates = self.env["xero.match.candidate"]
        partners = self.env["res.partner"].union(*(c.record for c in held))
        candidates._insert(
            [
                {
                    "match_id": match.id,
                    "company_id": connection.company_id.id,
                    "partner_id": likeness.id,
                    "score": likeness.score,
                    "hints": [list(hint) for hint in likeness.hints],
                    "source": "similar",
                }
                for match, likeness in self._find_alike(connection, partners).values()
            ],
            ignore_known=True,
        )
        self.invalidate_model(["candidate_ids"])
