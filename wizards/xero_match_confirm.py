from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroMatchConfirm(models.TransientModel):
    """Confirms all matches that are as good as certain, in one go."""

    _name = "xero.match.confirm"
    _description = "Confirm Xero Matches in Bulk"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        help="Only contacts of this organisation; all when empty.",
    )
    minimum = fields.Integer("From a Likeness Of", default=90)
    match_count = fields.Integer("Contacts", compute="_compute_match_count")

    @api.depends("minimum", "connection_id")
    def _compute_match_count(self):
        for wizard in self:
            wizard.match_count = len(wizard._get_matches())

    def _get_matches(self):
        """Return what is as good as certain: one customer far enough, no second one.

        Where two customers fit alike, a person looks at both.
        """
        domain = [
            ("state", "=", "waiting"),
            ("decision", "=", False),
            ("partner_id", "!=", False),
            ("score", ">=", self.minimum),
        ]
        if self.connection_id:
            domain.append(("connection_id", "=", self.connection_id.id))
        return self.env["xero.match"].search(domain).filtered(self._is_clear)

    def _is_clear(self, match):
        strong = match.candidate_ids.filtered(
            lambda c: not c.rejected and c.score >= self.minimum
        )
        return len(strong) == 1 and strong.partner_id == match.partner_id

    def action_confirm(self):
        """Match all of them.

        :return: an action that tells how it went
        :raise UserError: if there is none
        """
        self.ensure_one()
        matches = self._get_matches()
        if not matches:
            raise UserError(
                self.env._(
                    "No contact has one customer alone that is this much like it."
                )
            )
        return matches.action_confirm()
