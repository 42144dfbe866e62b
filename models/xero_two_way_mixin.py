from odoo import models
from odoo.exceptions import UserError

from ..mapping.errors import MappingError
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

    def _plan_xero_page(self, connection, payloads, choices=None):
        """Plan one page of Xero documents.

        :param connection: `xero.connection`, one record
        :param payloads: dicts as Xero sent them
        :param dict choices: what people chose of conflicts: by Xero id and field, a
            `mapping.Choice`
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
                    chosen = (choices or {}).get(data.xero_id)
                    change = self._plan_linked(connection, link, record, data, chosen)
                else:
                    match = matches[data.xero_id]
                    record = records.get(match.id, self.browse())
                    change = self._plan_matched(
                        connection, match, record, data, waiting.get(match.id)
                    )
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

    def _plan_linked(self, connection, link, record, data, choices=None):
        change = Change("skip", data.name, record, link, data.xero_id)
        self._set_data(change, data)
        # A record that was deleted in Odoo stays away: its link remembers it.
        if record and not record.xero_do_not_sync:
            record._plan_merge(connection, change, link.base or None, choices)
        return change

    def _set_data(self, change, data):
        """Put what was read from Xero into a change, as Odoo would write it."""
        change.data = canonical = self._canonical(data)
        if canonical is not data:
            change.unreadable = tuple(
                name
                for name in self._xero_fields
                if getattr(data, name) and not getattr(canonical, name)
            )

    def _plan_unlinked(self, connection, match, record, data):
        change = Change("skip", data.name, xero_id=data.xero_id, rule=match.rule or "")
        self._set_data(change, data)
        data = change.data
        if match.waits:
            if self._is_wanted_from_xero(data):
                self._plan_waiting(change, match)
        elif record:
            change.record = record
            record._plan_merge(connection, change, None)
            change.operation = "link"
        elif not match.ignored and self._is_wanted_from_xero(data):
            self._plan_create(connection, change)
        return change

    def _plan_matched(self, connection, match, record, data, link):
        """As `_plan_unlinked`, where the record's link may wait for its first answer.

        :param link: `xero.link` of the record, if it has one
        """
        if link and link.xero_id:
            # Matched with this one by a person, and with another one since.
            return self._refuse_taken(record, data)
        change = self._plan_unlinked(connection, match, record, data)
        change.link = link
        return change

    def _refuse_taken(self, record, data):
        problem = Problem(
            self.env._(
                "%(record)s is matched with another Xero contact already.",
                record=record.display_name,
            ),
            self.env._("Say anew who it is under Xero > Sync > Matching."),
        )
        return Change("refuse", data.name, xero_id=data.xero_id, problem=problem)

    def _plan_waiting(self, change, match):
        """A person has to say which record this is."""
        change.operation = "conflict"
        change.problem = self._get_ambiguity_problem(match)

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

    def _describe_both_sides(self, data):
        """See `xero.labels.mixin`. One record."""
        ours = self._get_xero_values()
        theirs = self._get_xero_values(self._canonical(data))
        rows = self._describe_xero_fields(
            {name: (value, theirs.get(name)) for name, value in ours.items()}
        )
        return [row for row in rows if row[1] or row[2]]

    # === ACTION METHODS === #

    def action_review_xero_conflicts(self):
        """Show what is disputed of this record, side by side.

        :raise UserError: if nothing is
        """
        self.ensure_one()
        links = self.env["xero.link"]._of(self._xero_owner())
        disputed = links.filtered("conflict_ids")
        if not disputed:
            raise UserError(self.env._("Nothing of this record is disputed any more."))
        return disputed[0]._open_review()

    # === CRUD METHODS === #

    def unlink(self):
        self.env["xero.conflict"]._close_of(self)
        return super().unlink()

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
