import dataclasses
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..mapping.matching import Match
from ..mapping.similarity import compare
from ..mapping.traits import Traits, blocking_keys
from .xero_change import Problem
from .xero_match_key import COMMON

# So many candidates a person looks at, if they are this much like the contact.
SHOWN = 5
WORTH_A_LOOK = 40
# Who was chosen for a contact is gone: no rule decides in the person's stead.
CHOOSE_AGAIN = "choose_again"


class XeroMatch(models.Model):
    """Which contacts of a page have to wait, and which customers of a batch. Changes
    nothing, so that a preview shows what the sync does."""

    _inherit = "xero.match"

    # === FROM XERO === #

    @api.model
    def _get_answers(self, connection, datas):
        """Return what people have said about contacts that have no link.

        :param connection: `xero.connection`, one record
        :param datas: `ContactData` of one page
        :return: `Match` by Xero id, of those that are decided; ids of the customers
            that are somebody else, by Xero id
        """
        self.flush_model()
        self.candidate_ids.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT m.xero_id, m.state, m.decision, m.partner_id, m.asks_again,
                   array_agg(c.partner_id) FILTER (WHERE c.rejected)
              FROM xero_match m
              LEFT JOIN xero_match_candidate c ON c.match_id = m.id
             WHERE m.connection_id = %s AND m.xero_id = ANY(%s)
             GROUP BY m.id""",
                connection.id,
                [data.xero_id for data in datas],
            )
        )
        answers, rejected = {}, {}
        wanted = self.env["res.partner"]._is_wanted_from_xero
        gone = {data.xero_id for data in datas if not wanted(data)}
        for xero_id, state, decision, partner_id, asks_again, rejected_ids in rows:
            if xero_id in gone:
                # Archived there since it was decided: it is nobody's counterpart.
                decision = None
            if state == "ignored":
                answers[xero_id] = Match(ignored=True)
            elif decision == "create":
                answers[xero_id] = Match(rule="person")
            elif decision:
                answers[xero_id] = Match(partner_id, "person")
            elif asks_again and xero_id not in gone:
                answers[xero_id] = Match(rule=CHOOSE_AGAIN)
            if rejected_ids:
                rejected[xero_id] = set(rejected_ids)
        return answers, rejected

    @api.model
    def _hold_similar(self, connection, datas, matches, rejected):
        """Add to the matches of a page which customers a contact probably is.

        :param connection: `xero.connection`, one record
        :param datas: `ContactData` of one page
        :param dict matches: `Match` by Xero id; those of contacts that have to wait are
            replaced
        :param dict rejected: as from `_get_answers`
        """
        hold = connection.match_hold_score
        least = min(hold or WORTH_A_LOOK, WORTH_A_LOOK)
        wanted = self.env["res.partner"]._is_wanted_from_xero
        traits = {
            data.xero_id: Traits.of(data)
            for data in datas
            if (hold and not matches[data.xero_id].id) or matches[data.xero_id].waits
            if wanted(data)
        }
        if not traits:
            return
        found = self._compare_all(connection, traits, rejected, matches)
        self._add_ambiguous(traits, matches, found)
        for xero_id, alike in found.items():
            match = matches[xero_id]
            alike = sorted(alike.values(), key=lambda each: (-each.score, each.id))
            if match.ambiguous or hold and alike[0].score >= hold:
                named = [each for each in alike if each.id in match.ambiguous_ids]
                others = [
                    each for each in alike if each not in named and each.score >= least
                ]
                matches[xero_id] = dataclasses.replace(
                    match,
                    rule=match.rule or "similar",
                    similar=tuple(named + others[: max(0, SHOWN - len(named))]),
                )

    @api.model
    def _compare_all(self, connection, traits, rejected, matches):
        """Return what is alike, by Xero id and customer's id; one look-up for all."""
        owners = defaultdict(list)
        for xero_id, each in traits.items():
            for key in blocking_keys(each):
                owners[key].append(xero_id)
        owners = {key: ids for key, ids in owners.items() if len(ids) <= COMMON}
        taken = {match.id for match in matches.values()}
        found = defaultdict(dict)
        for customer, keys in self.env["xero.match.key"]._find_alike(
            connection, owners
        ):
            for xero_id in {xero_id for key in keys for xero_id in owners[key]}:
                if customer.id in taken or customer.id in rejected.get(xero_id, ()):
                    continue
                shared = [key for key in keys if xero_id in owners[key]]
                likeness = compare(traits[xero_id], customer, shared)
                if likeness.score:
                    found[xero_id][customer.id] = likeness
        return found

    @api.model
    def _add_ambiguous(self, traits, matches, found):
        """Those that a rule names are candidates, however common what they share."""
        missing = {
            (xero_id, id_)
            for xero_id in traits
            for id_ in matches[xero_id].ambiguous_ids
            if id_ not in found.get(xero_id, ())
        }
        partners = self.env["res.partner"].browse(sorted({id_ for _x, id_ in missing}))
        customers = {partner.id: partner._get_xero_traits() for partner in partners}
        for xero_id, id_ in sorted(missing):
            found[xero_id][id_] = compare(traits[xero_id], customers[id_])

    @api.model
    def _get_problem(self, change):
        """Return why a contact waits, and where a person decides.

        :param change: `Change` with its `match`
        :return: `Problem`
        """
        match, best = change.match, change.match.similar[0]
        if match.ambiguous and len(match.ambiguous_ids) > 1:
            names = [c.name for c in match.similar if c.id in match.ambiguous_ids]
            message = self.env._(
                "More than one customer fits by %(rule)s: %(names)s.",
                rule=match.rule.replace("_", " "),
                names=", ".join(names),
            )
        else:
            hints = self.env["xero.match.candidate"]._get_hint_texts(best.hints)
            message = self.env._(
                "%(contact)s is probably %(customer)s (%(hints)s).",
                contact=change.name,
                customer=best.name,
                hints=hints,
            )
        remedy = self.env._("Say who it is under Xero > Sync > Matching.")
        return Problem(message, remedy, fix="match")

    # === TO XERO === #

    @api.model
    def _find_waiting(self, connection, xero_ids):
        """Return which of some contacts wait for a person, by their ids in Xero.

        :rtype: set of str
        """
        rows = self.search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "waiting"),
                ("xero_id", "in", xero_ids),
            ]
        )
        return set(rows.mapped("xero_id"))

    @api.model
    def _get_held(self, connection, partners):
        """Return which customers are probably contacts that wait for matching: sent,
        they would be in Xero twice.

        :param connection: `xero.connection`, one record
        :param partners: customers without a contact
        :return: `Problem` by the customer's id
        :rtype: dict
        """
        alike = self._find_alike(connection, partners)
        return {
            partner.id: Problem(
                self.env._(
                    "%(customer)s is probably %(contact)s, which is in Xero already "
                    "and waits for matching.",
                    customer=partner.display_name,
                    contact=alike[partner.id][0].name,
                ),
                self.env._(
                    "Say under Xero > Sync > Matching whether they are the same; then "
                    "it goes on by itself."
                ),
                fix="match",
                fix_id=alike[partner.id][0].id,
            )
            for partner in partners
            if partner.id in alike
        }

    @api.model
    def _find_alike(self, connection, partners):
        """Return the likest waiting contact and its likeness, by the customer's id."""
        self.flush_model()
        self.candidate_ids.flush_model()
        traits = {partner.id: partner._get_xero_traits() for partner in partners}
        owners = defaultdict(set)
        for id_, each in traits.items():
            for key in blocking_keys(each):
                owners[key].add(id_)
        by_match = self.env["xero.match.key"]._find_matches(connection, owners)
        pairs = defaultdict(list)
        for match_id, keys in by_match.items():
            for key in keys:
                for id_ in owners[key]:
                    pairs[match_id, id_].append(key)
        known = self._get_known_pairs(connection, partners)
        found = {}
        ids = sorted({match_id for match_id, _id in pairs.keys() | known})
        for match_id, id_ in sorted(pairs.keys() | known):
            match = self.browse(match_id).with_prefetch(ids)
            contact, shared = Traits.of(match._get_data()), pairs.get((match_id, id_))
            likeness = compare(contact, traits[id_], shared)
            hold = connection.match_hold_score
            fits = hold and likeness.score >= hold
            best = found[id_][1].score if id_ in found else -1
            if known.get((match_id, id_), fits) and likeness.score > best:
                found[id_] = (match, likeness)
        return found

    @api.model
    def _get_known_pairs(self, connection, partners):
        """Return what is sure of (match, customer): True where a rule names the
        customer, False where a person said that it is somebody else."""
        candidates = self.env["xero.match.candidate"].search_fetch(
            [
                ("match_id.connection_id", "=", connection.id),
                ("match_id.state", "=", "waiting"),
                ("partner_id", "in", partners.ids),
                "|",
                ("source", "=", "rule"),
                ("rejected", "=", True),
            ],
            ["match_id", "partner_id", "rejected"],
        )
        return {(c.match_id.id, c.partner_id.id): not c.rejected for c in candidates}
