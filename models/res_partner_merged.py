from odoo import models

from ..mapping.base import MappingError
from ..mapping.contact import ContactData
from .res_partner_documents import DOCUMENTS
from .xero_change import Change, Problem


class ResPartner(models.Model):
    """Contacts that were merged in Xero: the link moves to the one that is left.

    Xero archives the contact that was merged, and tells into which one; that one may
    have been merged on, and need not be on the page at hand.
    """

    _inherit = "res.partner"

    def _plan_xero_page(self, connection, payloads, choices=None):
        changes = super()._plan_xero_page(connection, payloads, choices)
        merged = [c for c in changes if c.link and c.data and c.data.merged_into]
        if not merged:
            return changes
        known = {c.data.xero_id: c.data for c in changes if c.data}
        self._read_survivors(connection, known)
        survivors = {c.xero_id: _follow(c.xero_id, known) for c in merged}
        links = self.env["xero.link"]._find(
            connection, "Contacts", filter(None, survivors.values())
        )
        moved = {}
        for change in merged:
            survivor = survivors[change.xero_id]
            if not change.record:
                change.operation = "forget" if change.link.merged_into_id else "skip"
            elif not survivor:
                self._plan_lost(change)
            elif holder := moved.get(survivor) or self._get_holder(links, survivor):
                self._plan_both_known(change, holder, known[survivor])
            else:
                chosen = (choices or {}).get(change.xero_id)
                self._plan_move(connection, change, known[survivor], chosen)
                moved[survivor] = change.record
        # The contact that is left is planned with the link that moves to it.
        told = {id(change) for change in merged}
        return [c for c in changes if id(c) in told or c.xero_id not in moved]

    def _plan_linked(self, connection, link, record, data, choices=None):
        if not data.merged_into:
            return super()._plan_linked(connection, link, record, data, choices)
        # What becomes of it is planned in `_plan_xero_page`, for all at once.
        return Change("skip", data.name, record, link, data.xero_id, data)

    def _read_survivors(self, connection, known):
        """Fetch what merged contacts lead to, as far as it is not on the page.

        :param dict known: `ContactData` by Xero id, to which the fetched are added
        """
        asked = set(known)
        while (
            missing := {data.merged_into for data in known.values() if data.merged_into}
            - asked
        ):
            asked |= missing
            payloads = self.env["xero.gateway"]._call(
                connection, "get_by_ids", "Contacts", sorted(missing)
            )
            for payload in payloads:
                try:
                    data = ContactData.from_xero(payload)
                except MappingError:
                    # Told when its own page comes; until then nothing is moved.
                    continue
                known[data.xero_id] = data

    def _get_holder(self, links, survivor):
        """Return the customer that is linked with the contact that is left, if any."""
        link = links.get(survivor)
        return link and link._get_record()

    def _plan_move(self, connection, change, data, choices):
        """Nobody has the contact that is left: this customer takes it over."""
        name = change.data.name
        self._set_data(change, data)
        change.xero_id, change.name = data.xero_id, data.name
        change.record._plan_merge(connection, change, change.link.base, choices)
        if change.operation == "unchanged":
            change.operation = "update"
        change.rule = "merged"
        change.notes.append(
            self.env._(
                "%(name)s was merged into %(survivor)s in Xero, and so is linked with "
                "it now.",
                name=name,
                survivor=data.name,
            )
        )

    def _plan_both_known(self, change, holder, data):
        """Two customers here are one contact there: a person merges them here too."""
        change.operation = "conflict"
        change.base = {**(change.link.base or {}), "merged_into": data.xero_id}
        change.problem = Problem(
            self.env._(
                "%(name)s was merged into %(survivor)s in Xero. In Odoo they are two "
                "customers still: %(ours)s and %(theirs)s.",
                name=change.data.name,
                survivor=data.name,
                ours=change.record.display_name,
                theirs=holder.display_name,
            ),
            self.env._(
                "Press Fix to merge the two customers in Odoo. Their invoices are with "
                "%(theirs)s already, as they are in Xero.",
                theirs=holder.display_name,
            ),
            fix="merge_partners",
            fix_id=holder.id,
        )

    def _plan_lost(self, change):
        change.operation = "refuse"
        change.problem = Problem(
            self.env._(
                "%(name)s was merged into another contact in Xero, but that one is not "
                "to be found, or was merged into this one: nothing was changed here.",
                name=change.data.name,
            ),
            self.env._("Restore one of the two contacts in Xero, then press Resync."),
            fix="xero_contact",
        )

    # === APPLY === #

    def _apply_details(self, changes):
        result = super()._apply_details(changes)
        for change in changes:
            if not change.link or not change.data or change.operation == "refuse":
                continue
            if change.operation == "forget":
                change.link._forget_merged()
            elif change.operation == "conflict" and change.data.merged_into:
                holder = self.browse(change.problem.fix_id)
                self._move_xero_documents(
                    change.link, change.base["merged_into"], holder
                )
            elif change.link.xero_id and change.link.xero_id != change.xero_id:
                self._move_xero_documents(change.link, change.xero_id, change.record)
                change.link.write({"xero_id": change.xero_id, "rule": change.rule})
        return result

    def _move_xero_documents(self, link, survivor, partner):
        """What was the merged contact's in Xero is the other one's now, here as well.

        :param link: `xero.link` of the merged contact
        :param str survivor: Xero id of the contact that is left
        :param partner: who is linked with that
        """
        for model in DOCUMENTS:
            documents = self.env[model].search(
                [
                    ("connection_id", "=", link.connection_id.id),
                    ("xero_contact_id", "=", link.xero_id),
                ]
            )
            documents.write({"xero_contact_id": survivor, "partner_id": partner.id})


def _follow(xero_id, known):
    """Return the id of the contact that is left of a chain of merges; None if the
    chain ends nowhere or goes in a circle."""
    seen = set()
    while xero_id in known:
        if xero_id in seen:
            return None
        seen.add(xero_id)
        if not known[xero_id].merged_into:
            return xero_id
        xero_id = known[xero_id].merged_into
    return None
