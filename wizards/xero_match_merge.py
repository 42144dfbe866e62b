from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroMatchMerge(models.TransientModel):
    """Several customers are the same: makes them one, and matches the contact."""

    _name = "xero.match.merge"
    _description = "Merge Customers and Match"

    match_ids = fields.Many2many("xero.match", string="Xero Contacts", required=True)
    match_id = fields.Many2one("xero.match", compute="_compute_match_id")
    candidate_partner_ids = fields.Many2many(
        "res.partner", compute="_compute_match_id", string="Candidates"
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="The Same Customer",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
    )
    keep_id = fields.Many2one(
        "res.partner",
        compute="_compute_keep_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
    )
    minimum = fields.Integer(
        "From a Likeness Of",
        default=80,
        help="Customers that are this much like a contact become one.",
    )

    @api.depends("match_ids")
    def _compute_match_id(self):
        for wizard in self:
            several = len(wizard.match_ids) != 1
            wizard.match_id = False if several else wizard.match_ids
            wizard.candidate_partner_ids = wizard.match_id.candidate_ids.filtered(
                lambda c: not c.rejected
            ).partner_id

    @api.depends("match_id")
    def _compute_partner_ids(self):
        for wizard in self:
            match = wizard.match_id
            wizard.partner_ids = wizard._get_same(match) if match else False

    @api.depends("match_id")
    def _compute_keep_id(self):
        for wizard in self:
            wizard.keep_id = wizard.match_id.partner_id

    def _get_same(self, match):
        """Return whom a rule names for a contact, else who is much like it."""
        candidates = match.candidate_ids.filtered(lambda c: not c.rejected)
        named = candidates.filtered(lambda c: c.source == "rule")
        alike = candidates.filtered(lambda c: c.score >= self.minimum)
        return (alike if len(named) < 2 else named).partner_id

    # === ACTION METHODS === #

    def action_merge(self):
        """Merge with Odoo's own rules, then match.

        :return: an action that tells how it went
        :raise UserError: if they cannot be merged
        """
        self.ensure_one()
        self.match_ids._check_may_merge()
        # First of all: of a contact for which somebody else has decided meanwhile, no
        # customers are merged.
        open_matches, _missed = self.match_ids._take(("waiting",))
        open_matches = self.match_ids & open_matches
        if self.match_id in open_matches:
            self._merge(self.match_id, self.partner_ids, self.keep_id)
        elif not self.match_id:
            for match in open_matches:
                same = self._get_same(match)
                best = match.partner_id if match.partner_id in same else same[:1]
                self._merge(match, same, best)
        return self.match_ids._decide("merge")

    def _merge(self, match, partners, keep):
        if len(partners) < 2:
            raise UserError(
                self.env._(
                    "%(name)s: choose at least two customers to merge.", name=match.name
                )
            )
        if keep not in partners:
            raise UserError(self.env._("Keep one of the customers that are merged."))
        partners.check_access("write")
        self._release(match, partners - keep)
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, keep)
        match.partner_id = keep

    def _release(self, match, partners):
        """What is merged away leaves the outbox.

        :raise UserError: if one of them is a contact of its own in Xero
        """
        links = self.env["xero.link"].sudo()._of(partners)
        links._check_not_being_made()
        if linked := links.filtered("xero_id"):
            raise UserError(
                self.env._(
                    "%(names)s: matched with another Xero contact. Merge the two "
                    "contacts in Xero first.",
                    names=", ".join(linked.mapped("record_name")),
                )
            )
        self.env["xero.log"].sudo()._resolve_for(links)
        links.unlink()
