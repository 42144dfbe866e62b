from odoo import api, fields, models

SOURCES = [
    ("rule", "Fits a Rule"),
    ("similar", "Similar"),
    ("search", "Found by Search"),
]


class XeroMatchCandidate(models.Model):
    """A customer who may be the one that a Xero contact stands for."""

    _name = "xero.match.candidate"
    _inherit = "xero.bulk.mixin"
    _description = "Candidate for a Xero Contact"
    _order = "match_id, rejected, score desc, id"
    _rec_name = "partner_id"

    match_id = fields.Many2one(
        "xero.match", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="match_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    score = fields.Integer("Likeness", readonly=True, aggregator=None)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    hints = fields.Json(readonly=True)
    hint_text = fields.Char("Why", compute="_compute_hint_text")
    rejected = fields.Boolean("Somebody Else", readonly=True)
    is_chosen = fields.Boolean(compute="_compute_is_chosen")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")

    _partner_uniq = models.Constraint(
        "UNIQUE(match_id, partner_id)", "This customer is a candidate already."
    )

    @api.depends("hints")
    @api.depends_context("lang")
    def _compute_hint_text(self):
        for candidate in self:
            candidate.hint_text = self._get_hint_texts(candidate.hints or [])

    @api.model
    def _get_hint_texts(self, hints):
        """Return why two are alike, as a person reads it.

        :param hints: pairs as `mapping.similarity.Likeness` has them
        :rtype: str
        """
        return ", ".join(self._get_hint_text(*hint) for hint in hints)

    @api.model
    def _get_hint_text(self, reason, percent):
        """Return one reason in words.

        :param str reason: as `mapping.similarity` names it
        :param int percent: how alike, where the reason knows
        """
        texts = {
            "account_number": self.env._("same account number"),
            "tax_number": self.env._("same tax number"),
            "other_tax_number": self.env._("another tax number"),
            "email": self.env._("same e-mail"),
            "domain": self.env._("same e-mail domain"),
            "phone": self.env._("same phone"),
            "same_name": self.env._("same name"),
            "name": self.env._("similar name %(percent)s %%", percent=percent),
            "address": self.env._("same street and postal code"),
        }
        return texts[reason]

    @api.depends("match_id.partner_id")
    def _compute_is_chosen(self):
        for candidate in self:
            candidate.is_chosen = candidate.partner_id == candidate.match_id.partner_id

    # === ACTION METHODS === #

    def action_choose(self):
        """Compare the contact with this customer."""
        self.ensure_one()
        self.match_id.partner_id = self.partner_id
        return True

    def action_reject(self):
        """This customer is somebody else: do not propose it again."""
        self._set_rejected(True)
        return True

    def action_undo_reject(self):
        """Propose this customer again."""
        self._set_rejected(False)
        return True

    def _set_rejected(self, rejected):
        matches = self.match_id
        matches.check_access("write")
        self.sudo().rejected = rejected
        for match in matches.sudo():
            match._choose_best()
        matches.sudo()._retry_held()

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }
