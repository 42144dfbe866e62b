from itertools import zip_longest

from odoo import models

from ..const import LOOK_UP, PULL_MODELS, PUSH_MODELS
from .xero_preview_foreseen import Foreseen

# What is worth a try, in this order; the rest only fills up.
MOVES = ("link", "create", "update", "conflict", "hold", "refuse", "wait")


class XeroTestBatch(models.AbstractModel):
    """Carries out a few rows of a preview, and nothing but them."""

    _name = "xero.test.batch"
    _inherit = "xero.preview"
    _description = "Test Batch of a Xero Sync"

    # === CHOOSE === #

    def _sample(self, connection, resources, direction, size):
        """Return rows of a preview of the first page: of each kind of change some.

        :param connection: `xero.connection`, one record
        :param list resources: Xero's path names
        :param str direction: pull, push or both
        :param int size: how many records of each list at most
        :rtype: list of dict
        """
        foreseen, rows = Foreseen(), []
        for resource in resources:
            found = []
            if direction != "push" or resource in self._get_compared(
                connection, [resource], direction
            ):
                page = self.env["xero.pull"]._fetch(connection, resource)
                found = self._plan_page(
                    connection, resource, page.items, direction, foreseen
                )
                if resource == "Contacts":
                    found += self._plan_held(connection, direction, foreseen)
            if direction == "pull":
                found = [row for row in found if row["direction"] == "pull"]
            if direction != "pull" and resource in PUSH_MODELS:
                ids = self._get_outbox_ids(connection, resource, foreseen)[:50]
                found += self._plan_chunk(connection, resource, ids, foreseen)
            rows += self._pick(found, size)
        return rows

    def _pick(self, rows, size):
        """Take records by turns from each kind of change, with all that is told of
        each: what moves first, unchanged ones only where there is nothing else."""
        records = {}
        for row in rows:
            key = row["xero_id"] or (row["res_model"], row["res_id"])
            records.setdefault(key, []).append(row)
        kinds = {}
        for told in records.values():
            kinds.setdefault((told[0]["operation"], told[0]["direction"]), []).append(
                told
            )
        moves = [(name, way) for name in MOVES for way in ("pull", "push")]
        picked = []
        for group in (
            [kinds[kind] for kind in moves if kind in kinds],
            [told for kind, told in kinds.items() if kind not in moves],
        ):
            for turn in zip_longest(*group):
                picked += filter(None, turn)
        return [row for told in picked[:size] for row in told]

    # === CARRY OUT === #

    def _carry_out(self, connection, rows):
        """Do what rows of a preview announce. Commits: with a cursor of its own.

        What is no longer as announced (somebody was quicker) is left alone.

        :param connection: `xero.connection`, one record
        :param list rows: dicts as `xero.preview` prepares them
        :return: rows that say what was done
        :rtype: list of dict
        """
        done = []
        for resource in PULL_MODELS:
            mine = [row for row in rows if row["resource"] == resource]
            pulled = [row for row in mine if row["direction"] == "pull"]
            pushed = [row for row in mine if row["direction"] == "push"]
            batch = self._do_pull(connection, resource, pulled) if pulled else []
            batch += self._do_push(connection, resource, pushed) if pushed else []
            self._add_sides(connection, resource, batch)
            done += batch
        return done

    def _do_pull(self, connection, resource, rows):
        pull = self.env["xero.pull"]
        model = pull._get_model(connection, resource)
        promised = {row["xero_id"]: row for row in rows}
        payloads = self._fetch_again(connection, resource, list(promised))

        def choose(changes):
            return [c for c in changes if self._is_promised(c, promised[c.xero_id])]

        def work():
            return pull._work_page(connection, resource, payloads, choose=choose)

        changes = self._commit_or_repeat(work)
        done = {c.xero_id: self._prepare_done(resource, model, c) for c in changes}
        return [done.get(row["xero_id"]) or self._get_outdated(row) for row in rows]

    def _fetch_again(self, connection, resource, xero_ids):
        """Return the documents as they are in Xero now, by as few calls as possible."""
        gateway = self.env["xero.gateway"]
        if resource != "Items":
            return gateway._call(connection, "get_by_ids", resource, xero_ids)
        page = self.env["xero.pull"]._fetch(connection, resource)
        return [row for row in page.items if row.get("ItemID") in xero_ids]

    def _is_promised(self, change, row):
        """Whether a change is the one that was announced, for the same record."""
        same = change.outcome == row["operation"]
        if change.record and change.operation != "create":
            same = same and change.record.id == row["res_id"]
        return same

    def _prepare_done(self, resource, model, change):
        row = self._prepare_row("pull", resource, model, change)
        if change.record:
            row.update(res_model=change.record._name, res_id=change.record.id)
        return row

    def _get_outdated(self, row):
        return {
            **row,
            "operation": "skip",
            "rule": False,
            "message": self.env._("It is not as the preview said any more."),
            "remedy": self.env._("Preview again: somebody changed it meanwhile."),
        }

    def _do_push(self, connection, resource, rows):
        """Send some records; each is looked for in Xero first, and no list fetched."""
        push = self.env["xero.push"].with_context(**{LOOK_UP: "each"})
        model = self.env[PUSH_MODELS[resource]].sudo()
        records = model.browse([row["res_id"] for row in rows]).exists()
        known = {
            link.res_id: link.xero_id
            for link in self.env["xero.link"]._of(records, connection)
        }
        # The answer to what was fetched is not sent before that was taken over.
        ready = {
            row["res_id"]: row
            for row in rows
            if row["xero_id"] in (False, known.get(row["res_id"]))
        }
        links = push._queue_all(connection, resource, model.browse(ready).exists())
        self._commit()
        push._push(connection, among=links.ids)
        sent = {
            link.res_id: self._prepare_sent(ready[link.res_id], link)
            for link in links.exists()
        }
        return [sent.get(row["res_id"]) or self._get_outdated(row) for row in rows]

    def _prepare_sent(self, row, link):
        operation, message, remedy = row["operation"], False, False
        if link.state == "synced":
            if operation == "create" and link.rule:
                operation = "link"
        elif link.state == "pending":
            operation, message = "wait", link.error
        else:
            operation, message = "refuse", link.error
            remedy = self._get_remedy(link)
        return {
            **row,
            "operation": operation,
            "rule": link.rule if operation == "link" else False,
            "message": message,
            "remedy": remedy,
            "xero_id": link.xero_id or False,
        }

    def _get_remedy(self, link):
        row = self.env["xero.log"].search(
            [
                ("connection_id", "=", link.connection_id.id),
                ("res_model", "=", link.res_model),
                ("res_id", "=", link.res_id),
                ("state", "in", ("error", "conflict")),
            ],
            limit=1,
        )
        return row.remedy

    # === BOTH SIDES === #

    def _add_sides(self, connection, resource, rows):
        """Read what stands in Xero now, and put it beside what stands in Odoo."""
        rows = [row for row in rows if row["xero_id"] and row["res_id"]]
        if not rows:
            return
        model = self.env["xero.pull"]._get_model(connection, resource)
        payloads = self._fetch_again(
            connection, resource, [row["xero_id"] for row in rows]
        )
        _refused, datas = self.env["xero.pull"]._read_payloads(model, payloads)
        by_id = {data.xero_id: data for data in datas}
        for row in rows:
            record = model.browse(row["res_id"]).exists()
            data = by_id.get(row["xero_id"])
            if record and data:
                row["sides"] = record._describe_both_sides(data)
