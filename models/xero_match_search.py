from odoo import models
from odoo.tools import SQL

from ..mapping.similarity import compare
from ..mapping.traits import Traits
from ..mapping.words import core_words

# So many customers a search proposes.
FOUND = 10
# PostgreSQL's likeness of a text with a part of another, 0 to 1, that is worth a look.
LIKE_NAME = 0.4


class XeroMatch(models.Model):
    """Looks wider for one contact, where a person asks for it."""

    _inherit = "xero.match"

    def action_find_similar(self):
        """Look for customers with a name that is anything like this contact's.

        By trigrams where the database knows them, else by the words of the name.
        """
        self.ensure_one()
        self.check_access("write")
        match = self.sudo()
        contact = Traits.of(match._get_data())
        known = match.candidate_ids.partner_id.ids
        found = [
            compare(contact, customer)
            for customer in match._search_customers(contact)
            if customer.id not in known
        ]
        self.env["xero.match.candidate"].sudo().create(
            [
                {
                    "match_id": match.id,
                    "partner_id": likeness.id,
                    "score": likeness.score,
                    "hints": [list(hint) for hint in likeness.hints],
                    "source": "search",
                }
                for likeness in found
            ]
        )
        if not found:
            return self._tell(self.env._("Nobody else has a similar name."))
        return True

    def _search_customers(self, contact):
        """Return the traits of free customers with a similar name. One record."""
        keys, words = self.env["xero.match.key"], core_words(contact.name)
        self.env["res.partner"].flush_model()
        name = " ".join(words)
        if self.env.registry.has_trigram:
            fits = SQL("word_similarity(%s, lower(p.name)) > %s", name, LIKE_NAME)
            order = SQL("word_similarity(%s, lower(p.name)) DESC", name)
        else:
            patterns = [f"%{word}%" for word in words]
            fits = SQL("lower(p.name) LIKE ANY(%s)", patterns)
            order = SQL("length(p.name)")
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM res_partner p WHERE %s AND %s "
                "ORDER BY %s, p.id LIMIT %s",
                keys._get_traits_sql(),
                keys._get_free_sql(self.connection_id),
                fits,
                order,
                FOUND,
            )
        )
        return [keys._read_traits(row) for row in rows]
