from odoo import models

from ..const import LOOK_UP
from ..mapping.matching import Candidate, Match, Matcher
from ..mapping.traits import Traits, rule_keys
from ..xero_api import XeroNotFoundError, where_equals
from .xero_change import Change, Problem
from .xero_match_plan import CHOOSE_AGAIN

# So many unknown customers are looked up one by one; beyond, all contacts are fetched.
LOOK_UP_LIMIT = 5


class ResPartner(models.Model):
    """Who is whom: partners and Xero contacts that have no link yet."""

    _inherit = "res.partner"

    def _match_xero(self, connection, datas):
        """See `xero.two.way.mixin`. What a person said goes before all rules."""
        if not datas:
            return {}
        answers, rejected = self.env["xero.match"]._get_answers(connection, datas)
        datas = [data for data in datas if data.xero_id not in answers]
        self.env["xero.match.key"]._refresh(connection)
        matcher = Matcher(
            self._get_xero_candidates(connection, datas),
            self._get_xero_number_prefix(),
            rejected,
        )
        # Who is archived in Xero is nobody's counterpart, unless he came from here.
        mine = self._get_xero_number_prefix()
        live = [
            data
            for data in datas
            if not data.merged_into
            and (not data.archived or data.contact_number.startswith(mine))
        ]
        matches = dict.fromkeys((data.xero_id for data in datas), Match())
        for data, match in zip(live, matcher.match_all(live), strict=True):
            matches[data.xero_id] = match
        self.env["xero.match"]._hold_similar(connection, datas, matches, rejected)
        return {**matches, **answers}

    def unlink(self):
        self.env["xero.match"].sudo()._drop_choices(self)
        return super().unlink()

    def _plan_unlinked(self, connection, match, record, data):
        if match.rule != CHOOSE_AGAIN:
            return super()._plan_unlinked(connection, match, record, data)
        problem = Problem(
            self.env._(
                "The customer who was chosen for %(name)s was deleted in Odoo.",
                name=data.name,
            ),
            self.env._("Choose anew under Xero > Sync > Matching."),
            fix="match",
        )
        return Change("refuse", data.name, xero_id=data.xero_id, problem=problem)

    def _plan_waiting(self, change, match):
        change.operation = "hold"
        change.match = match
        change.problem = self.env["xero.match"]._get_problem(change)

    def _after_xero_page(self, connection, changes):
        self.env["xero.match"]._keep(connection, changes)

    def _get_xero_traits(self):
        """Return what this customer is recognised by. One record."""
        return Traits(
            self.id,
            name=self.name or "",
            email=self.email_normalized or self.email or "",
            phones=(self.phone or "",),
            tax_number=self.vat or "",
            account_number=self.ref or "",
            street=self.street or "",
            postal_code=self.zip or "",
        )

    def _get_xero_held(self, connection):
        """See `xero.sync.mixin`: who probably is a contact that waits for matching."""
        return self.env["xero.match"]._get_held(connection, self)

    def _get_xero_candidates(self, connection, datas):
        """Return partners without a contact that may be one of a page, in one query.

        :param datas: `ContactData` of one page
        :rtype: list of Candidate
        """
        if not datas:
            return []
        prefix = self._get_xero_number_prefix()
        ids = [
            int(number)
            for data in datas
            if data.contact_number.startswith(prefix)
            and (number := data.contact_number[len(prefix) :]).isdecimal()
        ]
        keys = {key for data in datas for key in rule_keys(Traits.of(data))}
        return [
            Candidate(
                id=traits.id,
                contact_number=f"{prefix}{traits.id}",
                account_number=traits.account_number,
                tax_number=traits.tax_number,
                email=traits.email,
                name=traits.name,
            )
            for traits in self.env["xero.match.key"]._find_partners(
                connection, keys, ids
            )
        ]

    def _before_xero_push(self, connection, links):
        """Unknown customers may be in Xero already: bring the contacts up to date, or,
        where they were never fetched, look the few up."""
        unknown = links.filtered(lambda link: not link.xero_id)
        way = self.env.context.get(LOOK_UP)
        if not unknown or way == "done":
            return None
        if way == "each":
            return super()._before_xero_push(connection, links)
        cursor = connection._get_cursor("Contacts")
        if cursor.is_complete or len(unknown) > LOOK_UP_LIMIT:
            self.env["xero.push"]._fetch_list(connection, "Contacts")
            return None
        return super()._before_xero_push(connection, links)

    def _find_in_xero(self, connection, link):
        """Ask for our own contact number, then the e-mail, then the name."""
        gateway = self.env["xero.gateway"]
        try:
            return gateway._call(
                connection, "get_one", "Contacts", self._get_xero_contact_number()
            )
        except XeroNotFoundError:
            found = self._search_in_xero(connection)
        return found

    def _find_deleted_in_xero(self, connection, link):
        """See `xero.sync.mixin`: the number was made of the customer's id."""
        number = self.browse(link.res_id)._get_xero_contact_number()
        try:
            return self.env["xero.gateway"]._call(
                connection, "get_one", "Contacts", number
            )
        except XeroNotFoundError:
            return None

    def _search_in_xero(self, connection):
        data = self._get_xero_data()
        for field, value in (("EmailAddress", data.email), ("Name", data.name)):
            if not value or '"' in value:
                continue  # Xero's filter has no escape for a quote
            page = self.env["xero.gateway"]._call(
                connection, "get_page", "Contacts", where=where_equals(field, value)
            )
            free = self._get_free_payloads(connection, page.items)
            if len(free) == 1:
                return free[0]
        return None

    def _get_free_payloads(self, connection, payloads):
        """Leave out who is linked, and of whom a person has to say who it is."""
        ids = [payload["ContactID"] for payload in payloads]
        taken = set(self.env["xero.link"]._find(connection, "Contacts", ids))
        taken |= self.env["xero.match"]._find_waiting(connection, ids)
        return [payload for payload in payloads if payload["ContactID"] not in taken]
